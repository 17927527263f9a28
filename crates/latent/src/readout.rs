//! The downstream task: which class does a sample belong to, judged by its neighbours?
//!
//! ```text
//! codes (n, k) with labels (n)  ->  fit          new codes (m, k)  ->  predict  ->  labels (m)
//! ```
//!
//! The k nearest of the known codes (in Euclidean distance) vote. There is nothing to train, so
//! the accuracy measures the representation: are samples of one class near one another in it?
//! Ties between classes go to the smallest label.
//!
//! Fix & Hodges 1951; Cover & Hart, "Nearest neighbor pattern classification", IEEE Transactions
//! on Information Theory 13, 1967. The neighbours are found by `linfa-nn`.

use crate::check;
use crate::error::{Error, Result};
use crate::rng::shuffled;
use crate::threads;
use linfa_nn::CommonNearestNeighbour::{KdTree, LinearSearch};
use linfa_nn::NearestNeighbour;
use linfa_nn::distance::L2Dist;
use ndarray::{Array1, Array2, Axis, s};

/// Up to this many dimensions a tree spares most of the distances; in more, nearly none.
const TREE_DIMENSIONS: usize = 16;

/// k nearest neighbours on any representation: pixels, PCA's, an autoencoder's.
///
/// ```
/// use latent::prelude::*;
/// let codes = array![[0.0, 0.1], [0.2, 0.0], [5.0, 5.1], [5.2, 5.0]];
/// let readout = KnnClassifier::fit(&codes, &array![3, 3, 8, 8], 2)?;
/// assert_eq!(readout.predict(&array![[0.1, 0.1], [5.1, 5.1]])?, array![3, 8]);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KnnClassifier {
    codes: Array2<f32>,
    labels: Array1<usize>,
    k: usize,
}

impl KnnClassifier {
    /// Keeps codes (n, d) and their labels (n), for votes of `k`.
    ///
    /// # Errors
    /// If the codes are empty or not finite, if there is not one label a row, or if `k` is not
    /// within 1..=n.
    pub fn fit(codes: &Array2<f32>, labels: &Array1<usize>, k: usize) -> Result<Self> {
        check::not_empty("the codes", codes)?;
        check::finite("the codes", codes)?;
        check_labels(codes, labels)?;
        check_k(k, codes.nrows())?;
        Ok(Self {
            codes: codes.clone(),
            labels: labels.clone(),
            k,
        })
    }

    /// The label of each row of new codes (m, d).
    ///
    /// # Errors
    /// If the codes have another width than those of [`KnnClassifier::fit`], or are not finite.
    pub fn predict(&self, codes: &Array2<f32>) -> Result<Array1<usize>> {
        let neighbours = neighbours(&self.codes, codes, self.k)?;
        Ok(neighbours.map_axis(Axis(1), |row| {
            let mut votes: Vec<usize> = row.iter().map(|&i| self.labels[i]).collect();
            votes.sort_unstable();
            let counts = votes.chunk_by(|a, b| a == b);
            // Of the largest groups, the last wins: from the back, that is the smallest label.
            let winner = counts.rev().max_by_key(|group| group.len());
            winner.map_or(0, |group| group[0])
        }))
    }

    /// The share of rows whose label is predicted, 0 to 1.
    ///
    /// # Errors
    /// As [`KnnClassifier::predict`], or if there is not one label a row.
    pub fn accuracy(&self, codes: &Array2<f32>, labels: &Array1<usize>) -> Result<f64> {
        check::not_empty("the codes", codes)?;
        check_labels(codes, labels)?;
        let predicted = self.predict(codes)?;
        let right = predicted.iter().zip(labels).filter(|(a, b)| a == b).count();
        Ok(right as f64 / labels.len() as f64)
    }

    /// How often a sample of class `row` was taken for class `column`: (classes, classes), with
    /// as many classes as the largest label asks for.
    ///
    /// # Errors
    /// As [`KnnClassifier::accuracy`].
    pub fn confusion_matrix(
        &self,
        codes: &Array2<f32>,
        labels: &Array1<usize>,
    ) -> Result<Array2<usize>> {
        check_labels(codes, labels)?;
        let predicted = self.predict(codes)?;
        let known = self.labels.iter().chain(labels);
        let classes = known.max().map_or(0, |&largest| largest + 1);
        if classes > 1000 {
            return Err(Error::Setting {
                setting: "the largest label",
                value: (classes - 1).to_string(),
                expected: "below 1000 to draw up a table of all classes: number them from 0",
            });
        }
        let mut counts = Array2::zeros((classes, classes));
        for (&truth, &taken_for) in labels.iter().zip(&predicted) {
            counts[[truth, taken_for]] += 1;
        }
        Ok(counts)
    }
}

