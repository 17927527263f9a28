//! The training loop, at three levels: a step, an epoch, a whole training.

use super::batch::{Mean, Pairs, Room, Rooms};
use super::model::parameters_mut;
use super::noise::mix;
use super::progress::Progress;
use super::{History, Model, Snapshot, TrainConfig};
use crate::check;
use crate::error::{Error, Result};
use crate::interrupt;
use crate::matrix::Matrix;
use crate::memory;
use crate::nn::Optimizer;
use crate::rng::shuffled;
use crate::threads::{self, Pool};
use std::time::Instant;

/// Trains a [`Model`]: holds all that a training has besides the model's parameters, namely the
/// settings, the optimizer, the number of epochs, the best parameters so far and the history.
///
/// [`Trainer::run`] is the whole training, [`Trainer::epoch`] one pass over the samples,
/// [`Trainer::step`] one mini-batch. A training in which the steps are written out, with the same
/// result to the last bit as `autoencoder.fit(&train, &validation, &config)`:
///
/// ```
/// use latent::prelude::*;
/// let train = Array2::from_shape_fn((64, 4), |(i, j)| ((i * (j + 1)) % 10) as f32 / 10.0);
/// let validation = train.slice(s![..16, ..]);
/// let mut net = Autoencoder::new(&[4, 8, 1], Activation::Tanh, 1)?;
/// let config = TrainConfig { epochs: 5, batch_size: 16, progress: false, ..Default::default() };
///
/// let mut trainer = Trainer::new(&net, config)?;
/// trainer.validate(&net, (&validation, &validation))?;
/// for _ in 0..5 {
///     for rows in trainer.batches(train.nrows()) {
///         let batch = train.select(Axis(0), &rows);
///         trainer.step(&mut net, &batch, &batch)?;
///     }
///     trainer.validate(&net, (&validation, &validation))?;
/// }
/// trainer.restore_best(&mut net);
///
/// let mut other = Autoencoder::new(&[4, 8, 1], Activation::Tanh, 1)?;
/// other.fit(&train, &validation, &trainer.config)?;
/// assert_eq!(net, other);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// And the four parts of a step, by hand. (PyTorch's `zero_grad` has no place here, since
/// gradients are not summed up from step to step.)
///
/// ```
/// # use latent::prelude::*;
/// # let inputs = Array2::from_shape_fn((64, 1), |(i, _)| i as f32 / 32.0 - 1.0);
/// # let targets = inputs.mapv(|x| x * x);
/// # let mut net = Mlp::new(&[1, 8, 1], Activation::Tanh, Activation::Identity, 1)?;
/// let loss = Loss::MeanSquaredError;
/// let mut optimizer = Optimizer::new(OptimizerConfig::adam(), &net.parameter_lengths())?;
/// for _ in 0..5 {
///     let cache = net.forward_cached(&inputs)?; // forward
///     let value = loss.value(cache.output(), &targets)?; // loss
///     let gradients = net.backward(&inputs, &cache, &loss.gradient(cache.output(), &targets)?)?; // backward
///     optimizer.step(0.001, &mut net.parameters_mut(), &gradients.slices())?; // step
///     println!("{value:.5}");
/// }
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Trainer {
    /// The settings. They may be changed between two epochs: another learning rate, more epochs.
    /// The optimizer's settings, the weight decay and the seed stay as they were at first.
    pub config: TrainConfig,
    pub(super) optimizer: Optimizer,
    /// (out, in) of each linear layer.
    pub(super) shapes: Vec<(usize, usize)>,
    pub(super) steps: usize,
    pub(super) best: Option<Best>,
    pub(super) history: History,
    pub(super) since_snapshot: Mean,
    pub(super) this_epoch: ThisEpoch,
    rooms: Rooms,
}

/// Parameters and optimizer at the lowest validation loss so far.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Best {
    pub parameters: Vec<Vec<f32>>,
    pub optimizer: Optimizer,
}

