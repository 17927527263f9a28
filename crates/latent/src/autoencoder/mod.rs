//! The autoencoder: a network that reproduces its input through a bottleneck.
//!
//! ```text
//! x (n, d) -> [encoder] -> z (n, k) -> [decoder] -> x' (n, d)        loss(x', x) is minimised
//! ```
//!
//! With the sizes `[784, 512, 256, 2]` the encoder is 784-512-256-2 and the decoder mirrors it,
//! 2-256-512-784. The hidden activation stands after each linear layer, except for the last of
//! the encoder, so that codes may lie anywhere, and the last of the decoder, where a sigmoid
//! keeps the pixels within 0..1.
//!
//! Hinton & Salakhutdinov, "Reducing the dimensionality of data with neural networks",
//! Science 313, 2006.
//!
//! The variational autoencoder, whose codes are distributions, is in [`vae`].

mod table;
pub mod vae;

pub use vae::{Elbo, Vae};

use crate::check;
use crate::checkpoint::{self, Precision};
use crate::codec::Codec;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::nn::{Activation, Init, Layer, Mlp, blocked};
use crate::tensors;
use crate::training::{self, Batch, History, Model, Objective, Pass, TrainConfig};
use ndarray::Array2;
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;

/// An encoder and a decoder, trained together.
///
/// ```
/// use latent::prelude::*;
/// // Four features through a bottleneck of one dimension.
/// let data = Array2::from_shape_fn((64, 4), |(i, j)| ((i * (j + 1)) % 10) as f32 / 10.0);
/// let mut autoencoder = Autoencoder::new(&[4, 8, 1], Activation::Tanh, 1)?;
/// let before = autoencoder.reconstruction_error(&data)?;
/// let config = TrainConfig { epochs: 50, batch_size: 16, progress: false, ..Default::default() };
/// autoencoder.fit(&data, &data, &config)?;
/// assert!(autoencoder.reconstruction_error(&data)? < before);
/// assert_eq!(autoencoder.encode(&data)?.dim(), (64, 1));
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Autoencoder {
    network: Mlp,
    encoder_layers: usize,
}

impl Autoencoder {
    /// From the sizes of the encoder's layers, input first and code last, with random parameters.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let autoencoder = Autoencoder::new(&[784, 64, 2], Activation::Relu, 1)?;
    /// assert_eq!((autoencoder.input_dim(), autoencoder.latent_dim()), (784, 2));
    /// assert_eq!((autoencoder.encoder().len(), autoencoder.decoder().len()), (2, 2)); // layers
    /// assert_eq!(autoencoder.num_parameters(), autoencoder.network().num_parameters());
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::LayerSize`] if there are fewer than two sizes, or one of them is 0.
    pub fn new(sizes: &[usize], hidden: Activation, seed: u64) -> Result<Self> {
        if sizes.len() < 2 {
            return Err(Error::LayerSize {
                sizes: sizes.to_vec(),
            });
        }
        let mirrored = sizes.iter().rev().skip(1);
        let all: Vec<usize> = sizes.iter().chain(mirrored).copied().collect();
        let mut network = Mlp::new(&all, hidden, Activation::Sigmoid, seed)?;
        let encoder_layers = sizes.len() - 1;
        network.layers_mut()[encoder_layers - 1].activation = Activation::Identity;
        Ok(Self {
            network,
            encoder_layers,
        })
    }

    /// The same with another output activation: the identity for data that is not
    /// within 0..1, or for an autoencoder that is linear throughout.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let linear = Autoencoder::new(&[784, 2], Activation::Identity, 1)?
    ///     .with_output_activation(Activation::Identity);
    /// # Ok::<(), latent::Error>(())
    /// ```
    #[must_use]
    pub fn with_output_activation(mut self, activation: Activation) -> Self {
        if let Some(last) = self.network.layers_mut().last_mut() {
            last.activation = activation;
        }
        self
    }

