//! What the network knew at one moment of its training: frames of the time machine.

use super::Model;
use crate::error::Result;
use ndarray::{Array2, Axis};

/// What to record, and when.
///
/// Most happens at the very beginning, so the first epoch is recorded before its first step and
/// after 1, 2, 4, 8, ... steps; from then on every `every` epochs.
///
/// ```
/// use latent::prelude::*;
/// # let data = random::uniform(64, 4, 0.0, 1.0, 1)?;
/// let config = TrainConfig {
///     epochs: 2,
///     snapshots: Some(SnapshotPlan { samples: data.clone(), grid: 5, every: 1 }),
///     progress: false,
///     ..Default::default()
/// };
/// let mut autoencoder = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
/// let history = autoencoder.fit(&data, &data, &config)?;
/// assert_eq!(history.snapshots[0].step, 0); // before the first step
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotPlan {
    /// Samples whose codes are recorded (m, d).
    pub samples: Array2<f32>,
    /// Side of the grid of codes that is decoded, for a latent space of two dimensions; 0 for
    /// none.
    pub grid: usize,
    /// Epochs from one snapshot to the next.
    pub every: usize,
}

/// One frame.
///
/// ```
/// use latent::prelude::*;
/// # let data = random::uniform(64, 4, 0.0, 1.0, 1)?;
/// use latent::training::Snapshot;
/// let config = TrainConfig {
///     epochs: 2,
///     snapshots: Some(SnapshotPlan { samples: data.clone(), grid: 5, every: 1 }),
///     progress: false,
///     ..Default::default()
/// };
/// let mut autoencoder = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
/// let snapshots: Vec<Snapshot> = autoencoder.fit(&data, &data, &config)?.snapshots;
/// assert_eq!(snapshots[0].codes.dim(), (64, 2));
/// assert_eq!(snapshots[0].grid.dim(), (25, 4)); // 5 x 5 codes, decoded
/// assert_eq!(snapshots[0].train_loss, None); // before the first step
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Epochs finished, or begun if `step` is within one.
    pub epoch: usize,
    /// Optimizer steps taken since the training began.
    pub step: usize,
    /// Mean loss of the training batches since the snapshot before; `None` before the first step.
    pub train_loss: Option<f64>,
    /// Loss on the validation samples.
    pub validation_loss: f64,
    /// Codes of the plan's samples (m, k). For a network that is no autoencoder: its predictions.
    pub codes: Array2<f32>,
    /// The codes of the grid (side * side, 2), row by row from the top left; empty if the latent
    /// space has other than two dimensions. It spans the middle 98 % of the codes on each axis.
    pub grid_codes: Array2<f32>,
    /// The grid's codes decoded (side * side, d), in the same order.
    pub grid: Array2<f32>,
}

impl SnapshotPlan {
    /// Whether there is a frame after `step` steps in the first epoch.
    pub(crate) fn wants_step(&self, step: usize) -> bool {
        step == 0 || step.is_power_of_two()
    }

    /// Codes, grid codes and decoded grid.
    pub(crate) fn take(&self, model: &dyn Model) -> Result<[Array2<f32>; 3]> {
        let none = || Array2::zeros((0, 0));
        let Some(codec) = model.codec() else {
            let networks = model.networks();
            let mut predictions = self.samples.clone();
            for (_, network) in networks {
                predictions = network.forward(&predictions)?;
            }
            return Ok([predictions, none(), none()]);
        };
        let codes = codec.encode(&self.samples)?;
        if codes.ncols() != 2 || self.grid == 0 || codes.nrows() == 0 {
            return Ok([codes, none(), none()]);
        }
        let grid_codes = grid_codes(&codes, self.grid);
        let grid = codec.decode(&grid_codes)?;
        Ok([codes, grid_codes, grid])
    }
}

/// A grid of side x side codes over the middle 98 % of `codes` (n, 2) on each axis, row by row from
/// the top left, with n of at least 1.
pub(crate) fn grid_codes(codes: &Array2<f32>, side: usize) -> Array2<f32> {
    let axes = [0, 1].map(|axis| middle(codes, axis));
    let place =
        |(low, high): (f32, f32), i: usize| low + (high - low) * (i as f32 + 0.5) / side as f32;
    Array2::from_shape_fn((side * side, 2), |(cell, axis)| match axis {
        0 => place(axes[0], cell % side),
        // The second axis points up, and rows are counted from the top.
        _ => place(axes[1], side - 1 - cell / side),
    })
}

/// Where the middle 98 % of the codes begin and end along one axis.
pub(crate) fn middle(codes: &Array2<f32>, axis: usize) -> (f32, f32) {
    (quantile(codes, axis, 0.01), quantile(codes, axis, 0.99))
}

/// The value below which a `share` of the codes lie along one axis.
pub(crate) fn quantile(codes: &Array2<f32>, axis: usize, share: f64) -> f32 {
    let mut values = codes.index_axis(Axis(1), axis).to_vec();
    values.sort_by(f32::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}
