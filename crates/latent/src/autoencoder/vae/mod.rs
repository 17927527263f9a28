//! The variational autoencoder: an autoencoder whose code is a distribution, and which can
//! therefore generate new samples.
//!
//! ```text
//! x (n, d) -> [encoder] -> mean m (n, k), log variance v (n, k)
//! z = m + exp(v / 2) * e                      e (n, k) from the standard normal distribution
//! z (n, k) -> [decoder] -> x' (n, d)
//!
//! objective = reconstruction + beta KL        both in nats, mean over the n samples
//! reconstruction = sum over the d features of loss(x', x)
//! KL = sum over the k dimensions of (m^2 + exp(v) - 1 - v) / 2
//! ```
//!
//! The second line is the **reparameterisation**: the random number e is drawn beside the network,
//! so that z has a derivative with respect to m and v. **KL** is the Kullback-Leibler divergence of
//! the code's distribution, normal with mean m and variance exp(v), from the prior, the standard
//! normal distribution. With beta = 1 the objective is the negative **evidence lower bound**
//! (ELBO), up to a constant that no parameter can change:
//!
//! | [`Loss`](crate::nn::Loss) | distribution that the decoder gives for each feature | constant left out |
//! | --- | --- | --- |
//! | binary cross-entropy | Bernoulli with mean x' | none (for x of 0 or 1) |
//! | mean squared error | normal with mean x' and variance 1/2 | ln(pi) / 2 |
//! | Poisson | Poisson with mean x' | ln x! |
//!
//! **Scale.** [`Loss`](crate::nn::Loss) is a mean over the features; here it counts d times, since
//! the ELBO sums over features. That is the scale of the paper and of most programs, and the one on
//! which beta = 1 means the ELBO. Adam's steps do not depend on the scale, so its usual learning rates
//! stay. Those of plain SGD must be about d times smaller than for an
//! [`Autoencoder`](super::Autoencoder).
//!
//! **Validation.** The validation loss is the same objective, with one e for each sample from a
//! fixed seed: the same in each epoch, so that epochs can be compared. (With z = m it would leave
//! out what the variance costs.)
//!
//! | file | holds |
//! | --- | --- |
//! | `gaussian` | the code's distribution: noise, reparameterisation, KL |
//! | `step` | forward, loss and backward of a mini-batch |
//! | `elbo` | [`Elbo`]: the bound of given samples, term by term |
//!
//! D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", arXiv:1312.6114. The weight
//! beta: I. Higgins et al., "beta-VAE", ICLR 2017.

mod elbo;
mod gaussian;
mod step;

pub use elbo::Elbo;

use super::table;
use crate::check;
use crate::checkpoint::{self, Precision, TRAINER};
use crate::codec::Codec;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::nn::{Activation, Layer, Mlp, blocked};
use crate::rng;
use crate::tensors::{self, Tensors};
use crate::training::{self, History, Model, TrainConfig};
use ndarray::{Array2, Axis};
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;

/// A variational autoencoder; see the formulas of [the module](self).
///
/// As a [`Codec`], it encodes to the mean, without random numbers.
///
/// ```
/// use latent::prelude::*;
/// // Four features, a latent space of one dimension.
/// let data = Array2::from_shape_fn((64, 4), |(i, j)| ((i * (j + 1)) % 10) as f32 / 10.0);
/// let mut vae = Vae::new(&[4, 8, 1], Activation::Tanh, 1)?;
/// let config = TrainConfig {
///     epochs: 50, batch_size: 16, loss: Loss::BinaryCrossEntropy, progress: false,
///     ..Default::default()
/// };
/// let history = vae.fit(&data, &data, &config)?;
/// assert!(history.best_validation_loss() < history.initial_validation_loss);
/// println!("{}", vae.elbo(&data, Loss::BinaryCrossEntropy, 0)?);
/// assert_eq!(vae.encode(&data)?.dim(), (64, 1)); // the means
/// assert_eq!(vae.sample(10, 3)?.dim(), (10, 4)); // new samples
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Vae {
    encoder: Mlp,
    decoder: Mlp,
    beta: f32,
}

