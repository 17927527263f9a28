//! The step of a denoising autoencoder: what is the input, and what is the target?
//!
//! ```text
//! loss(decode(encode(noisy)), clean)
//! ```

use crate::autoencoder::Autoencoder;
use crate::error::Result;
use crate::exercise::attempt::attempt;
use crate::exercise::check::returned;
use crate::exercise::{Feedback, Outcome};
use crate::nn::Activation;
use crate::random;
use crate::training::{TrainConfig, Trainer};
use ndarray::Array2;

/// A network, its trainer, a mini-batch of clean images (n, d) and the same images with noise
/// (n, d): takes one step and returns its loss.
pub type DenoisingStep =
    fn(&mut Autoencoder, &mut Trainer, &Array2<f32>, &Array2<f32>) -> Result<f64>;

const EXERCISE: &str = "the clean target";

/// A step that people write instead, and a sentence on what to look at.
const MISTAKES: [(DenoisingStep, &str); 6] = [
    (
        |net, trainer, clean, _| trainer.step(net, clean, clean),
        "The network got the clean images, so it never sees any noise: this is the step of a plain autoencoder. The input is `noisy`.",
    ),
    (
        |net, trainer, _, noisy| trainer.step(net, noisy, noisy),
        "The target is noisy too, so the network is asked to reproduce the noise. The target is `clean`.",
    ),
    (
        |net, trainer, clean, noisy| trainer.step(net, clean, noisy),
        "Input and target have changed places: this network would learn to predict noisy images from clean ones. The input comes first, then the target.",
    ),
    (
        |_, _, _, _| Ok(0.0),
        "No step was taken: the network is the same as before. Call `trainer.step`.",
    ),
    (
        |net, trainer, clean, noisy| trainer.validate(net, (noisy, clean)),
        "`validate` only measures the loss: the network is the same as before. Call `trainer.step`, with the same two arrays.",
    ),
    (
        |net, trainer, clean, noisy| {
            trainer.step(net, clean, clean)?;
            trainer.step(net, noisy, clean)
        },
        "You took two steps, one on clean and one on noisy images. One step is enough, with the noisy images as its input.",
    ),
];

/// `denoising_step(net, trainer, clean, noisy)`: one step from noisy images to clean ones.
pub fn check_denoising_step(step: DenoisingStep) -> Feedback {
    let not_yet = |sentence: &str| Feedback::new(EXERCISE, Outcome::NotYet, sentence);
    let (net, trainer, clean, noisy) = match small() {
        Ok(small) => small,
        Err(error) => return not_yet(&error.to_string()),
    };
    let run = {
        let (net, trainer) = (net.clone(), trainer.clone());
        let (clean, noisy) = (clean.clone(), noisy.clone());
        move || after(step, net, trainer, &clean, &noisy)
    };
    let got = match returned(EXERCISE, attempt(run), None) {
        Ok(got) => got,
        Err(feedback) => return feedback,
    };
    let of = |step: DenoisingStep| after(step, net.clone(), trainer.clone(), &clean, &noisy).ok();
    let Some(expected) = of(right) else {
        return not_yet("The library could not train its own small example.");
    };
    if got == expected {
        return Feedback::new(
            EXERCISE,
            Outcome::Passed,
            "The noise is in the input alone. The loss compares the output with the clean images, so a copy of the noise makes the loss larger.",
        );
    }
    if got.0 == expected.0 {
        return not_yet("The step is right. Return its loss, which is what `trainer.step` returns: no semicolon after the last line.")
            .with("expected", format!("{:.4}", expected.1))
            .with("got", format!("{:.4}", got.1));
    }
    let known = MISTAKES
        .iter()
        .find(|(mistake, _)| of(*mistake).is_some_and(|left| left.0 == got.0 && left.1 == got.1))
        .or_else(|| {
            let same = |(mistake, _): &&(DenoisingStep, _)| {
                of(*mistake).is_some_and(|left| left.0 == got.0)
            };
            MISTAKES.iter().find(same)
        });
    not_yet(known.map_or(
        "The trained network is not the expected one. Take one step, with the noisy images as the input and the clean ones as the target.",
        |(_, sentence)| sentence,
    ))
}

fn right(
    net: &mut Autoencoder,
    trainer: &mut Trainer,
    clean: &Array2<f32>,
    noisy: &Array2<f32>,
) -> Result<f64> {
    trainer.step(net, noisy, clean)
}

/// The network after a step, and the loss that the step returned.
fn after(
    step: DenoisingStep,
    mut net: Autoencoder,
    mut trainer: Trainer,
    clean: &Array2<f32>,
    noisy: &Array2<f32>,
) -> Result<(Autoencoder, f64)> {
    let loss = step(&mut net, &mut trainer, clean, noisy)?;
    Ok((net, loss))
}

/// A network that a step takes no time for, with its trainer and images.
fn small() -> Result<(Autoencoder, Trainer, Array2<f32>, Array2<f32>)> {
    let net = Autoencoder::new(&[6, 4, 2], Activation::Relu, 3)?;
    let config = TrainConfig {
        learning_rate: 0.01,
        threads: Some(1),
        progress: false,
        ..TrainConfig::default()
    };
    let trainer = Trainer::new(&net, config)?;
    let clean = random::uniform(8, 6, 0.3, 0.7, 4)?;
    // Within 0..1, so that noisy images as a target are a mistake that can be trained, too.
    let noisy = &clean + &random::uniform(8, 6, -0.3, 0.3, 5)?;
    Ok((net, trainer, clean, noisy))
}
