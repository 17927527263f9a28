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
//! | [`Loss`] | distribution that the decoder gives for each feature | constant left out |
//! | --- | --- | --- |
//! | binary cross-entropy | Bernoulli with mean x' | none (for x of 0 or 1) |
//! | mean squared error | normal with mean x' and variance 1/2 | ln(pi) / 2 |
//! | Poisson | Poisson with mean x' | ln x! |
//!
//! **Scale.** [`Loss`] is a mean over the features; here it counts d times, since the ELBO sums
//! over features. That is the scale of the paper and of most programs, and the one on which
//! beta = 1 means the ELBO. Adam's steps do not depend on the scale, so its usual learning rates
//! stay. Those of plain SGD must be about d times smaller than for an
//! [`Autoencoder`](super::Autoencoder).
//!
//! **Validation.** The validation loss is the same objective, with one e for each sample from a
//! fixed seed: the same in each epoch, so that epochs can be compared. (With z = m it would leave
//! out what the variance costs.)
//!
//! D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", arXiv:1312.6114. The weight
//! beta: I. Higgins et al., "beta-VAE", ICLR 2017.

use super::table;
use crate::check;
use crate::checkpoint::{self, Precision, TRAINER, Tensors};
use crate::codec::Codec;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::nn::{Activation, Layer, Loss, Mlp, mlp};
use crate::rng;
use crate::training::{self, Batch, History, Model, Noise, Objective, Pass, TrainConfig};
use ndarray::{Array1, Array2, ArrayView2, Axis, s};
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;

/// The seed of the noise in the validation loss.
const VALIDATION_SEED: u64 = 0;

/// A log variance above this counts as an infinite loss, since its exponential soon exceeds `f32`.
const LARGEST_LOG_VARIANCE: f32 = 80.0;

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

/// The evidence lower bound of n samples with its two terms, in nats, as [`Vae::elbo`] returns it.
#[derive(Clone, Debug, PartialEq)]
pub struct Elbo {
    /// The reconstruction term of each sample (n): the loss, summed over the features.
    pub reconstruction: Array1<f64>,
    /// The Kullback-Leibler divergence of each sample's code from the prior (n).
    pub kl: Array1<f64>,
    /// The bound of each sample (n): -(reconstruction + KL). The higher, the better.
    pub elbo: Array1<f64>,
}

impl Elbo {
    /// The mean bound, in nats a sample.
    pub fn mean(&self) -> f64 {
        mean(&self.elbo)
    }
}

impl fmt::Display for Elbo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ELBO {:.3} nats a sample = -(reconstruction {:.3} + KL {:.3})",
            self.mean(),
            mean(&self.reconstruction),
            mean(&self.kl),
        )
    }
}

impl Vae {
    /// From the sizes of the encoder's layers, input first and latent dimensions last, with random
    /// parameters. `[784, 256, 2]` gives the encoder 784-256-4 (2 means, 2 log variances) and the
    /// decoder 2-256-784. The output activation is a sigmoid, beta is 1.
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
    #[must_use]
    pub fn with_output_activation(mut self, activation: Activation) -> Self {
        if let Some(last) = self.decoder.layers_mut().last_mut() {
            last.activation = activation;
        }
        self
    }

    /// The same with another weight of the KL term (default: 1).
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
    /// # Errors
    /// As [`Codec::encode`].
    pub fn posterior(&self, samples: &dyn Matrix) -> Result<(Array2<f32>, Array2<f32>)> {
        self.check()?;
        // A ReLU turns NaN into 0, so the result alone would not tell.
        check::finite("the samples", samples)?;
        let outputs = mlp::forward(self.encoder.layers(), samples)?;
        let outputs = check::finite_result(outputs, "the samples", samples, "the codes")?;
        let (mean, log_var) = outputs.view().split_at(Axis(1), self.latent_dim());
        Ok((mean.to_owned(), log_var.to_owned()))
    }

