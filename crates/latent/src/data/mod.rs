//! Data sets: samples with their labels.
//!
//! ```text
//! samples (n, d): one sample a row, f32        labels (n): the class of each row
//! ```
//!
//! linfa's data sets convert to these and back: see [`Dataset`]. Recordings of your own come from
//! files: see [`io`].

mod example;
mod idx;
pub mod io;
mod linfa_dataset;
pub mod mnist;
mod poisson;
pub mod population;
mod recording;

use crate::check;
use crate::error::{Error, Result};
use crate::rng::shuffled;
use ndarray::{Array1, Array2, ArrayView1, Axis, s};

pub use example::{example_embeddings, example_recording};
pub use mnist::Mnist;
pub use poisson::mean_root;
pub use population::HeadDirection;
pub use recording::Recording;

/// A labelled data set: the feature matrix (n, d) and the label of each sample (n).
///
/// ```
/// use latent::prelude::*;
/// let data = Dataset::new(array![[0.0, 0.1], [1.0, 0.9], [0.2, 0.0]], array![0, 1, 0])?;
/// assert_eq!(data.filter(&[0]).samples.nrows(), 2);
/// assert_eq!((data.len(), data.n_features(), data.n_classes()), (3, 2, 2));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// It becomes linfa's data set, whose records are the samples and whose targets are the labels, and
/// is made from one. Neither way copies an array.
///
/// ```
/// use latent::linfa;
/// use latent::prelude::*;
/// # let data = Dataset::new(array![[0.0, 0.1], [1.0, 0.9], [0.2, 0.0]], array![0, 1, 0])?;
/// let theirs = linfa::Dataset::from(data.clone());
/// assert_eq!(theirs.records, data.samples);
/// assert_eq!(Dataset::try_from(theirs)?, data);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// One sample a row (n, d).
    pub samples: Array2<f32>,
    /// The class of each row (n).
    pub labels: Array1<usize>,
}

impl Dataset {
    /// Samples (n, d) with labels (n).
    ///
    /// # Errors
    /// [`Error::LabelCount`] if there is not one label a row.
    pub fn new(samples: Array2<f32>, labels: Array1<usize>) -> Result<Self> {
        check::labels(&samples, &labels)?;
        Ok(Self { samples, labels })
    }

    /// Number of samples, n.
    pub fn len(&self) -> usize {
        self.samples.nrows()
    }

    /// Whether there is no sample at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of features of a sample, d.
    pub fn n_features(&self) -> usize {
        self.samples.ncols()
    }

    /// Number of different labels that occur.
    pub fn n_classes(&self) -> usize {
        let mut labels = self.labels.to_vec();
        labels.sort_unstable();
        labels.dedup();
        labels.len()
    }

