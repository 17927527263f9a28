//! The one import of a lesson: `use latent::prelude::*;`.

pub use crate::autoencoder::{Autoencoder, Vae};
pub use crate::codec::{Bent, Codec, Constant, Identity, Rotated};
pub use crate::data::{Dataset, HeadDirection, Mnist, Recording};
pub use crate::error::{Error, Result};
pub use crate::figure::{FigureOutcome, FigureResult};
pub use crate::matrix::Matrix;
pub use crate::nn::{Activation, Init, Layer, Linear, Loss, Mlp, Optimizer, OptimizerConfig};
pub use crate::pca::{Pca, Solver};
pub use crate::readout::{KnnAngles, KnnClassifier, knn_accuracy};
pub use crate::training::{
    CheckpointPlan, History, Noise, Penalty, SnapshotPlan, TrainConfig, Trainer,
};
pub use crate::{exercise, figure, notebook, random};
pub use ndarray::{Array1, Array2, Axis, array, s};
