//! Corruption of the inputs, for denoising autoencoders.
//!
//! ```text
//! Gaussian(sd)   x + sd e,  e from the standard normal distribution, for each element
//! Masking(p)     0 with probability p, else x
//! ```
//!
//! P. Vincent, H. Larochelle, Y. Bengio and P.-A. Manzagol, "Extracting and composing robust
//! features with denoising autoencoders", ICML 2008.

use crate::error::{Error, Result};
use crate::rng::random;
use crate::threads::{PIECE, map_pieces};
use ndarray::Array2;
use rand::Rng;

/// How the inputs of a training are corrupted, afresh for each mini-batch; the targets stay clean.
///
/// The seed is [`TrainConfig::seed`](super::TrainConfig::seed); the same seed gives the same noise
/// on any number of threads.
///
/// ```
/// use latent::prelude::*;
/// let data = random::uniform(64, 4, 0.0, 1.0, 1)?;
/// let mut denoising = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
/// let noise = Noise::Masking(0.3); // or Noise::Gaussian(0.1)
/// let config = TrainConfig { epochs: 3, noise, progress: false, ..Default::default() };
/// assert_eq!(denoising.fit(&data, &data, &config)?.epochs(), 3);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Noise {
    /// The inputs as they are.
    #[default]
    None,
    /// Adds normal noise of this standard deviation to each element.
    Gaussian(f32),
    /// Sets each element to 0 with this probability.
    Masking(f32),
}

impl Noise {
    pub(crate) fn check(self) -> Result<()> {
        let (ok, value, expected) = match self {
            Self::None => return Ok(()),
            Self::Gaussian(sd) => (
                sd.is_finite() && sd >= 0.0,
                sd,
                "a standard deviation of at least 0",
            ),
            Self::Masking(p) => ((0.0..=1.0).contains(&p), p, "a probability from 0 to 1"),
        };
        if ok {
            return Ok(());
        }
        Err(Error::Setting {
            setting: "noise",
            value: value.to_string(),
            expected,
        })
    }

    /// Corrupts `inputs` in place. Each piece has a generator of its own, so that threads do not
    /// matter.
    pub(crate) fn corrupt(self, inputs: &mut Array2<f32>, seed: u64) {
        if self == Self::None {
            return;
        }
        let values = inputs.as_slice_mut().expect("standard layout");
        map_pieces((0..).zip(values.chunks_mut(PIECE)), |(piece, values)| {
            let rng = &mut random(mix(seed, piece));
            match self {
                Self::None => {}
                Self::Gaussian(sd) => {
                    for pair in values.chunks_mut(2) {
                        // Box and Muller's transform gives two at a time.
                        let radius = (-2.0 * (1.0 - rng.gen_range(0.0..1.0_f64)).ln()).sqrt();
                        let (sin, cos) =
                            (rng.gen_range(0.0..1.0_f64) * std::f64::consts::TAU).sin_cos();
                        for (x, e) in pair.iter_mut().zip([cos, sin]) {
                            *x += sd * (radius * e) as f32;
                        }
                    }
                }
                Self::Masking(p) => {
                    for x in values {
                        if rng.gen_range(0.0..1.0_f32) < p {
                            *x = 0.0;
                        }
                    }
                }
            }
        });
    }
}

/// One seed from two numbers (splitmix64's finaliser).
pub(crate) fn mix(seed: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_add(n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::with_threads;

    #[test]
    fn the_noise_has_the_moments_it_should_have() {
        let mut x = Array2::zeros((200, 501));
        Noise::Gaussian(0.5).corrupt(&mut x, 3);
        let (mean, variance) = (x.mean().unwrap(), x.mapv(|x| x * x).mean().unwrap());
        assert!(
            mean.abs() < 0.01 && (variance - 0.25).abs() < 0.01,
            "{mean} {variance}"
        );
        let mut x = Array2::ones((200, 501));
        Noise::Masking(0.3).corrupt(&mut x, 3);
        let kept = x.mean().unwrap();
        assert!((kept - 0.7).abs() < 0.01, "{kept}");
    }

    #[test]
    fn threads_do_not_matter_and_seeds_do() {
        let noisy = |threads, seed| {
            let mut x = Array2::zeros((100, 700));
            with_threads(threads, || Noise::Gaussian(1.0).corrupt(&mut x, seed));
            x
        };
        assert_eq!(noisy(1, 5), noisy(3, 5));
        assert_ne!(noisy(1, 5), noisy(1, 6));
    }
}
