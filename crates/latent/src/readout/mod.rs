//! The downstream task: a k-nearest-neighbours classifier on any representation.
//!
//! ```text
//! codes (n, d) with labels (n)  ->  fit          new codes (m, d)  ->  predict  ->  labels (m)
//! ```
//!
//! A new sample gets the label that most of its k nearest neighbours have (Euclidean distance);
//! ties between classes go to the smallest label. Nothing is trained, so the accuracy measures the
//! representation: are samples of one class near one another in it?
//!
//! Fix & Hodges 1951; Cover & Hart, "Nearest neighbor pattern classification", IEEE Transactions
//! on Information Theory 13, 1967. In few dimensions `linfa-nn` finds the neighbours, in many
//! `brute_force.rs`.

use self::brute_force::BruteForce;
use crate::check;
use crate::codec::Codec;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::interrupt;
use crate::matrix::{Labels, Matrix};
use crate::rng::shuffled;
use crate::threads;
use linfa::DatasetBase;
use linfa::dataset::AsSingleTargets;
use linfa::traits::{Fit, PredictInplace};
use linfa_nn::distance::L2Dist;
use linfa_nn::{KdTree, NearestNeighbour};
use ndarray::{Array1, Array2, ArrayBase, ArrayView2, Axis, Data, Ix2, s};

mod angles;
mod brute_force;
mod draws;
mod overlap;
mod regression;

pub use angles::{KnnAngles, mean_angular_error, ring_angles};
pub use draws::accuracy_over_draws;
pub use overlap::neighbour_overlap;
pub use regression::KnnRegressor;

/// Up to this many dimensions a k-d tree saves most of the distances; in more, nearly none.
const TREE_DIMENSIONS: usize = 16;

/// Coordinates above this are refused: a squared distance could exceed the range of `f32`.
const LARGEST: f32 = 1e16;

/// Classes of the largest confusion matrix.
const MOST_CLASSES: usize = 1000;

/// A k-nearest-neighbours classifier, as scikit-learn's `KNeighborsClassifier`, on any
/// representation: pixels, PCA's codes, an autoencoder's.
///
/// ```
/// use latent::prelude::*;
/// let codes = array![[0.0, 0.1], [0.2, 0.0], [5.0, 5.1], [5.2, 5.0]];
/// let knn = KnnClassifier::fit(&codes, &array![3, 3, 8, 8], 2)?;
/// assert_eq!(knn.predict(&array![[0.1, 0.1], [5.1, 5.1]])?, array![3, 8]);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// With linfa's traits, on linfa's data sets:
///
/// ```
/// use latent::linfa::{Dataset, traits::{Fit, Predict}};
/// use latent::prelude::*;
/// let data = Dataset::new(array![[0.0_f32], [0.2], [5.0], [5.2]], array![3_usize, 3, 8, 8]);
/// let knn = KnnClassifier::params(2).fit(&data)?;
/// let predicted: Array1<usize> = Predict::predict(&knn, &data);
/// assert_eq!(predicted, data.targets);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KnnClassifier {
    // The index of linfa-nn borrows its points, and a variable of a notebook cannot borrow another
    // one. So the codes are kept, and each call of `predict` builds the index anew.
    codes: Array2<f32>,
    labels: Array1<usize>,
    k: usize,
}

/// The parameters of a [`KnnClassifier`], in linfa's form: see [`KnnClassifier::params`].
///
/// ```
/// use latent::linfa::{Dataset, traits::Fit};
/// use latent::ndarray::array;
/// use latent::readout::{KnnClassifier, KnnParams};
/// let params: KnnParams = KnnClassifier::params(1);
/// let knn = params.fit(&Dataset::new(array![[0.0_f32], [5.0]], array![3_usize, 8]))?;
/// assert_eq!(knn.predict(&array![[4.0]])?, array![8]);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnnParams {
    k: usize,
}

