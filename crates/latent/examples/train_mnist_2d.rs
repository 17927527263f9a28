//! Makes the checkpoint that comes with the course: the 2-D autoencoder of MNIST's digits.
//!
//! ```text
//! cargo run --release -p latent --example train_mnist_2d [-- FILE]
//! ```
//!
//! The same seed gives the same file on the same kind of processor, whatever its number of
//! threads.
//! (The file that comes with the course was made when the crate took its matrix products from
//! another library, gemm, which rounds differently: a new file has a slightly different map.)
//!
//! The map of its codes is a figure of the course. It was chosen by the accuracy of 15 nearest
//! neighbours in the plane (of 5,000 training digits) and by eye: each digit should have a region
//! that can be seen. "Spread" is the standard deviation of the codes over their median deviation
//! from the median, for z1 and z2; it is 1.5 for a normal distribution, and large if most codes
//! share one heap. On the test digits:
//!
//! | network | epochs | error | accuracy | spread |
//! | --- | --- | --- | --- | --- |
//! | ReLU, no penalty, rate 0.001 (the course's first map) | 60 | 0.0347 | 85.4 % | 10 |
//! | **ReLU, penalty 0.0001, one cycle of the rate, seed 2006** | 24 | 0.0345 | 81.7 % | 2.1, 2.4 |
//! | GELU, the same penalty, a cycle in batches of 256, seed 1 | 30 | 0.0349 | 79.9 % | 2.3, 1.6 |
//! | ReLU, the same penalty, rate 0.001 in three steps | 9 | 0.0373 | 76.3 % | 1.7, 1.8 |
//! | GELU | 9 | 0.0368 | 77.9 % | 1.9, 1.6 |
//! | tanh | 9 | 0.0373 | 74.8 % | 1.5, 1.7 |
//! | ELU | 9 | 0.0398 | 72.9 % | 1.9, 1.4 |
//!
//! Without the penalty five digits share one heap at the origin, which the accuracy does not show
//! and the eye does.

use latent::prelude::*;
use std::path::{Path, PathBuf};

const SEED: u64 = 2006;
const EPOCHS: usize = 24;

fn main() -> Result<()> {
    let shipped =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("data/checkpoints/mnist-2d.safetensors");
    let path = std::env::args().nth(1).map_or(shipped, PathBuf::from);

    let mnist = Mnist::load()?;
    let mut autoencoder = Autoencoder::new(&[784, 512, 256, 2], Activation::Relu, SEED)?;
    println!("{autoencoder}");
    train(&mut autoencoder, &mnist)?;

    autoencoder.save_bf16(&path)?;
    let stored = Autoencoder::load(&path)?;
    let exact = autoencoder.reconstruction_error(&mnist.test.samples)?;
    let rounded = stored.reconstruction_error(&mnist.test.samples)?;
    println!(
        "test error {exact:.6}; as stored {rounded:.6}, {:+.3} %",
        100.0 * (rounded / exact - 1.0)
    );
    println!(
        "15 nearest neighbours in the plane: {:.1} % right",
        100.0 * knn_accuracy(&stored, &mnist.train.take(5000), &mnist.test, 15)?
    );
    println!("wrote {}", path.display());
    Ok(())
}

/// One cycle: the learning rate rises in the first epochs, and then falls to nearly 0.
fn train(autoencoder: &mut Autoencoder, mnist: &Mnist) -> Result<()> {
    let config = TrainConfig {
        code_penalty: Penalty::L2(1e-4),
        seed: SEED,
        ..TrainConfig::default()
    };
    let (train, validation) = (&mnist.train.samples, &mnist.validation.samples);
    let mut trainer = Trainer::new(autoencoder, config)?;
    for epoch in 1..=EPOCHS {
        trainer.config.learning_rate = learning_rate(epoch);
        trainer.epoch(autoencoder, (train, train), (validation, validation))?;
        let history = trainer.history();
        println!(
            "epoch {epoch:2}: loss {:.5}, validation {:.5}",
            history.train_loss[epoch - 1],
            history.validation_loss[epoch - 1]
        );
    }
    Ok(())
}

/// From 0.0009 up to 0.003 in three tenths of the epochs, and down to nearly 0 in the others.
fn learning_rate(epoch: usize) -> f32 {
    const HIGHEST: f32 = 3e-3;
    const RISE: f32 = 0.3;
    let x = (epoch as f32 - 0.5) / EPOCHS as f32;
    HIGHEST
        * if x < RISE {
            0.3 + 0.7 * x / RISE
        } else {
            (1.0 - x) / (1.0 - RISE)
        }
}
