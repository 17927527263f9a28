//! A small training: samples that two numbers describe, and a network for them.

use latent::nn::init;
use latent::prelude::*;

/// Samples (n, 12) that depend on two hidden variables each.
pub fn samples(n: usize, seed: u64) -> Array2<f32> {
    let hidden = init::uniform(n, 2, 1.0, seed);
    let mixing = init::uniform(12, 2, 2.0, 99);
    hidden.dot(&mixing.t()).mapv(|x| 1.0 / (1.0 + (-x).exp()))
}

pub fn autoencoder() -> Autoencoder {
    Autoencoder::new(&[12, 16, 2], Activation::Tanh, 4).unwrap()
}

pub fn config(epochs: usize) -> TrainConfig {
    TrainConfig {
        epochs,
        batch_size: 32,
        learning_rate: 3e-3,
        progress: false,
        ..TrainConfig::default()
    }
}