impl KnnClassifier {
    /// Keeps a copy of the codes (n, d) and of their labels (n); `k` neighbours decide, from 1 to
    /// n.
    ///
    /// # Errors
    /// If the codes are empty, not finite or above 1e16, if there is not one label a row, or if
    /// `k` is out of range.
    pub fn fit(codes: &dyn Matrix, labels: &dyn Labels, k: usize) -> Result<Self> {
        check::not_empty("the codes", codes)?;
        check_values(codes)?;
        check::labels(codes, labels)?;
        check_k(k, codes.view().nrows())?;
        Ok(Self {
            codes: codes.view().as_standard_layout().into_owned(),
            labels: labels.view().to_owned(),
            k,
        })
    }

    /// The parameters for linfa's [`Fit`]: `KnnClassifier::params(k).fit(&dataset)?`.
    pub fn params(k: usize) -> KnnParams {
        KnnParams { k }
    }

    /// The predicted label of each row of new codes (m, d).
    ///
    /// # Errors
    /// If the codes have another width than those of [`KnnClassifier::fit`], are not finite, or
    /// above 1e16.
    pub fn predict(&self, codes: &dyn Matrix) -> Result<Array1<usize>> {
        let neighbours = neighbours(&self.codes, codes, self.k)?;
        Ok(neighbours.map_axis(Axis(1), |row| {
            let mut votes: Vec<usize> = row.iter().map(|&i| self.labels[i]).collect();
            votes.sort_unstable();
            let counts = votes.chunk_by(|a, b| a == b);
            // Of the largest groups, the last one wins: in reverse order, the smallest label.
            let winner = counts.rev().max_by_key(|group| group.len());
            winner.map_or(0, |group| group[0])
        }))
    }

    /// The accuracy: the share of rows whose label is predicted correctly, 0 to 1.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let knn = KnnClassifier::fit(&array![[0.0], [5.0]], &array![3, 8], 1)?;
    /// assert_eq!(knn.accuracy(&array![[1.0], [4.0], [6.0], [2.0]], &array![3, 8, 8, 8])?, 0.75);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`KnnClassifier::predict`], or if there is no row, or not one label a row.
    pub fn accuracy(&self, codes: &dyn Matrix, labels: &dyn Labels) -> Result<f64> {
        check::not_empty("the codes", codes)?;
        check::labels(codes, labels)?;
        let (predicted, labels) = (self.predict(codes)?, labels.view());
        let right = predicted.iter().zip(labels).filter(|(a, b)| a == b).count();
        Ok(right as f64 / labels.len() as f64)
    }

    /// The confusion matrix (classes, classes): how many samples of class `row` were predicted to
    /// be of class `column`. There are as many classes as the largest label, plus one.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let knn = KnnClassifier::fit(&array![[0.0], [5.0]], &array![0, 1], 1)?;
    /// let matrix = knn.confusion_matrix(&array![[1.0], [4.0], [2.0]], &array![0, 1, 1])?;
    /// assert_eq!(matrix, array![[1, 0], [1, 1]]); // one sample of class 1 was taken for class 0
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`KnnClassifier::accuracy`]; [`Error::Setting`] if a label is 1000 or larger.
    pub fn confusion_matrix(
        &self,
        codes: &dyn Matrix,
        labels: &dyn Labels,
    ) -> Result<Array2<usize>> {
        check::labels(codes, labels)?;
        let (predicted, labels) = (self.predict(codes)?, labels.view());
        let largest = self.labels.iter().chain(labels).max().copied().unwrap_or(0);
        if largest >= MOST_CLASSES {
            return Err(Error::Setting {
                setting: "the largest label",
                value: largest.to_string(),
                expected: "a number below 1000 (count the classes from 0)",
            });
        }
        let mut counts = Array2::zeros((largest + 1, largest + 1));
        for (&truth, &prediction) in labels.iter().zip(&predicted) {
            counts[[truth, prediction]] += 1;
        }
        Ok(counts)
    }
}

/// linfa's way to fit; the targets are the labels.
impl<D, T> Fit<ArrayBase<D, Ix2>, T, Error> for KnnParams
where
    D: Data<Elem = f32>,
    T: AsSingleTargets<Elem = usize>,
{
    type Object = KnnClassifier;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<KnnClassifier> {
        KnnClassifier::fit(
            &dataset.records.view(),
            &dataset.as_single_targets(),
            self.k,
        )
    }
}

