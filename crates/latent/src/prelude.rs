//! The one import of a lesson: `use latent::prelude::*;`.

pub use crate::autoencoder::Autoencoder;
pub use crate::codec::Codec;
pub use crate::data::{Dataset, HeadDirection, Mnist, Recording};
pub use crate::error::{Error, Result};
pub use crate::matrix::Matrix;
pub use crate::nn::{Activation, Layer, Linear, Loss, Mlp, Optimizer, OptimizerConfig};
pub use crate::pca::Pca;
pub use crate::readout::KnnClassifier;
pub use crate::training::{CheckpointPlan, History, SnapshotPlan, TrainConfig};
pub use crate::{exercise, figure, notebook, random};
pub use ndarray::{Array1, Array2, Axis, array, s};