impl Vae {
    /// From the sizes of the encoder's layers, input first and latent dimensions last, with random
    /// parameters. `[784, 256, 2]` gives the encoder 784-256-4 (2 means, 2 log variances) and the
    /// decoder 2-256-784. The output activation is a sigmoid, beta is 1.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let vae = Vae::new(&[784, 64, 2], Activation::Relu, 1)?;
    /// assert_eq!(vae.encoder().out_features(), 4); // 2 means, 2 log variances
    /// assert_eq!(vae.decoder().in_features(), 2);
    /// assert_eq!(vae.beta(), 1.0);
    /// let parts = vae.encoder().num_parameters() + vae.decoder().num_parameters();
    /// assert_eq!(vae.num_parameters(), parts);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::LayerSize`] if there are fewer than two sizes, or one of them is 0.
    pub fn new(sizes: &[usize], hidden: Activation, seed: u64) -> Result<Self> {
        let layer_size = || Error::LayerSize {
            sizes: sizes.to_vec(),
        };
        let [before @ .., k] = sizes else {
            return Err(layer_size());
        };
        let outputs = k.checked_mul(2).ok_or_else(layer_size)?;
        let down: Vec<usize> = before.iter().copied().chain([outputs]).collect();
        let up: Vec<usize> = sizes.iter().rev().copied().collect();
        let fit = |_| layer_size();
        Ok(Self {
            encoder: Mlp::new(&down, hidden, Activation::Identity, seed).map_err(fit)?,
            decoder: Mlp::new(&up, hidden, Activation::Sigmoid, !seed).map_err(fit)?,
            beta: 1.0,
        })
    }

    /// The same with another output activation: the identity for data that is not within 0..1,
    /// softplus for counts.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let vae = Vae::new(&[20, 16, 2], Activation::Relu, 1)?
    ///     .with_output_activation(Activation::Softplus);
    /// assert!(vae.sample(5, 1)?.iter().all(|&rate| rate >= 0.0));
    /// # Ok::<(), latent::Error>(())
    /// ```
    #[must_use]
    pub fn with_output_activation(mut self, activation: Activation) -> Self {
        if let Some(last) = self.decoder.layers_mut().last_mut() {
            last.activation = activation;
        }
        self
    }

    /// The same with another weight of the KL term (default: 1).
    ///
    /// ```
    /// use latent::prelude::*;
    /// let vae = Vae::new(&[4, 8, 2], Activation::Tanh, 1)?.with_beta(4.0)?;
    /// assert_eq!(vae.beta(), 4.0);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Setting`] if it is negative or not finite.
    pub fn with_beta(mut self, beta: f32) -> Result<Self> {
        if !(beta.is_finite() && beta >= 0.0) {
            return Err(Error::Setting {
                setting: "beta",
                value: beta.to_string(),
                expected: "0 or a positive number, 1 for the ELBO",
            });
        }
        self.beta = beta;
        Ok(self)
    }

