//! The covariance of many samples, without a second copy of them.
//!
//! ```text
//! C (d, d) = 1/(n - 1) * sum over samples of (x - mean) (x - mean)^T
//! ```
//!
//! Samples are centred in f64, a block of rows at a time; each block adds its product to the
//! lower triangle of C, which is half the work of a plain product. The strips of C have the same
//! width on any machine, so the number of threads changes no bit of the result.

use crate::threads::map_pieces;
use faer::linalg::matmul::{matmul, triangular, triangular::BlockStructure};
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{Array1, Array2, Axis};

const BLOCK_ROWS: usize = 2048;
/// Rows of samples, or of C, that one thread takes at a time.
const STRIP: usize = 64;

/// The covariance (m, m) of the given `columns` of `samples` (n, d), with n of at least 2.
pub(super) fn covariance(
    samples: &Array2<f32>,
    columns: &[usize],
    mean: &Array1<f64>,
) -> Array2<f64> {
    let m = columns.len();
    let mut sum = Array2::<f64>::zeros((m, m));
    let mut block = Array2::<f64>::zeros((BLOCK_ROWS.min(samples.nrows()), m));
    for rows in samples.axis_chunks_iter(Axis(0), BLOCK_ROWS) {
        let mut centred = block.slice_mut(ndarray::s![..rows.nrows(), ..]);
        let pieces = centred
            .axis_chunks_iter_mut(Axis(0), STRIP)
            .zip(rows.axis_chunks_iter(Axis(0), STRIP));
        map_pieces(pieces, |(mut centred, rows)| {
            for (mut centred, row) in centred.rows_mut().into_iter().zip(rows.rows()) {
                for (value, &column) in centred.iter_mut().zip(columns) {
                    *value = f64::from(row[column]) - mean[column];
                }
            }
        });
        let centred = centred
            .into_slice()
            .expect("whole rows of a block lie in one piece");
        let centred = MatRef::from_row_major_slice(&*centred, rows.nrows(), m);
        let strips = sum.axis_chunks_iter_mut(Axis(0), STRIP).enumerate();
        map_pieces(strips, |(index, strip)| {
            let height = strip.nrows();
            let strip = strip
                .into_slice()
                .expect("whole rows of C lie in one piece");
            let strip = MatMut::from_row_major_slice_mut(strip, height, m);
            add_strip(strip, centred, index * STRIP);
        });
    }
    for row in 0..m {
        for column in 0..=row {
            let value = sum[[row, column]] / (samples.nrows() - 1) as f64;
            sum[[row, column]] = value;
            sum[[column, row]] = value;
        }
    }
    sum
}

/// Adds one strip of rows of X^T X, up to the diagonal.
fn add_strip(strip: MatMut<'_, f64>, centred: MatRef<'_, f64>, start: usize) {
    let height = strip.nrows();
    let mine = centred.subcols(start, height).transpose();
    let (left, rest) = strip.split_at_col_mut(start);
    matmul(
        left,
        Accum::Add,
        mine,
        centred.subcols(0, start),
        1.0,
        Par::Seq,
    );
    triangular::matmul(
        rest.subcols_mut(0, height),
        BlockStructure::TriangularLower,
        Accum::Add,
        mine,
        BlockStructure::Rectangular,
        mine.transpose(),
        BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
}
