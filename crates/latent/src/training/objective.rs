//! What a training minimises: the loss of the prediction, and a penalty on the code.
//!
//! ```text
//! objective = loss(prediction, target) + penalty(code)
//! L1(w)   w mean |z|     gradient w sign(z) / N     makes codes sparse
//! L2(w)   w mean z^2     gradient 2 w z / N         keeps codes near zero
//! ```
//!
//! Means are over all N elements of a mini-batch's codes. (Weight decay belongs to the optimizer's
//! step: [`TrainConfig::weight_decay`](super::TrainConfig::weight_decay).)

use crate::error::{Error, Result};
use crate::nn::Loss;
use ndarray::{Array2, ArrayView2};

/// A penalty on the code of an autoencoder, added to the loss. The code of a variational
/// autoencoder is the mean.
///
/// ```
/// use latent::prelude::*;
/// let data = random::uniform(64, 4, 0.0, 1.0, 1)?;
/// let mut sparse = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
/// let code_penalty = Penalty::L1(0.01); // or Penalty::L2(0.01)
/// let config = TrainConfig { epochs: 3, code_penalty, progress: false, ..Default::default() };
/// assert_eq!(sparse.fit(&data, &data, &config)?.epochs(), 3);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Penalty {
    /// No penalty.
    #[default]
    None,
    /// The mean absolute value, times this weight: sparse codes.
    L1(f32),
    /// The mean square, times this weight: codes near zero.
    L2(f32),
}

/// The sum that a training minimises.
///
/// ```
/// use latent::prelude::*;
/// use latent::training::Objective;
/// let objective = Objective { loss: Loss::MeanSquaredError, code_penalty: Penalty::L1(0.01) };
/// assert_eq!(objective.loss.name(), "mean squared error");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// The loss of the prediction.
    pub loss: Loss,
    /// The penalty on the code.
    pub code_penalty: Penalty,
}

impl Penalty {
    pub(crate) fn check(self) -> Result<()> {
        match self {
            Self::L1(w) | Self::L2(w) if !(w.is_finite() && w >= 0.0) => Err(Error::Setting {
                setting: "code_penalty",
                value: w.to_string(),
                expected: "a weight of at least 0",
            }),
            _ => Ok(()),
        }
    }

    /// The penalty of codes (n, k).
    pub(crate) fn value(self, codes: ArrayView2<f32>) -> f64 {
        let mean = |f: fn(f64) -> f64| {
            codes.iter().map(|&z| f(f64::from(z))).sum::<f64>() / codes.len() as f64
        };
        match self {
            Self::None => 0.0,
            Self::L1(w) => f64::from(w) * mean(f64::abs),
            Self::L2(w) => f64::from(w) * mean(|z| z * z),
        }
    }

    /// dP/dz (n, k).
    pub(crate) fn gradient(self, codes: &Array2<f32>) -> Array2<f32> {
        let scale = 1.0 / codes.len() as f32;
        codes.mapv(|z| match self {
            Self::None => 0.0,
            // At 0 the slope is 0, as PyTorch's `abs` has it.
            Self::L1(w) if z == 0.0 => 0.0 * w,
            Self::L1(w) => w * scale * z.signum(),
            Self::L2(w) => 2.0 * w * scale * z,
        })
    }
}
