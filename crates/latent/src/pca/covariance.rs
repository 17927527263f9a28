//! The covariance of many samples, without a second copy of them.
//!
//! ```text
//! C (d, d) = 1/(n - 1) * sum over samples of (x - mean) (x - mean)^T
//! ```
//!
//! The samples are cut into the same parts on any machine, and the parts are added in their order,
//! so the number of threads changes no bit of the result. Sums run in f64, and only up to the
//! diagonal: C is symmetric, and half of it is half the work.

use crate::threads::map_pieces;
use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::{Accum, Mat, Par};
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// Parts of the samples, each with a sum of its own: so many threads can work at once.
const PARTS: usize = 8;
/// Samples that are centred at a time: few enough to stay in a processor's cache.
const BLOCK_ROWS: usize = 256;

/// What PCA needs to know of the samples (n, d) before it can centre them.
pub(super) struct Summary {
    /// The mean of each column (d).
    pub mean: Array1<f64>,
    /// The columns that change from one sample to another, in their order.
    pub varies: Vec<usize>,
    /// Whether there is neither NaN nor infinity anywhere.
    pub finite: bool,
}

/// Goes through the samples (n, d) once, with n of at least 1.
pub(super) fn summary(samples: &Array2<f32>) -> Summary {
    let (n, d) = samples.dim();
    let first = samples.row(0).to_vec();
    let parts = map_pieces(parts(samples), |part| {
        let (mut sum, mut changes) = (vec![0.0_f64; d], vec![false; d]);
        for row in part.rows() {
            for (((sum, changes), &x), &first) in
                sum.iter_mut().zip(&mut changes).zip(row).zip(&first)
            {
                *sum += f64::from(x);
                *changes |= x != first;
            }
        }
        (Array1::from(sum), changes)
    });
    let sum = parts
        .iter()
        .fold(Array1::zeros(d), |total, (sum, _)| total + sum);
    Summary {
        finite: sum.iter().all(|x: &f64| x.is_finite()),
        mean: sum / n as f64,
        varies: (0..d)
            .filter(|&column| parts.iter().any(|(_, changes)| changes[column]))
            .collect(),
    }
}

/// The covariance (m, m) of the given `columns` of `samples` (n, d), with n of at least 2.
pub(super) fn covariance(
    samples: &Array2<f32>,
    columns: &[usize],
    mean: &Array1<f64>,
) -> Array2<f64> {
    let m = columns.len();
    let sums = map_pieces(parts(samples), |part| scatter(part, columns, mean));
    let sum = sums
        .into_iter()
        .reduce(|total, sum| total + sum)
        .expect("there is at least one sample");
    Array2::from_shape_fn((m, m), |(i, j)| {
        sum[(i.max(j), i.min(j))] / (samples.nrows() - 1) as f64
    })
}

/// The sum of (x - mean) (x - mean)^T over a part of the samples, up to the diagonal.
fn scatter(part: ArrayView2<f32>, columns: &[usize], mean: &Array1<f64>) -> Mat<f64> {
    let m = columns.len();
    let mut sum = Mat::zeros(m, m);
    let mut block = Mat::zeros(BLOCK_ROWS, m);
    for rows in part.axis_chunks_iter(Axis(0), BLOCK_ROWS) {
        let mut centred = block.subrows_mut(0, rows.nrows());
        for (centred, &column) in centred.as_mut().col_iter_mut().zip(columns) {
            let mean = mean[column];
            for (centred, &x) in centred.iter_mut().zip(rows.column(column)) {
                *centred = f64::from(x) - mean;
            }
        }
        matmul(
            sum.as_mut(),
            BlockStructure::TriangularLower,
            Accum::Add,
            centred.as_ref().transpose(),
            BlockStructure::Rectangular,
            centred.as_ref(),
            BlockStructure::Rectangular,
            1.0,
            Par::Seq,
        );
    }
    sum
}

fn parts(samples: &Array2<f32>) -> impl Iterator<Item = ArrayView2<'_, f32>> {
    samples.axis_chunks_iter(Axis(0), samples.nrows().div_ceil(PARTS))
}
