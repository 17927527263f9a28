//! Where the parameters start.
//!
//! Weights must start different from one another, or all units of a layer would learn the same;
//! and neither so small that the signal dies out on its way through the layers, nor so large that
//! it explodes. All rules below draw from a uniform distribution on `-bound..bound` and differ in
//! how the bound depends on the number of inputs (fan in) and outputs (fan out) of the layer.
//!
//! | rule | bound | made for |
//! | --- | --- | --- |
//! | [`default_bound`] | 1 / sqrt(in) | PyTorch's `nn.Linear`, weights and biases alike |
//! | [`glorot_bound`] | sqrt(6 / (in + out)) | tanh, sigmoid (Glorot & Bengio 2010) |
//! | [`he_bound`] | sqrt(6 / in) | ReLU (He et al. 2015) |

use crate::rng::random;
use ndarray::Array2;
use rand::Rng;

/// 1 / sqrt(in), the default of PyTorch's `nn.Linear`.
pub fn default_bound(inputs: usize) -> f32 {
    1.0 / (inputs.max(1) as f32).sqrt()
}

/// sqrt(6 / (in + out)): keeps the variance of signals and gradients where units are nearly
/// linear. Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
/// networks", AISTATS 2010.
pub fn glorot_bound(inputs: usize, outputs: usize) -> f32 {
    (6.0 / (inputs + outputs).max(1) as f32).sqrt()
}

/// sqrt(6 / in): twice the variance, since a ReLU lets half of the signal through. He et al.,
/// "Delving deep into rectifiers", ICCV 2015.
pub fn he_bound(inputs: usize) -> f32 {
    (6.0 / inputs.max(1) as f32).sqrt()
}

/// A matrix (rows, columns) drawn uniformly from `-bound..bound`.
///
/// ```
/// use latent::nn::init::{he_bound, uniform};
/// let weight = uniform(256, 512, he_bound(512), 7);
/// assert!(weight.iter().all(|w| w.abs() <= he_bound(512)));
/// ```
pub fn uniform(rows: usize, columns: usize, bound: f32, seed: u64) -> Array2<f32> {
    uniform_from(rows, columns, bound, &mut random(seed))
}

/// The same, from an existing random number generator.
pub(crate) fn uniform_from(
    rows: usize,
    columns: usize,
    bound: f32,
    rng: &mut impl rand::RngCore,
) -> Array2<f32> {
    Array2::from_shape_simple_fn((rows, columns), || bound * (2.0 * rng.r#gen::<f32>() - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_fill_the_interval_evenly() {
        let w = uniform(300, 300, 0.5, 1);
        let mean = w.mean().unwrap();
        let variance = w.mapv(|x| (x - mean).powi(2)).mean().unwrap();
        assert!(mean.abs() < 0.005, "{mean}");
        // A uniform distribution of width 1 has the variance 1/12.
        assert!((variance - 1.0 / 12.0).abs() < 0.002, "{variance}");
        assert_ne!(w, uniform(300, 300, 0.5, 2));
        assert_eq!(w, uniform(300, 300, 0.5, 1));
    }
}