/// What the steps of an epoch under way have come to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct ThisEpoch {
    pub steps: usize,
    pub loss: Mean,
    pub seconds: f64,
}

impl Trainer {
    /// A new training of `model`, before its first step.
    ///
    /// # Errors
    /// If a setting is out of its range; [`Error::NotFinite`] if a parameter is NaN or infinite.
    pub fn new(model: &dyn Model, config: TrainConfig) -> Result<Self> {
        config.check()?;
        model.check()?;
        let lengths: Vec<usize> = parameters(model).iter().map(Vec::len).collect();
        let numbers: usize = lengths.iter().sum();
        memory::check(
            || format!("a training of {numbers} parameters"),
            // The gradient, the best parameters, and two moment estimates, now and at the best.
            6 * size_of::<f32>() as u64 * numbers as u64,
        )?;
        Ok(Self {
            optimizer: Optimizer::new(config.optimizer, &lengths)?
                .with_weight_decay(config.weight_decay)?,
            config,
            shapes: shapes(model),
            steps: 0,
            best: None,
            history: History {
                initial_validation_loss: f64::INFINITY,
                ..History::default()
            },
            since_snapshot: Mean::default(),
            this_epoch: ThisEpoch::default(),
            rooms: Rooms::default(),
        })
    }

    /// The losses so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The losses, when the training is over.
    pub fn into_history(self) -> History {
        self.history
    }

    /// The optimizer with its state.
    pub fn optimizer(&self) -> &Optimizer {
        &self.optimizer
    }

    /// Rows of the mini-batches of this epoch, for `n` training samples in a new random order.
    pub fn batches(&self, n: usize) -> Vec<Vec<usize>> {
        let seed = self.config.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let order = shuffled(n, seed.wrapping_add(self.history.epochs() as u64));
        let size = self.config.batch_size.max(1);
        order.chunks(size).map(<[usize]>::to_vec).collect()
    }

    /// One step on a mini-batch of inputs (n, d) and targets (n, k): forward, loss, backward,
    /// optimizer. Returns the loss before the step.
    ///
    /// # Errors
    /// If the arrays do not fit the model. [`Error::Diverged`] if the loss is not finite: then the
    /// parameters stay as they were.
    pub fn step(
        &mut self,
        model: &mut dyn Model,
        inputs: &dyn Matrix,
        targets: &dyn Matrix,
    ) -> Result<f64> {
        interrupt::check()?;
        self.check(model)?;
        let pairs = Pairs::new((inputs, targets));
        pairs.check(model, self.config.loss)?;
        let rows: Vec<usize> = (0..pairs.inputs.nrows()).collect();
        self.on_threads(rows.len(), |trainer| trainer.step_on(model, pairs, &rows))
    }

    /// One epoch: each training sample once, in mini-batches; then the validation loss. Snapshots
    /// and checkpoints as the settings say. The pairs are (inputs, targets).
    ///
    /// # Errors
    /// As [`Trainer::run`]; [`Error::Interrupted`] if it was interrupted: then the model has its
    /// best parameters so far.
    pub fn epoch(
        &mut self,
        model: &mut dyn Model,
        train: (&dyn Matrix, &dyn Matrix),
        validation: (&dyn Matrix, &dyn Matrix),
    ) -> Result<()> {
        let (train, validation, pool) = self.prepared(model, train, validation)?;
        let result = pool.run(|| self.epoch_on(model, train, validation));
        if result.is_err() {
            self.restore_best(model);
        }
        result
    }

