//! The Poisson distribution: counts of events that come independently, at a constant rate.
//!
//! ```text
//! P(N = n) = exp(-mean) mean^n / n!         mean of N = variance of N = mean
//! E[sqrt N] = sum over n of sqrt(n) P(N = n)    < sqrt(mean)
//! ```

use crate::error::{Error, Result};
use rand::{Rng, RngCore};

/// The largest mean: beyond it, counting up to the mode and around it takes too long.
const LARGEST_MEAN: f64 = 1e9;

/// E[sqrt N], the mean of the square root of a Poisson count with this `mean`.
///
/// This is what a model of square roots can at best predict. It lies below the square root of the
/// mean: clearly for low counts, hardly for high ones.
///
/// ```
/// use latent::data::mean_root;
/// assert!((mean_root(0.1)? - 0.0972).abs() < 1e-4); // the root of 0.1 is 0.3162
/// assert!((mean_root(100.0)? - 9.9874).abs() < 1e-4); // the root of 100 is 10
/// # Ok::<(), latent::Error>(())
/// ```
///
/// The sum over all counts is exact but for rounding: it begins at the most probable count and goes
/// on to both sides until a term no longer counts.
///
/// # Errors
/// [`Error::Setting`] if the mean is negative, above 1e9 or not finite.
pub fn mean_root(mean: f64) -> Result<f64> {
    if !(0.0..=LARGEST_MEAN).contains(&mean) {
        return Err(Error::Setting {
            setting: "the mean of a Poisson distribution",
            value: mean.to_string(),
            expected: "a number from 0 to 1e9",
        });
    }
    // Probabilities relative to that of the mode, so that none is too small for a float.
    const NEGLIGIBLE: f64 = 1e-18;
    let mode = mean.floor();
    let (mut sum, mut roots) = (1.0, mode.sqrt());
    let (mut n, mut share) = (mode, 1.0);
    while share > NEGLIGIBLE {
        n += 1.0;
        share *= mean / n;
        sum += share;
        roots += share * n.sqrt();
    }
    (n, share) = (mode, 1.0);
    while n > 0.0 && share > NEGLIGIBLE {
        share *= n / mean;
        n -= 1.0;
        sum += share;
        roots += share * n.sqrt();
    }
    Ok(roots / sum)
}

/// A count drawn at random: how many waiting times fit into a time in which `mean` events are
/// expected (Knuth, "The art of computer programming", volume 2).
pub(super) fn draw(mean: f64, rng: &mut impl RngCore) -> u64 {
    // e^-mean would round to 0 for long times; a long time is as good as several short ones.
    const LONGEST: f64 = 30.0;
    let mut count = 0;
    let mut left = mean;
    while left > 0.0 {
        let limit = (-left.min(LONGEST)).exp();
        let mut product: f64 = rng.r#gen();
        while product > limit {
            count += 1;
            product *= rng.r#gen::<f64>();
        }
        left -= LONGEST;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::random;

    #[test]
    fn counts_have_the_mean_and_the_variance_of_a_poisson_process() {
        for mean in [0.2, 3.0, 100.0] {
            let rng = &mut random(5);
            let draws: Vec<f64> = (0..20_000).map(|_| draw(mean, rng) as f64).collect();
            let average = draws.iter().sum::<f64>() / 20_000.0;
            let square = draws.iter().map(|x| (x - average).powi(2)).sum::<f64>() / 20_000.0;
            assert!((average / mean - 1.0).abs() < 0.05, "{average}");
            assert!((square / mean - 1.0).abs() < 0.05, "{square}");
        }
    }

    #[test]
    fn the_mean_root_is_the_sum_of_its_definition() {
        for mean in [1e-6, 0.1, 0.9, 1.0, 3.7, 25.0] {
            let mut probability = f64::exp(-mean);
            let mut expected = 0.0;
            for n in 1..200 {
                probability *= mean / f64::from(n);
                expected += probability * f64::from(n).sqrt();
            }
            let found = mean_root(mean).unwrap();
            assert!((found / expected - 1.0).abs() < 1e-12, "{mean}: {found}");
        }
        assert_eq!(mean_root(0.0).unwrap(), 0.0);
    }

    #[test]
    fn the_mean_root_is_that_of_many_draws() {
        for mean in [0.1, 1.0, 5.0, 60.0] {
            let rng = &mut random(8);
            let roots = (0..100_000).map(|_| (draw(mean, rng) as f64).sqrt());
            let average = roots.sum::<f64>() / 100_000.0;
            assert!((average - mean_root(mean).unwrap()).abs() < 0.006, "{mean}");
        }
    }

    #[test]
    fn for_high_counts_the_mean_root_follows_its_series() {
        // sqrt(m) (1 - 1 / 8m - 7 / 128m^2 ...), from the moments of the distribution.
        for mean in [1e3, 1e5, 1e7_f64] {
            let series = mean.sqrt() * (1.0 - 1.0 / (8.0 * mean) - 7.0 / (128.0 * mean * mean));
            assert!((mean_root(mean).unwrap() / series - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn means_that_are_none_are_refused() {
        for mean in [-0.1, f64::NAN, f64::INFINITY, 1e300] {
            let text = mean_root(mean).unwrap_err().to_string();
            assert!(text.contains("from 0 to 1e9"), "{text}");
        }
    }
}
