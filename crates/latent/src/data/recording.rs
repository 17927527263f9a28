//! What an experimenter records of a population, and, in a simulation, the truth behind it.
//!
//! ```text
//! counts (bins, neurons)      heading (bins), 0 to 2 pi      expected (bins, neurons)
//! sample of a model of square roots: sqrt(counts); the best it can predict: E[sqrt(count)]
//! ```

use super::poisson::mean_root;
use crate::error::{Error, Result};
use crate::rng::shuffled;
use ndarray::{Array1, Array2, s};
use std::f32::consts::TAU;
use std::ops::Range;

/// Spike counts of a population with the heading of the animal, and the true mean counts.
///
/// ```
/// use latent::prelude::*;
/// let recording = HeadDirection::evenly_spaced(40).simulate(1000, 0.1, 7)?;
/// assert_eq!(recording.roots().dim(), (1000, 40));
/// assert_eq!(recording.tuning_curve(0, 36)?.len(), 36);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Spikes of each cell in each bin (bins, neurons): whole numbers, as `f32` for the codecs.
    pub counts: Array2<f32>,
    /// The true mean count of each cell in each bin (bins, neurons).
    pub expected: Array2<f32>,
    /// The true heading in each bin, in radians from 0 to 2 pi (bins).
    pub heading: Array1<f32>,
    /// Length of a bin in seconds.
    pub bin_seconds: f32,
}

impl Recording {
    /// The square root of each count (bins, neurons).
    pub fn roots(&self) -> Array2<f32> {
        self.counts.mapv(f32::sqrt)
    }

    /// The mean of the square root of each count over many repetitions (bins, neurons): E[sqrt N]
    /// of a Poisson count with the true mean, see [`mean_root`].
    ///
    /// A model that is trained on square roots by a squared error estimates this, and not the root
    /// of the true mean.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let recording = HeadDirection::evenly_spaced(40).simulate(100, 0.1, 7)?;
    /// let expected = recording.expected_roots()?;
    /// let mut pairs = expected.iter().zip(&recording.expected);
    /// assert!(pairs.all(|(root, mean)| *root < mean.sqrt())); // below the root of the mean
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`mean_root`], for expected counts that were changed by hand.
    pub fn expected_roots(&self) -> Result<Array2<f32>> {
        let mut roots = self.expected.clone();
        for root in &mut roots {
            *root = mean_root(f64::from(*root))? as f32;
        }
        Ok(roots)
    }

    /// In which of `count` equal sectors of the circle the head points, from 0 (bins): sector 0
    /// begins at the heading 0. A `count` of 0 counts as 1.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let recording = HeadDirection::evenly_spaced(40).simulate(1000, 0.1, 7)?;
    /// assert!(recording.sectors(8).iter().all(|&sector| sector < 8));
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn sectors(&self, count: usize) -> Array1<usize> {
        let last = count.saturating_sub(1);
        let sector = |heading: f32| (heading / TAU * count as f32) as usize;
        self.heading.mapv(|heading| sector(heading).min(last))
    }

    /// The measured tuning curve of one cell: its mean rate in each of `sectors` equal sectors of
    /// the circle, in spikes a second.
    ///
    /// # Errors
    /// [`Error::Setting`] if there is no such cell, no sector, or a sector without a bin.
    pub fn tuning_curve(&self, cell: usize, sectors: usize) -> Result<Vec<f64>> {
        let refuse = |setting, value: usize, expected| {
            Err(Error::Setting {
                setting,
                value: value.to_string(),
                expected,
            })
        };
        if cell >= self.counts.ncols() {
            return refuse(
                "the cell",
                cell,
                "below the number of cells (they count from 0)",
            );
        }
        if sectors == 0 {
            return refuse("the number of sectors", sectors, "at least 1");
        }
        let (mut spikes, mut bins) = (vec![0.0; sectors], vec![0.0; sectors]);
        for (&count, sector) in self.counts.column(cell).iter().zip(self.sectors(sectors)) {
            spikes[sector] += f64::from(count);
            bins[sector] += f64::from(self.bin_seconds);
        }
        if bins.contains(&0.0) {
            let few = "so few that the head points into each of them in some bin";
            return refuse("the number of sectors", sectors, few);
        }
        Ok(spikes.iter().zip(&bins).map(|(s, b)| s / b).collect())
    }

    /// The first `bins` bins, or all if there are fewer.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let recording = HeadDirection::evenly_spaced(40).simulate(1000, 0.1, 7)?;
    /// assert_eq!(recording.take(100).counts.dim(), (100, 40));
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn take(&self, bins: usize) -> Self {
        let bins = bins.min(self.heading.len());
        Self {
            counts: self.counts.slice(s![..bins, ..]).to_owned(),
            expected: self.expected.slice(s![..bins, ..]).to_owned(),
            heading: self.heading.slice(s![..bins]).to_owned(),
            bin_seconds: self.bin_seconds,
        }
    }

    /// Some of the cells, by their numbers from 0: `cells(0..45)`. Numbers beyond the last cell are
    /// left out.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let recording = HeadDirection::evenly_spaced(40).simulate(1000, 0.1, 7)?;
    /// assert_eq!(recording.cells(0..10).counts.dim(), (1000, 10));
    /// # Ok::<(), latent::Error>(())
    /// ```
    #[must_use]
    pub fn cells(&self, range: Range<usize>) -> Self {
        let end = range.end.min(self.counts.ncols());
        let range = range.start.min(end)..end;
        Self {
            counts: self.counts.slice(s![.., range.clone()]).to_owned(),
            expected: self.expected.slice(s![.., range]).to_owned(),
            heading: self.heading.clone(),
            bin_seconds: self.bin_seconds,
        }
    }

    /// The **shuffle control**: the bins of each cell in a random order, another one for each cell.
    /// Each cell keeps its counts, and what the cells do together is lost. The headings stay, so
    /// they no longer belong to the spikes.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let recording = HeadDirection::evenly_spaced(40).simulate(1000, 0.1, 7)?;
    /// let shuffled = recording.shuffled(1);
    /// assert_eq!(shuffled.counts.column(3).sum(), recording.counts.column(3).sum());
    /// let explained = |r: &Recording| Pca::fit(&r.roots(), 2).map(|pca| pca.explained_variance_ratio().sum());
    /// assert!(explained(&shuffled)? < 0.2 * explained(&recording)?);
    /// # Ok::<(), latent::Error>(())
    /// ```
    #[must_use]
    pub fn shuffled(&self, seed: u64) -> Self {
        let mut control = self.clone();
        for cell in 0..self.counts.ncols() {
            // A seed for each cell; cells of other seeds are not to meet them.
            let cell_seed = seed
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .wrapping_add(cell as u64);
            for (to, from) in shuffled(self.heading.len(), cell_seed)
                .into_iter()
                .enumerate()
            {
                control.counts[[to, cell]] = self.counts[[from, cell]];
                control.expected[[to, cell]] = self.expected[[from, cell]];
            }
        }
        control
    }
}

