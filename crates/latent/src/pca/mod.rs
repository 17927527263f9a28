//! Principal component analysis (PCA): the encoder is a projection.
//!
//! ```text
//! z (n, k)  = (x - mean) W^T        W (k, d): one component a row, of length 1, at right angles
//! x' (n, d) = z W + mean            variance along component i: explained_variance[i]
//! ```
//!
//! The components are the directions of most variance: the eigenvectors of the covariance with
//! the largest eigenvalues. How they are found: [`Solver`]. Source: K. Pearson, Phil. Mag. 2
//! (1901); H. Hotelling, J. Educ. Psychol. 24 (1933); signs and names as in scikit-learn's `PCA`.

mod angles;
mod covariance;
mod eigen;
mod fit;
mod lobpcg;
mod memory;
mod params;
mod solver;

use crate::check;
use crate::codec::Codec;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use fit::fit;
use ndarray::{Array1, Array2};

pub use angles::principal_angles;
pub use params::PcaParams;
pub use solver::Solver;

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
    components: Array2<f32>,
    mean: Array1<f32>,
    explained_variance: Array1<f64>,
    total_variance: f64,
    samples: usize,
    solver: Solver,
}

impl Pca {
    /// Finds the `k` directions of most variance in `samples` (n, d), with k from 1 to the
    /// smaller of n and d.
    ///
    /// Sums run in f64. A component's sign is free; as in scikit-learn, its entry of largest
    /// magnitude is made positive. Features that never change have exactly 0 in each component,
    /// except in components of variance 0.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::TooFewSamples`] (one sample has no variance),
    /// [`Error::Components`] for a `k` out of range, [`Error::NotFinite`] for NaN or infinity,
    /// [`Error::Memory`] if the covariance (d, d) would not fit into the available memory. (Where
    /// the system does not tell, 64 GB are assumed.)
    pub fn fit(samples: &dyn Matrix, k: usize) -> Result<Self> {
        Self::params(k).fit(samples)
    }

    /// The parameters for linfa's [`Fit`](linfa::traits::Fit), and for the choice of a solver:
    /// `Pca::params(k).solver(Solver::Full).fit(&samples)?`.
    pub fn params(k: usize) -> PcaParams {
        PcaParams::new(k)
    }

    /// The solver that found the components: never [`Solver::Auto`].
    pub fn solver(&self) -> Solver {
        self.solver
    }

    /// The components (k, d): one direction a row, of length 1, at right angles to the others.
    pub fn components(&self) -> &Array2<f32> {
        &self.components
    }

    /// The mean of the samples (d).
    pub fn mean(&self) -> &Array1<f32> {
        &self.mean
    }

    /// Variance of the samples along each component (k), with n - 1 in the denominator, in the
    /// data's units squared.
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
        finite(codes, "the input of PCA", samples, "the codes")
    }

    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        check::width("the codes for PCA", codes, self.latent_dim())?;
        check::finite("the codes for PCA", codes)?;
        let decoded = codes.view().dot(&self.components) + &self.mean;
        finite(decoded, "the codes for PCA", codes, "the reconstructions")
    }
}

/// The result, unless it is not finite: because of the input, or because it exceeds `f32`.
fn finite(
    result: Array2<f32>,
    input_name: &'static str,
    input: &dyn Matrix,
    result_name: &'static str,
) -> Result<Array2<f32>> {
    if result.iter().all(|x| x.is_finite()) {
        return Ok(result);
    }
    check::finite(input_name, input)?;
    Err(Error::Overflow { what: result_name })
}