/// linfa's way to predict, which cannot return an error: for records that
/// [`KnnClassifier::predict`] refuses, and for targets of another length, it panics with the same
/// message, as linfa's own models do.
impl<D: Data<Elem = f32>> PredictInplace<ArrayBase<D, Ix2>, Array1<usize>> for KnnClassifier {
    fn predict_inplace<'a>(&'a self, records: &'a ArrayBase<D, Ix2>, targets: &mut Array1<usize>) {
        let predicted =
            check::labels(&records.view(), targets).and_then(|()| self.predict(&records.view()));
        match predicted {
            Ok(predicted) => targets.assign(&predicted),
            Err(error) => panic!("{error}"),
        }
    }

    fn default_target(&self, records: &ArrayBase<D, Ix2>) -> Array1<usize> {
        Array1::zeros(records.nrows())
    }
}

/// The `k` nearest neighbours of each row of `queries` (m, d) among the rows of `codes` (n, d):
/// their row numbers (m, k), nearest first, by Euclidean distance.
///
/// ```
/// use latent::prelude::*;
/// use latent::readout::neighbours;
/// let codes = array![[0.0], [10.0], [11.0]];
/// assert_eq!(neighbours(&codes, &array![[9.0]], 2)?, array![[1, 2]]);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// If widths differ, a value is not finite or above 1e16, or `k` is not within 1..=n.
pub fn neighbours(codes: &dyn Matrix, queries: &dyn Matrix, k: usize) -> Result<Array2<usize>> {
    check::not_empty("the codes", codes)?;
    check::width("the codes", queries, codes.view().ncols())?;
    check_values(codes)?;
    check_values(queries)?;
    check_k(k, codes.view().nrows())?;
    // linfa-nn panics on rows that do not lie in one piece; those that do are not copied.
    let (codes, queries) = (codes.view(), queries.view());
    let (codes, queries) = (codes.as_standard_layout(), queries.as_standard_layout());
    let rows = threads::with_threads(threads::available(), || {
        if codes.ncols() <= TREE_DIMENSIONS {
            by_tree(codes.view(), queries.view(), k)
        } else {
            BruteForce::new(codes.view()).nearest(queries.view(), k)
        }
    })?;
    let mut nearest = Array2::zeros((queries.nrows(), k));
    for (mut to, from) in nearest.rows_mut().into_iter().zip(rows) {
        to.assign(&Array1::from(from));
    }
    Ok(nearest)
}

fn by_tree(codes: ArrayView2<f32>, queries: ArrayView2<f32>, k: usize) -> Result<Vec<Vec<usize>>> {
    let tree = KdTree::new().from_batch(&codes, L2Dist);
    let tree = tree.expect("the width is above 0, as checked");
    let rows = threads::map_pieces(queries.rows().into_iter(), |query| {
        interrupt::check()?;
        let found = tree.k_nearest(query, k);
        let found = found.expect("the widths are equal, as checked");
        Ok(found.into_iter().map(|(_, row)| row).collect())
    });
    rows.into_iter().collect()
}

/// How well k nearest neighbours tell classes apart by the codes of a codec: encodes both data sets,
/// keeps the codes and labels of `train`, and returns the accuracy on `test`, from 0 to 1.
///
/// ```
/// use latent::prelude::*;
/// let mnist = Mnist::load()?;
/// let (train, test) = (mnist.train.take(1000), mnist.test.take(200));
/// let pca = Pca::fit(&train.samples, 2)?;
/// let accuracy = knn_accuracy(&pca, &train, &test, 15)?;
/// assert!(accuracy > 0.3);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`KnnClassifier::fit`] and [`KnnClassifier::accuracy`], and what the codec answers.
pub fn knn_accuracy(codec: &dyn Codec, train: &Dataset, test: &Dataset, k: usize) -> Result<f64> {
    let knn = KnnClassifier::fit(&codec.encode(&train.samples)?, &train.labels, k)?;
    knn.accuracy(&codec.encode(&test.samples)?, &test.labels)
}

