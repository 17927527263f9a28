//! An encoder with its decoder: what PCA and an autoencoder have in common.
//!
//! ```text
//! x (n, d)  -> encode -> z (n, k)  -> decode -> x' (n, d)
//! reconstruction error = mean over all elements of (x - x')^2
//! ```

use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use ndarray::{Array2, Zip};

mod bent;
mod constant;
mod identity;
mod rotated;

pub use bent::Bent;
pub use constant::Constant;
pub use identity::Identity;
pub use rotated::Rotated;

/// An encoder with its decoder, such as [`Pca`](crate::pca::Pca),
/// [`Autoencoder`](crate::autoencoder::Autoencoder) or [`Vae`](crate::autoencoder::Vae).
///
/// Figures take any of them as `&dyn Codec`.
///
/// ```
/// use latent::prelude::*;
/// let samples = array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.2]];
/// let pca = Pca::fit(&samples, 1)?;
/// let codec: &dyn Codec = &pca; // or an autoencoder: what follows stays the same
/// assert_eq!((codec.input_dim(), codec.latent_dim()), (2, 1));
/// let codes = codec.encode(&samples)?;
/// assert_eq!(codec.decode(&codes)?, codec.reconstruct(&samples)?);
/// assert!(codec.reconstruction_error(&samples)? < 0.01);
/// # Ok::<(), latent::Error>(())
/// ```
pub trait Codec {
    /// Number of input features, d.
    fn input_dim(&self) -> usize;

    /// Number of dimensions of the latent space, k.
    fn latent_dim(&self) -> usize;

    /// From samples (n, d) to codes (n, k).
    ///
    /// # Errors
    /// If `samples` is not d columns wide.
    fn encode(&self, samples: &dyn Matrix) -> Result<Array2<f32>>;

    /// From codes (n, k) to reconstructions (n, d).
    ///
    /// # Errors
    /// If `codes` is not k columns wide.
    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>>;

    /// Encode, then decode: (n, d) to (n, d).
    ///
    /// # Errors
    /// As [`Codec::encode`].
    fn reconstruct(&self, samples: &dyn Matrix) -> Result<Array2<f32>> {
        self.decode(&self.encode(samples)?)
    }

    /// Reconstruction error: the mean squared error over all n * d elements.
    ///
    /// # Errors
    /// As [`Codec::encode`]; if there is no sample, a value is not finite, or the error exceeds
    /// the range of `f32`.
    fn reconstruction_error(&self, samples: &dyn Matrix) -> Result<f64> {
        check::not_empty("the samples", samples)?;
        let reconstruction = self.reconstruct(samples)?;
        let sum = Zip::from(samples.view())
            .and(&reconstruction)
            .fold(0.0_f64, |sum, &x, &r| sum + f64::from(x - r).powi(2));
        if !sum.is_finite() {
            check::finite("the samples", samples)?;
            return Err(Error::Overflow {
                what: "the reconstructions",
            });
        }
        Ok(sum / reconstruction.len() as f64)
    }
}
