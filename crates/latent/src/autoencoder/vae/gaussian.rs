//! The distribution of the code: independent normal distributions, one for each dimension.
//!
//! ```text
//! z = m + exp(v / 2) * e                                  m, v, e, z (n, k)
//! KL = sum over the k dimensions of (m^2 + exp(v) - 1 - v) / 2
//! ```

use crate::training::Noise;
use ndarray::{Array1, Array2, ArrayView2};

/// A log variance above this counts as an infinite loss, since its exponential soon exceeds `f32`.
const LARGEST_LOG_VARIANCE: f32 = 80.0;

/// e: numbers from the standard normal distribution, the same for a seed on any number of threads.
pub(super) fn noise(shape: (usize, usize), seed: u64) -> Array2<f32> {
    let mut noise = Array2::zeros(shape);
    Noise::Gaussian(1.0).corrupt(&mut noise, seed);
    noise
}

/// z = m + exp(v / 2) * e, all (n, k).
pub(super) fn codes(
    mean: ArrayView2<f32>,
    log_var: ArrayView2<f32>,
    noise: &Array2<f32>,
) -> Array2<f32> {
    let sd = log_var.mapv(|v| (0.5 * v).exp());
    &mean + &(sd * noise)
}

/// The Kullback-Leibler divergence of each sample's code from the prior (n).
pub(super) fn kl(mean: ArrayView2<f32>, log_var: ArrayView2<f32>) -> Array1<f64> {
    let term = |(&m, &v): (&f32, &f32)| {
        let (m, large) = (f64::from(m), v > LARGEST_LOG_VARIANCE);
        let v = f64::from(v);
        let kl = 0.5 * (m * m + v.exp_m1() - v);
        if large { f64::INFINITY } else { kl }
    };
    let rows = mean.rows().into_iter().zip(log_var.rows());
    rows.map(|(m, v)| m.iter().zip(v).map(term).sum()).collect()
}

pub(super) fn mean(values: &Array1<f64>) -> f64 {
    values.sum() / values.len() as f64
}
