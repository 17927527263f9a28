//! A simulated population of head-direction cells: data whose truth is known.
//!
//! Head-direction cells fire when the animal's head points their way, wherever it stands (Taube,
//! Muller & Ranck, Journal of Neuroscience 10, 1990). The mean rate of cell i at the heading h is
//! a von Mises curve, in the form of Zhang, "Representation of spatial orientation by the
//! intrinsic dynamics of the head-direction cell ensemble", Journal of Neuroscience 16, 1996:
//!
//! ```text
//! rate_i(h) = background + gain_i exp(concentration (cos(h - preferred_i) - 1))      [spikes / s]
//! counts (bins, neurons):  count of cell i in a bin ~ Poisson(rate_i(h) * bin)
//! ```
//!
//! The curve's peak is background + gain; the larger the concentration, the narrower it is. The
//! heading turns with a speed that itself wanders: an Ornstein-Uhlenbeck process, so the path is a
//! smooth random walk on the circle. All angles are in radians, 0 to 2 pi.

use super::poisson;
use super::recording::Recording;
use crate::error::{Error, Result};
use crate::memory;
use crate::rng::{normal, random};
use ndarray::{Array1, Array2};
use rand::{Rng, RngCore};
use std::f64::consts::TAU;

/// The tuning of each cell.
///
/// ```
/// use latent::prelude::*;
/// let population = HeadDirection::evenly_spaced(40);
/// let recording = population.simulate(1000, 0.1, 7)?;
/// assert_eq!(recording.counts.dim(), (1000, 40));
/// assert_eq!(recording.heading.len(), 1000);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct HeadDirection {
    /// The heading at which each cell fires most, in radians (neurons).
    pub preferred: Array1<f32>,
    /// How far the peak of each cell rises above the background, in spikes a second (neurons).
    pub gains: Array1<f32>,
    /// How sharply cells are tuned; 4 gives a width of some 70 degrees at half height.
    pub concentration: f32,
    /// Rate far from the preferred heading, in spikes a second.
    pub background: f32,
    /// Typical speed of turning, in radians a second.
    pub turning_speed: f32,
    /// For how long a turn goes on, in seconds.
    pub turning_time: f32,
}

impl HeadDirection {
    /// `neurons` cells whose preferred headings divide the circle evenly, all with a gain of 30
    /// spikes a second over a background of 1, and the concentration 4. The head turns with 1.5
    /// radians a second, for half a second at a time.
    pub fn evenly_spaced(neurons: usize) -> Self {
        let heading = |i| (TAU * i as f64 / neurons.max(1) as f64) as f32;
        Self {
            preferred: Array1::from_shape_fn(neurons, heading),
            gains: Array1::from_elem(neurons, 30.0),
            concentration: 4.0,
            background: 1.0,
            turning_speed: 1.5,
            turning_time: 0.5,
        }
    }

    /// The same, but with random preferred headings, and gains between 10 and 50, as found in a
    /// brain.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let population = HeadDirection::random(40, 1);
    /// assert_eq!(population.neurons(), 40);
    /// assert!(population.gains.iter().all(|gain| (10.0..50.0).contains(gain)));
    /// ```
    pub fn random(neurons: usize, seed: u64) -> Self {
        let rng = &mut random(seed);
        let mut population = Self::evenly_spaced(neurons);
        population
            .preferred
            .mapv_inplace(|_| rng.gen_range(0.0..TAU) as f32);
        population.gains.mapv_inplace(|_| rng.gen_range(10.0..50.0));
        population
    }

    /// Number of cells.
    pub fn neurons(&self) -> usize {
        self.preferred.len()
    }

    /// The rates of all cells at one heading, in spikes a second (neurons).
    ///
    /// ```
    /// use latent::prelude::*;
    /// let rates = HeadDirection::evenly_spaced(4).rates(0.0);
    /// assert_eq!(rates[0], 31.0); // the cell whose preferred heading is 0: gain 30, background 1
    /// assert!(rates[2] < 1.1); // the opposite one
    /// ```
    pub fn rates(&self, heading: f32) -> Array1<f32> {
        let cells = self.preferred.iter().zip(&self.gains);
        let rate = |(preferred, gain): (&f32, &f32)| {
            let off = (heading - preferred).cos() - 1.0;
            self.background + gain * (self.concentration * off).exp()
        };
        cells.map(rate).collect()
    }

