//! The evidence lower bound (ELBO) of given samples, term by term.

use super::Vae;
use super::gaussian::{codes, kl, mean, noise};
use crate::check;
use crate::codec::Codec;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::nn::{Loss, blocked};
use ndarray::{Array1, s};
use std::fmt;

/// The evidence lower bound of n samples with its two terms, in nats, as [`Vae::elbo`] returns it.
///
/// ```
/// use latent::prelude::*;
/// let vae = Vae::new(&[4, 8, 1], Activation::Tanh, 1)?;
/// let x = array![[0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 1.0, 0.0]];
/// let elbo = vae.elbo(&x, Loss::BinaryCrossEntropy, 0)?;
/// assert_eq!((elbo.reconstruction.len(), elbo.kl.len()), (2, 2)); // one value for each sample
/// assert_eq!(elbo.elbo, -(&elbo.reconstruction + &elbo.kl));
/// assert!(elbo.mean() < 0.0);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Elbo {
    /// The reconstruction term of each sample (n): the loss, summed over the features.
    pub reconstruction: Array1<f64>,
    /// The Kullback-Leibler divergence of each sample's code from the prior (n).
    pub kl: Array1<f64>,
    /// The bound of each sample (n): -(reconstruction + KL). The higher, the better.
    pub elbo: Array1<f64>,
}

impl Elbo {
    /// The mean bound, in nats a sample.
    pub fn mean(&self) -> f64 {
        mean(&self.elbo)
    }
}

impl fmt::Display for Elbo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ELBO {:.3} nats a sample = -(reconstruction {:.3} + KL {:.3})",
            self.mean(),
            mean(&self.reconstruction),
            mean(&self.kl),
        )
    }
}

impl Vae {
    /// The evidence lower bound of samples (n, d), for the reconstruction term of this loss. One
    /// code is drawn for each sample; `seed` decides which. Beta plays no part: it belongs to the
    /// training.
    ///
    /// # Errors
    /// If `samples` is empty, not d columns wide, or outside the range of the loss;
    /// [`Error::LossOutput`] if the output activation does not fit the loss; [`Error::Overflow`]
    /// if a term exceeds `f32`.
    pub fn elbo(&self, samples: &dyn Matrix, loss: Loss, seed: u64) -> Result<Elbo> {
        check::not_empty("the samples", samples)?;
        loss.check_output(self.decoder.output_activation())?;
        let (mean, log_var) = self.posterior(samples)?;
        loss.check_targets(samples)?;
        let kl = kl(mean.view(), log_var.view());
        let codes = codes(mean.view(), log_var.view(), &noise(mean.dim(), seed));
        let decoded = blocked::forward(self.decoder.layers(), &codes)?;
        let d = self.input_dim() as f64;
        let samples = samples.view();
        let of_row = |i| {
            let row = s![i..i + 1, ..];
            Ok(d * loss.value_in_training(&decoded.slice(row), &samples.slice(row))?)
        };
        let reconstruction: Array1<f64> =
            (0..samples.nrows()).map(of_row).collect::<Result<_>>()?;
        let elbo = -(&reconstruction + &kl);
        if elbo.iter().all(|x| x.is_finite()) {
            return Ok(Elbo {
                reconstruction,
                kl,
                elbo,
            });
        }
        Err(Error::Overflow {
            what: "the terms of the ELBO",
        })
    }
}