/// The rows of `codes` (n, d) that are nearest to each row of `queries` (m, d), nearest first:
/// (m, k).
///
/// # Errors
/// If widths differ, something is not finite, or `k` is not within 1..=n.
pub fn neighbours(codes: &Array2<f32>, queries: &Array2<f32>, k: usize) -> Result<Array2<usize>> {
    check::not_empty("the codes", codes)?;
    check::width("the codes", queries, codes.ncols())?;
    check::finite("the codes", codes)?;
    check::finite("the codes", queries)?;
    check_k(k, codes.nrows())?;
    let method = if codes.ncols() <= TREE_DIMENSIONS {
        KdTree
    } else {
        LinearSearch
    };
    let index = method.from_batch(codes, L2Dist);
    let index = index.expect("the width is above 0, as checked");

    let pool = threads::Pool::new(threads::available());
    let rows = pool.run(|| {
        threads::map_pieces(queries.rows().into_iter(), |query| {
            let found = index.k_nearest(query, k);
            let found = found.expect("the widths are equal, as checked");
            found.into_iter().map(|(_, row)| row).collect::<Vec<_>>()
        })
    });
    let mut nearest = Array2::zeros((queries.nrows(), k));
    for (mut to, from) in nearest.rows_mut().into_iter().zip(rows) {
        to.assign(&Array1::from(from));
    }
    Ok(nearest)
}

/// The accuracy on `test` after seeing ever more labels: for each of `counts`, that many rows of
/// `train`, drawn with `seed`; more labels include the fewer. Each pair is (codes, labels).
///
/// With fewer than `k` labels, all of them vote.
///
/// # Errors
/// As [`KnnClassifier::fit`] and [`KnnClassifier::accuracy`]; [`Error::Split`] if a count is above the
/// number of rows.
pub fn accuracy_by_labels(
    (codes, labels): (&Array2<f32>, &Array1<usize>),
    (test_codes, test_labels): (&Array2<f32>, &Array1<usize>),
    k: usize,
    counts: &[usize],
    seed: u64,
) -> Result<Vec<(usize, f64)>> {
    check_labels(codes, labels)?;
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
        let readout = KnnClassifier::fit(&codes, &labels, k.min(count))?;
        Ok((count, readout.accuracy(test_codes, test_labels)?))
    };
    counts.iter().map(accuracy).collect()
}

fn check_labels(codes: &Array2<f32>, labels: &Array1<usize>) -> Result<()> {
    if codes.nrows() == labels.len() {
        return Ok(());
    }
    Err(Error::LabelCount {
        samples: codes.nrows(),
        labels: labels.len(),
    })
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
            let pairs = ((&codes, &labels), (&test, &test_labels));
            accuracy_by_labels(pairs.0, pairs.1, 5, &[2, 20, 400], 3).unwrap()
        };
        assert_eq!(run(), run());
        assert!(
            run()[0].1 < run()[1].1 && run()[1].1 < run()[2].1,
            "{:?}",
            run()
        );
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
            "3 neighbours",
        );
        says(
            KnnClassifier::fit(&codes, &labels, 0).map(drop),
            "0 neighbours",
        );
        says(
            KnnClassifier::fit(&codes, &array![0], 1).map(drop),
            "2 samples came with 1 labels",
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
            "1 columns",
        );
        says(readout.predict(&array![[f32::INFINITY]]).map(drop), "inf");
        says(readout.accuracy(&codes, &array![0]).map(drop), "2 samples");
        says(
            readout
                .confusion_matrix(&codes, &array![0, 123_456_789])
                .map(drop),
            "123456789",
        );
        let by = accuracy_by_labels((&codes, &labels), (&codes, &labels), 1, &[3], 0);
        says(by.map(drop), "3 of 2");
    }
}