    /// The evidence lower bound of samples (n, d), for the reconstruction term of this loss. One
    /// code is drawn for each sample; `seed` decides which. Beta plays no part: it belongs to the
    /// training.
    ///
    /// # Errors
    /// If `samples` is empty, not d columns wide, or outside the range of the loss;
    /// [`Error::LossOutput`] if the output activation does not fit the loss; [`Error::Overflow`]
    /// if a term exceeds `f32`.
    pub fn elbo(&self, samples: &dyn Matrix, loss: Loss, seed: u64) -> Result<Elbo> {
        check::not_empty("the samples", samples)?;
        loss.check_output(self.decoder.output_activation())?;
        let (mean, log_var) = self.posterior(samples)?;
        loss.check_targets(samples)?;
        let kl = kl(mean.view(), log_var.view());
        let codes = codes(mean.view(), log_var.view(), &noise(mean.dim(), seed));
        let decoded = mlp::forward(self.decoder.layers(), &codes)?;
        let d = self.input_dim() as f64;
        let samples = samples.view();
        let of_row = |i| {
            let row = s![i..i + 1, ..];
            Ok(d * loss.value_in_training(&decoded.slice(row), &samples.slice(row))?)
        };
        let reconstruction: Array1<f64> =
            (0..samples.nrows()).map(of_row).collect::<Result<_>>()?;
        let elbo = -(&reconstruction + &kl);
        if elbo.iter().all(|x| x.is_finite()) {
            return Ok(Elbo {
                reconstruction,
                kl,
                elbo,
            });
        }
        Err(Error::Overflow {
            what: "the terms of the ELBO",
        })
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
    /// `code_penalty` of the settings applies to the mean.
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
    /// # Errors
    /// [`Error::Io`] if the file cannot be written, [`Error::Checkpoint`] if a parameter is NaN or
    /// infinite: then an older file is left as it is.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut tensors = Tensors::new();
        let mut metadata = self.metadata();
        for (name, network) in self.networks() {
            let prefix = format!("{name}.");
            checkpoint::add_network(&mut tensors, &prefix, network, Precision::F32);
            metadata[format!("{prefix}activations")] = json!(checkpoint::activations(network));
        }
        checkpoint::write(path.as_ref(), &tensors, &metadata)
    }

    /// Reads what [`Vae::save`] wrote.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, [`Error::Checkpoint`] if it is damaged or holds
    /// something else.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let (tensors, metadata) = checkpoint::read(path)?;
        Self::from_tensors(tensors, &metadata)
            .map_err(|problem| checkpoint::checkpoint_error(path, problem))
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

    /// reconstruction + beta KL, for a loss that is a mean over d features.
    fn objective(&self, loss: f64, mean: ArrayView2<f32>, log_var: ArrayView2<f32>) -> f64 {
        let d = self.decoder.out_features() as f64;
        d * loss + f64::from(self.beta) * self::mean(&kl(mean, log_var))
    }
}

impl Model for Vae {
    fn networks(&self) -> Vec<(&'static str, &Mlp)> {
        vec![("encoder", &self.encoder), ("decoder", &self.decoder)]
    }

    fn networks_mut(&mut self) -> Vec<&mut Mlp> {
        vec![&mut self.encoder, &mut self.decoder]
    }

    fn check(&self) -> Result<()> {
        let (encoder, decoder) = (&self.encoder, &self.decoder);
        encoder.check()?;
        decoder.check()?;
        check::count(
            "output features of the encoder (a mean and a log variance for each input of the decoder)",
            2 * decoder.in_features(),
            encoder.out_features(),
        )?;
        check::count(
            "output features of the decoder (the input features of the encoder)",
            encoder.in_features(),
            decoder.out_features(),
        )
    }

    fn in_features(&self) -> usize {
        self.encoder.in_features()
    }

    fn out_features(&self) -> usize {
        self.decoder.out_features()
    }

    fn output_activation(&self) -> Activation {
        self.decoder.output_activation()
    }

    fn metadata(&self) -> Value {
        // As text, which gives back the same bits.
        json!({ "beta": self.beta.to_string() })
    }

    /// Keeps the noise e and the codes z in `pass.arrays`.
    fn forward(&self, batch: &Batch, pass: &mut Pass) {
        self.encoder
            .trace_into(batch.inputs.view(), &mut pass.traces[0]);
        let k = self.decoder.in_features();
        let (mean, log_var) = pass.traces[0].output().view().split_at(Axis(1), k);
        let noise = noise(mean.dim(), batch.seed);
        let codes = codes(mean, log_var, &noise);
        self.decoder.trace_into(codes.view(), &mut pass.traces[1]);
        pass.arrays = vec![noise, codes];
    }