    /// From layers made by hand, with beta 1. The encoder's output is k means, then k log
    /// variances.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let layer = |weight, bias| Layer {
    ///     linear: Linear { weight, bias },
    ///     activation: Activation::Identity,
    /// };
    /// let encoder = layer(array![[1.0], [0.0]], array![0.0, -2.0]); // mean x, log variance -2
    /// let decoder = layer(array![[1.0]], array![0.0]);
    /// let vae = Vae::from_layers(vec![encoder], vec![decoder])?;
    /// assert_eq!(vae.posterior(&array![[3.0]])?, (array![[3.0]], array![[-2.0]]));
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Mlp::from_layers`]; [`Error::Count`] if the encoder does not have two outputs for each
    /// input of the decoder, or the decoder does not end at the width that the encoder starts from.
    pub fn from_layers(encoder: Vec<Layer>, decoder: Vec<Layer>) -> Result<Self> {
        let vae = Self {
            encoder: Mlp::from_layers(encoder)?,
            decoder: Mlp::from_layers(decoder)?,
            beta: 1.0,
        };
        vae.check()?;
        Ok(vae)
    }

    /// The network from samples (n, d) to means and log variances, side by side (n, 2 k).
    pub fn encoder(&self) -> &Mlp {
        &self.encoder
    }

    /// The network from codes (n, k) to reconstructions (n, d).
    pub fn decoder(&self) -> &Mlp {
        &self.decoder
    }

    /// The weight of the KL term.
    pub fn beta(&self) -> f32 {
        self.beta
    }

    /// Number of weights and biases.
    pub fn num_parameters(&self) -> usize {
        self.encoder.num_parameters() + self.decoder.num_parameters()
    }

    /// Mean and log variance of each sample's code, both (n, k).
    ///
    /// ```
    /// use latent::prelude::*;
    /// let vae = Vae::new(&[4, 8, 2], Activation::Tanh, 1)?;
    /// let samples = Array2::zeros((5, 4));
    /// let (mean, log_var) = vae.posterior(&samples)?;
    /// assert_eq!((mean.dim(), log_var.dim()), ((5, 2), (5, 2)));
    /// assert_eq!(mean, vae.encode(&samples)?);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Codec::encode`].
    pub fn posterior(&self, samples: &dyn Matrix) -> Result<(Array2<f32>, Array2<f32>)> {
        self.check()?;
        // A ReLU turns NaN into 0, so the result alone would not tell.
        check::finite("the samples", samples)?;
        let outputs = blocked::forward(self.encoder.layers(), samples)?;
        let outputs = check::finite_result(outputs, "the samples", samples, "the codes")?;
        let (mean, log_var) = outputs.view().split_at(Axis(1), self.latent_dim());
        Ok((mean.to_owned(), log_var.to_owned()))
    }

    /// `n` new samples (n, d): codes drawn from the prior, decoded. The same seed gives the same
    /// samples.
    ///
    /// # Errors
    /// [`Error::Setting`] if `n` is above a million; [`Error::Overflow`] if a value exceeds `f32`.
    pub fn sample(&self, n: usize, seed: u64) -> Result<Array2<f32>> {
        const MOST: usize = 1_000_000;
        if n > MOST {
            return Err(Error::Setting {
                setting: "the number of samples",
                value: n.to_string(),
                expected: "at most 1000000",
            });
        }
        let rng = &mut rng::random(seed);
        let draw = || rng::normal(rng) as f32;
        self.decode(&Array2::from_shape_simple_fn((n, self.latent_dim()), draw))
    }

    /// Trains the networks on the samples `train` (n, d); the objective on the samples
    /// `validation` (m, d), which they do not learn from, decides which epoch was best. A
    /// `code_penalty` of the settings applies to the mean m, beside the KL term; it is not
    /// multiplied by d.
    ///
    /// It starts from the present parameters with a new optimizer and epoch 0, each time it is
    /// called. To continue a training, use a [`Trainer`](training::Trainer).
    ///
    /// # Errors
    /// If the data or the settings are of no use: empty, of another width, with NaN, outside the
    /// range of the output activation; see [`TrainConfig`]. [`Error::Diverged`] if the loss is no
    /// longer a finite number: then the best parameters so far are kept.
    pub fn fit(
        &mut self,
        train: &dyn Matrix,
        validation: &dyn Matrix,
        config: &TrainConfig,
    ) -> Result<History> {
        self.fit_pairs((train, train), (validation, validation), config)
    }

