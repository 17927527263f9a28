//! A variational autoencoder that went wrong, to be diagnosed from what its latent dimensions do.
//!
//! Spoilers: the cause stands below.

use crate::autoencoder::Vae;
use crate::data::Mnist;
use crate::error::{Error, Result};
use crate::exercise::Feedback;
use crate::exercise::question::Choice;
use crate::nn::{Activation, Loss};
use crate::training::TrainConfig;

/// The weight of the patient's KL term.
const BETA: f32 = 10.0;

/// Trains the patient: a variational autoencoder with eight latent dimensions, on 10,000 images.
///
/// ```
/// use latent::prelude::*;
/// let patient = exercise::generation::patient(&Mnist::load()?)?;
/// assert_eq!(patient.latent_dim(), 8);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Interrupted`] if the training was interrupted.
pub fn patient(mnist: &Mnist) -> Result<Vae> {
    let mut vae = Vae::new(&[784, 256, 64, 8], Activation::Relu, 1)?.with_beta(BETA)?;
    let config = TrainConfig {
        epochs: 15,
        loss: Loss::BinaryCrossEntropy,
        progress: false,
        ..TrainConfig::default()
    };
    let (train, validation) = (mnist.train.take(10_000), mnist.validation.take(1000));
    let history = vae.fit(&train.samples, &validation.samples, &config)?;
    if history.interrupted {
        return Err(Error::Interrupted);
    }
    Ok(vae)
}

/// What the patient has: a letter from a to e.
pub fn check_patient(my_diagnosis: Option<char>) -> Feedback {
    Choice {
        exercise: "a patient with silent dimensions",
        right: 'd',
        reasons: &[
            (
                'a',
                "A network that has hardly begun to learn would draw nearly the same grey image everywhere. In this one, some dimensions change the image from one digit to another: it has learned much.",
            ),
            (
                'b',
                "If the encoder were dead, no dimension would know anything about the image, and all KL terms would be 0. Here some dimensions are used: their KL terms are not 0, and they change the image.",
            ),
            (
                'c',
                "If information were free, every dimension would be used, and its KL term would be large, as in the first row of the table of section 5. Here most dimensions have none.",
            ),
            (
                'd',
                "A dimension is used only if it lowers the reconstruction error by more than beta times its KL term. With a large beta only a few dimensions are worth their price. The others copy the prior, and the decoder ignores them: posterior collapse. Ask the owner: `patient.beta()`.",
            ),
            (
                'e',
                "A network that has memorised its images still uses its dimensions: each of them changes something. Most of these dimensions change nothing.",
            ),
        ],
    }
    .check(my_diagnosis)
}
