//! What does an autoencoder without nonlinearities learn? PCA's subspace (Baldi & Hornik, "Neural
//! networks and principal component analysis", Neural Networks 2, 1989).
//!
//! ```text
//! cargo run --release -p latent --example linear_autoencoder
//! ```

use latent::pca::principal_angles;
use latent::prelude::*;

fn main() -> Result<()> {
    let mnist = Mnist::load()?;
    let (train, validation) = (&mnist.train.samples, &mnist.validation.samples);
    let test = &mnist.test.samples;
    println!(" k  PCA's error  linear autoencoder's   ratio  largest principal angle");
    for k in [2, 32] {
        let pca = Pca::fit(train, k)?;
        let mut linear = Autoencoder::new(&[784, k], Activation::Identity, 1)?
            .with_output_activation(Activation::Identity);
        // Ever smaller steps: the noise of the batches would keep it at a distance from the minimum.
        let config = TrainConfig {
            epochs: 8,
            progress: false,
            ..TrainConfig::default()
        };
        let mut trainer = Trainer::new(&linear, config)?;
        for learning_rate in [1e-2, 3e-3, 1e-3, 3e-4, 1e-4] {
            trainer.config.learning_rate = learning_rate;
            trainer.run(&mut linear, (train, train), (validation, validation))?;
            trainer.config.epochs += 8;
        }
        let by_pca = pca.reconstruction_error(test)?;
        let by_network = linear.reconstruction_error(test)?;
        // What the decoder can draw lies in the span of its weight's columns.
        let drawn = linear.decoder()[0].linear.weight.t().to_owned();
        let angles = principal_angles(pca.components(), &drawn)?;
        println!(
            "{k:2}  {by_pca:11.6}  {by_network:20.6}  {:6.4}  {:.2} degrees",
            by_network / by_pca,
            angles[angles.len() - 1].to_degrees(),
        );
    }
    Ok(())
}
