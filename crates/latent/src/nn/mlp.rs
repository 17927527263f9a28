//! The multilayer perceptron: linear layers and activations in a row.
//!
//! ```text
//! forward    a_0 = x (n, in)      z_i = a_(i-1) W_i^T + b_i      a_i = f_i(z_i)
//!            prediction = a_last (n, out)
//! ```
//!
//! [`Mlp::forward`] gives the prediction alone. [`Mlp::forward_cached`] keeps all z and a, since
//! the backward pass needs them: that is the [`ForwardCache`].

use super::blocked;
use super::cache::ForwardCache;
use super::layer::{Layer, check_layers};
use super::{Activation, Init, Linear};
use crate::check;
use crate::error::{Error, Result};
use crate::interrupt;
use crate::matrix::Matrix;
use crate::rng::random;
use ndarray::{Array2, ArrayView2};

/// Layers in a row.
///
/// ```
/// use latent::nn::{Activation, Mlp};
/// use latent::ndarray::Array2;
/// // One number in, one out, five hinges in between.
/// let network = Mlp::new(&[1, 5, 1], Activation::Relu, Activation::Identity, 3)?;
/// assert_eq!(network.num_parameters(), 5 + 5 + 5 + 1);
/// assert_eq!(network.forward(&Array2::zeros((7, 1)))?.dim(), (7, 1));
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Mlp {
    layers: Vec<Layer>,
}

impl Mlp {
    /// Layers from each of `sizes` to the next, with random parameters: `hidden` after all but
    /// the last, `output` after the last.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let network = Mlp::new(&[784, 64, 10], Activation::Relu, Activation::Identity, 1)?;
    /// assert_eq!((network.in_features(), network.out_features()), (784, 10));
    /// assert_eq!(network.layers()[0].activation, Activation::Relu);
    /// assert_eq!(network.output_activation(), Activation::Identity);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::LayerSize`] if there are fewer than two sizes, or one of them is 0.
    pub fn new(sizes: &[usize], hidden: Activation, output: Activation, seed: u64) -> Result<Self> {
        if sizes.len() < 2 || sizes.contains(&0) {
            return Err(Error::LayerSize {
                sizes: sizes.to_vec(),
            });
        }
        let rng = &mut random(seed);
        let last = sizes.len() - 2;
        let layer = |(i, pair): (usize, &[usize])| {
            Ok(Layer {
                linear: Linear::from_rng(pair[0], pair[1], rng)?,
                activation: if i == last { output } else { hidden },
            })
        };
        let layers = sizes.windows(2).enumerate().map(layer);
        Ok(Self {
            layers: layers.collect::<Result<_>>()?,
        })
    }

    /// The same network with parameters drawn anew by another rule: He initialisation for ReLU,
    /// say. [`Mlp::new`] uses [`Init::Default`].
    ///
    /// ```
    /// use latent::nn::{Activation, Init, Mlp};
    /// let network = Mlp::new(&[1, 5, 1], Activation::Relu, Activation::Identity, 3)?
    ///     .with_init(Init::KaimingUniform, 3);
    /// assert_eq!(network.layers()[0].linear.bias.sum(), 0.0);
    /// # Ok::<(), latent::Error>(())
    /// ```
    #[must_use]
    pub fn with_init(mut self, init: Init, seed: u64) -> Self {
        let rng = &mut random(seed);
        for layer in &mut self.layers {
            layer.linear.initialise(init, rng);
        }
        self
    }

    /// From layers made by hand.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let layer = |weight, activation| Layer {
    ///     linear: Linear { weight, bias: array![0.0] },
    ///     activation,
    /// };
    /// let rectify = layer(array![[1.0]], Activation::Relu);
    /// let double = layer(array![[2.0]], Activation::Identity);
    /// let network = Mlp::from_layers(vec![rectify, double])?;
    /// assert_eq!(network.forward(&array![[3.0], [-3.0]])?, array![[6.0], [0.0]]);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::LayerSize`] if there is none or one has no inputs or outputs, [`Error::Width`] if
    /// the outputs of one are not the inputs of the next.
    pub fn from_layers(layers: Vec<Layer>) -> Result<Self> {
        let network = Self { layers };
        network.check()?;
        Ok(network)
    }

