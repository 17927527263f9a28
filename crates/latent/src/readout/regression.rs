//! A downstream task with values in place of labels: k-nearest-neighbours regression.
//!
//! ```text
//! codes (n, d) with targets (n, t)  ->  fit        new codes (m, d)  ->  predict  ->  values (m, t)
//! ```
//!
//! The prediction is the mean of the targets of the k nearest neighbours (Euclidean distance).
//! Nothing is trained, so the error measures the representation, as in the module above.

use super::{check_k, check_values, neighbours};
use crate::check;
use crate::error::Result;
use crate::matrix::Matrix;
use ndarray::Array2;

/// k-nearest-neighbours regression, as scikit-learn's `KNeighborsRegressor` with uniform weights,
/// on any representation.
///
/// ```
/// use latent::prelude::*;
/// use latent::readout::KnnRegressor;
/// let codes = array![[0.0], [1.0], [10.0], [11.0]];
/// let targets = array![[5.0], [7.0], [0.0], [2.0]];
/// let knn = KnnRegressor::fit(&codes, &targets, 2)?;
/// assert_eq!(knn.predict(&array![[0.4], [12.0]])?, array![[6.0], [1.0]]);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KnnRegressor {
    // As in `KnnClassifier`: an index cannot be kept, so each prediction builds it anew.
    codes: Array2<f32>,
    targets: Array2<f32>,
    k: usize,
}

impl KnnRegressor {
    /// Keeps a copy of the codes (n, d) and of their targets (n, t); `k` neighbours are averaged,
    /// from 1 to n.
    ///
    /// # Errors
    /// If codes or targets are empty, not finite or above 1e16, if there is not one row of targets
    /// for each code, or if `k` is out of range.
    pub fn fit(codes: &dyn Matrix, targets: &dyn Matrix, k: usize) -> Result<Self> {
        for (what, array) in [("the codes", codes), ("the targets", targets)] {
            check::not_empty(what, array)?;
            check_values(array)?;
        }
        check::count(
            "rows of targets, one for each code",
            codes.view().nrows(),
            targets.view().nrows(),
        )?;
        check_k(k, codes.view().nrows())?;
        Ok(Self {
            codes: codes.view().as_standard_layout().into_owned(),
            targets: targets.view().as_standard_layout().into_owned(),
            k,
        })
    }

    /// The predicted values (m, t) of new codes (m, d).
    ///
    /// # Errors
    /// If the codes have another width than those of [`KnnRegressor::fit`], are not finite, or
    /// above 1e16.
    pub fn predict(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        let nearest = neighbours(&self.codes, codes, self.k)?;
        let mut predicted = Array2::zeros((nearest.nrows(), self.targets.ncols()));
        for (mut mean, rows) in predicted.rows_mut().into_iter().zip(nearest.rows()) {
            for &row in rows {
                mean += &self.targets.row(row);
            }
            mean /= self.k as f32;
        }
        Ok(predicted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{array, s};

    #[test]
    fn with_one_neighbour_known_codes_get_their_own_targets() {
        let codes = array![[0.0, 1.0], [2.0, 0.0], [5.0, 5.0]];
        let targets = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
        let knn = KnnRegressor::fit(&codes, &targets, 1).unwrap();
        assert_eq!(knn.predict(&codes).unwrap(), targets);
        let all = KnnRegressor::fit(&codes, &targets, 3).unwrap();
        assert_eq!(
            all.predict(&array![[9.0, 9.0]]).unwrap(),
            array![[4.0, 5.0, 6.0]]
        );
    }

    #[test]
    fn the_memory_layout_does_not_matter() {
        let codes = Array2::from_shape_fn((30, 4), |(i, j)| ((i * (j + 2)) % 13) as f32);
        let columns = codes.t().as_standard_layout().into_owned();
        let targets = codes.slice(s![.., ..;-2]);
        let plain = KnnRegressor::fit(&codes, &targets.to_owned(), 3).unwrap();
        let strided = KnnRegressor::fit(&columns.t(), &targets, 3).unwrap();
        assert_eq!(
            plain.predict(&codes).unwrap(),
            strided.predict(&columns.t()).unwrap()
        );
    }

    #[test]
    fn mistakes_are_named() {
        let (codes, targets) = (array![[0.0], [1.0]], array![[0.0], [1.0]]);
        for (fit, words) in [
            (
                KnnRegressor::fit(&codes, &targets.slice(s![..1, ..]), 1),
                "expected 2 rows of targets",
            ),
            (KnnRegressor::fit(&codes, &targets, 3), "3"),
            (KnnRegressor::fit(&codes, &targets, 0), "0"),
            (
                KnnRegressor::fit(&codes, &array![[0.0], [f32::NAN]], 1),
                "NaN",
            ),
        ] {
            let text = fit.unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
        let knn = KnnRegressor::fit(&codes, &targets, 1).unwrap();
        assert!(knn.predict(&array![[1.0, 2.0]]).is_err());
    }
}