    /// The training up to `config.epochs` epochs in total, or until patience runs out. The pairs
    /// are (inputs, targets). Called again with more `config.epochs`, it continues, from the best
    /// parameters (and the optimizer's state there) if `config.restore_best_weights` is set.
    ///
    /// An interrupt (menu **Kernel > Interrupt Kernel**) ends it after the present step as if the
    /// epochs were over, and sets [`History::interrupted`].
    ///
    /// ```
    /// use latent::prelude::*;
    /// # let data = random::uniform(64, 4, 0.0, 1.0, 1)?;
    /// let mut autoencoder = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
    /// let config = TrainConfig { epochs: 2, progress: false, ..Default::default() };
    /// let mut trainer = Trainer::new(&autoencoder, config)?;
    /// trainer.run(&mut autoencoder, (&data, &data), (&data, &data))?;
    /// trainer.config.epochs = 4; // two more
    /// trainer.run(&mut autoencoder, (&data, &data), (&data, &data))?;
    /// assert_eq!(trainer.history().epochs(), 4);
    /// assert_eq!(trainer.optimizer().state().step, 4); // one mini-batch an epoch
    /// let history = trainer.into_history();
    /// assert_eq!(history.train_loss.len(), 4);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the data or the settings are of no use. [`Error::Diverged`] if the loss is no longer a
    /// finite number: then the model has its best parameters so far, and [`Trainer::history`] the
    /// losses of the epochs before.
    pub fn run(
        &mut self,
        model: &mut dyn Model,
        train: (&dyn Matrix, &dyn Matrix),
        validation: (&dyn Matrix, &dyn Matrix),
    ) -> Result<()> {
        let (train, validation, pool) = self.prepared(model, train, validation)?;
        self.history.interrupted = false;
        let before = self.history.epochs();
        let progress = Progress::new(self.config.progress, self.config.epochs, before);
        let mut result = Ok(());
        while result.is_ok()
            && self.history.epochs() < self.config.epochs
            && !self.out_of_patience()
        {
            result = if interrupt::requested() {
                Err(Error::Interrupted)
            } else {
                pool.run(|| self.epoch_on(model, train, validation))
            };
            if result.is_ok() {
                progress.epoch(&self.history);
            }
        }
        if matches!(result, Err(Error::Interrupted)) {
            // A part of a training is a training: the rest of the cell may go on with it.
            interrupt::requested();
            self.history.interrupted = true;
            progress.interrupted(&self.history, self.config.restore_best_weights);
            result = Ok(());
        }
        self.history.stopped_early = !self.history.interrupted
            && self.out_of_patience()
            && self.history.epochs() < self.config.epochs;
        if self.history.stopped_early {
            progress.stopped(self.waited(), &self.history);
        }
        progress.end(&self.history);
        if self.config.restore_best_weights || result.is_err() {
            self.restore_best(model);
        }
        if result.is_err() {
            self.keep_for_notebook(model);
        }
        result
    }

    /// The loss on validation samples (inputs, targets).
    ///
    /// Before the first step this is the loss that the training starts from. After the steps of an
    /// epoch it ends the epoch: the losses go into the history, and the parameters are remembered
    /// if they are the best so far.
    ///
    /// # Errors
    /// If the arrays do not fit the model. [`Error::Diverged`] if the loss or a parameter is no
    /// longer finite.
    pub fn validate(
        &mut self,
        model: &dyn Model,
        validation: (&dyn Matrix, &dyn Matrix),
    ) -> Result<f64> {
        self.check(model)?;
        let pairs = Pairs::new(validation);
        pairs.check(model, self.config.loss)?;
        self.on_threads(pairs.inputs.nrows(), |trainer| {
            trainer.validate_on(model, pairs)
        })
    }

    /// Sets the parameters of `model` and the optimizer's state back to the epoch with the lowest
    /// validation loss so far.
    pub fn restore_best(&mut self, model: &mut dyn Model) {
        if let Some(best) = &self.best {
            for (to, from) in parameters_mut(model).into_iter().zip(&best.parameters) {
                to.copy_from_slice(from);
            }
            self.optimizer = best.optimizer.clone();
            self.this_epoch = ThisEpoch::default();
        }
    }

