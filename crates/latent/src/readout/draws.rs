//! How much the choice of the labelled samples decides: an accuracy for each of many draws.
//!
//! ```text
//! draws of labelled rows, counts of labels  ->  accuracies (draws, counts), in per cent
//! difference of two representations a and b: mean and standard error of (a - b), draw by draw
//! ```

use super::accuracy_by_labels;
use crate::error::{Error, Result};
use crate::matrix::{Labels, Matrix};
use ndarray::Array2;

/// The accuracy on `test`, in per cent, of a k-nearest-neighbours classifier that knows `counts`
/// labelled rows of `known`, for each of `draws` random draws of these rows: (draws, counts). Each
/// pair of arguments is (codes, labels).
///
/// Draw number i takes the same rows of any representation of the same samples, so that two of them
/// can be compared draw by draw.
///
/// ```
/// use latent::prelude::*;
/// use latent::readout::accuracy_over_draws;
/// let codes = Array2::from_shape_fn((40, 1), |(i, _)| i as f32);
/// let labels = Array1::from_shape_fn(40, |i| i / 20);
/// let accuracy = accuracy_over_draws((&codes, &labels), (&codes, &labels), 1, &[2, 40], 5)?;
/// assert_eq!(accuracy.dim(), (5, 2));
/// assert!(accuracy.column(1).iter().all(|&percent| percent == 100.0));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`accuracy_by_labels`]; [`Error::Setting`] if there is no draw.
pub fn accuracy_over_draws(
    known: (&dyn Matrix, &dyn Labels),
    test: (&dyn Matrix, &dyn Labels),
    k: usize,
    counts: &[usize],
    draws: usize,
) -> Result<Array2<f64>> {
    if draws == 0 {
        return Err(Error::Setting {
            setting: "the number of draws",
            value: "0".to_owned(),
            expected: "at least 1",
        });
    }
    let mut percent = Array2::zeros((draws, counts.len()));
    for (seed, mut row) in percent.rows_mut().into_iter().enumerate() {
        let accuracies = accuracy_by_labels(known, test, k, counts, seed as u64)?;
        for (to, (_, accuracy)) in row.iter_mut().zip(accuracies) {
            *to = 100.0 * accuracy;
        }
    }
    Ok(percent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array1;

    #[test]
    fn each_row_is_one_draw() {
        let codes = Array2::from_shape_fn((60, 2), |(i, j)| ((i * (j + 3)) % 17) as f32);
        let labels = Array1::from_shape_fn(60, |i| (i / 7) % 3);
        let pair = (&codes as &dyn Matrix, &labels as &dyn Labels);
        let all = accuracy_over_draws(pair, pair, 1, &[5, 20], 4).unwrap();
        for (draw, row) in all.rows().into_iter().enumerate() {
            let alone = accuracy_by_labels(pair, pair, 1, &[5, 20], draw as u64).unwrap();
            assert_eq!(row[1], 100.0 * alone[1].1);
        }
        assert!(all.row(0) != all.row(1));
        let none = accuracy_over_draws(pair, pair, 1, &[5], 0).unwrap_err();
        assert!(none.to_string().contains("number of draws"));
    }
}
