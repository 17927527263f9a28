//! The box of the lecture: something that encodes and decodes.
//!
//! ```text
//! x (n, d)  -> encode -> z (n, k)  -> decode -> x' (n, d)
//! reconstruction error = mean over all elements of (x - x')^2
//! ```

use crate::error::Result;
use crate::matrix::Matrix;
use ndarray::{Array2, Zip};

/// An encoder with its decoder, whatever is inside.
///
/// Object safe: figures and readouts take `&dyn Codec`.
pub trait Codec {
    /// Columns of the input, d.
    fn input_dim(&self) -> usize;

    /// Columns of the representation, k.
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

    /// Mean squared error of the reconstruction over all n * d elements.
    ///
    /// # Errors
    /// As [`Codec::encode`].
    fn reconstruction_error(&self, samples: &dyn Matrix) -> Result<f64> {
        let reconstruction = self.reconstruct(samples)?;
        let sum = Zip::from(samples.view())
            .and(&reconstruction)
            .fold(0.0_f64, |sum, &x, &r| sum + f64::from(x - r).powi(2));
        Ok(sum / reconstruction.len() as f64)
    }
}