    fn step_on(&mut self, model: &mut dyn Model, pairs: Pairs, rows: &[usize]) -> Result<f64> {
        let start = Instant::now();
        let noise = self.config.noise;
        let seed = mix(self.config.seed, self.steps as u64);
        let mut room = self.rooms.take(model, rows.len(), pairs, noise);
        room.gather(pairs, rows, noise, seed);
        let result = self.four_parts(model, &mut room, mix(seed, 0));
        self.rooms.put(room);
        let loss = result?;

        self.steps += 1;
        self.this_epoch.steps += 1;
        self.this_epoch.loss.add(loss, rows.len());
        self.this_epoch.seconds += start.elapsed().as_secs_f64();
        self.since_snapshot.add(loss, rows.len());
        Ok(loss)
    }

    /// Forward, loss, backward, step.
    fn four_parts(&mut self, model: &mut dyn Model, room: &mut Room, seed: u64) -> Result<f64> {
        let objective = self.config.objective();
        let (batch, pass) = room.parts(seed);
        model.forward(&batch, pass);
        let loss = model.loss(&batch, &objective, pass);
        if !loss.is_finite() {
            return Err(self.diverged(loss, self.this_epoch.steps + 1));
        }
        model.backward(&batch, &objective, pass);
        let parameters = &mut parameters_mut(model);
        self.optimizer
            .step(self.config.learning_rate, parameters, &pass.gradients())?;
        Ok(loss)
    }

    fn epoch_on(&mut self, model: &mut dyn Model, train: Pairs, validation: Pairs) -> Result<()> {
        if self.best.is_none() {
            self.validate_on(model, validation)?;
            self.snapshot_at_step(model, validation)?;
        }
        // An epoch that was begun by hand and not finished does not count.
        self.this_epoch = ThisEpoch::default();
        let first = self.history.epochs() == 0;
        for rows in self.batches(train.inputs.nrows()) {
            interrupt::check()?;
            self.step_on(model, train, &rows)?;
            if first && rows.len() == self.config.batch_size {
                self.snapshot_at_step(model, validation)?;
            }
        }
        let loss = self.validate_on(model, validation)?;

        let epoch = self.history.epochs();
        if let Some(plan) = &self.config.snapshots
            && epoch.is_multiple_of(plan.every)
        {
            self.snapshot(model, loss)?;
        }
        if let Some(plan) = &self.config.checkpoint
            && epoch.is_multiple_of(plan.every)
        {
            self.save(model, &plan.path)?;
        }
        Ok(())
    }

    fn validate_on(&mut self, model: &dyn Model, validation: Pairs) -> Result<f64> {
        let objective = self.config.objective();
        let loss = model.validation_loss(&validation.inputs, &validation.targets, &objective)?;
        let best = || Best {
            parameters: parameters(model),
            optimizer: self.optimizer.clone(),
        };
        let Some(train_loss) = self.this_epoch.loss.value() else {
            if self.best.is_none() {
                self.history.initial_validation_loss = loss;
                self.best = Some(best());
            }
            return Ok(loss);
        };
        if !loss.is_finite() {
            return Err(self.diverged(loss, self.this_epoch.steps));
        }
        if !parameters(model).iter().flatten().all(|p| p.is_finite()) {
            return Err(self.diverged(f64::NAN, self.this_epoch.steps));
        }
        let before = self.history.best_validation_loss();
        if loss < before || before.is_nan() {
            self.best = Some(best());
            self.history.best_epoch = self.history.epochs() + 1;
        }
        self.history.samples = self.this_epoch.loss.samples;
        self.history.train_loss.push(train_loss);
        self.history.validation_loss.push(loss);
        self.history.seconds.push(self.this_epoch.seconds);
        self.this_epoch = ThisEpoch::default();
        Ok(loss)
    }

    fn diverged(&self, loss: f64, step: usize) -> Error {
        Error::Diverged {
            epoch: self.history.epochs() + 1,
            step,
            loss,
            learning_rate: self.config.learning_rate,
        }
    }

    /// Epochs since the best one.
    fn waited(&self) -> usize {
        self.history.epochs() - self.history.best_epoch
    }

