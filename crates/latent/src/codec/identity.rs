//! The codec that changes nothing: its codes are the samples themselves. Its reconstruction error is
//! 0, and yet nothing has been encoded: beside it, other codecs show what their codes are worth.
//!
//! ```text
//! z = x (n, d)        x' = z
//! ```

use super::Codec;
use crate::check;
use crate::error::Result;
use crate::matrix::Matrix;
use ndarray::Array2;

/// A codec whose codes are the samples: pixels, spike counts, features made by hand.
///
/// ```
/// use latent::prelude::*;
/// let mnist = Mnist::load()?;
/// let (train, test) = (mnist.train.take(1000), mnist.test.take(200));
/// let from_pixels = knn_accuracy(&Identity::new(784), &train, &test, 5)?;
/// assert!(from_pixels > 0.7);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    features: usize,
}

impl Identity {
    /// For samples with `features` columns.
    pub fn new(features: usize) -> Self {
        Self { features }
    }
}

impl Codec for Identity {
    fn input_dim(&self) -> usize {
        self.features
    }

    fn latent_dim(&self) -> usize {
        self.features
    }

    fn encode(&self, samples: &dyn Matrix) -> Result<Array2<f32>> {
        check::width("the samples", samples, self.features)?;
        check::finite("the samples", samples)?;
        Ok(samples.view().to_owned())
    }

    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        check::width("the codes", codes, self.features)?;
        check::finite("the codes", codes)?;
        Ok(codes.view().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn nothing_changes() {
        let samples = array![[1.0, 2.0], [3.0, 4.0]];
        let codec = Identity::new(2);
        assert_eq!(codec.encode(&samples).unwrap(), samples);
        assert_eq!(codec.reconstruction_error(&samples).unwrap(), 0.0);
        assert!(codec.encode(&array![[1.0]]).is_err());
        assert!(codec.decode(&array![[f32::NAN, 1.0]]).is_err());
    }
}
