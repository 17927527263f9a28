//! Principal component analysis: the encoder is a projection.
//!
//! ```text
//! z (n, k)  = (x - mean) W^T        W (k, d): one component a row, of length 1, at right angles
//! x' (n, d) = z W + mean            variance along component i: explained_variance[i]
//! ```
//!
//! The components are the directions of most variance: the eigenvectors of the covariance with
//! the largest eigenvalues. Source: K. Pearson, Phil. Mag. 2 (1901); H. Hotelling, J. Educ.
//! Psychol. 24 (1933); signs and names as in scikit-learn's `PCA`.

mod angles;
mod covariance;
mod eigen;

use crate::check;
use crate::codec::Codec;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::threads;
use covariance::Summary;
use eigen::Directions;
use linfa::traits::Transformer;
use ndarray::{Array1, Array2, s};

pub use angles::principal_angles;

/// A fitted PCA: the mean, the components and the variance along each.
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
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    components: Array2<f32>,
    mean: Array1<f32>,
    explained_variance: Array1<f64>,
    total_variance: f64,
    samples: usize,
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
    /// [`Error::Components`] for a `k` out of range, [`Error::NotFinite`] for NaN or infinity.
    pub fn fit(samples: &Array2<f32>, k: usize) -> Result<Self> {
        let (n, d) = samples.dim();
        check::not_empty("the data for PCA", samples)?;
        if n < 2 {
            return Err(Error::TooFewSamples {
                needed: 2,
                samples: n,
            });
        }
        if k == 0 || k > n.min(d) {
            return Err(Error::Components {
                asked: k,
                samples: n,
                features: d,
                most: n.min(d),
            });
        }
        threads::with_threads(threads::available(), || fit(samples, k))
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

fn fit(samples: &Array2<f32>, k: usize) -> Result<Pca> {
    let (n, d) = samples.dim();
    let Summary {
        mean,
        varies,
        finite,
    } = covariance::summary(samples);
    if !finite {
        check::finite("the data for PCA", samples)?;
    }

    let m = varies.len();
    let found = if m == 0 {
        Some((none(), 0.0))
    } else if n < m {
        let centred = Array2::from_shape_fn((n, m), |(row, column)| {
            f64::from(samples[[row, varies[column]]]) - mean[varies[column]]
        });
        let total = centred.iter().map(|x| x * x).sum::<f64>() / (n - 1) as f64;
        eigen::of_samples(&centred, k).map(|directions| (directions, total))
    } else {
        let covariance = covariance::covariance(samples, &varies, &mean);
        eigen::of_covariance(&covariance, k.min(m))
            .map(|directions| (directions, covariance.diag().sum()))
    };
    let (directions, total_variance) = found.ok_or(Error::NoDecomposition {
        samples: n,
        features: d,
    })?;

    let mut explained_variance = Array1::zeros(k);
    let mut components = Array2::zeros((k, d));
    let ranks = directions.variances.len();
    explained_variance
        .slice_mut(s![..ranks])
        .assign(&directions.variances);
    for (mut component, vector) in components
        .rows_mut()
        .into_iter()
        .zip(directions.vectors.rows())
    {
        let largest = vector.iter().fold(
            0.0_f64,
            |best, &x| if x.abs() > best.abs() { x } else { best },
        );
        for (&column, &x) in varies.iter().zip(vector) {
            component[column] = (x * largest.signum()) as f32;
        }
    }
    let never_change = (0..d).filter(|column| varies.binary_search(column).is_err());
    for (rank, column) in (ranks..k).zip(never_change) {
        components[[rank, column]] = 1.0;
    }
    Ok(Pca {
        components,
        mean: mean.mapv(|x| x as f32),
        explained_variance,
        total_variance,
        samples: n,
    })
}

/// No direction at all: what samples that are all the same have.
fn none() -> Directions {
    Directions {
        variances: Array1::zeros(0),
        vectors: Array2::zeros((0, 0)),
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
        Ok((&samples.view() - &self.mean).dot(&self.components.t()))
    }

    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        check::width("the codes for PCA", codes, self.latent_dim())?;
        Ok(codes.view().dot(&self.components) + &self.mean)
    }
}

/// linfa's own word for encoding; the shapes are checked, so the result can be an error.
impl Transformer<&Array2<f32>, Result<Array2<f32>>> for Pca {
    fn transform(&self, samples: &Array2<f32>) -> Result<Array2<f32>> {
        self.encode(samples)
    }
}