    /// The cells in the order of their preferred directions: their numbers, from 0 (neurons).
    ///
    /// ```
    /// use latent::prelude::*;
    /// let mut population = HeadDirection::evenly_spaced(3);
    /// population.preferred = array![3.0, 1.0, 2.0];
    /// assert_eq!(population.order(), [1, 2, 0]);
    /// ```
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.neurons()).collect();
        order.sort_by(|&a, &b| self.preferred[a].total_cmp(&self.preferred[b]));
        order
    }

    /// The true tuning curve of one cell: its rate at each of some headings in degrees, in spikes a
    /// second.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let population = HeadDirection::evenly_spaced(4); // cell 1 prefers 90 degrees
    /// let curve = population.tuning_curve(1, &[0.0, 90.0, 180.0])?;
    /// assert!(curve[1] > 30.9 && curve[0] < 2.0 && curve[2] < 2.0);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Setting`] if there is no such cell.
    pub fn tuning_curve(&self, cell: usize, degrees: &[f64]) -> Result<Vec<f64>> {
        if cell >= self.neurons() {
            return Err(Error::Setting {
                setting: "the cell",
                value: cell.to_string(),
                expected: "below the number of cells (they count from 0)",
            });
        }
        let rate = |d: &f64| f64::from(self.rates(d.to_radians() as f32)[cell]);
        Ok(degrees.iter().map(rate).collect())
    }

    /// A recording of `bins` bins of `bin_seconds` each: counts (bins, neurons) with the heading in
    /// each bin (bins). The same seed gives the same recording.
    ///
    /// # Errors
    /// [`Error::Setting`] if there is no bin or no cell, or a number is negative or not finite;
    /// [`Error::Count`] if there is not one gain for each preferred heading; [`Error::Memory`] if
    /// the counts do not fit into the available memory.
    pub fn simulate(&self, bins: usize, bin_seconds: f32, seed: u64) -> Result<Recording> {
        self.check(bins, bin_seconds)?;
        memory::check_matrix("a recording", bins, self.neurons())?;
        let rng = &mut random(seed);
        let heading = self.walk(bins, f64::from(bin_seconds), rng);
        let mut expected = Array2::zeros((bins, self.neurons()));
        for (mut row, &heading) in expected.rows_mut().into_iter().zip(&heading) {
            row.assign(&(self.rates(heading) * bin_seconds));
        }
        let counts = expected.mapv(|mean| poisson::draw(f64::from(mean), rng) as f32);
        Ok(Recording {
            counts,
            expected,
            heading,
            bin_seconds,
        })
    }

    /// Several recordings of this population, each with its own path of the head, of these numbers of
    /// bins: to learn from, to validate and to test, for example.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let population = HeadDirection::evenly_spaced(40);
    /// let [learn, validation, test] = population.sessions([300, 100, 100], 0.1, 7)?;
    /// assert_eq!(learn.counts.dim(), (300, 40));
    /// assert_ne!(validation, test);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`HeadDirection::simulate`].
    pub fn sessions<const N: usize>(
        &self,
        bins: [usize; N],
        bin_seconds: f32,
        seed: u64,
    ) -> Result<[Recording; N]> {
        // Recordings of neighbouring seeds are not to share their random numbers.
        let first = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut sessions = Vec::new();
        for (session, bins) in (0..).zip(bins) {
            sessions.push(self.simulate(bins, bin_seconds, first.wrapping_add(session))?);
        }
        Ok(sessions
            .try_into()
            .expect("one session for each number of bins"))
    }

    /// The heading at the middle of each bin. Between two bins the speed forgets a share of what
    /// it was and gets a random push, such that its spread stays `turning_speed`.
    fn walk(&self, bins: usize, bin_seconds: f64, rng: &mut impl RngCore) -> Array1<f32> {
        let keep = (-bin_seconds / f64::from(self.turning_time)).exp();
        let push = f64::from(self.turning_speed) * (1.0 - keep * keep).sqrt();
        let mut heading = rng.gen_range(0.0..TAU);
        let mut speed = f64::from(self.turning_speed) * normal(rng);
        Array1::from_shape_simple_fn(bins, || {
            let now = heading;
            heading = (heading + speed * bin_seconds).rem_euclid(TAU);
            speed = keep * speed + push * normal(rng);
            // Rounding to f32 may reach the full turn itself.
            (now as f32).min((TAU as f32).next_down())
        })
    }

    fn check(&self, bins: usize, bin_seconds: f32) -> Result<()> {
        let refuse = |setting, value: String, expected| {
            Err(Error::Setting {
                setting,
                value,
                expected,
            })
        };
        if self.neurons() == 0 {
            return refuse("the number of cells", "0".into(), "at least 1");
        }
        if bins == 0 {
            return refuse("the number of bins", "0".into(), "at least 1");
        }
        crate::check::count("gains, one for each cell", self.neurons(), self.gains.len())?;
        let positive = [
            ("the length of a bin", bin_seconds),
            ("the turning time", self.turning_time),
        ];
        for (setting, value) in positive {
            if !(value > 0.0 && value.is_finite()) {
                return refuse(setting, value.to_string(), "positive and finite");
            }
        }
        let settings = [
            ("the background rate", self.background),
            ("the concentration", self.concentration),
            ("the turning speed", self.turning_speed),
        ];
        let gains = self.gains.iter().map(|&gain| ("the gain of a cell", gain));
        for (setting, value) in settings.into_iter().chain(gains) {
            if !(value >= 0.0 && value.is_finite()) {
                return refuse(setting, value.to_string(), "finite and not negative");
            }
        }
        // Beyond any neuron, and beyond what can be drawn spike by spike in reasonable time.
        const MOST_SPIKES: f32 = 1e5;
        let strongest = self.gains.iter().copied().fold(0.0, f32::max);
        let most = (strongest + self.background) * bin_seconds;
        if most > MOST_SPIKES {
            return refuse(
                "the expected count in a bin",
                most.to_string(),
                "at most 100000",
            );
        }
        match self.preferred.iter().find(|heading| !heading.is_finite()) {
            Some(heading) => refuse("a preferred heading", heading.to_string(), "finite"),
            None => Ok(()),
        }
    }
}

