//! `fit`: a whole training in one call.

use super::{History, Model, TrainConfig, Trainer};
use crate::error::Result;
use crate::matrix::Matrix;
use crate::nn::Mlp;

/// A new [`Trainer`], run to its end.
pub(crate) fn fit(
    model: &mut dyn Model,
    train: (&dyn Matrix, &dyn Matrix),
    validation: (&dyn Matrix, &dyn Matrix),
    config: &TrainConfig,
) -> Result<History> {
    let mut trainer = Trainer::new(model, config.clone())?;
    trainer.run(model, train, validation)?;
    Ok(trainer.into_history())
}

impl Mlp {
    /// Trains the network to predict targets (n, out) from inputs (n, in); each pair in the order
    /// (inputs, targets), the validation pair for choosing the best epoch.
    ///
    /// It starts from the present parameters with a new optimizer and epoch 0, each time it is
    /// called. To continue a training, use a [`Trainer`].
    ///
    /// ```
    /// use latent::prelude::*;
    /// let x = Array2::from_shape_fn((200, 1), |(i, _)| i as f32 / 100.0 - 1.0);
    /// let y = x.mapv(|x| x * x);
    /// let mut network = Mlp::new(&[1, 20, 1], Activation::Tanh, Activation::Identity, 1)?;
    /// let config = TrainConfig {
    ///     epochs: 200, batch_size: 20, learning_rate: 0.01, progress: false, ..Default::default()
    /// };
    /// let history = network.fit((&x, &y), (&x, &y), &config)?;
    /// assert!(history.best_validation_loss() < 1e-3);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the data or the settings are of no use: empty, of another width, with NaN, outside the
    /// range of the output activation; see [`TrainConfig`].
    /// [`Error::Diverged`](crate::Error::Diverged) if the loss is no longer a finite number: then
    /// the best parameters so far are kept.
    pub fn fit(
        &mut self,
        train: (&dyn Matrix, &dyn Matrix),
        validation: (&dyn Matrix, &dyn Matrix),
        config: &TrainConfig,
    ) -> Result<History> {
        fit(self, train, validation, config)
    }
}