    /// Trains the networks to give the targets (n, d) for the inputs (n, d), each pair in the order
    /// (inputs, targets): clean samples for noisy ones, say.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let clean = random::uniform(64, 4, 0.0, 1.0, 1)?;
    /// let noisy = &clean + &random::normal(64, 4, 0.0, 0.1, 2)?;
    /// let mut vae = Vae::new(&[4, 8, 2], Activation::Tanh, 1)?;
    /// let config = TrainConfig { epochs: 3, progress: false, ..Default::default() };
    /// let history = vae.fit_pairs((&noisy, &clean), (&noisy, &clean), &config)?;
    /// assert_eq!(history.epochs(), 3);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Vae::fit`].
    pub fn fit_pairs(
        &mut self,
        train: (&dyn Matrix, &dyn Matrix),
        validation: (&dyn Matrix, &dyn Matrix),
        config: &TrainConfig,
    ) -> Result<History> {
        training::fit(self, train, validation, config)
    }

    /// Writes all parameters and beta to a safetensors file; see [`crate::checkpoint`]. The
    /// tensors are called `encoder.0.weight`, `decoder.0.weight` and so on.
    ///
    /// ```
    /// use latent::prelude::*;
    /// # let file = std::env::temp_dir().join("latent-doc-vae-save.safetensors");
    /// let vae = Vae::new(&[4, 8, 2], Activation::Tanh, 1)?.with_beta(4.0)?;
    /// vae.save(&file)?;
    /// assert_eq!(Vae::load(&file)?, vae);
    /// # std::fs::remove_file(&file).ok();
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written, [`Error::Checkpoint`] if a parameter is NaN or
    /// infinite: then an older file is left as it is.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.write(path.as_ref())
    }

    /// Reads what [`Vae::save`] wrote.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, [`Error::Checkpoint`] if it is damaged or holds
    /// something else.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Self::read(path.as_ref())
    }

    fn write(&self, path: &Path) -> Result<()> {
        let mut tensors = Tensors::new();
        let mut metadata = self.metadata();
        for (name, network) in self.networks() {
            let prefix = format!("{name}.");
            checkpoint::add_network(&mut tensors, &prefix, network, Precision::F32);
            metadata[format!("{prefix}activations")] = json!(checkpoint::activations(network));
        }
        tensors::write(path, &tensors, &metadata)?;
        checkpoint::note(path);
        Ok(())
    }

    fn read(path: &Path) -> Result<Self> {
        let (tensors, metadata) = tensors::read(path)?;
        Self::from_tensors(tensors, &metadata).map_err(|problem| tensors::unusable(path, problem))
    }

    fn from_tensors(mut tensors: Tensors, metadata: &Value) -> Result<Self, String> {
        let beta = metadata["beta"].as_str();
        let beta = beta.ok_or("it holds a network that is not a variational autoencoder")?;
        let beta: f32 = beta
            .parse()
            .map_err(|_| format!("its beta, {beta:?}, is not a number"))?;
        tensors.retain(|name, _| !name.starts_with(TRAINER));
        let mut take = |name: &str| {
            let activations = &metadata[format!("{name}.activations")];
            checkpoint::take_network(&mut tensors, &format!("{name}."), activations)
        };
        let (encoder, decoder) = (take("encoder")?, take("decoder")?);
        if let Some(name) = tensors.keys().next() {
            return Err(format!("it holds {name}, which belongs to no layer"));
        }
        Self::from_layers(encoder.layers().to_vec(), decoder.layers().to_vec())
            .and_then(|vae| vae.with_beta(beta))
            .map_err(|error| error.to_string())
    }
}

impl Codec for Vae {
    fn input_dim(&self) -> usize {
        self.encoder.in_features()
    }

    fn latent_dim(&self) -> usize {
        self.decoder.in_features()
    }

    fn encode(&self, samples: &dyn Matrix) -> Result<Array2<f32>> {
        Ok(self.posterior(samples)?.0)
    }

    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        check::finite("the codes", codes)?;
        let decoded = blocked::forward(self.decoder.layers(), codes)?;
        check::finite_result(decoded, "the codes", codes, "the reconstructions")
    }
}

impl fmt::Display for Vae {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("encoder", self.encoder.layers()),
            ("decoder", self.decoder.layers()),
        ];
        table::write(f, parts)?;
        let k = self.latent_dim();
        write!(f, ", {k} means and {k} log variances, beta {}", self.beta)
    }
}
