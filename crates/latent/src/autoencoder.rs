//! The autoencoder: a network that must say its input again, through a narrow middle.
//!
//! ```text
//! x (n, d) -> [encoder] -> z (n, k) -> [decoder] -> x' (n, d)        loss(x', x) made small
//! ```
//!
//! With the sizes `[784, 512, 256, 2]` the encoder is 784-512-256-2 and the decoder mirrors it,
//! 2-256-512-784. The hidden activation stands behind each linear layer, except for the last of
//! the encoder, so that codes may lie anywhere, and the last of the decoder, where a sigmoid
//! keeps the pixels within 0..1.
//!
//! Hinton & Salakhutdinov, "Reducing the dimensionality of data with neural networks",
//! Science 313, 2006.

use crate::checkpoint::{self, Precision};
use crate::codec::Codec;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::nn::{Activation, Layer, Mlp, mlp};
use crate::training::{self, History, Resume, Task, TrainConfig};
use ndarray::Array2;
use std::fmt;
use std::path::Path;

/// An encoder and a decoder, trained together.
///
/// ```
/// use latent::prelude::*;
/// // Four numbers through a middle of one.
/// let data = Array2::from_shape_fn((64, 4), |(i, j)| ((i * (j + 1)) % 10) as f32 / 10.0);
/// let mut autoencoder = Autoencoder::new(&[4, 8, 1], Activation::Tanh, 1)?;
/// let before = autoencoder.reconstruction_error(&data)?;
/// let config = TrainConfig { epochs: 50, batch_size: 16, progress: false, ..Default::default() };
/// autoencoder.fit(&data, &data, &config)?;
/// assert!(autoencoder.reconstruction_error(&data)? < before);
/// assert_eq!(autoencoder.encode(&data)?.dim(), (64, 1));
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Autoencoder {
    network: Mlp,
    encoder_layers: usize,
    resume: Option<Resume>,
}

impl Autoencoder {
    /// From the sizes of the encoder's layers, input first and code last, with random parameters.
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
            resume: None,
        })
    }

    /// The same with another activation behind the last layer: the identity for data that is not
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

    /// From layers made by hand.
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
            resume: None,
        })
    }

    pub(crate) fn from_network(network: Mlp, encoder_layers: usize) -> Result<Self> {
        let (encoder, decoder) = network.layers().split_at(encoder_layers);
        Self::from_layers(encoder.to_vec(), decoder.to_vec())
    }

    /// The 2-D autoencoder of the course, 784-512-256-2, trained on the digits of MNIST.
    ///
    /// `cargo xtask train` makes the file anew. Its weights are stored as bfloat16 (8
    /// significant bits), which raises the error of the test digits from 0.034668 to 0.034672.
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

    /// Trains on samples (n, d), watching the loss on others (m, d) that it does not learn from.
    ///
    /// Called again, it goes on where it stopped: from the weights and the optimizer's memory of
    /// the best epoch, with the next epoch's order of samples. It ends with the best weights.
    ///
    /// # Errors
    /// If the data or the settings are of no use: empty, of another width, with NaN; see
    /// [`TrainConfig`]. [`Error::Diverged`] if the loss is no longer a finite number: then the
    /// best weights so far are kept, and the error carries the history.
    pub fn fit(
        &mut self,
        train: &Array2<f32>,
        validation: &Array2<f32>,
        config: &TrainConfig,
    ) -> Result<History> {
        let task = |inputs| Task {
            inputs,
            targets: None,
        };
        training::fit(
            &mut self.network,
            Some(self.encoder_layers),
            &mut self.resume,
            task(train),
            task(validation),
            config,
        )
    }

    /// Writes all parameters to a safetensors file; see [`crate::checkpoint`].
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let encoder = Some(self.encoder_layers);
        checkpoint::write(path.as_ref(), &self.network, encoder, Precision::F32)
    }

    /// The same in half the space, rounded to bfloat16 (8 significant bits).
    ///
    /// # Errors
    /// As [`Autoencoder::save`].
    pub fn save_bf16(&self, path: impl AsRef<Path>) -> Result<()> {
        let encoder = Some(self.encoder_layers);
        checkpoint::write(path.as_ref(), &self.network, encoder, Precision::Bf16)
    }

    /// Reads what [`Autoencoder::save`] wrote.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, [`Error::Checkpoint`] if it is damaged or holds
    /// something else.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        checkpoint::read_autoencoder(path.as_ref())
    }
}

impl Mlp {
    /// Trains the network to predict targets (n, out) from inputs (n, in); validation likewise.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let x = Array2::from_shape_fn((200, 1), |(i, _)| i as f32 / 100.0 - 1.0);
    /// let y = x.mapv(|x| x * x);
    /// let mut network = Mlp::new(&[1, 20, 1], Activation::Tanh, Activation::Identity, 1)?;
    /// let config = TrainConfig {
    ///     epochs: 200, batch_size: 20, learning_rate: 0.01, progress: false, ..Default::default()
    /// };
    /// let history = network.fit((&x, &y), (&x, &y), &config)?;
    /// assert!(history.best_validation_loss() < 1e-3);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Autoencoder::fit`].
    pub fn fit(
        &mut self,
        (inputs, targets): (&Array2<f32>, &Array2<f32>),
        (validation_inputs, validation_targets): (&Array2<f32>, &Array2<f32>),
        config: &TrainConfig,
    ) -> Result<History> {
        let task = |inputs, targets| Task {
            inputs,
            targets: Some(targets),
        };
        training::fit(
            self,
            None,
            &mut None,
            task(inputs, targets),
            task(validation_inputs, validation_targets),
            config,
        )
    }
}

/// Two autoencoders are equal if their layers are: what they remember of a training does not
/// count.
impl PartialEq for Autoencoder {
    fn eq(&self, other: &Self) -> bool {
        self.encoder_layers == other.encoder_layers && self.network == other.network
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
        mlp::forward(self.encoder(), samples)
    }

    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        mlp::forward(self.decoder(), codes)
    }
}

impl fmt::Display for Autoencoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "part     layer         weight      activation    parameters"
        )?;
        for (i, Layer { linear, activation }) in self.network.layers().iter().enumerate() {
            let part = match i {
                0 => "encoder",
                i if i == self.encoder_layers => "decoder",
                _ => "",
            };
            writeln!(
                f,
                "{part:<7}  {:>5} -> {:<5}{:>5} x {:<5}  {:<12}{:>12}",
                linear.in_features(),
                linear.out_features(),
                linear.out_features(),
                linear.in_features(),
                activation.name(),
                linear.num_parameters(),
            )?;
        }
        write!(f, "{} parameters", self.num_parameters())
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
