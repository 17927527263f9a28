//! The covariance matrix of many samples, without a second copy of them.
//!
//! ```text
//! C (d, d) = 1/(n - 1) * sum over samples of (x - mean) (x - mean)^T
//! ```
//!
//! Sums run in f64, and only up to the diagonal: C is symmetric, and half of it is half the work.
//! Some hundred samples at a time, a block, are centred; then each thread adds their products to the
//! rows of C that it owns, while the next block is centred. So C is in memory once, and each of its entries is summed in the order of the
//! samples, whatever the number of threads: the result has the same bits.

use crate::threads::map_pieces;
use faer::linalg::matmul::{matmul, triangular};
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis, s};

/// Parts of the samples in which means are summed: so many threads can work at once.
const PARTS: usize = 8;
/// Samples in a block: few enough to stay in a processor's cache.
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

/// A piece of work for one thread.
enum Work<'a> {
    /// Centre some samples of the next block.
    Centre {
        from: ArrayView2<'a, f32>,
        to: ArrayViewMut2<'a, f64>,
    },
    /// Add the products of this block to the panel of C whose first row is `start`.
    Add {
        centred: ArrayView2<'a, f64>,
        start: usize,
        panel: ArrayViewMut2<'a, f64>,
    },
}

/// The covariance (m, m) of the given `columns` of `samples` (n, d), with n of at least 2.
pub(super) fn covariance(
    samples: ArrayView2<'_, f32>,
    columns: &[usize],
    mean: &Array1<f64>,
) -> Array2<f64> {
    let (n, m) = (samples.nrows(), columns.len());
    let mut sum = Array2::zeros((m, m));
    let [mut this, mut next] = [(); 2].map(|()| Array2::zeros((BLOCK_ROWS.min(n), m)));
    let blocks: Vec<_> = samples.axis_chunks_iter(Axis(0), BLOCK_ROWS).collect();
    let run = |work: Work<'_>| match work {
        Work::Centre { from, to } => centre(from, columns, mean, to),
        Work::Add {
            centred,
            start,
            panel,
        } => add_products(centred, start, panel),
    };
    map_pieces(centring(blocks[0].reborrow(), &mut next), run);
    for (index, rows) in blocks.iter().enumerate() {
        std::mem::swap(&mut this, &mut next);
        let centred = this.slice(s![..rows.nrows(), ..]);
        // The last panels are the longest, and a thread should not be left with one at the end.
        let panels = sum.axis_chunks_iter_mut(Axis(0), PANEL).enumerate().rev();
        let adding = panels.map(|(index, panel)| Work::Add {
            centred,
            start: index * PANEL,
            panel,
        });
        // Threads that are done with this block begin the next one, and wait once for each block.
        let ahead = blocks
            .get(index + 1)
            .map(|&rows| centring(rows.reborrow(), &mut next));
        map_pieces(adding.chain(ahead.into_iter().flatten()), run);
    }
    for i in 0..m {
        for j in 0..=i {
            sum[(i, j)] /= (n - 1) as f64;
            sum[(j, i)] = sum[(i, j)];
        }
    }
    sum
}

/// The pieces of work that centre a block of samples into the first rows of `block`.
fn centring<'a>(
    samples: ArrayView2<'a, f32>,
    block: &'a mut Array2<f64>,
) -> impl Iterator<Item = Work<'a>> {
    let starts = (0..samples.nrows()).step_by(CENTRED_ROWS);
    let to = block.axis_chunks_iter_mut(Axis(0), CENTRED_ROWS);
    starts.zip(to).map(move |(start, to)| {
        let end = (start + CENTRED_ROWS).min(samples.nrows());
        let from = samples.slice_move(s![start..end, ..]);
        Work::Centre { from, to }
    })
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
    let mine = x.subcols(start, height).transpose();
    let panel = panel
        .as_slice_mut()
        .expect("whole rows of an array in standard layout");
    let panel = MatMut::from_row_major_slice_mut(panel, height, m);
    let (before, rest) = panel.split_at_col_mut(start);
    matmul(before, Accum::Add, mine, x.subcols(0, start), 1.0, Par::Seq);
    triangular::matmul(
        rest.subcols_mut(0, height),
        triangular::BlockStructure::TriangularLower,
        Accum::Add,
        mine,
        triangular::BlockStructure::Rectangular,
        mine.transpose(),
        triangular::BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
}
