// One training of the benchmark. `cargo xtask bench train` compiles this file into the program
// beside it and puts it into a notebook's cell too, so that both are timed by the same code.

use latent::prelude::*;

/// Trains an autoencoder as `request` asks, on the digits, and answers with a line of JSON.
///
/// The request is `KIND LAYERS BATCH EPOCHS THREADS SEED`, such as `plain 784,512,256,2 128 3 2 1`;
/// the optimizer is Adam at 0.001. The kinds:
///
/// | kind | loss | `test` in the answer |
/// | --- | --- | --- |
/// | `plain` | mean squared error | the error of the test digits |
/// | `denoising` | the same, inputs with Gaussian noise of 0.5 | the error, from noisy to clean test digits |
/// | `variational` | binary cross-entropy and KL, in nats | the ELBO of the test digits |
///
/// The answer also holds
///
/// - `images_per_second` of the fastest epoch (on a shared machine the others tell more of the
///   neighbours) and `median_images_per_second`;
/// - `gflops` that the fastest epoch reaches in the products of matrices that a training needs.
pub fn training(mnist: &Mnist, request: &str) -> Result<String> {
    let malformed = || Error::Setting {
        setting: "the request",
        value: request.to_string(),
        expected: "KIND LAYERS BATCH EPOCHS THREADS SEED, such as plain 784,512,256,2 128 3 2 1",
    };
    let number = |word: &str| word.parse::<usize>().map_err(|_| malformed());
    let words: Vec<&str> = request.split_whitespace().collect();
    let [kind, layers, batch_size, epochs, threads, seed] = words[..] else {
        return Err(malformed());
    };
    let layers = layers.split(',').map(number).collect::<Result<Vec<_>>>()?;
    let seed = number(seed)? as u64;
    let mut config = TrainConfig {
        epochs: number(epochs)?,
        batch_size: number(batch_size)?,
        threads: Some(number(threads)?),
        restore_best_weights: false,
        seed,
        progress: false,
        ..TrainConfig::default()
    };
    let (images, test) = (&mnist.train.samples, &mnist.test.samples);
    let few = mnist.validation.take(100).samples;
    let mut autoencoder = Autoencoder::new(&layers, Activation::Relu, seed)?;
    let (history, flop, test) = match kind {
        "plain" => {
            let history = autoencoder.fit(images, &few, &config)?;
            let flop = flop_per_image(&[autoencoder.network()]);
            (history, flop, autoencoder.reconstruction_error(test)?)
        }
        "denoising" => {
            config.noise = Noise::Gaussian(0.5);
            let history = autoencoder.fit(images, &few, &config)?;
            let noisy = test + &random::normal(test.nrows(), test.ncols(), 0.0, 0.5, seed)?;
            let difference = autoencoder.reconstruct(&noisy)? - test;
            let error = difference.mapv(|x| f64::from(x * x)).mean();
            let flop = flop_per_image(&[autoencoder.network()]);
            (history, flop, error.unwrap_or(f64::NAN))
        }
        "variational" => {
            config.loss = Loss::BinaryCrossEntropy;
            let mut vae = Vae::new(&layers, Activation::Relu, seed)?;
            let history = vae.fit(images, &few, &config)?;
            let flop = flop_per_image(&[vae.encoder(), vae.decoder()]);
            (history, flop, vae.elbo(test, config.loss, seed)?.mean())
        }
        _ => return Err(malformed()),
    };

    let mut seconds = history.seconds.clone();
    seconds.sort_by(f64::total_cmp);
    let images = images.nrows() as f64;
    let fastest = images / seconds[0];
    Ok(format!(
        "{{\"images_per_second\": {fastest}, \"median_images_per_second\": {}, \"gflops\": {}, \"test\": {test}}}",
        images / seconds[seconds.len() / 2],
        fastest * flop / 1e9,
    ))
}

/// Two operations for each weight: forward, for the weight's gradient, and for the input's. The
/// gradient with respect to the first layer's input is not computed.
fn flop_per_image(networks: &[&Mlp]) -> f64 {
    let layers = networks.iter().flat_map(|network| network.layers());
    let weights: Vec<usize> = layers.map(|layer| layer.linear.weight.len()).collect();
    2.0 * (3 * weights.iter().sum::<usize>() - weights[0]) as f64
}
