//! All that can be set about a training.

use super::SnapshotPlan;
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
#[derive(Clone, Debug)]
pub struct TrainConfig {
    /// Times that each training sample is used. 20.
    pub epochs: usize,
    /// Samples in one step. 128.
    pub batch_size: usize,
    /// Length of the steps. 0.001.
    pub learning_rate: f32,
    /// What is made small. The mean squared error.
    pub loss: Loss,
    /// The rule for a step. Adam.
    pub optimizer: OptimizerConfig,
    /// Stop after this many epochs without a better validation loss. `None`: train to the end.
    pub patience: Option<usize>,
    /// End with the weights of the epoch with the best validation loss, instead of the last. Yes.
    pub restore_best_weights: bool,
    /// Decides the order of the samples. The same seed gives the same bits. 0.
    pub seed: u64,
    /// Threads to share the work. `None`: as many as the system can run at once.
    pub threads: Option<usize>,
    /// Print a line after each epoch. Yes.
    pub progress: bool,
    /// Record what the network knows as it trains. `None`.
    pub snapshots: Option<SnapshotPlan>,
    /// Save the network every so often. `None`.
    pub checkpoint: Option<CheckpointPlan>,
}

/// Where and how often a training saves its network, so that an interruption loses little.
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

    /// Refuses what cannot train `samples` samples.
    pub(crate) fn check(&self, samples: usize) -> Result<()> {
        at_least_one("epochs", self.epochs)?;
        if self.batch_size == 0 || self.batch_size > samples {
            return Err(Error::BatchSize {
                asked: self.batch_size,
                samples,
            });
        }
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
