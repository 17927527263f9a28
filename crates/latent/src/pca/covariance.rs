//! The covariance matrix of many samples, without a second copy of them.
//!
//! ```text
//! C (d, d) = 1/(n - 1) * sum over samples of (x - mean) (x - mean)^T
//! ```
//!
//! Sums run in f64, and only up to the diagonal: C is symmetric, and half of it is half the work.
//! C is cut into panels of rows, and a panel is the work of one thread: it goes through all samples,
//! centres some of them, and adds their products. So C is in memory once, no thread waits for
//! another, and each entry is summed in the order of the samples, whatever the number of threads:
//! the result has the same bits.

use crate::error::{Error, Result};
use crate::interrupt;
use crate::threads::{in_turn, map_pieces};
use faer::linalg::matmul::{matmul, triangular};
use faer::reborrow::ReborrowMut;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Parts of the samples in which means are summed: so many threads can work at once.
const PARTS: usize = 8;
/// Samples that are centred at a time: few enough to stay in a processor's cache.
const BLOCK_ROWS: usize = 128;
/// Rows of C that one thread adds to, on average.
const PANEL: usize = 192;
/// Panels at least, so that some threads have work at any size.
const PANELS: usize = 4;

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
        let (mut sum, mut changes) = (vec![0.0_f64; d], vec![0_u32; d]);
        for row in part.rows() {
            for (((sum, changes), &x), &first) in
                sum.iter_mut().zip(&mut changes).zip(row).zip(&first)
            {
                *sum += f64::from(x);
                *changes |= u32::from(x != first);
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
            .filter(|&column| parts.iter().any(|(_, changes)| changes[column] != 0))
            .collect(),
    }
}

/// The covariance (m, m) of the given `columns` of `samples` (n, d), with n of at least 2.
pub(super) fn covariance(
    samples: ArrayView2<'_, f32>,
    columns: &[usize],
    mean: &Array1<f64>,
) -> Result<Array2<f64>> {
    let (n, m) = (samples.nrows(), columns.len());
    let mean: Vec<f64> = columns.iter().map(|&column| mean[column]).collect();
    let mut sum = Array2::zeros((m, m));
    let mut rest = sum
        .as_slice_mut()
        .expect("a new array is in standard layout");
    let mut panels = Vec::new();
    for rows in panels_of_equal_work(m) {
        let (panel, after) = rest.split_at_mut(rows.len() * m);
        panels.push((rows.start, panel));
        rest = after;
    }
    let interrupted = AtomicBool::new(false);
    in_turn(panels.into_iter(), |(start, panel)| {
        if add_products(samples, columns, &mean, start, panel).is_err() {
            interrupted.store(true, Ordering::Relaxed);
        }
    });
    if interrupted.into_inner() {
        return Err(Error::Interrupted);
    }
    for i in 0..m {
        for j in 0..=i {
            sum[(i, j)] /= (n - 1) as f64;
            sum[(j, i)] = sum[(i, j)];
        }
    }
    Ok(sum)
}

/// The rows of C in panels that hold about as many entries each: a row ends at the diagonal, so the
/// first i of p panels have the share sqrt(i / p) of the rows.
fn panels_of_equal_work(m: usize) -> impl Iterator<Item = Range<usize>> {
    let count = m.div_ceil(PANEL).max(PANELS);
    let border = move |i: usize| (m as f64 * (i as f64 / count as f64).sqrt()).round() as usize;
    (0..count)
        .map(move |i| border(i)..border(i + 1))
        .filter(|rows| !rows.is_empty())
}

/// Adds X^T X of the centred samples X (n, m) to whole rows of C, from row `start` on, up to the
/// diagonal. C is symmetric, so its rows in memory are the columns of its upper triangle.
fn add_products(
    samples: ArrayView2<'_, f32>,
    columns: &[usize],
    mean: &[f64],
    start: usize,
    panel: &mut [f64],
) -> Result<()> {
    let m = columns.len();
    let height = panel.len() / m;
    let end = start + height;
    let panel = MatMut::from_column_major_slice_mut(panel, m, height);
    let (mut before, rest) = panel.split_at_row_mut(start);
    let mut diagonal = rest.subrows_mut(0, height);
    let runs = runs(&columns[..end]);
    let mut block = vec![0.0; BLOCK_ROWS.min(samples.nrows()) * end];
    for rows in samples.axis_chunks_iter(Axis(0), BLOCK_ROWS) {
        interrupt::check()?;
        let centred = &mut block[..rows.nrows() * end];
        for (to, row) in centred.chunks_exact_mut(end).zip(rows.rows()) {
            centre(row, &runs, mean, to);
        }
        let x = MatRef::from_row_major_slice(centred, rows.nrows(), end);
        let (earlier, mine) = x.split_at_col(start);
        matmul(
            before.rb_mut(),
            Accum::Add,
            earlier.transpose(),
            mine,
            1.0,
            Par::Seq,
        );
        triangular::matmul(
            diagonal.rb_mut(),
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
    Ok(())
}

/// Columns that follow one another, since neighbours can be read together.
fn runs(columns: &[usize]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for &column in columns {
        match runs.last_mut() {
            Some(run) if run.end == column => run.end += 1,
            _ => runs.push(column..column + 1),
        }
    }
    runs
}

/// One sample (d), less the mean, in the columns of the runs.
fn centre(row: ArrayView1<'_, f32>, runs: &[Range<usize>], mean: &[f64], centred: &mut [f64]) {
    let row = row
        .to_slice()
        .map_or_else(|| Cow::Owned(row.to_vec()), Cow::Borrowed);
    let mut at = 0;
    for run in runs {
        let here = at..at + run.len();
        let values = row[run.clone()].iter().zip(&mean[here.clone()]);
        for (to, (&x, mean)) in centred[here.clone()].iter_mut().zip(values) {
            *to = f64::from(x) - mean;
        }
        at = here.end;
    }
}