    /// The same with parameters drawn anew by another rule: He initialisation for ReLU, say. See
    /// [`Mlp::with_init`].
    ///
    /// ```
    /// use latent::prelude::*;
    /// let autoencoder = Autoencoder::new(&[784, 64, 2], Activation::Relu, 1)?
    ///     .with_init(Init::KaimingUniform, 1);
    /// # Ok::<(), latent::Error>(())
    /// ```
    #[must_use]
    pub fn with_init(mut self, init: Init, seed: u64) -> Self {
        self.network = self.network.with_init(init, seed);
        self
    }

    /// From layers made by hand.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let layer = |weight, bias| Layer {
    ///     linear: Linear { weight, bias },
    ///     activation: Activation::Identity,
    /// };
    /// let mean_of_two = layer(array![[0.5, 0.5]], array![0.0]);
    /// let copy_twice = layer(array![[1.0], [1.0]], array![0.0, 0.0]);
    /// let autoencoder = Autoencoder::from_layers(vec![mean_of_two], vec![copy_twice])?;
    /// assert_eq!(autoencoder.reconstruct(&array![[1.0, 3.0]])?, array![[2.0, 2.0]]);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Mlp::from_layers`]; [`Error::Width`] if the decoder does not end at the width that
    /// the encoder starts from.
    pub fn from_layers(encoder: Vec<Layer>, decoder: Vec<Layer>) -> Result<Self> {
        let encoder_layers = encoder.len();
        if encoder.is_empty() || decoder.is_empty() {
            return Err(Error::LayerSize { sizes: Vec::new() });
        }
        let network = Mlp::from_layers(encoder.into_iter().chain(decoder).collect())?;
        if network.out_features() != network.in_features() {
            return Err(Error::Count {
                what: "output features of the decoder (the input features of the encoder)",
                expected: network.in_features(),
                found: network.out_features(),
            });
        }
        Ok(Self {
            network,
            encoder_layers,
        })
    }

    pub(crate) fn from_network(network: Mlp, encoder_layers: usize) -> Result<Self> {
        let layers = network.layers().len();
        if encoder_layers == 0 || encoder_layers >= layers {
            return Err(Error::Setting {
                setting: "encoder_layers",
                value: format!("{encoder_layers} of {layers} layers"),
                expected: "at least one layer in the encoder and one in the decoder",
            });
        }
        let (encoder, decoder) = network.layers().split_at(encoder_layers);
        Self::from_layers(encoder.to_vec(), decoder.to_vec())
    }

