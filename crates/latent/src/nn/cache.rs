//! What a network computes on its way forward and backward: the forward cache and the gradients.
//!
//! ```text
//! forward cache   z_i, a_i (n, out_i) of each layer
//! gradients       dL/dW_i (out_i, in_i)   dL/db_i (out_i)   dL/dz_i (n, out_i)   dL/dx (n, in)
//! ```
//!
//! A training makes both once and writes into them in each step.

use super::layer::Layer;
use ndarray::{Array1, Array2};

/// The forward cache: what the backward pass needs of the forward pass, one entry a layer. From
/// [`Mlp::forward_cached`](super::Mlp::forward_cached).
///
/// ```
/// use latent::prelude::*;
/// let network = Mlp::new(&[2, 3, 1], Activation::Relu, Activation::Identity, 1)?;
/// let input = array![[0.0, 1.0], [1.0, 0.0]];
/// let cache = network.forward_cached(&input)?;
/// assert_eq!(cache.output(), &network.forward(&input)?);
/// let (z, a) = (&cache.pre_activations[0], &cache.activations[0]); // of the hidden layer
/// assert_eq!(a, &z.mapv(|z| z.max(0.0)));
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ForwardCache {
    /// z of each layer (n, out).
    pub pre_activations: Vec<Array2<f32>>,
    /// a of each layer (n, out); the last one is the prediction.
    pub activations: Vec<Array2<f32>>,
}

/// The gradients of the loss, as [`Mlp::backward`](super::Mlp::backward) returns them.
///
/// ```
/// use latent::prelude::*;
/// let mut network = Mlp::new(&[2, 3, 1], Activation::Tanh, Activation::Identity, 1)?;
/// let input = array![[0.0, 1.0], [1.0, 0.0]];
/// let cache = network.forward_cached(&input)?;
/// let gradients = network.backward(&input, &cache, &array![[1.0], [1.0]])?;
/// assert_eq!(gradients.biases[1], array![2.0]); // of the output: 1 for each sample
/// let lengths: Vec<usize> = gradients.slices().iter().map(|slice| slice.len()).collect();
/// assert_eq!(lengths, network.parameter_lengths());
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// dL/dW of each layer (out, in).
    pub weights: Vec<Array2<f32>>,
    /// dL/db of each layer (out).
    pub biases: Vec<Array1<f32>>,
    /// dL/dz of each layer (n, out): the G of the formulas.
    pub pre_activations: Vec<Array2<f32>>,
    /// dL/dx (n, in): the gradient with respect to the network's input.
    pub input: Array2<f32>,
}

impl ForwardCache {
    /// Room for the cache of `rows` samples.
    pub(crate) fn new(layers: &[Layer], rows: usize) -> Self {
        let room = || {
            let layers = layers.iter();
            layers
                .map(|l| Array2::zeros((rows, l.linear.out_features())))
                .collect()
        };
        Self {
            pre_activations: room(),
            activations: room(),
        }
    }

    /// The prediction (n, out).
    pub fn output(&self) -> &Array2<f32> {
        &self.activations[self.activations.len() - 1]
    }
}

impl Gradients {
    /// Room for the gradients of `rows` samples.
    pub(crate) fn new(layers: &[Layer], rows: usize) -> Self {
        let linear = || layers.iter().map(|l| &l.linear);
        Self {
            weights: linear().map(|l| Array2::zeros(l.weight.dim())).collect(),
            biases: linear().map(|l| Array1::zeros(l.out_features())).collect(),
            pre_activations: linear()
                .map(|l| Array2::zeros((rows, l.out_features())))
                .collect(),
            // Training has no use for it: only `Mlp::backward` makes it.
            input: Array2::zeros((0, layers[0].linear.in_features())),
        }
    }

    pub(crate) fn last_mut(&mut self) -> &mut Array2<f32> {
        let last = self.pre_activations.len() - 1;
        &mut self.pre_activations[last]
    }

    /// The gradients of the parameters as slices, in the order of
    /// [`Mlp::parameters_mut`](super::Mlp::parameters_mut), for
    /// [`Optimizer::step`](super::Optimizer::step).
    pub fn slices(&self) -> Vec<&[f32]> {
        let pairs = self.weights.iter().zip(&self.biases);
        pairs
            .flat_map(|(w, b)| [w.as_slice(), b.as_slice()])
            .map(|s| s.expect("standard layout"))
            .collect()
    }
}
