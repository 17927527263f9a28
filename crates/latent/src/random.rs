//! Random matrices with a seed, as NumPy's `default_rng(seed).uniform` and `.normal`.
//!
//! ```
//! use latent::prelude::*;
//! let noise = random::normal(100, 2, 0.0, 0.5, 7)?; // 100 rows, 2 columns, mean 0, sd 0.5, seed 7
//! assert_eq!(noise, random::normal(100, 2, 0.0, 0.5, 7)?);
//! # Ok::<(), latent::Error>(())
//! ```
//!
//! The same seed gives the same numbers, on any number of threads.

use crate::error::{Error, Result};
use crate::memory;
use crate::rng;
use ndarray::Array2;
use rand::Rng;

/// A matrix (`rows`, `columns`) of numbers drawn uniformly from `low` to below `high`.
///
/// ```
/// use latent::random;
/// assert!(random::uniform(3, 4, -1.0, 1.0, 7)?.iter().all(|x| x.abs() <= 1.0));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] if `low` or `high` is not finite, or `low` is greater than `high`;
/// [`Error::Memory`] if the matrix does not fit into the available memory.
pub fn uniform(rows: usize, columns: usize, low: f32, high: f32, seed: u64) -> Result<Array2<f32>> {
    if !(low.is_finite() && (high - low).is_finite() && low <= high) {
        return Err(Error::Setting {
            setting: "the interval",
            value: format!("{low} to {high}"),
            expected: "two finite numbers, the smaller one first",
        });
    }
    memory::check_matrix("a random matrix", rows, columns)?;
    let rng = &mut rng::random(seed);
    let draw = || low + (high - low) * rng.r#gen::<f32>();
    Ok(Array2::from_shape_simple_fn((rows, columns), draw))
}

/// A matrix (`rows`, `columns`) of numbers from a normal distribution with this mean and this
/// standard deviation `sd`.
///
/// ```
/// use latent::random;
/// let x = random::normal(1000, 1, 5.0, 0.1, 7)?;
/// assert!((x.mean().unwrap() - 5.0).abs() < 0.02);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] if `mean` or `sd` is not finite, or `sd` is negative;
/// [`Error::Memory`] if the matrix does not fit into the available memory.
pub fn normal(rows: usize, columns: usize, mean: f32, sd: f32, seed: u64) -> Result<Array2<f32>> {
    if !(mean.is_finite() && sd.is_finite() && sd >= 0.0) {
        return Err(Error::Setting {
            setting: "the normal distribution",
            value: format!("mean {mean}, standard deviation {sd}"),
            expected: "a finite mean, and a standard deviation of 0 or more",
        });
    }
    memory::check_matrix("a random matrix", rows, columns)?;
    let rng = &mut rng::random(seed);
    let draw = || mean + sd * rng::normal(rng) as f32;
    Ok(Array2::from_shape_simple_fn((rows, columns), draw))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_distribution_asked_for() {
        let x = uniform(300, 300, 2.0, 6.0, 1).unwrap();
        assert!((x.mean().unwrap() - 4.0).abs() < 0.02);
        assert!((x.var(0.0) - 16.0 / 12.0).abs() < 0.02);
        assert!(x.iter().all(|&x| (2.0..=6.0).contains(&x)));
        let x = normal(300, 300, -1.0, 2.0, 1).unwrap();
        assert!((x.mean().unwrap() + 1.0).abs() < 0.03);
        assert!((x.std(0.0) - 2.0).abs() < 0.03);
        let within = x.iter().filter(|&&x| (x + 1.0).abs() < 2.0).count() as f64 / 90_000.0;
        assert!((within - 0.6827).abs() < 0.01, "{within}");
        assert_ne!(x, normal(300, 300, -1.0, 2.0, 2).unwrap());
    }

    #[test]
    fn mistakes_are_errors() {
        assert!(uniform(2, 2, 1.0, 0.0, 0).is_err());
        assert!(uniform(2, 2, f32::NAN, 0.0, 0).is_err());
        assert!(normal(2, 2, 0.0, -1.0, 0).is_err());
        assert!(normal(2, 2, f32::INFINITY, 1.0, 0).is_err());
        assert_eq!(normal(0, 2, 0.0, 1.0, 0).unwrap().dim(), (0, 2));
    }
}
