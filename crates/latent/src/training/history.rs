//! What a training leaves behind, besides the weights.

use super::Snapshot;
use std::fmt;

/// The losses of each epoch, and when the best one was.
///
/// Index 0 is the first epoch of the training.
///
/// ```
/// use latent::prelude::*;
/// # let data = random::uniform(64, 4, 0.0, 1.0, 1)?;
/// let mut autoencoder = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
/// let config = TrainConfig { epochs: 3, progress: false, ..Default::default() };
/// let history: History = autoencoder.fit(&data, &data, &config)?;
/// assert_eq!((history.epochs(), history.validation_loss.len()), (3, 3));
/// assert!(history.best_validation_loss() < history.initial_validation_loss);
/// assert!(!history.made_worse() && history.samples_per_second() > 0.0);
/// println!("{history}"); // as a table
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Mean loss of the training batches, each before its own step.
    pub train_loss: Vec<f64>,
    /// Loss on the validation samples after the epoch.
    pub validation_loss: Vec<f64>,
    /// Seconds that the epoch's steps took, validation and snapshots not counted.
    pub seconds: Vec<f64>,
    /// Loss on the validation samples before the first step.
    pub initial_validation_loss: f64,
    /// The epoch with the lowest validation loss, counted from 1; 0 if none was better than what
    /// the training started from.
    pub best_epoch: usize,
    /// Whether patience ran out before the epochs did.
    pub stopped_early: bool,
    /// Whether the training was interrupted before its last epoch. The losses are those of the
    /// epochs that were over.
    pub interrupted: bool,
    /// Training samples in an epoch.
    pub samples: usize,
    /// What the snapshot plan asked for.
    pub snapshots: Vec<Snapshot>,
}

impl History {
    /// Epochs trained.
    pub fn epochs(&self) -> usize {
        self.train_loss.len()
    }

    /// The validation loss of the best epoch.
    pub fn best_validation_loss(&self) -> f64 {
        match self.best_epoch.checked_sub(1) {
            Some(index) => self.validation_loss[index],
            None => self.initial_validation_loss,
        }
    }

    /// Whether the model was better before the training than after each epoch.
    pub fn made_worse(&self) -> bool {
        self.epochs() > 0 && self.best_epoch == 0
    }

    /// What to say then.
    pub(crate) fn worse(&self) -> String {
        format!(
            "no epoch was better than the start, a validation loss of {:.5}: the training made the model worse",
            self.initial_validation_loss
        )
    }

    /// Samples that went through forward, backward and step in a second, on average.
    pub fn samples_per_second(&self) -> f64 {
        let seconds: f64 = self.seconds.iter().sum();
        (self.samples * self.epochs()) as f64 / seconds
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "epoch  training loss  validation loss")?;
        let losses = self.train_loss.iter().zip(&self.validation_loss);
        for (epoch, (train, validation)) in (1..).zip(losses) {
            let mark = if epoch == self.best_epoch {
                "  best"
            } else {
                ""
            };
            writeln!(f, "{epoch:>5}  {train:>13.5}  {validation:>15.5}{mark}")?;
        }
        let why = match (self.interrupted, self.stopped_early) {
            (true, _) => "interrupted",
            (_, true) => "stopped early",
            _ => "trained",
        };
        let seconds: f64 = self.seconds.iter().sum();
        let epochs = self.epochs();
        write!(f, "{why} after {epochs} epochs, {seconds:.1} s")?;
        if self.made_worse() {
            write!(f, "; {}", self.worse())?;
        }
        Ok(())
    }
}
