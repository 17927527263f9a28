//! Initialisation: the random values with which the parameters of a layer start.
//!
//! Weights must start different from one another, or all units of a layer would learn the same;
//! and neither so small that the signal dies out on its way through the layers, nor so large that
//! it explodes. Each rule fixes the variance of the weights by the number of inputs (fan in) and
//! outputs (fan out) of the layer.
//!
//! | rule | variance of a weight | bias | made for | source |
//! | --- | --- | --- | --- | --- |
//! | [`Init::Default`] | 1 / (3 in) | as the weights | | PyTorch's `nn.Linear` |
//! | [`Init::XavierUniform`], [`Init::XavierNormal`] | 2 / (in + out) | 0 | tanh | Glorot & Bengio 2010 |
//! | [`Init::KaimingUniform`], [`Init::KaimingNormal`] | 2 / in | 0 | ReLU | He et al. 2015 |
//!
//! Names and formulas are those of `torch.nn.init`. Xavier Glorot and Kaiming He are the first
//! authors of the two papers, so both rules have two names: Xavier or Glorot initialisation, and
//! Kaiming or He initialisation. A uniform distribution on `-bound..bound` has the variance
//! bound^2 / 3.

use crate::rng::{normal, random};
use ndarray::{Array1, Array2, Axis};
use rand::{Rng, RngCore};

/// A rule for the parameters of a layer at the start; see the table of [the module](self).
///
/// ```
/// use latent::nn::Init;
/// // A layer of 512 units on 512 inputs: He initialisation has twice the variance of Glorot's.
/// let (xavier, kaiming) = (Init::XavierUniform, Init::KaimingUniform);
/// let ratio = kaiming.std(512, 512) / xavier.std(512, 512);
/// assert!((ratio * ratio - 2.0).abs() < 1e-5);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Init {
    /// Weights and biases uniform within 1 / sqrt(in).
    #[default]
    Default,
    /// Weights uniform within sqrt(6 / (in + out)), biases 0: keeps the variance of signals and
    /// gradients where units are nearly linear. Glorot & Bengio, "Understanding the difficulty of
    /// training deep feedforward neural networks", AISTATS 2010.
    XavierUniform,
    /// Weights from a normal distribution of the same variance, biases 0.
    XavierNormal,
    /// Weights uniform within sqrt(6 / in), biases 0: a ReLU lets half of the signal through, so
    /// the variance is twice as large. He et al., "Delving deep into rectifiers", ICCV 2015.
    KaimingUniform,
    /// Weights from a normal distribution of the same variance, biases 0.
    KaimingNormal,
}

impl Init {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 5] = [
        Self::Default,
        Self::XavierUniform,
        Self::XavierNormal,
        Self::KaimingUniform,
        Self::KaimingNormal,
    ];

    /// The name as one would say it: "Glorot (uniform)".
    ///
    /// ```
    /// use latent::nn::Init;
    /// for init in Init::ALL {
    ///     println!("{:>17}: {:.4}", init.name(), init.std(784, 256));
    /// }
    /// assert_eq!(Init::KaimingUniform.name(), "He (uniform)");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "PyTorch's default",
            Self::XavierUniform => "Glorot (uniform)",
            Self::XavierNormal => "Glorot (normal)",
            Self::KaimingUniform => "He (uniform)",
            Self::KaimingNormal => "He (normal)",
        }
    }

    /// Standard deviation of the weights of a layer with so many inputs and outputs.
    pub fn std(self, in_features: usize, out_features: usize) -> f32 {
        let (inputs, outputs) = (in_features.max(1) as f32, out_features as f32);
        let variance = match self {
            Self::Default => 1.0 / (3.0 * inputs),
            Self::XavierUniform | Self::XavierNormal => 2.0 / (inputs + outputs),
            Self::KaimingUniform | Self::KaimingNormal => 2.0 / inputs,
        };
        variance.sqrt()
    }

    /// A weight matrix (out, in) and a bias (out).
    pub(crate) fn draw(
        self,
        in_features: usize,
        out_features: usize,
        rng: &mut impl RngCore,
    ) -> (Array2<f32>, Array1<f32>) {
        let std = self.std(in_features, out_features);
        let bound = 3.0_f32.sqrt() * std;
        let shape = (out_features, in_features);
        let weight = match self {
            Self::Default => {
                let bound = default_bound(in_features);
                let weight = uniform_from(out_features, in_features, bound, rng);
                let bias = uniform_from(1, out_features, bound, rng);
                return (weight, bias.remove_axis(Axis(0)));
            }
            Self::XavierUniform | Self::KaimingUniform => {
                uniform_from(out_features, in_features, bound, rng)
            }
            Self::XavierNormal | Self::KaimingNormal => {
                Array2::from_shape_simple_fn(shape, || std * normal(rng) as f32)
            }
        };
        (weight, Array1::zeros(out_features))
    }
}

/// 1 / sqrt(in), the bound of PyTorch's `nn.Linear`.
fn default_bound(inputs: usize) -> f32 {
    1.0 / (inputs.max(1) as f32).sqrt()
}

/// A matrix (rows, columns) drawn uniformly from `-bound..bound`.
///
/// ```
/// use latent::nn::init::uniform;
/// let weight = uniform(256, 512, 0.1, 7);
/// assert!(weight.iter().all(|w| w.abs() <= 0.1));
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

    #[test]
    fn each_rule_gives_the_spread_that_it_names() {
        let (inputs, outputs) = (400, 200);
        for init in Init::ALL {
            let (weight, bias) = init.draw(inputs, outputs, &mut random(3));
            assert_eq!(weight.dim(), (outputs, inputs));
            let std = weight.mapv(|w| w * w).mean().unwrap().sqrt();
            let expected = init.std(inputs, outputs);
            assert!(
                (std / expected - 1.0).abs() < 0.01,
                "{init:?}: {std} {expected}"
            );
            let zeros = bias.iter().filter(|&&b| b == 0.0).count();
            assert_eq!(zeros, if init == Init::Default { 0 } else { outputs });
            let largest = weight.iter().fold(0.0_f32, |max, w| max.max(w.abs()));
            let normal = matches!(init, Init::XavierNormal | Init::KaimingNormal);
            assert_eq!(largest > 3.0 * expected, normal, "{init:?}");
        }
    }

    /// With the table's words: sqrt(6 / (in + out)) and sqrt(6 / in) bound the uniform ones.
    #[test]
    fn bounds_are_those_of_the_papers() {
        let bound = |init: Init| 3.0_f32.sqrt() * init.std(24, 8);
        assert!((bound(Init::XavierUniform) - (6.0_f32 / 32.0).sqrt()).abs() < 1e-6);
        assert!((bound(Init::KaimingUniform) - 0.5).abs() < 1e-6);
        assert!((bound(Init::Default) - 1.0 / 24.0_f32.sqrt()).abs() < 1e-6);
    }
}