    /// The 2-D autoencoder of the course, 784-512-256-2, trained on the digits of MNIST.
    ///
    /// `cargo xtask train` makes the file anew. A penalty of 0.0001 on the mean squared latent
    /// variable keeps the codes near the origin, so that the map shows a region for each digit:
    /// 15 nearest neighbours in the plane, of 5,000 training digits, are right for 81.7 % of the
    /// test digits. The weights are stored as bfloat16 (8 significant bits), which raises the
    /// error of the test digits from 0.034548 to 0.034550.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let autoencoder = Autoencoder::pretrained()?;
    /// let image = autoencoder.decode(&array![[0.5, -1.0]])?; // of a code that belongs to no digit
    /// assert_eq!(image.dim(), (1, 784));
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the file is missing or damaged.
    pub fn pretrained() -> Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self::load(folder.join("data/checkpoints/mnist-2d.safetensors"))
    }

    /// All layers, encoder then decoder.
    pub fn network(&self) -> &Mlp {
        &self.network
    }

    /// All layers, to change their parameters by hand.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let mut autoencoder = Autoencoder::new(&[4, 2], Activation::Identity, 1)?;
    /// let transposed = autoencoder.encoder()[0].linear.weight.t().to_owned();
    /// let decoder = &mut autoencoder.network_mut().layers_mut()[1];
    /// decoder.linear.weight = transposed.clone(); // tied weights
    /// assert_eq!(autoencoder.decoder()[0].linear.weight, transposed);
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn network_mut(&mut self) -> &mut Mlp {
        &mut self.network
    }

    /// The layers that encode.
    pub fn encoder(&self) -> &[Layer] {
        &self.network.layers()[..self.encoder_layers]
    }

    /// The layers that decode.
    pub fn decoder(&self) -> &[Layer] {
        &self.network.layers()[self.encoder_layers..]
    }

    /// Number of weights and biases.
    pub fn num_parameters(&self) -> usize {
        self.network.num_parameters()
    }

    /// Trains the network to reproduce the samples `train` (n, d); the loss on the samples
    /// `validation` (m, d), which it does not learn from, decides which epoch was best.
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

    /// Trains the network to give the targets (n, d) for the inputs (n, d), each pair in the order
    /// (inputs, targets): clean samples for noisy ones, say. (For noise that is drawn afresh in
    /// each epoch, see [`TrainConfig::noise`].)
    ///
    /// ```
    /// use latent::prelude::*;
    /// let clean = random::uniform(64, 4, 0.0, 1.0, 1)?;
    /// let noisy = &clean + &random::normal(64, 4, 0.0, 0.1, 2)?;
    /// let mut autoencoder = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
    /// let config = TrainConfig { epochs: 3, progress: false, ..Default::default() };
    /// let history = autoencoder.fit_pairs((&noisy, &clean), (&noisy, &clean), &config)?;
    /// assert_eq!(history.epochs(), 3);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Autoencoder::fit`].
    pub fn fit_pairs(
        &mut self,
        train: (&dyn Matrix, &dyn Matrix),
        validation: (&dyn Matrix, &dyn Matrix),
        config: &TrainConfig,
    ) -> Result<History> {
        training::fit(self, train, validation, config)
    }

    /// Writes all parameters to a safetensors file; see [`crate::checkpoint`].
    ///
    /// ```
    /// use latent::prelude::*;
    /// # let file = std::env::temp_dir().join("latent-doc-autoencoder-save.safetensors");
    /// let autoencoder = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
    /// autoencoder.save(&file)?;
    /// assert_eq!(Autoencoder::load(&file)?, autoencoder);
    /// # std::fs::remove_file(&file).ok();
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written, [`Error::Checkpoint`] if a parameter is NaN or
    /// infinite: then an older file is left as it is.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let encoder = Some(self.encoder_layers);
        checkpoint::write_network(path.as_ref(), &self.network, encoder, Precision::F32)
    }

    /// The same in half the space, rounded to bfloat16 (8 significant bits).
    ///
    /// ```
    /// use latent::prelude::*;
    /// # let file = std::env::temp_dir().join("latent-doc-autoencoder-bf16.safetensors");
    /// let autoencoder = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
    /// autoencoder.save_bf16(&file)?;
    /// let rounded = Autoencoder::load(&file)?;
    /// let weight = |a: &Autoencoder| a.encoder()[0].linear.weight[[0, 0]];
    /// let off = (weight(&rounded) / weight(&autoencoder) - 1.0).abs();
    /// assert!(off <= 1.0 / 256.0);
    /// # std::fs::remove_file(&file).ok();
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Autoencoder::save`]; [`Error::Checkpoint`] also if a parameter is so large that it
    /// would round to infinity.
    pub fn save_bf16(&self, path: impl AsRef<Path>) -> Result<()> {
        let encoder = Some(self.encoder_layers);
        checkpoint::write_network(path.as_ref(), &self.network, encoder, Precision::Bf16)
    }

    /// Reads what [`Autoencoder::save`] wrote.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, [`Error::Checkpoint`] if it is damaged or holds
    /// something else.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Self::read(path.as_ref())
    }

    fn read(path: &Path) -> Result<Self> {
        let (network, encoder_layers) = checkpoint::read_network(path)?;
        let problem = |problem| tensors::unusable(path, problem);
        let encoder_layers = encoder_layers
            .ok_or_else(|| problem("it holds a network that is not an autoencoder".to_string()))?;
        Self::from_network(network, encoder_layers).map_err(|error| problem(error.to_string()))
    }
}

impl Model for Autoencoder {
    fn networks(&self) -> Vec<(&'static str, &Mlp)> {
        vec![("", &self.network)]
    }

    fn networks_mut(&mut self) -> Vec<&mut Mlp> {
        vec![&mut self.network]
    }

    fn in_features(&self) -> usize {
        self.network.in_features()
    }

    fn out_features(&self) -> usize {
        self.network.out_features()
    }

    fn output_activation(&self) -> Activation {
        self.network.output_activation()
    }

    fn metadata(&self) -> Value {
        json!({ "encoder_layers": self.encoder_layers })
    }

    fn forward(&self, batch: &Batch, pass: &mut Pass) {
        pass.forward(&self.network, batch);
    }

    fn loss(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) -> f64 {
        pass.loss(batch, objective, Some(self.encoder_layers - 1))
    }

    fn backward(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) {
        pass.backward(
            &self.network,
            batch,
            objective,
            Some(self.encoder_layers - 1),
        );
    }

    fn validation_loss(
        &self,
        inputs: &dyn Matrix,
        targets: &dyn Matrix,
        objective: &Objective,
    ) -> Result<f64> {
        let code = Some(self.encoder_layers - 1);
        training::validation_loss(&self.network, code, (inputs, targets), objective)
    }

    fn codec(&self) -> Option<&dyn Codec> {
        Some(self)
    }
}

impl Codec for Autoencoder {
    fn input_dim(&self) -> usize {
        self.network.in_features()
    }

    fn latent_dim(&self) -> usize {
        self.encoder()[self.encoder_layers - 1]
            .linear
            .out_features()
    }

    fn encode(&self, samples: &dyn Matrix) -> Result<Array2<f32>> {
        // A ReLU turns NaN into 0, so the result alone would not tell.
        check::finite("the samples", samples)?;
        let codes = blocked::forward(self.encoder(), samples)?;
        check::finite_result(codes, "the samples", samples, "the codes")
    }

    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        check::finite("the codes", codes)?;
        let decoded = blocked::forward(self.decoder(), codes)?;
        check::finite_result(decoded, "the codes", codes, "the reconstructions")
    }
}

impl fmt::Display for Autoencoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table::write(
            f,
            [("encoder", self.encoder()), ("decoder", self.decoder())],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decoder_mirrors_the_encoder() {
        let autoencoder = Autoencoder::new(&[6, 4, 2], Activation::Relu, 1).unwrap();
        let activations: Vec<_> = autoencoder
            .network
            .layers()
            .iter()
            .map(|l| l.activation)
            .collect();
        use Activation::{Identity, Relu, Sigmoid};
        assert_eq!(activations, [Relu, Identity, Relu, Sigmoid]);
        assert_eq!((autoencoder.input_dim(), autoencoder.latent_dim()), (6, 2));
        assert_eq!(
            autoencoder.to_string(),
            "part     layer         weight      activation    parameters\n\
             encoder      6 -> 4        4 x 6      ReLU                  28\n\
             \u{20}            4 -> 2        2 x 4      identity              10\n\
             decoder      2 -> 4        4 x 2      ReLU                  12\n\
             \u{20}            4 -> 6        6 x 4      sigmoid               30\n\
             80 parameters"
        );
    }

    #[test]
    fn what_makes_no_autoencoder_is_refused() {
        for sizes in [&[][..], &[784], &[784, 0]] {
            assert!(Autoencoder::new(sizes, Activation::Relu, 0).is_err());
        }
        let part = |sizes: &[usize]| {
            Mlp::new(sizes, Activation::Relu, Activation::Identity, 0)
                .unwrap()
                .layers()
                .to_vec()
        };
        assert!(Autoencoder::from_layers(part(&[4, 2]), part(&[2, 4])).is_ok());
        assert!(Autoencoder::from_layers(part(&[4, 2]), part(&[3, 4])).is_err());
        assert!(Autoencoder::from_layers(part(&[4, 2]), part(&[2, 5])).is_err());
        assert!(Autoencoder::from_layers(Vec::new(), part(&[2, 5])).is_err());
    }
}
