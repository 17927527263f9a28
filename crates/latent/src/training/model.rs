//! What a [`Trainer`](super::Trainer) can train.
//!
//! A model is made of one or several [`Mlp`]s and says how they are run on a mini-batch: forward,
//! loss, backward. The trainer does the rest. All three write into a [`Pass`], which is made once
//! and used in each step.

use super::{Objective, Penalty};
use crate::codec::Codec;
use crate::error::Result;
use crate::matrix::Matrix;
use crate::nn::{Activation, ForwardCache, Gradients, Mlp, blocked};
use ndarray::Array2;
use serde_json::{Value, json};

/// What a [`Trainer`](super::Trainer) can train: an [`Mlp`], an autoencoder, a variational
/// autoencoder.
///
/// For one network, `forward`, `loss` and `backward` are the three functions of the same names in
/// [`Pass`]. A model of several networks (a variational autoencoder: `encoder`, `decoder`) runs
/// each of them on the entry of `Pass::caches` and `Pass::gradients` that has its index in
/// [`Model::networks`], draws its noise from [`Batch::seed`], which differs from step to step and
/// is the same when a training is repeated or resumed, and keeps what it needs from forward to
/// backward (noise, the sampled codes) in [`Pass::arrays`], which starts empty.
///
/// ```
/// use latent::prelude::*;
/// use latent::training::{Batch, Model, Objective, Pass};
/// let mut network = Mlp::new(&[2, 3, 1], Activation::Tanh, Activation::Identity, 1)?;
/// let (inputs, targets) = (array![[0.0, 1.0], [1.0, 0.0]], array![[1.0], [0.0]]);
/// let model: &mut dyn Model = &mut network;
/// model.check()?;
/// assert_eq!((model.in_features(), model.out_features()), (2, 1));
/// assert_eq!((model.networks().len(), model.networks_mut().len()), (1, 1));
/// assert!(model.output_activation() == Activation::Identity && model.codec().is_none());
///
/// let batch = Batch { inputs: &inputs, targets: &targets, seed: 0 };
/// let objective = Objective { loss: Loss::MeanSquaredError, code_penalty: Penalty::None };
/// let mut pass = Pass::new(model, 2);
/// model.forward(&batch, &mut pass);
/// let loss = model.loss(&batch, &objective, &mut pass);
/// model.backward(&batch, &objective, &mut pass);
/// assert_eq!(pass.gradients[0].weights[0].dim(), (3, 2));
/// assert!((model.validation_loss(&inputs, &targets, &objective)? - loss).abs() < 1e-6);
/// println!("{}", model.metadata()); // for a checkpoint
/// # Ok::<(), latent::Error>(())
/// ```
pub trait Model: Send + Sync {
    /// The networks with their names in a checkpoint, "" for a single one: its tensors are
    /// `0.weight`, those of a network called "encoder" are `encoder.0.weight`.
    fn networks(&self) -> Vec<(&'static str, &Mlp)>;

    /// The same networks in the same order, to change their parameters.
    fn networks_mut(&mut self) -> Vec<&mut Mlp>;

    /// Refuses a model whose layers do not fit together: their fields are public.
    ///
    /// # Errors
    /// [`Error::Count`](crate::Error::Count) or [`Error::LayerSize`](crate::Error::LayerSize) if
    /// they do not.
    fn check(&self) -> Result<()> {
        let mut networks = self.networks().into_iter();
        networks.try_for_each(|(_, network)| network.check())
    }

    /// Number of columns of the inputs.
    fn in_features(&self) -> usize;

    /// Number of columns of the targets.
    fn out_features(&self) -> usize;

    /// The output activation, which decides what targets can be reached.
    fn output_activation(&self) -> Activation;

    /// What a checkpoint says about the model besides its tensors (a JSON object).
    fn metadata(&self) -> Value;

    /// The forward pass of a mini-batch.
    fn forward(&self, batch: &Batch, pass: &mut Pass);

    /// The mean loss of the mini-batch, penalties included; and its gradient with respect to the
    /// prediction, into `pass`.
    fn loss(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) -> f64;

    /// The gradients of all parameters, into `pass.gradients`.
    fn backward(&self, batch: &Batch, objective: &Objective, pass: &mut Pass);

    /// The objective on samples that are not learned from: the same each time for the same
    /// arrays. A model that draws random numbers takes a fixed seed here.
    ///
    /// # Errors
    /// If the arrays do not fit the model.
    fn validation_loss(
        &self,
        inputs: &dyn Matrix,
        targets: &dyn Matrix,
        objective: &Objective,
    ) -> Result<f64>;

    /// The model as encoder and decoder, if it is one: for snapshots.
    fn codec(&self) -> Option<&dyn Codec> {
        None
    }
}

/// One mini-batch.
///
/// ```
/// use latent::prelude::*;
/// use latent::training::Batch;
/// let (noisy, clean) = (array![[0.1, 0.9]], array![[0.0, 1.0]]);
/// let batch = Batch { inputs: &noisy, targets: &clean, seed: 0 };
/// assert_eq!(batch.inputs.dim(), batch.targets.dim());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The inputs (n, d), corrupted if the training has noise.
    pub inputs: &'a Array2<f32>,
    /// The targets (n, k).
    pub targets: &'a Array2<f32>,
    /// A seed for this step's random numbers.
    pub seed: u64,
}

