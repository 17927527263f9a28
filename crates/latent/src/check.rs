//! Validation of arguments: widths, numbers of rows, NaN.

use crate::error::{Error, Result};
use crate::matrix::{Labels, Matrix};
use ndarray::Array2;

/// Samples, or codes of samples, of the width that is needed.
pub(crate) fn width(what: &'static str, array: &dyn Matrix, expected: usize) -> Result<()> {
    let array = array.view();
    if array.ncols() == expected {
        return Ok(());
    }
    Err(Error::Width {
        what,
        expected,
        rows: array.nrows(),
        columns: array.ncols(),
    })
}

/// As many rows, values or layers as are needed; `what` is a plural: "rows in the target".
pub(crate) fn count(what: &'static str, expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::Count {
        what,
        expected,
        found,
    })
}

/// One label a row.
pub(crate) fn labels(samples: &dyn Matrix, labels: &dyn Labels) -> Result<()> {
    let (samples, labels) = (samples.view(), labels.view());
    if samples.nrows() == labels.len() {
        return Ok(());
    }
    Err(Error::LabelCount {
        samples: samples.nrows(),
        labels: labels.len(),
    })
}

/// At least one row and one column.
pub(crate) fn not_empty(what: &'static str, array: &dyn Matrix) -> Result<()> {
    let array = array.view();
    if !array.is_empty() {
        return Ok(());
    }
    Err(Error::Empty {
        what,
        rows: array.nrows(),
        columns: array.ncols(),
    })
}

/// Neither NaN nor infinity anywhere.
pub(crate) fn finite(what: &'static str, array: &dyn Matrix) -> Result<()> {
    let array = array.view();
    if array.iter().all(|value| value.is_finite()) {
        return Ok(());
    }
    for ((row, column), &value) in array.indexed_iter() {
        if !value.is_finite() {
            return Err(Error::NotFinite {
                what,
                value: f64::from(value),
                row,
                column,
            });
        }
    }
    Ok(())
}

/// The result, unless it is not finite: because of the input, or because it exceeds `f32`.
pub(crate) fn finite_result(
    result: Array2<f32>,
    input_name: &'static str,
    input: &dyn Matrix,
    result_name: &'static str,
) -> Result<Array2<f32>> {
    if result.iter().all(|x| x.is_finite()) {
        return Ok(result);
    }
    finite(input_name, input)?;
    if !result.iter().any(|x| x.is_infinite()) {
        // Parameters that are NaN: the numbers are not too large.
        finite(result_name, &result)?;
    }
    Err(Error::Overflow { what: result_name })
}
