//! A fitted principal component analysis, and what it tells.

use crate::check;
use crate::codec::Codec;
use crate::error::Result;
use crate::matrix::Matrix;
use ndarray::{Array1, Array2};

use super::solver::Solver;

/// A fitted principal component analysis (PCA): the mean, the components and the variance along
/// each of them.
///
/// ```
/// use latent::prelude::*;
/// let samples = array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.2]];
/// let pca = Pca::fit(&samples, 1)?;
/// assert_eq!(pca.encode(&samples)?.dim(), (4, 1));
/// assert!(pca.explained_variance_ratio()[0] > 0.99);
/// assert!(pca.reconstruction_error(&samples)? < 0.01);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// With linfa's traits, on linfa's data sets:
///
/// ```
/// use latent::linfa::{Dataset, traits::{Fit, Transformer}};
/// use latent::pca::{Pca, Solver};
/// use latent::ndarray::array;
/// let data = Dataset::new(
///     array![[1.0_f32, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.2]],
///     array![0_usize, 0, 1, 1],
/// );
/// let pca = Pca::params(1).solver(Solver::Full).fit(&data)?;
/// let codes = pca.transform(data)?; // the same labels
/// assert_eq!(codes.records.dim(), (4, 1));
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    pub(super) components: Array2<f32>,
    pub(super) mean: Array1<f32>,
    pub(super) explained_variance: Array1<f64>,
    pub(super) total_variance: f64,
    pub(super) samples: usize,
    pub(super) solver: Solver,
}

impl Pca {
    /// The solver that found the components: never [`Solver::Auto`].
    pub fn solver(&self) -> Solver {
        self.solver
    }

    /// The components (k, d): one direction a row, of length 1, at right angles to the others.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let samples = array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.2]];
    /// let pca = Pca::fit(&samples, 1)?;
    /// let by_hand = (&samples - pca.mean()).dot(&pca.components().t());
    /// assert_eq!(pca.encode(&samples)?, by_hand);
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn components(&self) -> &Array2<f32> {
        &self.components
    }

    /// The mean of the samples (d).
    pub fn mean(&self) -> &Array1<f32> {
        &self.mean
    }

    /// Variance of the samples along each component (k), with n - 1 in the denominator, in the
    /// data's units squared.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let samples = array![[-3.0, 0.0], [3.0, 0.0], [0.0, 1.0], [0.0, -1.0]];
    /// let pca = Pca::fit(&samples, 1)?;
    /// assert!((pca.explained_variance()[0] - 6.0).abs() < 1e-6); // (9 + 9 + 0 + 0) / 3
    /// assert!((pca.explained_variance_ratio()[0] - 0.9).abs() < 1e-6); // the other one has 2 / 3
    /// assert!((pca.singular_values()[0] - 18_f64.sqrt()).abs() < 1e-6);
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn explained_variance(&self) -> &Array1<f64> {
        &self.explained_variance
    }

    /// Share of the total variance along each component (k), from 0 to 1. The shares sum to 1
    /// only if no variance is left out. All 0 if the samples do not vary at all.
    pub fn explained_variance_ratio(&self) -> Array1<f64> {
        if self.total_variance == 0.0 {
            return Array1::zeros(self.explained_variance.len());
        }
        &self.explained_variance / self.total_variance
    }

    /// Singular values of the centred samples (k): the square roots of `explained_variance`
    /// times n - 1.
    pub fn singular_values(&self) -> Array1<f64> {
        (&self.explained_variance * (self.samples - 1) as f64).mapv(f64::sqrt)
    }
}

impl Codec for Pca {
    fn input_dim(&self) -> usize {
        self.components.ncols()
    }

    fn latent_dim(&self) -> usize {
        self.components.nrows()
    }

    fn encode(&self, samples: &dyn Matrix) -> Result<Array2<f32>> {
        check::width("the input of PCA", samples, self.input_dim())?;
        let codes = (&samples.view() - &self.mean).dot(&self.components.t());
        // NaN or infinity in a sample makes all its codes NaN, and codes are few.
        check::finite_result(codes, "the input of PCA", samples, "the codes")
    }

    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        check::width("the codes for PCA", codes, self.latent_dim())?;
        check::finite("the codes for PCA", codes)?;
        let decoded = codes.view().dot(&self.components) + &self.mean;
        check::finite_result(decoded, "the codes for PCA", codes, "the reconstructions")
    }
}
