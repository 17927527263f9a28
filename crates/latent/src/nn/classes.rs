//! Classes as vectors, and back: what a network that classifies predicts.

use crate::check;
use crate::error::{Error, Result};
use crate::matrix::{Labels, Matrix};
use crate::memory;
use ndarray::{Array1, Array2, Axis};

/// The one-hot encoding of labels: a matrix (n, `classes`) with a 1 in the column of each row's
/// label, and 0 elsewhere. PyTorch's `one_hot`.
///
/// ```
/// use latent::nn::one_hot;
/// use latent::ndarray::array;
/// assert_eq!(one_hot(&[2, 0], 3)?, array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] if a label is not below `classes`; [`Error::Memory`] if the rows do not fit
/// into the available memory.
pub fn one_hot(labels: &dyn Labels, classes: usize) -> Result<Array2<f32>> {
    let labels = labels.view();
    memory::check_matrix("one row for each label", labels.len(), classes)?;
    let mut rows = Array2::zeros((labels.len(), classes));
    for (row, &label) in labels.iter().enumerate() {
        let Some(cell) = rows.get_mut([row, label]) else {
            return Err(Error::Setting {
                setting: "a label",
                value: label.to_string(),
                expected: "below the number of classes",
            });
        };
        *cell = 1.0;
    }
    Ok(rows)
}

/// The column of the largest value of each row (the first one of equals). NumPy's
/// `argmax(axis=1)`.
///
/// ```
/// use latent::nn::argmax;
/// use latent::ndarray::array;
/// assert_eq!(argmax(&array![[0.1, 0.7, 0.2], [0.9, 0.0, 0.1]])?, array![1, 0]);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Empty`] if there are no columns, [`Error::NotFinite`] if a value is NaN or infinite.
pub fn argmax(rows: &dyn Matrix) -> Result<Array1<usize>> {
    let rows = rows.view();
    if rows.nrows() > 0 {
        check::not_empty("the rows", &rows)?;
    }
    check::finite("the rows", &rows)?;
    let largest = |row: ndarray::ArrayView1<f32>| {
        let values = row.iter().enumerate();
        let (column, _) = values.fold((0, f32::NEG_INFINITY), |best, (column, &value)| {
            if value > best.1 {
                (column, value)
            } else {
                best
            }
        });
        column
    };
    Ok(rows.map_axis(Axis(1), largest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn argmax_undoes_one_hot() {
        let labels = array![3_usize, 0, 2, 2];
        assert_eq!(argmax(&one_hot(&labels, 4).unwrap()).unwrap(), labels);
        let turned = array![[0.0, 9.0, 0.0], [5.0, 1.0, 7.0]];
        assert_eq!(argmax(&turned.t()).unwrap(), array![1, 0, 1]);
    }

    #[test]
    fn mistakes_are_errors() {
        assert!(one_hot(&[4], 4).is_err());
        assert!(argmax(&array![[0.0, f32::NAN]]).is_err());
        assert!(argmax(&Array2::zeros((2, 0))).is_err());
        assert_eq!(argmax(&Array2::zeros((0, 3))).unwrap().len(), 0);
    }
}
