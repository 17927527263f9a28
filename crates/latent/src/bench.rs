//! The crate's own stopwatch, so that a notebook's cell and a program are timed by the same code.

use crate::autoencoder::Autoencoder;
use crate::codec::Codec;
use crate::data::Mnist;
use crate::error::{Error, Result};
use crate::nn::{Activation, init, matmul};
use crate::threads;
use crate::training::TrainConfig;
use ndarray::Array2;
use std::time::Instant;

/// Trains an autoencoder as `request` asks, on the digits, and answers with a line of JSON.
///
/// The request is `LAYERS BATCH EPOCHS THREADS SEED`, such as `784,512,256,2 128 3 2 1`; the
/// optimizer is Adam at 0.001, the loss the mean squared error. The answer holds
///
/// - `images_per_second` of the fastest epoch (on a shared machine the others tell more of the
///   neighbours) and `median_images_per_second`;
/// - `gflops` that the fastest epoch reaches in the products of matrices that a training needs;
/// - `peak_gflops`, what products of 1000 x 1000 matrices reach in the same process;
/// - `test_error`, the mean squared error of the test digits in the end.
///
/// ```no_run
/// use latent::prelude::*;
/// println!("{}", latent::bench::training(&Mnist::load()?, "784,512,256,2 128 3 2 1")?);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] if the request has another form; otherwise as [`Autoencoder::fit`].
pub fn training(mnist: &Mnist, request: &str) -> Result<String> {
    let malformed = || Error::Setting {
        setting: "the request",
        value: request.to_string(),
        expected: "LAYERS BATCH EPOCHS THREADS SEED, such as 784,512,256,2 128 3 2 1",
    };
    let number = |word: &str| word.parse::<usize>().map_err(|_| malformed());
    let words: Vec<&str> = request.split_whitespace().collect();
    let [layers, batch_size, epochs, threads, seed] = words[..] else {
        return Err(malformed());
    };
    let layers = layers.split(',').map(number).collect::<Result<Vec<_>>>()?;
    let (threads, seed) = (number(threads)?, number(seed)? as u64);
    let config = TrainConfig {
        epochs: number(epochs)?,
        batch_size: number(batch_size)?,
        threads: Some(threads),
        restore_best_weights: false,
        seed,
        progress: false,
        ..TrainConfig::default()
    };
    let mut autoencoder = Autoencoder::new(&layers, Activation::Relu, seed)?;
    let few = mnist.validation.take(100).samples;
    let history = autoencoder.fit(&mnist.train.samples, &few, &config)?;

    let mut seconds = history.seconds.clone();
    seconds.sort_by(f64::total_cmp);
    let images = mnist.train.len() as f64;
    let fastest = images / seconds[0];
    let line = serde_json::json!({
        "images_per_second": fastest,
        "median_images_per_second": images / seconds[seconds.len() / 2],
        "gflops": fastest * flop_per_image(&autoencoder) / 1e9,
        "peak_gflops": peak_gflops(threads),
        "test_error": autoencoder.reconstruction_error(&mnist.test.samples)?,
    });
    Ok(line.to_string())
}

/// Two operations for each weight, forward, for the weight's gradient, and for the input's; but
/// the gradient of the network's own input is of no use to anybody.
fn flop_per_image(autoencoder: &Autoencoder) -> f64 {
    let weights = autoencoder
        .network()
        .layers()
        .iter()
        .map(|l| l.linear.weight.len());
    let all: usize = weights.sum();
    let first = autoencoder.encoder()[0].linear.weight.len();
    2.0 * (3 * all - first) as f64
}

/// The best of twenty products of 1000 x 1000 matrices.
fn peak_gflops(threads: usize) -> f64 {
    let (a, b) = (
        init::uniform(1000, 1000, 1.0, 1),
        init::uniform(1000, 1000, 1.0, 2),
    );
    let mut product = Array2::zeros((1000, 1000));
    let pool = threads::Pool::new(threads);
    let times = (0..20).map(|_| {
        let start = Instant::now();
        pool.run(|| matmul::product(a.view(), b.view(), product.view_mut()));
        start.elapsed().as_secs_f64()
    });
    2e9 / times.fold(f64::INFINITY, f64::min) / 1e9
}