/// A learning curve over the number of labels: the accuracy on `test` when a classifier knows
/// `counts` labelled rows of `train`, as pairs (labels, accuracy). Each pair of arguments is
/// (codes, labels).
///
/// The rows are drawn with `seed`; a larger count includes the rows of a smaller one. With fewer
/// than `k` labels, all of them are neighbours.
///
/// ```
/// use latent::prelude::*;
/// use latent::readout::accuracy_by_labels;
/// let codes = array![[0.0], [0.1], [0.2], [5.0], [5.1], [5.2]];
/// let labels = array![0, 0, 0, 1, 1, 1];
/// let curve = accuracy_by_labels((&codes, &labels), (&codes, &labels), 1, &[1, 6], 7)?;
/// assert_eq!(curve, [(1, 0.5), (6, 1.0)]); // with one label, all get the same class
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`KnnClassifier::fit`] and [`KnnClassifier::accuracy`]; [`Error::Split`] if a count is above
/// the number of rows.
pub fn accuracy_by_labels(
    (codes, labels): (&dyn Matrix, &dyn Labels),
    (test_codes, test_labels): (&dyn Matrix, &dyn Labels),
    k: usize,
    counts: &[usize],
    seed: u64,
) -> Result<Vec<(usize, f64)>> {
    check::labels(codes, labels)?;
    let (codes, labels) = (codes.view(), labels.view());
    let order = Array1::from(shuffled(codes.nrows(), seed));
    let accuracy = |&count: &usize| {
        if count > codes.nrows() {
            return Err(Error::Split {
                asked: count,
                samples: codes.nrows(),
            });
        }
        let rows = order.slice(s![..count]).to_vec();
        let (codes, labels) = (codes.select(Axis(0), &rows), labels.select(Axis(0), &rows));
        let knn = KnnClassifier::fit(&codes, &labels, k.min(count))?;
        Ok((count, knn.accuracy(test_codes, test_labels)?))
    };
    counts.iter().map(accuracy).collect()
}

/// Finite, and small enough for squared distances.
fn check_values(codes: &dyn Matrix) -> Result<()> {
    check::finite("the codes", codes)?;
    let view = codes.view();
    match view.iter().find(|value| value.abs() > LARGEST) {
        Some(value) => Err(Error::Setting {
            setting: "a value of the codes",
            value: value.to_string(),
            expected: "at most 1e16 in magnitude, since squared distances must fit into f32",
        }),
        None => Ok(()),
    }
}

