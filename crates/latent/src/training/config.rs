//! All that can be set about a training.

use super::{Noise, Objective, Penalty, SnapshotPlan};
use crate::error::{Error, Result};
use crate::nn::{Loss, OptimizerConfig};
use crate::threads;
use std::path::PathBuf;

/// How to train. All fields are public; those not named keep their defaults:
///
/// ```
/// use latent::prelude::*;
/// let config = TrainConfig { epochs: 5, learning_rate: 3e-3, ..TrainConfig::default() };
/// assert_eq!(config.batch_size, 128);
/// ```
///
/// All fields, with their defaults:
///
/// ```
/// # use latent::prelude::*;
/// # use latent::training::{Noise, Penalty};
/// let config = TrainConfig {
///     epochs: 20,
///     batch_size: 128,
///     learning_rate: 1e-3,
///     loss: Loss::MeanSquaredError,
///     optimizer: OptimizerConfig::adam(),
///     weight_decay: 0.0,
///     noise: Noise::None,
///     code_penalty: Penalty::None,
///     patience: None,
///     restore_best_weights: true,
///     seed: 0,
///     threads: None,
///     progress: true,
///     snapshots: None,
///     checkpoint: None,
/// };
/// assert_eq!(config, TrainConfig::default());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TrainConfig {
    /// Passes over the training set (default: 20).
    pub epochs: usize,
    /// Samples in a mini-batch (default: 128). If there are fewer training samples, all of them.
    pub batch_size: usize,
    /// Learning rate, the step size (default: 0.001).
    pub learning_rate: f32,
    /// The loss to minimise (default: the mean squared error).
    pub loss: Loss,
    /// The optimizer's settings (default: Adam with PyTorch's defaults).
    pub optimizer: OptimizerConfig,
    /// Weight decay, decoupled as in PyTorch's `AdamW`: before each step, every parameter is
    /// multiplied by 1 - `learning_rate` * `weight_decay` (default: 0).
    pub weight_decay: f32,
    /// Corruption of the training inputs, afresh for each mini-batch; the targets and the
    /// validation samples stay as they are (default: none).
    pub noise: Noise,
    /// A penalty on an autoencoder's code, part of the training and the validation loss
    /// (default: none).
    pub code_penalty: Penalty,
    /// Early stopping: stop after this many epochs without a lower validation loss (default:
    /// `None`, train for all epochs).
    pub patience: Option<usize>,
    /// End with the parameters of the epoch with the lowest validation loss, instead of the last
    /// (default: true).
    pub restore_best_weights: bool,
    /// Seed of the order of the samples and of the noise (default: 0). The same seed gives the
    /// same bits on any number of threads.
    pub seed: u64,
    /// Number of threads (default: `None`, as many as the system runs at once).
    pub threads: Option<usize>,
    /// Print a line after each epoch (default: true).
    pub progress: bool,
    /// Record the codes during the training (default: `None`).
    pub snapshots: Option<SnapshotPlan>,
    /// Save the model and the training's state to a file (default: `None`).
    pub checkpoint: Option<CheckpointPlan>,
}

/// Where and how often a training saves the model and its own state, so that it can be resumed:
/// see [`Trainer::resume`](super::Trainer::resume).
///
/// ```
/// use latent::prelude::*;
/// # let file = std::env::temp_dir().join("latent-doc-checkpoint-plan.safetensors");
/// # let data = random::uniform(64, 4, 0.0, 1.0, 1)?;
/// let config = TrainConfig {
///     epochs: 4,
///     checkpoint: Some(CheckpointPlan { path: file.clone(), every: 2 }),
///     progress: false,
///     ..Default::default()
/// };
/// let mut autoencoder = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
/// autoencoder.fit(&data, &data, &config)?;
/// assert!(Autoencoder::load(&file).is_ok());
/// # std::fs::remove_file(&file).ok();
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointPlan {
    /// The file, written anew each time; an interrupted write leaves the one before.
    pub path: PathBuf,
    /// Epochs from one save to the next.
    pub every: usize,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            epochs: 20,
            batch_size: 128,
            learning_rate: 1e-3,
            loss: Loss::MeanSquaredError,
            optimizer: OptimizerConfig::adam(),
            weight_decay: 0.0,
            noise: Noise::None,
            code_penalty: Penalty::None,
            patience: None,
            restore_best_weights: true,
            seed: 0,
            threads: None,
            progress: true,
            snapshots: None,
            checkpoint: None,
        }
    }
}

impl TrainConfig {
    /// Threads that a training will use.
    pub(crate) fn thread_count(&self) -> usize {
        self.threads.unwrap_or_else(threads::available)
    }

    /// What is minimised.
    pub(crate) fn objective(&self) -> Objective {
        Objective {
            loss: self.loss,
            code_penalty: self.code_penalty,
        }
    }

    /// Refuses settings that cannot train.
    pub(crate) fn check(&self) -> Result<()> {
        at_least_one("epochs", self.epochs)?;
        at_least_one("batch_size", self.batch_size)?;
        if !(self.learning_rate.is_finite() && self.learning_rate > 0.0) {
            return Err(Error::LearningRate {
                value: self.learning_rate,
            });
        }
        at_least_one("patience", self.patience.unwrap_or(1))?;
        at_least_one("threads", self.threads.unwrap_or(1))?;
        if let Some(plan) = &self.checkpoint {
            at_least_one("checkpoint.every", plan.every)?;
        }
        if let Some(plan) = &self.snapshots {
            at_least_one("snapshots.every", plan.every)?;
        }
        if !(self.weight_decay.is_finite() && self.weight_decay >= 0.0) {
            return Err(Error::Setting {
                setting: "weight_decay",
                value: self.weight_decay.to_string(),
                expected: "at least 0",
            });
        }
        self.noise.check()?;
        self.code_penalty.check()?;
        self.optimizer.check()
    }
}

fn at_least_one(setting: &'static str, value: usize) -> Result<()> {
    if value > 0 {
        return Ok(());
    }
    Err(Error::Setting {
        setting,
        value: value.to_string(),
        expected: "at least 1",
    })
}
