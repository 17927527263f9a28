//! Training: many small steps down the gradient, watched.
//!
//! ```text
//! each epoch:   shuffle the training samples
//!               each mini-batch:  forward -> loss -> backward -> optimizer step
//!               loss on the validation samples, which no step has seen
//! ```
//!
//! | file | holds |
//! | --- | --- |
//! | `config` | [`TrainConfig`]: all that can be set, with its defaults |
//! | `trainer` | [`Trainer`]: a step, an epoch, a whole training |
//! | `fit` | the same in one call |
//! | `model` | [`Model`]: what can be trained |
//! | `objective` | what is minimised: the loss, and a [`Penalty`] on the code |
//! | `noise` | [`Noise`]: corruption of the inputs |
//! | `batch` | mini-batches and their buffers |
//! | `state` | the trainer's state in a file, and back |
//! | `history` | [`History`]: the losses of each epoch |
//! | `snapshot` | [`Snapshot`]: what the network knew at one moment, for the time machine |
//! | `progress` | the line that is printed after each epoch |

mod batch;
mod config;
mod fit;
mod history;
pub(crate) mod model;
pub(crate) mod noise;
mod objective;
mod progress;
pub(crate) mod snapshot;
mod state;
mod trainer;

pub use config::{CheckpointPlan, TrainConfig};
pub(crate) use fit::fit;
pub use history::History;
pub(crate) use model::validation_loss;
pub use model::{Batch, Model, Pass};
pub use noise::Noise;
pub use objective::{Objective, Penalty};
pub use snapshot::{Snapshot, SnapshotPlan};
pub use trainer::Trainer;