fn check_k(k: usize, codes: usize) -> Result<()> {
    if (1..=codes).contains(&k) {
        return Ok(());
    }
    Err(Error::Neighbours { asked: k, codes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::init::uniform;
    use ndarray::array;

    fn by_hand(codes: &Array2<f32>, query: ndarray::ArrayView1<f32>, k: usize) -> Vec<f32> {
        let distance = |row: ndarray::ArrayView1<f32>| {
            row.iter()
                .zip(query)
                .map(|(a, b)| (a - b).powi(2))
                .sum::<f32>()
        };
        let mut all: Vec<f32> = codes.rows().into_iter().map(distance).collect();
        all.sort_by(f32::total_cmp);
        all.truncate(k);
        all
    }

    #[test]
    fn the_neighbours_are_the_nearest_in_few_dimensions_and_in_many() {
        for d in [1, 2, 16, 17, 50] {
            let (codes, queries) = (uniform(300, d, 1.0, 1), uniform(20, d, 1.0, 2));
            let found = neighbours(&codes, &queries, 7).unwrap();
            for (query, found) in queries.rows().into_iter().zip(found.rows()) {
                let rows = found.to_vec();
                let sorted = by_hand(&codes.select(Axis(0), &rows), query, 7);
                let expected = by_hand(&codes, query, 7);
                assert!(
                    sorted
                        .iter()
                        .zip(&expected)
                        .all(|(a, b)| (a - b).abs() < 1e-5)
                );
            }
        }
    }

    #[test]
    fn the_majority_wins_and_ties_go_to_the_smallest_label() {
        let codes = array![[0.0], [0.1], [0.2], [0.3]];
        let predict = |labels, k| {
            let readout = KnnClassifier::fit(&codes, &labels, k).unwrap();
            readout.predict(&array![[-1.0]]).unwrap()[0]
        };
        assert_eq!(predict(array![7, 2, 7, 2], 1), 7);
        assert_eq!(predict(array![7, 2, 2, 9], 3), 2);
        assert_eq!(predict(array![7, 2, 2, 7], 4), 2);
        assert_eq!(predict(array![2, 7, 7, 2], 4), 2);
    }

    #[test]
    fn many_samples_at_one_place_are_no_trouble() {
        let codes = Array2::zeros((500, 2));
        let labels = Array1::from_elem(500, 4);
        let readout = KnnClassifier::fit(&codes, &labels, 5).unwrap();
        assert_eq!(readout.accuracy(&codes, &labels).unwrap(), 1.0);
    }

    #[test]
    fn confusion_counts_each_sample_once() {
        let codes = array![[0.0], [1.0], [2.0]];
        let readout = KnnClassifier::fit(&codes, &array![0, 1, 2], 1).unwrap();
        let test = array![[0.1], [1.1], [1.2], [2.2]];
        let counts = readout
            .confusion_matrix(&test, &array![0, 1, 2, 2])
            .unwrap();
        assert_eq!(counts, array![[1, 0, 0], [0, 1, 0], [0, 1, 1]]);
        assert_eq!(readout.accuracy(&test, &array![0, 1, 2, 2]).unwrap(), 0.75);
    }

    #[test]
    fn more_labels_help() {
        let codes = uniform(400, 2, 1.0, 1);
        let labels = codes.map_axis(Axis(1), |row| usize::from(row[0] * row[1] > 0.0));
        let test = uniform(400, 2, 1.0, 2);
        let test_labels = test.map_axis(Axis(1), |row| usize::from(row[0] * row[1] > 0.0));
        let run = || {
            let counts = [2, 20, 400];
            accuracy_by_labels((&codes, &labels), (&test, &test_labels), 5, &counts, 3).unwrap()
        };
        assert_eq!(run(), run());
        assert!(
            run()[0].1 < run()[1].1 && run()[1].1 < run()[2].1,
            "{:?}",
            run()
        );
    }

    #[test]
    fn values_whose_squared_distances_overflow_are_refused() {
        for value in [1e30, -f32::MAX] {
            let codes = array![[0.0], [value]];
            let error = neighbours(&codes, &array![[0.0]], 1).unwrap_err();
            assert!(error.to_string().contains("1e16"), "{error}");
            assert!(neighbours(&array![[0.0]], &codes, 1).is_err());
        }
        let far = array![[-1e16], [1e16]];
        assert_eq!(neighbours(&far, &far, 1).unwrap(), array![[0], [1]]);
    }

    #[test]
    fn mistakes_are_named_with_their_numbers() {
        let (codes, labels) = (array![[0.0_f32], [1.0]], array![0, 1]);
        let says = |result: Result<()>, part: &str| {
            let text = result.unwrap_err().to_string();
            assert!(text.contains(part), "{text}");
        };
        says(
            KnnClassifier::fit(&codes, &labels, 3).map(drop),
            "k must be between 1 and the number of samples (2), got 3",
        );
        says(KnnClassifier::fit(&codes, &labels, 0).map(drop), "got 0");
        says(
            KnnClassifier::fit(&codes, &array![0], 1).map(drop),
            "expected 2 labels",
        );
        says(
            KnnClassifier::fit(&array![[f32::NAN]], &array![0], 1).map(drop),
            "NaN",
        );
        says(
            KnnClassifier::fit(&Array2::zeros((0, 2)), &array![], 1).map(drop),
            "empty",
        );
        let readout = KnnClassifier::fit(&codes, &labels, 1).unwrap();
        says(
            readout.predict(&Array2::zeros((1, 2))).map(drop),
            "expected 1 column,",
        );
        says(readout.predict(&array![[f32::INFINITY]]).map(drop), "inf");
        says(readout.accuracy(&codes, &array![0]).map(drop), "2 labels");
        says(
            readout
                .confusion_matrix(&codes, &array![0, 123_456_789])
                .map(drop),
            "123456789",
        );
        let by = accuracy_by_labels((&codes, &labels), (&codes, &labels), 1, &[3], 0);
        says(by.map(drop), "at most 2 samples, got 3");
    }
}
