//! Makes the checkpoint that comes with the course: the 2-D autoencoder of MNIST's digits.
//!
//! ```text
//! cargo run --release -p latent --example train_mnist_2d [-- FILE]
//! ```
//!
//! The same seed gives the same file on the same kind of processor, whatever its number of
//! threads.

use latent::prelude::*;
use std::path::{Path, PathBuf};

fn main() -> Result<()> {
    let shipped =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("data/checkpoints/mnist-2d.safetensors");
    let path = std::env::args().nth(1).map_or(shipped, PathBuf::from);

    let mnist = Mnist::load()?;
    let mut autoencoder = Autoencoder::new(&[784, 512, 256, 2], Activation::Relu, 2006)?;
    println!("{autoencoder}");
    let config = TrainConfig {
        epochs: 60,
        seed: 2006,
        ..TrainConfig::default()
    };
    let history = autoencoder.fit(&mnist.train.samples, &mnist.validation.samples, &config)?;
    println!("{history}");

    autoencoder.save_bf16(&path)?;
    let stored = Autoencoder::load(&path)?;
    let exact = autoencoder.reconstruction_error(&mnist.test.samples)?;
    let rounded = stored.reconstruction_error(&mnist.test.samples)?;
    println!(
        "test error {exact:.6}; as stored {rounded:.6}, {:+.3} %",
        100.0 * (rounded / exact - 1.0)
    );
    println!("wrote {}", path.display());
    Ok(())
}
