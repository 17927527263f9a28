//! The simplest decoder: the same reconstruction, whatever the sample. Every other codec should do
//! better, so it is a baseline.
//!
//! ```text
//! z = 0 (n, 1)        x' = c (d), the same in every row
//! ```
//!
//! Of all constants the mean of the samples has the smallest mean squared error; its error is the
//! mean variance of the features.

use super::Codec;
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use ndarray::{Array1, Array2, Axis};

/// A codec whose reconstruction is always the same sample; its one latent dimension is always 0.
///
/// ```
/// use latent::prelude::*;
/// let samples = array![[0.0, 1.0], [2.0, 1.0]];
/// let mean = Constant::mean_of(&samples)?;
/// assert_eq!(mean.reconstruct(&samples)?, array![[1.0, 1.0], [1.0, 1.0]]);
/// assert_eq!(mean.reconstruction_error(&samples)?, 0.5);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    sample: Array1<f32>,
}

impl Constant {
    /// Always `sample` (d).
    ///
    /// ```
    /// use latent::prelude::*;
    /// let blank = Constant::new(&array![0.0, 0.0])?;
    /// assert_eq!(blank.decode(&array![[7.0]])?, array![[0.0, 0.0]]); // whatever the code
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the sample is empty or not finite.
    pub fn new(sample: &Array1<f32>) -> Result<Self> {
        let row = sample.view().insert_axis(Axis(0));
        check::not_empty("the constant sample", &row)?;
        check::finite("the constant sample", &row)?;
        Ok(Self {
            sample: sample.clone(),
        })
    }

    /// Always the mean of `samples` (n, d).
    ///
    /// # Errors
    /// If the samples are empty or not finite.
    pub fn mean_of(samples: &dyn Matrix) -> Result<Self> {
        check::not_empty("the samples", samples)?;
        check::finite("the samples", samples)?;
        let mean = samples.view().mapv(f64::from).mean_axis(Axis(0));
        let mean = mean.expect("there is at least one row, as checked");
        Self::new(&mean.mapv(|x| x as f32))
    }
}

impl Codec for Constant {
    fn input_dim(&self) -> usize {
        self.sample.len()
    }

    fn latent_dim(&self) -> usize {
        1
    }

    fn encode(&self, samples: &dyn Matrix) -> Result<Array2<f32>> {
        check::width("the samples", samples, self.input_dim())?;
        check::finite("the samples", samples)?;
        Ok(Array2::zeros((samples.view().nrows(), 1)))
    }

    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        check::width("the codes", codes, 1)?;
        check::finite("the codes", codes)?;
        let shape = (codes.view().nrows(), self.input_dim());
        let rows = self.sample.broadcast(shape);
        rows.map(|rows| rows.to_owned()).ok_or(Error::Overflow {
            what: "the reconstructions",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_mean_is_the_best_constant() {
        let samples = array![[0.0, 3.0], [1.0, 5.0], [5.0, 4.0]];
        let error = |codec: &Constant| codec.reconstruction_error(&samples).unwrap();
        let mean = Constant::mean_of(&samples).unwrap();
        let variance = f64::from(samples.var_axis(Axis(0), 0.0).mean().unwrap());
        assert!((error(&mean) - variance).abs() < 1e-6);
        for other in [array![0.0, 0.0], array![2.1, 4.0], array![2.0, 3.9]] {
            assert!(error(&Constant::new(&other).unwrap()) > error(&mean));
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let codec = Constant::new(&array![1.0, 2.0]).unwrap();
        assert!(codec.encode(&array![[1.0]]).is_err());
        assert!(codec.decode(&array![[1.0, 2.0]]).is_err());
        assert!(Constant::new(&array![]).is_err());
        assert!(Constant::new(&array![f32::NAN]).is_err());
        assert!(Constant::mean_of(&Array2::zeros((0, 3))).is_err());
    }
}
