//! To linfa's data sets and back.
//!
//! ```text
//! Dataset { samples (n, d), labels (n) }   <->   linfa::Dataset { records (n, d), targets (n) }
//! ```

use super::Dataset;
use crate::error::Error;
use ndarray::{Array1, Array2, Ix1};

impl From<Dataset> for linfa::Dataset<f32, usize, Ix1> {
    fn from(data: Dataset) -> Self {
        linfa::Dataset::new(data.samples, data.labels)
    }
}

/// Weights and names, which a [`Dataset`] does not have, are dropped.
///
/// # Errors
/// [`Error::LabelCount`] if there is not one target for each record.
impl TryFrom<linfa::DatasetBase<Array2<f32>, Array1<usize>>> for Dataset {
    type Error = Error;

    fn try_from(data: linfa::Dataset<f32, usize, Ix1>) -> Result<Self, Error> {
        Dataset::new(data.records, data.targets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn there_and_back_changes_nothing() {
        let data = Dataset::new(array![[1.0, 2.0], [3.0, 4.0]], array![7, 0]).unwrap();
        let theirs = linfa::Dataset::from(data.clone());
        assert_eq!(theirs.records, data.samples);
        assert_eq!(theirs.targets, data.labels);
        assert_eq!(Dataset::try_from(theirs).unwrap(), data);
    }

    #[test]
    fn a_missing_target_is_an_error() {
        let theirs = linfa::Dataset::new(array![[1.0_f32], [2.0]], array![0_usize]);
        let error = Dataset::try_from(theirs).unwrap_err();
        assert!(matches!(
            error,
            Error::LabelCount {
                samples: 2,
                labels: 1
            }
        ));
    }
}