    fn out_of_patience(&self) -> bool {
        let patience = self.config.patience;
        patience.is_some_and(|patience| self.waited() >= patience)
    }

    fn snapshot_at_step(&mut self, model: &dyn Model, validation: Pairs) -> Result<()> {
        match &self.config.snapshots {
            Some(plan) if plan.wants_step(self.steps) => {
                let objective = self.config.objective();
                let loss =
                    model.validation_loss(&validation.inputs, &validation.targets, &objective)?;
                if self.steps > 0 && !loss.is_finite() {
                    return Err(self.diverged(loss, self.this_epoch.steps));
                }
                self.snapshot(model, loss)
            }
            _ => Ok(()),
        }
    }

    fn snapshot(&mut self, model: &dyn Model, validation_loss: f64) -> Result<()> {
        let Some(plan) = &self.config.snapshots else {
            return Ok(());
        };
        let epoch = self.history.epochs();
        if let Some(last) = self.history.snapshots.last_mut()
            && last.step == self.steps
        {
            // The last step of an epoch: the same parameters, seen a moment ago.
            last.epoch = epoch;
            return Ok(());
        }
        let [codes, grid_codes, grid] = plan.take(model)?;
        self.history.snapshots.push(Snapshot {
            epoch,
            step: self.steps,
            train_loss: std::mem::take(&mut self.since_snapshot).value(),
            validation_loss,
            codes,
            grid_codes,
            grid,
        });
        Ok(())
    }

    /// What an epoch needs: checked samples, and threads.
    fn prepared<'a>(
        &self,
        model: &dyn Model,
        train: (&'a dyn Matrix, &'a dyn Matrix),
        validation: (&'a dyn Matrix, &'a dyn Matrix),
    ) -> Result<(Pairs<'a>, Pairs<'a>, Pool)> {
        self.check(model)?;
        let (train, validation) = (Pairs::new(train), Pairs::new(validation));
        train.check(model, self.config.loss)?;
        validation.check(model, self.config.loss)?;
        if let Some(plan) = &self.config.snapshots {
            check::width(
                "the samples of the snapshots",
                &plan.samples,
                model.in_features(),
            )?;
        }
        let pool = Pool::new(self.config.thread_count());
        Ok((train, validation, pool))
    }

    /// The settings and the model's layers may have been changed since the last call.
    fn check(&self, model: &dyn Model) -> Result<()> {
        self.config.check()?;
        model.check()?;
        let found = shapes(model);
        if found == self.shapes {
            return Ok(());
        }
        Err(Error::Setting {
            setting: "the model's weights",
            value: format!("{found:?}"),
            expected: "the shapes of the model that this trainer was made for",
        })
    }

    /// Runs `work` for `rows` samples on the settings' threads, if it is worth starting them.
    fn on_threads<R: Send>(&mut self, rows: usize, work: impl FnOnce(&mut Self) -> R + Send) -> R {
        const WORTH_THREADS: usize = 20_000_000;
        let weights: usize = self.shapes.iter().map(|(out, inputs)| out * inputs).sum();
        if weights * rows < WORTH_THREADS || threads::inside_a_pool() {
            work(self)
        } else {
            Pool::new(self.config.thread_count()).run(|| work(self))
        }
    }
}

/// A copy of all parameters, in the order of [`parameters_mut`].
pub(super) fn parameters(model: &dyn Model) -> Vec<Vec<f32>> {
    let networks = model.networks().into_iter();
    let layers = networks.flat_map(|(_, network)| network.layers());
    layers
        .flat_map(|l| {
            let weight = l.linear.weight.iter().copied().collect();
            [weight, l.linear.bias.to_vec()]
        })
        .collect()
}

/// (out, in) of each linear layer.
fn shapes(model: &dyn Model) -> Vec<(usize, usize)> {
    let networks = model.networks().into_iter();
    let layers = networks.flat_map(|(_, network)| network.layers());
    layers.map(|l| l.linear.weight.dim()).collect()
}
