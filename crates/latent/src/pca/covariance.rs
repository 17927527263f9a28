//! The covariance matrix of many samples, without a second copy of them.
//!
//! ```text
//! C (d, d) = 1/(n - 1) * sum over samples of (x - mean) (x - mean)^T
//! ```
//!
//! Sums run in f64, and only up to the diagonal: C is symmetric, and half of it is half the work.
//! Some hundred samples at a time are centred; then each thread adds their products to the rows of
//! C that it owns. So C is in memory once, and each of its entries is summed in the order of the
//! samples, whatever the number of threads: the result has the same bits.

use crate::threads::map_pieces;
use faer::linalg::matmul::{matmul, triangular};
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis, s};

/// Parts of the samples in which means are summed: so many threads can work at once.
const PARTS: usize = 8;
/// Samples that are centred at a time: few enough to stay in a processor's cache.
const BLOCK_ROWS: usize = 512;
/// Samples of a block that one thread centres at a time.
const CENTRED_ROWS: usize = 32;
/// Rows of C that belong together: one thread at a time adds to them.
const PANEL: usize = 128;

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
pub(super) fn summary(samples: ArrayView2<'_, f32>) -> Summary {
    let (n, d) = samples.dim();
    let first = samples.row(0).to_vec();
    let parts = samples.axis_chunks_iter(Axis(0), n.div_ceil(PARTS));
    let parts = map_pieces(parts, |part| {
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
    samples: ArrayView2<'_, f32>,
    columns: &[usize],
    mean: &Array1<f64>,
) -> Array2<f64> {
    let (n, m) = (samples.nrows(), columns.len());
    let mut sum = Array2::zeros((m, m));
    let mut block = Array2::zeros((BLOCK_ROWS.min(n), m));
    for rows in samples.axis_chunks_iter(Axis(0), BLOCK_ROWS) {
        let mut centred = block.slice_mut(s![..rows.nrows(), ..]);
        let to = centred.axis_chunks_iter_mut(Axis(0), CENTRED_ROWS);
        let pieces = to.zip(rows.axis_chunks_iter(Axis(0), CENTRED_ROWS));
        map_pieces(pieces, |(to, from)| centre(from, columns, mean, to));
        // The last panels are the longest, and a thread should not be left with one at the end.
        let panels = sum.axis_chunks_iter_mut(Axis(0), PANEL).enumerate().rev();
        map_pieces(panels, |(index, panel)| {
            add_products(centred.view(), index * PANEL, panel)
        });
    }
    for i in 0..m {
        for j in 0..=i {
            sum[(i, j)] /= (n - 1) as f64;
            sum[(j, i)] = sum[(i, j)];
        }
    }
    sum
}

/// Some samples (rows, d), less the mean, in the given columns: (rows, m).
fn centre(
    samples: ArrayView2<'_, f32>,
    columns: &[usize],
    mean: &Array1<f64>,
    mut centred: ArrayViewMut2<'_, f64>,
) {
    for (mut to, row) in centred.rows_mut().into_iter().zip(samples.rows()) {
        for (to, &column) in to.iter_mut().zip(columns) {
            *to = f64::from(row[column]) - mean[column];
        }
    }
}

/// Adds X^T X of the centred samples X (rows, m) to the rows of C from `start` on, up to the
/// diagonal.
fn add_products(x: ArrayView2<'_, f64>, start: usize, mut panel: ArrayViewMut2<'_, f64>) {
    let (height, m) = panel.dim();
    let x = x
        .to_slice()
        .expect("whole rows of an array in standard layout");
    let x = MatRef::from_row_major_slice(x, x.len() / m, m);
    let mine = x.subcols(start, height);
    let panel = panel
        .as_slice_mut()
        .expect("whole rows of an array in standard layout");
    let panel = MatMut::from_column_major_slice_mut(panel, m, height);
    let (before, rest) = panel.split_at_row_mut(start);
    let earlier = x.subcols(0, start).transpose();
    matmul(before, Accum::Add, earlier, mine, 1.0, Par::Seq);
    triangular::matmul(
        rest.subrows_mut(0, height),
        triangular::BlockStructure::TriangularUpper,
        Accum::Add,
        mine.transpose(),
        triangular::BlockStructure::Rectangular,
        mine,
        triangular::BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
}