    /// The layers, first to last.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The layers, to change their parameters by hand.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let mut network = Mlp::new(&[2, 3, 1], Activation::Tanh, Activation::Identity, 1)?;
    /// for layer in network.layers_mut() {
    ///     layer.linear.weight.fill(0.0);
    ///     layer.linear.bias.fill(0.5);
    /// }
    /// assert_eq!(network.forward(&array![[7.0, -7.0]])?, array![[0.5]]);
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn layers_mut(&mut self) -> &mut [Layer] {
        &mut self.layers
    }

    /// Columns of the input.
    pub fn in_features(&self) -> usize {
        self.layers[0].linear.in_features()
    }

    /// Columns of the prediction.
    pub fn out_features(&self) -> usize {
        self.layers[self.layers.len() - 1].linear.out_features()
    }

    /// The activation after the last layer.
    pub fn output_activation(&self) -> Activation {
        self.layers[self.layers.len() - 1].activation
    }

    /// Number of weights and biases in all layers.
    pub fn num_parameters(&self) -> usize {
        self.layers.iter().map(|l| l.linear.num_parameters()).sum()
    }

    /// The prediction (n, out) for an input (n, in).
    ///
    /// # Errors
    /// [`Error::Width`] if `input` has another width than the first layer, [`Error::NotFinite`] if
    /// it holds NaN or infinity, [`Error::Overflow`] if the prediction exceeds `f32`.
    pub fn forward(&self, input: &dyn Matrix) -> Result<Array2<f32>> {
        // A ReLU turns NaN into 0, so the result alone would not tell.
        check::finite("the network's input", input)?;
        let prediction = blocked::forward(&self.layers, input)?;
        check::finite_result(prediction, "the network's input", input, "the predictions")
    }

