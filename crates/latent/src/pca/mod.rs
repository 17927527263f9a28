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
mod model;
mod params;
mod solver;
mod storage;

pub use angles::principal_angles;
pub use model::Pca;
pub use params::PcaParams;
pub use solver::Solver;
