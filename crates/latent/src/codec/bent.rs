//! A codec with its latent space bent: other distances, the same reconstructions.
//!
//! ```text
//! z' = z asinh(|z|) / |z|     each code keeps its direction; far codes come nearer
//! z  = z' sinh(|z'|) / |z'|
//! ```
//!
//! The decoder undoes the bend, so that no reconstruction changes. Distances in a latent space are
//! therefore not determined by the reconstruction error.

use super::Codec;
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use ndarray::{Array2, ArrayView2};

/// A codec whose codes have been drawn together: the length of each goes through `asinh`, which
/// leaves small lengths as they are and makes large ones grow like a logarithm.
///
/// ```
/// use latent::prelude::*;
/// let samples = array![[1.0, 0.0, 2.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [3.0, 0.0, 0.0]];
/// let pca = Pca::fit(&samples, 2)?;
/// let bent = Bent::new(pca.clone());
/// let difference = bent.reconstruction_error(&samples)? - pca.reconstruction_error(&samples)?;
/// assert!(difference.abs() < 1e-6);
/// # Ok::<(), latent::Error>(())
/// ```
pub struct Bent {
    inside: Box<dyn Codec + Send + Sync>,
}

impl Bent {
    /// `codec` with its latent space bent. It keeps the codec: hand over a clone.
    pub fn new(codec: impl Codec + Send + Sync + 'static) -> Self {
        Self {
            inside: Box::new(codec),
        }
    }
}

impl Codec for Bent {
    fn input_dim(&self) -> usize {
        self.inside.input_dim()
    }

    fn latent_dim(&self) -> usize {
        self.inside.latent_dim()
    }

    fn encode(&self, samples: &dyn Matrix) -> Result<Array2<f32>> {
        Ok(with_lengths(
            self.inside.encode(samples)?.view(),
            f64::asinh,
        ))
    }

    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        check::width("the codes", codes, self.latent_dim())?;
        check::finite("the codes", codes)?;
        let straight = with_lengths(codes.view(), f64::sinh);
        if straight.iter().any(|x| !x.is_finite()) {
            return Err(Error::Overflow {
                what: "the codes of a bent latent space, once straight again,",
            });
        }
        self.inside.decode(&straight)
    }
}

/// Each row in its direction, with its length changed.
fn with_lengths(codes: ArrayView2<f32>, change: fn(f64) -> f64) -> Array2<f32> {
    let mut codes = codes.to_owned();
    for mut code in codes.rows_mut() {
        let length = code
            .iter()
            .map(|&x| f64::from(x).powi(2))
            .sum::<f64>()
            .sqrt();
        if length > 0.0 {
            let factor = change(length) / length;
            code.mapv_inplace(|x| (f64::from(x) * factor) as f32);
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Constant;
    use ndarray::array;

    #[test]
    fn lengths_change_and_directions_stay_and_the_way_back_undoes_it() {
        let codes = array![[3.0, 4.0], [0.0, 0.0], [-0.01, 0.0], [300.0, -400.0]];
        let bent = with_lengths(codes.view(), f64::asinh);
        let length = |row: usize| bent.row(row).dot(&bent.row(row)).sqrt();
        assert!((length(0) - 5.0_f32.asinh()).abs() < 1e-6);
        assert!((bent[[0, 1]] / bent[[0, 0]] - 4.0 / 3.0).abs() < 1e-6);
        assert!((bent[[2, 0]] + 0.01).abs() < 1e-6);
        let back = with_lengths(bent.view(), f64::sinh);
        let off = (&back - &codes).mapv(f32::abs) / (1.0 + codes.mapv(f32::abs));
        assert!(off.iter().all(|&x| x < 1e-5), "{back}");
    }

    #[test]
    fn codes_too_far_out_are_refused() {
        let bent = Bent::new(Constant::new(&array![1.0]).unwrap());
        assert!(bent.decode(&array![[1e3]]).is_err());
        assert!(bent.decode(&array![[f32::NAN]]).is_err());
        assert!(bent.decode(&array![[1.0, 2.0]]).is_err());
        assert!(bent.decode(&array![[1.0]]).is_ok());
    }
}