    /// The forward pass with its cache: z and a of each layer, for a look inside and for
    /// [`Mlp::backward`].
    ///
    /// ```
    /// use latent::prelude::*;
    /// let network = Mlp::new(&[2, 3, 1], Activation::Tanh, Activation::Identity, 1)?;
    /// let cache = network.forward_cached(&array![[0.0, 1.0], [1.0, 0.0]])?;
    /// assert_eq!(cache.activations[0].dim(), (2, 3)); // of the hidden layer
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Mlp::forward`].
    pub fn forward_cached(&self, input: &dyn Matrix) -> Result<ForwardCache> {
        interrupt::check()?;
        let input = input.view();
        self.check()?;
        check::width("the network's input", &input, self.in_features())?;
        check::finite("the network's input", &input)?;
        let mut cache = ForwardCache::new(&self.layers, input.nrows());
        self.forward_into(input, &mut cache);
        if cache.output().iter().all(|x| x.is_finite()) {
            return Ok(cache);
        }
        Err(Error::Overflow {
            what: "the predictions",
        })
    }

    pub(crate) fn forward_into(&self, input: ArrayView2<f32>, cache: &mut ForwardCache) {
        for (i, layer) in self.layers.iter().enumerate() {
            let (before, after) = cache.activations.split_at_mut(i);
            let input = before
                .last()
                .map_or_else(|| input.reborrow(), |array| array.view());
            layer.forward_into(input, &mut cache.pre_activations[i], &mut after[0]);
        }
    }

    /// The layers' fields are public: they may have been set to what does not belong together.
    pub(crate) fn check(&self) -> Result<()> {
        check_layers(&self.layers)
    }

    /// The lengths of [`Mlp::parameters_mut`], for [`Optimizer::new`](super::Optimizer::new).
    pub fn parameter_lengths(&self) -> Vec<usize> {
        let layers = self.layers.iter();
        layers
            .flat_map(|l| [l.linear.weight.len(), l.linear.bias.len()])
            .collect()
    }

    /// Parameters as slices, weight then bias of each layer in turn, to be changed by
    /// [`Optimizer::step`](super::Optimizer::step).
    ///
    /// ```
    /// use latent::prelude::*;
    /// let mut network = Mlp::new(&[2, 3, 1], Activation::Tanh, Activation::Identity, 1)?;
    /// assert_eq!(network.parameter_lengths(), [6, 3, 3, 1]);
    /// for parameter in network.parameters_mut().into_iter().flatten() {
    ///     *parameter *= 0.5;
    /// }
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn parameters_mut(&mut self) -> Vec<&mut [f32]> {
        let layers = self.layers.iter_mut();
        layers
            .flat_map(|Layer { linear, .. }| {
                // Arrays from outside may have another layout; ours never do.
                if !linear.weight.is_standard_layout() {
                    linear.weight = linear.weight.as_standard_layout().into_owned();
                }
                if !linear.bias.is_standard_layout() {
                    linear.bias = linear.bias.as_standard_layout().into_owned();
                }
                [
                    linear.weight.as_slice_mut().expect("standard layout"),
                    linear.bias.as_slice_mut().expect("standard layout"),
                ]
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network() -> Mlp {
        Mlp::new(&[4, 3, 2], Activation::Tanh, Activation::Identity, 1).unwrap()
    }

    #[test]
    fn forward_with_and_without_a_cache_agree_across_blocks() {
        let x = crate::nn::init::uniform(2345, 4, 1.0, 1);
        let prediction = network().forward(&x).unwrap();
        assert_eq!(&prediction, network().forward_cached(&x).unwrap().output());
        let empty = network().forward(&Array2::zeros((0, 4))).unwrap();
        assert_eq!(empty.dim(), (0, 2));
    }

    #[test]
    fn parameters_can_be_drawn_by_another_rule() {
        assert_eq!(network().with_init(Init::Default, 1), network());
        let he = network().with_init(Init::KaimingUniform, 1);
        assert_eq!(he, network().with_init(Init::KaimingUniform, 1));
        assert_ne!(he, network().with_init(Init::KaimingUniform, 2));
        assert!(
            he.layers()
                .iter()
                .all(|layer| layer.linear.bias.iter().all(|&b| b == 0.0))
        );
    }

    #[test]
    fn two_linear_layers_are_one() {
        let network = Mlp::new(&[4, 3, 2], Activation::Identity, Activation::Identity, 1).unwrap();
        let [first, second] = [0, 1].map(|i| &network.layers()[i].linear);
        let one = Linear {
            weight: second.weight.dot(&first.weight),
            bias: second.weight.dot(&first.bias) + &second.bias,
        };
        let x = crate::nn::init::uniform(10, 4, 1.0, 1);
        let off = one.forward(&x).unwrap() - network.forward(&x).unwrap();
        assert!(off.iter().all(|e| e.abs() < 1e-6));
    }

    #[test]
    fn mistakes_are_named_with_their_numbers() {
        for sizes in [&[][..], &[4], &[4, 0, 2]] {
            let error = Mlp::new(sizes, Activation::Relu, Activation::Identity, 0).unwrap_err();
            assert!(error.to_string().contains(&format!("{sizes:?}")), "{error}");
        }
        assert!(network().forward(&Array2::zeros((2, 5))).is_err());
        let mut layers = network().layers().to_vec();
        layers.swap(0, 1);
        let text = Mlp::from_layers(layers).unwrap_err().to_string();
        assert!(text.contains('2') && text.contains('4'), "{text}");
        assert!(Mlp::from_layers(Vec::new()).is_err());

        let x = Array2::zeros((5, 4));
        let cache = network().forward_cached(&x).unwrap();
        assert!(
            network()
                .backward(&x, &cache, &Array2::zeros((4, 2)))
                .is_err()
        );
        assert!(
            network()
                .backward(&x, &cache, &Array2::zeros((5, 3)))
                .is_err()
        );
        let short = network().forward_cached(&Array2::zeros((4, 4))).unwrap();
        assert!(
            network()
                .backward(&x, &short, &Array2::zeros((5, 2)))
                .is_err()
        );
    }
}
