//! Training: many small steps down the gradient, watched.
//!
//! ```text
//! each epoch:   shuffle the training samples
//!               each batch:  forward -> loss -> backward -> optimizer step
//!               loss on the validation samples, which no step has seen
//! ```
//!
//! | file | holds |
//! | --- | --- |
//! | `config` | [`TrainConfig`]: all that can be set, with its defaults |
//! | `fit` | the loop itself |
//! | `history` | [`History`]: the losses of each epoch |
//! | `snapshot` | [`Snapshot`]: what the network knew at one moment, for the time machine |
//! | `progress` | the line that is printed after each epoch |

mod config;
mod fit;
mod history;
mod progress;
pub(crate) mod snapshot;

pub use config::{CheckpointPlan, TrainConfig};
pub(crate) use fit::{Resume, Task, fit};
pub use history::History;
pub use snapshot::{Snapshot, SnapshotPlan};