/// Buffers for one mini-batch of a certain number of samples: the forward cache and the gradients.
///
/// ```
/// use latent::prelude::*;
/// use latent::training::Pass;
/// let network = Mlp::new(&[2, 3, 1], Activation::Tanh, Activation::Identity, 1)?;
/// let pass = Pass::new(&network, 16); // for mini-batches of 16 samples
/// assert_eq!(pass.caches[0].output().dim(), (16, 1));
/// assert!(pass.arrays.is_empty());
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pass {
    /// The forward cache of each network.
    pub caches: Vec<ForwardCache>,
    /// The gradients of each network.
    pub gradients: Vec<Gradients>,
    /// Whatever else the model keeps from forward to backward.
    pub arrays: Vec<Array2<f32>>,
}

impl Pass {
    /// Buffers for `rows` samples.
    pub fn new(model: &dyn Model, rows: usize) -> Self {
        let networks = model.networks();
        Self {
            caches: networks
                .iter()
                .map(|(_, n)| ForwardCache::new(n.layers(), rows))
                .collect(),
            gradients: networks
                .iter()
                .map(|(_, n)| Gradients::new(n.layers(), rows))
                .collect(),
            arrays: Vec::new(),
        }
    }

    /// The gradients in the order of the parameters.
    pub(crate) fn gradients(&self) -> Vec<&[f32]> {
        self.gradients.iter().flat_map(Gradients::slices).collect()
    }

    /// Forward through a model of one network.
    pub(crate) fn forward(&mut self, network: &Mlp, batch: &Batch) {
        network.forward_into(batch.inputs.view(), &mut self.caches[0]);
    }

    /// The loss of a model of one network, whose layer `code` gives the code.
    pub(crate) fn loss(
        &mut self,
        batch: &Batch,
        objective: &Objective,
        code: Option<usize>,
    ) -> f64 {
        let cache = &self.caches[0];
        let loss = objective.loss.value_and_gradient(
            cache.output().view(),
            batch.targets.view(),
            self.gradients[0].last_mut().view_mut(),
        );
        let penalty = code.map_or(0.0, |code| {
            objective.code_penalty.value(cache.activations[code].view())
        });
        loss + penalty
    }

    /// Backward through a model of one network. The penalty's gradient joins at the code.
    pub(crate) fn backward(
        &mut self,
        network: &Mlp,
        batch: &Batch,
        objective: &Objective,
        code: Option<usize>,
    ) {
        let (cache, gradients) = (&self.caches[0], &mut self.gradients[0]);
        let Some(code) = code.filter(|_| objective.code_penalty != Penalty::None) else {
            return network.backward_into(batch.inputs.view(), cache, gradients);
        };
        let (pre, codes) = (&cache.pre_activations[code], &cache.activations[code]);
        let mut of_penalty = objective.code_penalty.gradient(codes);
        network.layers()[code].backward_into(pre.view(), codes.view(), of_penalty.view_mut());
        network.backward_output(cache, gradients);
        let layers = network.layers().len();
        network.backward_layers(code + 1..layers, batch.inputs.view(), cache, gradients);
        gradients.pre_activations[code] += &of_penalty;
        network.backward_layers(0..code + 1, batch.inputs.view(), cache, gradients);
    }
}

/// The objective of a model of one network, whose layer `code` gives the code, without any noise.
/// The parameters may have diverged, which the loss shall tell.
pub(crate) fn validation_loss(
    network: &Mlp,
    code: Option<usize>,
    (inputs, targets): (&dyn Matrix, &dyn Matrix),
    objective: &Objective,
) -> Result<f64> {
    let layers = network.layers();
    let (prediction, penalty) = match code {
        None => (blocked::forward(layers, inputs)?, 0.0),
        Some(code) => {
            let codes = blocked::forward(&layers[..=code], inputs)?;
            let prediction = blocked::forward(&layers[code + 1..], &codes)?;
            (prediction, objective.code_penalty.value(codes.view()))
        }
    };
    Ok(objective.loss.value_in_training(&prediction, targets)? + penalty)
}

/// Parameters as slices, in the order of the networks.
pub(crate) fn parameters_mut(model: &mut dyn Model) -> Vec<&mut [f32]> {
    let networks = model.networks_mut().into_iter();
    networks.flat_map(Mlp::parameters_mut).collect()
}

impl Model for Mlp {
    fn networks(&self) -> Vec<(&'static str, &Mlp)> {
        vec![("", self)]
    }

    fn networks_mut(&mut self) -> Vec<&mut Mlp> {
        vec![self]
    }

    fn in_features(&self) -> usize {
        Mlp::in_features(self)
    }

    fn out_features(&self) -> usize {
        Mlp::out_features(self)
    }

    fn output_activation(&self) -> Activation {
        Mlp::output_activation(self)
    }

    fn metadata(&self) -> Value {
        json!({})
    }

    fn forward(&self, batch: &Batch, pass: &mut Pass) {
        pass.forward(self, batch);
    }

    fn loss(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) -> f64 {
        pass.loss(batch, objective, None)
    }

    fn backward(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) {
        pass.backward(self, batch, objective, None);
    }

    fn validation_loss(
        &self,
        inputs: &dyn Matrix,
        targets: &dyn Matrix,
        objective: &Objective,
    ) -> Result<f64> {
        validation_loss(self, None, (inputs, targets), objective)
    }
}