#[cfg(test)]
mod tests {
    use super::super::HeadDirection;
    use super::*;
    use ndarray::Axis;

    fn recording() -> Recording {
        HeadDirection::random(12, 3).simulate(4000, 0.1, 5).unwrap()
    }

    #[test]
    fn the_expected_root_is_nearer_to_the_roots_than_the_root_of_the_expected_count() {
        let recording = recording();
        let (roots, expected) = (recording.roots(), recording.expected_roots().unwrap());
        let bias = |guess: &Array2<f32>| (&roots - guess).mean().unwrap();
        assert!(bias(&expected).abs() < 0.01);
        assert!(bias(&recording.expected.mapv(f32::sqrt)) < -0.1);
        let mut broken = recording;
        broken.expected[[0, 0]] = f32::NAN;
        assert!(broken.expected_roots().is_err());
    }

    #[test]
    fn a_measured_tuning_curve_is_near_the_true_one() {
        let population = HeadDirection::random(12, 3);
        let measured = recording().tuning_curve(4, 18).unwrap();
        let middles: Vec<f64> = (0..18).map(|i| 20.0 * f64::from(i) + 10.0).collect();
        let truth = population.tuning_curve(4, &middles).unwrap();
        let off = measured.iter().zip(&truth).map(|(m, t)| (m - t).abs());
        assert!(off.sum::<f64>() / 18.0 < 0.06 * truth.iter().fold(0.0, |a, &b| f64::max(a, b)));
    }

    #[test]
    fn curves_that_cannot_be_measured_are_refused() {
        let recording = recording();
        for (cell, sectors, words) in [
            (12, 8, "the cell"),
            (0, 0, "at least 1"),
            (0, 100_000, "so few that"),
        ] {
            let text = recording
                .tuning_curve(cell, sectors)
                .unwrap_err()
                .to_string();
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn sectors_divide_the_circle() {
        let mut recording = recording().take(4);
        recording.heading = ndarray::array![0.0, 1.6, 6.2, TAU];
        assert_eq!(recording.sectors(4), ndarray::array![0, 1, 3, 3]);
        assert_eq!(recording.sectors(0), ndarray::array![0, 0, 0, 0]);
        assert_eq!(recording.take(99).heading.len(), 4);
        assert_eq!(recording.cells(3..5).counts.dim(), (4, 2));
        assert_eq!(
            recording.cells(3..5).counts[[1, 0]],
            recording.counts[[1, 3]]
        );
        assert_eq!(recording.cells(10..99).expected.dim(), (4, 2));
        assert_eq!(recording.cells(20..30).counts.ncols(), 0);
    }

    #[test]
    fn shuffling_keeps_each_cell_and_breaks_the_population() {
        let recording = recording();
        let control = recording.shuffled(1);
        for cell in 0..12 {
            let sorted = |r: &Recording| {
                let mut counts = r.counts.column(cell).to_vec();
                counts.sort_by(f32::total_cmp);
                counts
            };
            assert_eq!(sorted(&control), sorted(&recording));
        }
        let largest_correlation = |r: &Recording| {
            let centred = &r.counts - &r.counts.mean_axis(Axis(0)).unwrap();
            let scaled = &centred / &centred.std_axis(Axis(0), 0.0);
            let correlation = scaled.t().dot(&scaled) / r.heading.len() as f32;
            let off = correlation.indexed_iter().filter(|((i, j), _)| i != j);
            off.fold(0.0_f32, |most, (_, c)| most.max(c.abs()))
        };
        assert!(largest_correlation(&recording) > 0.4);
        assert!(largest_correlation(&control) < 0.1);
        assert_ne!(control, recording.shuffled(2));
        assert_eq!(control, recording.shuffled(1));
    }
}
