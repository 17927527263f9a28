// One training of the benchmark. `cargo xtask bench train` compiles this file into the program
// beside it and puts it into a notebook's cell too, so that both are timed by the same code.

use latent::prelude::*;

/// Trains an autoencoder as `request` asks, on the digits, and answers with a line of JSON.
///
/// The request is `LAYERS BATCH EPOCHS THREADS SEED`, such as `784,512,256,2 128 3 2 1`; the
/// optimizer is Adam at 0.001, the loss the mean squared error. The answer holds
///
/// - `images_per_second` of the fastest epoch (on a shared machine the others tell more of the
///   neighbours) and `median_images_per_second`;
/// - `gflops` that the fastest epoch reaches in the products of matrices that a training needs;
/// - `test_error`, the mean squared error of the test digits in the end.
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
    let seed = number(seed)? as u64;
    let config = TrainConfig {
        epochs: number(epochs)?,
        batch_size: number(batch_size)?,
        threads: Some(number(threads)?),
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
    Ok(format!(
        "{{\"images_per_second\": {fastest}, \"median_images_per_second\": {}, \"gflops\": {}, \"test_error\": {}}}",
        images / seconds[seconds.len() / 2],
        fastest * flop_per_image(&autoencoder) / 1e9,
        autoencoder.reconstruction_error(&mnist.test.samples)?,
    ))
}

/// Two operations for each weight: forward, for the weight's gradient, and for the input's. The
/// gradient with respect to the network's own input is not computed.
fn flop_per_image(autoencoder: &Autoencoder) -> f64 {
    let layers = autoencoder.network().layers().iter();
    let all: usize = layers.map(|l| l.linear.weight.len()).sum();
    let first = autoencoder.encoder()[0].linear.weight.len();
    2.0 * (3 * all - first) as f64
}