    fn loss(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) -> f64 {
        let k = self.decoder.in_features();
        let (mean, log_var) = pass.traces[0].output().view().split_at(Axis(1), k);
        let gradient = pass.gradients[1].last_mut();
        let loss = objective.loss.value_and_gradient(
            pass.traces[1].output().view(),
            batch.targets.view(),
            gradient.view_mut(),
        );
        *gradient *= self.decoder.out_features() as f32;
        self.objective(loss, mean, log_var) + objective.code_penalty.value(mean)
    }

    /// The chain rule through z = m + exp(v / 2) * e: dz/dm = 1, dz/dv = e exp(v / 2) / 2.
    fn backward(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) {
        let [noise, codes] = &pass.arrays[..] else {
            unreachable!("forward keeps two arrays");
        };
        self.decoder
            .backward_into(codes.view(), &pass.traces[1], &mut pass.gradients[1]);
        let of_codes = self.decoder.input_gradient(&pass.gradients[1]);

        let (n, k) = codes.dim();
        let outputs = pass.traces[0].output();
        let of_penalty = (objective.code_penalty).gradient(&outputs.slice(s![.., ..k]).to_owned());
        let weight = self.beta / n as f32;
        let gradient = pass.gradients[0].last_mut();
        for ((i, j), &dz) in of_codes.indexed_iter() {
            let (mean, log_var) = (outputs[[i, j]], outputs[[i, k + j]]);
            let sd = (0.5 * log_var).exp();
            gradient[[i, j]] = dz + weight * mean + of_penalty[[i, j]];
            gradient[[i, k + j]] = 0.5 * (dz * noise[[i, j]] * sd + weight * log_var.exp_m1());
        }
        self.encoder
            .backward_into(batch.inputs.view(), &pass.traces[0], &mut pass.gradients[0]);
    }

    fn validation_loss(
        &self,
        inputs: &dyn Matrix,
        targets: &dyn Matrix,
        objective: &Objective,
    ) -> Result<f64> {
        // The parameters may have diverged, which the loss shall tell.
        let outputs = mlp::forward(self.encoder.layers(), inputs)?;
        let (mean, log_var) = outputs.view().split_at(Axis(1), self.latent_dim());
        let codes = codes(mean, log_var, &noise(mean.dim(), VALIDATION_SEED));
        let decoded = mlp::forward(self.decoder.layers(), &codes)?;
        let loss = objective.loss.value_in_training(&decoded, targets)?;
        Ok(self.objective(loss, mean, log_var) + objective.code_penalty.value(mean))
    }

    fn codec(&self) -> Option<&dyn Codec> {
        Some(self)
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
        let decoded = mlp::forward(self.decoder.layers(), codes)?;
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

/// e: numbers from the standard normal distribution, the same for a seed on any number of threads.
fn noise(shape: (usize, usize), seed: u64) -> Array2<f32> {
    let mut noise = Array2::zeros(shape);
    Noise::Gaussian(1.0).corrupt(&mut noise, seed);
    noise
}

/// z = m + exp(v / 2) * e, all (n, k).
fn codes(mean: ArrayView2<f32>, log_var: ArrayView2<f32>, noise: &Array2<f32>) -> Array2<f32> {
    let sd = log_var.mapv(|v| (0.5 * v).exp());
    &mean + &(sd * noise)
}

/// The Kullback-Leibler divergence of each sample's code from the prior (n).
fn kl(mean: ArrayView2<f32>, log_var: ArrayView2<f32>) -> Array1<f64> {
    let term = |(&m, &v): (&f32, &f32)| {
        let (m, large) = (f64::from(m), v > LARGEST_LOG_VARIANCE);
        let v = f64::from(v);
        let kl = 0.5 * (m * m + v.exp_m1() - v);
        if large { f64::INFINITY } else { kl }
    };
    let rows = mean.rows().into_iter().zip(log_var.rows());
    rows.map(|(m, v)| m.iter().zip(v).map(term).sum()).collect()
}

fn mean(values: &Array1<f64>) -> f64 {
    values.sum() / values.len() as f64
}