    /// One sample, as a view (d), or `None` past the end.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let data = Dataset::new(array![[0.0, 0.1], [1.0, 0.9]], array![0, 1])?;
    /// assert_eq!(data.sample(1), Some(array![1.0, 0.9].view()));
    /// assert_eq!(data.sample(2), None);
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn sample(&self, index: usize) -> Option<ArrayView1<'_, f32>> {
        (index < self.len()).then(|| self.samples.row(index))
    }

    /// The first `n` samples, or all if there are fewer.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let data = Dataset::new(array![[0.0], [1.0], [2.0]], array![0, 1, 0])?;
    /// assert_eq!(data.take(2).samples, array![[0.0], [1.0]]);
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn take(&self, n: usize) -> Self {
        let n = n.min(self.len());
        Self {
            samples: self.samples.slice(s![..n, ..]).to_owned(),
            labels: self.labels.slice(s![..n]).to_owned(),
        }
    }

    /// The samples whose label is one of `classes`, in their order.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let data = Dataset::new(array![[0.0], [1.0], [2.0]], array![0, 1, 0])?;
    /// assert_eq!(data.filter(&[0]).samples, array![[0.0], [2.0]]);
    /// assert!(data.filter(&[7]).is_empty());
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn filter(&self, classes: &[usize]) -> Self {
        let rows: Vec<usize> = (0..self.labels.len())
            .filter(|&row| classes.contains(&self.labels[row]))
            .collect();
        self.select(&rows)
    }

    /// A random split, with `seed`: `n` samples in the first part, the others in the second.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let data = Dataset::new(Array2::zeros((10, 2)), Array1::zeros(10))?;
    /// let (train, test) = data.split(8, 1)?;
    /// assert_eq!((train.len(), test.len()), (8, 2));
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Split`] if `n` is above the number of samples.
    pub fn split(&self, n: usize, seed: u64) -> Result<(Self, Self)> {
        if n > self.len() {
            return Err(Error::Split {
                asked: n,
                samples: self.len(),
            });
        }
        let order = shuffled(self.len(), seed);
        Ok((self.select(&order[..n]), self.select(&order[n..])))
    }

    /// Mini-batches of `size` samples in random order, with `seed`; the last one may be smaller.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let data = Dataset::new(Array2::zeros((10, 2)), Array1::zeros(10))?;
    /// let sizes: Vec<usize> = data.batches(4, 1)?.iter().map(Dataset::len).collect();
    /// assert_eq!(sizes, [4, 4, 2]);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::BatchSize`] if `size` is 0 or above the number of samples.
    pub fn batches(&self, size: usize, seed: u64) -> Result<Vec<Self>> {
        if size == 0 || size > self.len() {
            return Err(Error::BatchSize {
                asked: size,
                samples: self.len(),
            });
        }
        Ok(shuffled(self.len(), seed)
            .chunks(size)
            .map(|rows| self.select(rows))
            .collect())
    }

    fn select(&self, rows: &[usize]) -> Self {
        Self {
            samples: self.samples.select(Axis(0), rows),
            labels: self.labels.select(Axis(0), rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn five() -> Dataset {
        Dataset::new(
            array![[0.0, 0.5], [1.0, 1.5], [2.0, 2.5], [3.0, 3.5], [4.0, 4.5]],
            array![0, 1, 2, 1, 0],
        )
        .unwrap()
    }

    #[test]
    fn labels_of_another_length_are_refused_with_both_numbers() {
        let error = Dataset::new(Array2::zeros((3, 2)), array![0, 1]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains('3') && text.contains('2'), "{text}");
    }

    #[test]
    fn take_never_runs_past_the_end() {
        assert_eq!(five().take(2).labels, array![0, 1]);
        assert_eq!(five().take(99), five());
    }

    #[test]
    fn filter_keeps_the_order() {
        let ends = five().filter(&[0, 2]);
        assert_eq!(ends.labels, array![0, 2, 0]);
        assert_eq!(ends.samples.column(0).to_vec(), [0.0, 2.0, 4.0]);
        assert!(five().filter(&[7]).is_empty());
    }

    #[test]
    fn split_and_batches_hold_each_sample_once_with_its_own_label() {
        let data = five();
        let (a, b) = data.split(2, 1).unwrap();
        assert_eq!((a.len(), b.len()), (2, 3));
        let mut parts = data.batches(2, 7).unwrap();
        assert_eq!(
            parts.iter().map(Dataset::len).collect::<Vec<_>>(),
            [2, 2, 1]
        );
        parts.extend([a, b]);
        let mut seen: Vec<usize> = Vec::new();
        for part in &parts {
            for (row, &label) in part.samples.rows().into_iter().zip(&part.labels) {
                let index = row[0] as usize;
                assert_eq!(label, data.labels[index]);
                seen.push(index);
            }
        }
        seen.sort_unstable();
        assert_eq!(seen, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    }

    #[test]
    fn a_seed_decides_the_order() {
        let data = five();
        assert_eq!(data.batches(2, 3).unwrap(), data.batches(2, 3).unwrap());
        assert!((0..20).any(|seed| shuffled(5, seed) != shuffled(5, 3)));
    }

    #[test]
    fn sizes_out_of_range_are_named() {
        for text in [
            five().split(6, 0).unwrap_err().to_string(),
            five().batches(6, 0).unwrap_err().to_string(),
        ] {
            assert!(text.contains('6') && text.contains('5'), "{text}");
        }
        assert!(five().batches(0, 0).is_err());
    }
}
