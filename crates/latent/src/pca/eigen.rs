//! Directions of most variance: eigenvectors of the covariance.
//!
//! ```text
//! C v = lambda v        C (m, m) symmetric, v (m) of length 1, lambda the variance along v
//! ```
//!
//! Here are the two direct ways, by faer: all eigenvectors of C, and the singular vectors of the
//! centred samples X, since C = X^T X / (n - 1). The iterative way is `lobpcg`.

use faer::linalg::solvers::{SelfAdjointEigen, Svd};
use faer::{MatRef, Side};
use ndarray::{Array1, Array2};

/// Variances (k), from the largest, and directions (k, m), one a row.
pub(super) struct Directions {
    pub variances: Array1<f64>,
    pub vectors: Array2<f64>,
}

/// The first `k` eigenvectors of a covariance (m, m), with k from 1 to m; `None` if the
/// decomposition fails.
pub(super) fn full(covariance: &Array2<f64>, k: usize) -> Option<Directions> {
    let m = covariance.nrows();
    let matrix = MatRef::from_row_major_slice(covariance.as_slice()?, m, m);
    let eigen = SelfAdjointEigen::new(matrix, Side::Lower).ok()?;
    let (values, vectors) = (eigen.S().column_vector(), eigen.U());
    let from_largest = |rank: usize| m - 1 - rank;
    Some(Directions {
        variances: Array1::from_shape_fn(k, |rank| values[from_largest(rank)].max(0.0)),
        vectors: Array2::from_shape_fn((k, m), |(rank, row)| vectors[(row, from_largest(rank))]),
    })
}

/// The first `k` right singular vectors of centred samples (n, m), with k from 1 to the smaller of
/// n and m; `None` if the decomposition fails.
pub(super) fn thin_svd(centred: &Array2<f64>, k: usize) -> Option<Directions> {
    let (n, m) = centred.dim();
    let matrix = MatRef::from_row_major_slice(centred.as_slice()?, n, m);
    let svd = Svd::new_thin(matrix).ok()?;
    let (values, vectors) = (svd.S().column_vector(), svd.V());
    Some(Directions {
        variances: Array1::from_shape_fn(k, |rank| values[rank].powi(2) / (n - 1) as f64),
        vectors: Array2::from_shape_fn((k, m), |(rank, row)| vectors[(row, rank)]),
    })
}