/// The distance between two angles along the circle, 0 to pi. All angles are in radians.
///
/// ```
/// use latent::data::population::angular_distance;
/// let distance = angular_distance(350_f32.to_radians(), 10_f32.to_radians());
/// assert!((distance.to_degrees() - 20.0).abs() < 1e-3);
/// ```
pub fn angular_distance(a: f32, b: f32) -> f32 {
    let (tau, pi) = (std::f32::consts::TAU, std::f32::consts::PI);
    let off = (a - b).rem_euclid(tau);
    if off > pi { tau - off } else { off }
}

/// The mean direction of some angles, all in radians: the angle of the sum of their unit vectors, in
/// 0..2 pi. NaN if there is none. Fisher, "Statistical Analysis of Circular Data", 1993.
///
/// ```
/// use latent::data::population::circular_mean;
/// let mean = circular_mean(&[350_f32.to_radians(), 30_f32.to_radians()]);
/// assert!((mean.to_degrees() - 10.0).abs() < 1e-3);
/// ```
pub fn circular_mean(angles: &[f32]) -> f32 {
    if angles.is_empty() {
        return f32::NAN;
    }
    let sum = |f: fn(f64) -> f64| angles.iter().map(|&a| f(f64::from(a))).sum::<f64>();
    sum(f64::sin).atan2(sum(f64::cos)).rem_euclid(TAU) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_fires_most_at_its_preferred_heading() {
        let population = HeadDirection::random(12, 3);
        for cell in 0..12 {
            let preferred = population.preferred[cell];
            let peak = population.rates(preferred)[cell];
            assert!((peak - population.gains[cell] - population.background).abs() < 1e-4);
            let opposite = population.rates(preferred + std::f32::consts::PI)[cell];
            assert!((opposite - population.background) < 0.02 * peak);
        }
    }

    #[test]
    fn cells_are_sorted_by_what_they_prefer() {
        let population = HeadDirection::random(12, 3);
        let order = population.order();
        let sorted = order.windows(2);
        assert!(
            sorted
                .into_iter()
                .all(|w| population.preferred[w[0]] <= population.preferred[w[1]])
        );
        let curve = population.tuning_curve(order[0], &[0.0, 180.0]).unwrap();
        assert!(curve[0] > curve[1]);
        assert!(population.tuning_curve(12, &[0.0]).is_err());
    }

    #[test]
    fn the_heading_is_smooth_and_goes_all_around() {
        let recording = HeadDirection::evenly_spaced(8)
            .simulate(20_000, 0.02, 1)
            .unwrap();
        let heading = recording.heading.to_vec();
        assert!(
            heading
                .iter()
                .all(|h| (0.0..std::f32::consts::TAU).contains(h))
        );
        let steps: Vec<f32> = heading
            .windows(2)
            .map(|w| angular_distance(w[0], w[1]))
            .collect();
        let fastest = steps.iter().copied().fold(0.0, f32::max);
        assert!(fastest < 5.0 * 1.5 * 0.02, "{fastest}");
        let speed = (steps.iter().map(|s| (s / 0.02).powi(2)).sum::<f32>() / 19_999.0).sqrt();
        assert!((speed / 1.5 - 1.0).abs() < 0.15, "{speed}");
        for quarter in 0..4 {
            let inside = heading
                .iter()
                .filter(|&&h| (h / std::f32::consts::FRAC_PI_2) as i32 == quarter);
            assert!(inside.count() > 2000);
        }
    }

    #[test]
    fn the_cells_tell_the_heading() {
        // The population vector: the mean of the preferred headings, weighted by the counts.
        let population = HeadDirection::evenly_spaced(60);
        let recording = population.simulate(500, 0.2, 1).unwrap();
        let off = recording
            .counts
            .rows()
            .into_iter()
            .zip(&recording.heading)
            .map(|(row, &truth)| {
                let spikes = row.iter().zip(&population.preferred);
                let angles: Vec<f32> = spikes
                    .flat_map(|(&n, &angle)| std::iter::repeat_n(angle, n as usize))
                    .collect();
                angular_distance(circular_mean(&angles), truth)
            });
        let mean = off.sum::<f32>() / 500.0;
        assert!(mean < 0.1, "{mean}");
    }

    #[test]
    fn a_seed_decides_everything() {
        let simulate = |seed| HeadDirection::random(5, 1).simulate(50, 0.1, seed).unwrap();
        assert_eq!(simulate(1), simulate(1));
        assert_ne!(simulate(1), simulate(2));
    }

    #[test]
    fn angles_wrap_around() {
        assert!((angular_distance(0.1, 6.2) - 0.183_185_3).abs() < 1e-5);
        assert!((circular_mean(&[0.1, 6.2]) - 0.008_407_3).abs() < 1e-4);
        assert!(circular_mean(&[]).is_nan());
    }

    #[test]
    fn mistakes_are_named_with_their_numbers() {
        let good = HeadDirection::evenly_spaced(4);
        let says = |population: &HeadDirection, bins, seconds, part: &str| {
            let text = population
                .simulate(bins, seconds, 0)
                .unwrap_err()
                .to_string();
            assert!(text.contains(part), "{text}");
        };
        says(
            &HeadDirection::evenly_spaced(0),
            10,
            0.1,
            "the number of cells: expected at least 1, got 0",
        );
        says(&good, 0, 0.1, "number of bins: expected");
        says(&good, 10, 0.0, "got 0");
        says(&good, 10, f32::NAN, "got NaN");
        says(
            &HeadDirection {
                background: -1.0,
                ..good.clone()
            },
            10,
            0.1,
            "got -1",
        );
        says(
            &HeadDirection {
                gains: Array1::zeros(3),
                ..good.clone()
            },
            10,
            0.1,
            "expected 4 gains",
        );
        says(
            &HeadDirection {
                gains: Array1::from_elem(4, -2.0),
                ..good.clone()
            },
            10,
            0.1,
            "-2",
        );
        says(&good, 10, 1e6, "at most 100000");
        let lost = Array1::from_elem(4, f32::NAN);
        says(
            &HeadDirection {
                preferred: lost,
                ..good
            },
            10,
            0.1,
            "preferred heading: expected",
        );
    }
}
