//! The crate's own stopwatch, so that a notebook's cell and a program are timed by the same code.

use crate::autoencoder::Autoencoder;
use crate::error::Result;
use crate::nn::{Activation, init, matmul};
use crate::training::TrainConfig;
use ndarray::{Array2, s};
use std::time::Instant;

/// Trains an autoencoder of these sizes for some epochs on `train` (n, d) and returns a line of
/// JSON: `images_per_second` of the fastest epoch, `median_images_per_second`, `gflops` in the
/// products of matrices of the fastest, `peak_gflops` of this machine, `threads`.
///
/// # Errors
/// As [`Autoencoder::fit`].
pub fn training(
    train: &Array2<f32>,
    layers: &[usize],
    batch_size: usize,
    epochs: usize,
    threads: Option<usize>,
) -> Result<String> {
    let mut autoencoder = Autoencoder::new(layers, Activation::Relu, 1)?;
    let config = TrainConfig {
        epochs,
        batch_size,
        threads,
        progress: false,
        ..TrainConfig::default()
    };
    let few = train.slice(s![..train.nrows().min(100), ..]).to_owned();
    let history = autoencoder.fit(train, &few, &config)?;

    let mut seconds = history.seconds.clone();
    seconds.sort_by(f64::total_cmp);
    let images = train.nrows() as f64;
    let fastest = images / seconds[0];
    let peak = peak_gflops(config.thread_count());
    let gflops = fastest * flop_per_image(&autoencoder) / 1e9;
    let line = serde_json::json!({
        "images_per_second": fastest.round(),
        "median_images_per_second": (images / seconds[seconds.len() / 2]).round(),
        "gflops": (gflops * 10.0).round() / 10.0,
        "peak_gflops": (peak * 10.0).round() / 10.0,
        "threads": config.thread_count(),
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
    let pool = matmul::Pool::new(threads);
    let times = (0..20).map(|_| {
        let start = Instant::now();
        pool.run(|| matmul::product(a.view(), b.view(), product.view_mut()));
        start.elapsed().as_secs_f64()
    });
    2e9 / times.fold(f64::INFINITY, f64::min) / 1e9
}
