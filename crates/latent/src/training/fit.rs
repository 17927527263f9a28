//! The training loop.

use super::progress::Progress;
use super::{History, Snapshot, TrainConfig};
use crate::check;
use crate::checkpoint;
use crate::error::{Error, Result};
use crate::nn::mlp::Gradients;
use crate::nn::{Loss, Mlp, Optimizer, Trace};
use crate::rng::shuffled;
use crate::threads::{PIECE, Pool, map_pieces};
use ndarray::Array2;
use std::time::Instant;

/// What is to be learned: targets (n, k) from inputs (n, d). An autoencoder has no targets but
/// its inputs.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    pub inputs: &'a Array2<f32>,
    pub targets: Option<&'a Array2<f32>>,
}

/// What a next call of `fit` goes on from, besides the weights.
#[derive(Clone, Debug)]
pub(crate) struct Resume {
    pub optimizer: Optimizer,
    pub epochs: usize,
}

/// Trains `network`, whose first `encoder` layers encode if it is an autoencoder.
pub(crate) fn fit(
    network: &mut Mlp,
    encoder: Option<usize>,
    resume: &mut Option<Resume>,
    train: Task,
    validation: Task,
    config: &TrainConfig,
) -> Result<History> {
    network.check()?;
    check_task(network, train, config.loss)?;
    check_task(network, validation, config.loss)?;
    config.check(train.inputs.nrows())?;
    if let Some(plan) = &config.snapshots {
        check::width(
            "the samples of the snapshots",
            &plan.samples,
            network.in_features(),
        )?;
    }

    let pool = Pool::new(config.thread_count());
    let mut run = Run::new(network, encoder, resume.take(), train, validation, config)?;
    let result = run.epochs(&pool);
    let Run {
        best,
        history,
        optimizer,
        epochs_before,
        ..
    } = run;
    let mut optimizer = optimizer;
    if config.restore_best_weights || result.is_err() {
        *network = best.network;
        optimizer = best.optimizer;
    }
    *resume = Some(Resume {
        optimizer,
        epochs: epochs_before + history.epochs(),
    });
    match result {
        Ok(()) => Ok(history),
        Err(Stop::Diverged { step, loss }) => Err(Error::Diverged {
            epoch: history.epochs() + 1,
            step,
            loss,
            learning_rate: config.learning_rate,
            history: Box::new(history),
        }),
        Err(Stop::Error(error)) => Err(error),
    }
}

/// Why a training ends before its time.
enum Stop {
    Diverged { step: usize, loss: f64 },
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// The network with the lowest validation loss so far.
struct Best {
    loss: f64,
    network: Mlp,
    optimizer: Optimizer,
}

/// A training under way.
struct Run<'a> {
    network: &'a mut Mlp,
    encoder: Option<usize>,
    train: Task<'a>,
    validation: Task<'a>,
    config: &'a TrainConfig,
    optimizer: Optimizer,
    epochs_before: usize,
    best: Best,
    history: History,
    steps: usize,
    since_snapshot: Mean,
}

impl<'a> Run<'a> {
    fn new(
        network: &'a mut Mlp,
        encoder: Option<usize>,
        resume: Option<Resume>,
        train: Task<'a>,
        validation: Task<'a>,
        config: &'a TrainConfig,
    ) -> Result<Self> {
        let lengths: Vec<usize> = network.parameters_mut().iter().map(|p| p.len()).collect();
        let fresh = Optimizer::new(config.optimizer, &lengths)?;
        let (optimizer, epochs_before) = match resume {
            Some(before) if before.optimizer.fits(&fresh) => (before.optimizer, before.epochs),
            Some(before) => (fresh, before.epochs),
            None => (fresh, 0),
        };
        Ok(Self {
            best: Best {
                loss: f64::INFINITY,
                network: network.clone(),
                optimizer: optimizer.clone(),
            },
            history: History {
                samples: train.inputs.nrows(),
                ..History::default()
            },
            network,
            encoder,
            train,
            validation,
            config,
            optimizer,
            epochs_before,
            steps: 0,
            since_snapshot: Mean::default(),
        })
    }

    fn epochs(&mut self, pool: &Pool) -> Result<(), Stop> {
        let progress = Progress::new(self.config.progress, self.config.epochs);
        let rows = self.train.inputs.nrows();
        let mut batches = Batches::new(self.network, self.train, rows, self.config.batch_size);

        let loss = pool.run(|| self.validation_loss())?;
        self.history.initial_validation_loss = loss;
        self.best.loss = if loss.is_nan() { f64::INFINITY } else { loss };
        pool.run(|| self.snapshot_at_step())?;

        for epoch in 1..=self.config.epochs {
            let (train_loss, seconds) = pool.run(|| self.epoch(&mut batches))?;
            let validation_loss = pool.run(|| self.validation_loss())?;
            self.history.train_loss.push(train_loss);
            self.history.validation_loss.push(validation_loss);
            self.history.seconds.push(seconds);
            if validation_loss < self.best.loss {
                self.history.best_epoch = epoch;
                self.best = Best {
                    loss: validation_loss,
                    network: self.network.clone(),
                    optimizer: self.optimizer.clone(),
                };
            }
            progress.epoch(&self.history);
            self.save(epoch)?;
            pool.run(|| self.snapshot_after(epoch, validation_loss))?;

            let waited = epoch - self.history.best_epoch;
            if self
                .config
                .patience
                .is_some_and(|patience| waited >= patience)
            {
                self.history.stopped_early = epoch < self.config.epochs;
                if self.history.stopped_early {
                    progress.stopped(waited, &self.history);
                }
                break;
            }
        }
        Ok(())
    }

    /// Each training sample once: the mean loss, and the seconds that the steps took.
    fn epoch(&mut self, batches: &mut Batches) -> Result<(f64, f64), Stop> {
        let epoch = self.epochs_before + self.history.epochs();
        let order = shuffled(
            self.train.inputs.nrows(),
            self.config
                .seed
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .wrapping_add(epoch as u64),
        );
        let mut mean = Mean::default();
        let mut seconds = 0.0;
        for (step, rows) in (1..).zip(order.chunks(self.config.batch_size)) {
            let start = Instant::now();
            let batch = batches.of(rows.len());
            batch.gather(self.train, rows);
            let loss = batch.gradients(self.network, self.config.loss);
            if !loss.is_finite() {
                return Err(Stop::Diverged { step, loss });
            }
            let parameters = &mut self.network.parameters_mut();
            let gradients = &batch.gradients.slices();
            self.optimizer
                .step(self.config.learning_rate, parameters, gradients)?;
            seconds += start.elapsed().as_secs_f64();

            mean.add(loss, rows.len());
            self.since_snapshot.add(loss, rows.len());
            self.steps += 1;
            if self.history.epochs() == 0 && rows.len() == self.config.batch_size {
                self.snapshot_at_step()?;
            }
        }
        Ok((mean.value().unwrap_or(f64::NAN), seconds))
    }

    fn validation_loss(&self) -> Result<f64> {
        let prediction = self.network.forward(self.validation.inputs)?;
        let target = self.validation.targets.unwrap_or(self.validation.inputs);
        self.config.loss.value(&prediction, target)
    }

    fn snapshot_at_step(&mut self) -> Result<()> {
        match &self.config.snapshots {
            Some(plan) if plan.wants_step(self.steps) => {
                let loss = self.validation_loss()?;
                self.snapshot(loss)
            }
            _ => Ok(()),
        }
    }

    fn snapshot_after(&mut self, epoch: usize, validation_loss: f64) -> Result<()> {
        match &self.config.snapshots {
            Some(plan) if epoch.is_multiple_of(plan.every) => self.snapshot(validation_loss),
            _ => Ok(()),
        }
    }

    fn snapshot(&mut self, validation_loss: f64) -> Result<()> {
        let Some(plan) = &self.config.snapshots else {
            return Ok(());
        };
        let [codes, grid_codes, grid] = plan.take(self.network, self.encoder)?;
        self.history.snapshots.push(Snapshot {
            epoch: self.history.epochs(),
            step: self.steps,
            train_loss: std::mem::take(&mut self.since_snapshot).value(),
            validation_loss,
            codes,
            grid_codes,
            grid,
        });
        Ok(())
    }

    fn save(&self, epoch: usize) -> Result<()> {
        match &self.config.checkpoint {
            Some(plan) if epoch.is_multiple_of(plan.every) => checkpoint::write(
                &plan.path,
                self.network,
                self.encoder,
                checkpoint::Precision::F32,
            ),
            _ => Ok(()),
        }
    }
}

/// Room for a whole batch, and for the smaller one at the end: made once, used in each step.
struct Batches {
    whole: Batch,
    last: Batch,
}

impl Batches {
    fn new(network: &Mlp, task: Task, rows: usize, batch_size: usize) -> Self {
        Self {
            whole: Batch::new(network, task, batch_size),
            last: Batch::new(network, task, rows % batch_size),
        }
    }

    fn of(&mut self, rows: usize) -> &mut Batch {
        if rows == self.whole.inputs.nrows() {
            &mut self.whole
        } else {
            &mut self.last
        }
    }
}

struct Batch {
    inputs: Array2<f32>,
    targets: Option<Array2<f32>>,
    trace: Trace,
    gradients: Gradients,
}

impl Batch {
    fn new(network: &Mlp, task: Task, rows: usize) -> Self {
        let room = |array: &Array2<f32>| Array2::zeros((rows, array.ncols()));
        Self {
            inputs: room(task.inputs),
            targets: task.targets.map(room),
            trace: Trace::new(network, rows),
            gradients: Gradients::new(network, rows),
        }
    }

    /// Copies the samples in `rows` together.
    fn gather(&mut self, task: Task, rows: &[usize]) {
        copy_rows(task.inputs, rows, &mut self.inputs);
        if let (Some(from), Some(to)) = (task.targets, &mut self.targets) {
            copy_rows(from, rows, to);
        }
    }

    /// Forward, loss, backward; returns the loss.
    fn gradients(&mut self, network: &Mlp, loss: Loss) -> f64 {
        network.trace_into(self.inputs.view(), &mut self.trace);
        let target = self.targets.as_ref().unwrap_or(&self.inputs);
        let loss = loss.value_and_gradient(
            self.trace.output().view(),
            target.view(),
            self.gradients.last_mut().view_mut(),
        );
        network.backward_into(self.inputs.view(), &self.trace, &mut self.gradients);
        loss
    }
}

fn copy_rows(from: &Array2<f32>, rows: &[usize], to: &mut Array2<f32>) {
    let width = from.ncols();
    let per_piece = (PIECE / width).max(1);
    let to = to.as_slice_mut().expect("standard layout");
    let pieces = rows.chunks(per_piece).zip(to.chunks_mut(per_piece * width));
    map_pieces(pieces, |(rows, to)| {
        for (&row, to) in rows.iter().zip(to.chunks_exact_mut(width)) {
            match from.row(row).as_slice() {
                Some(from) => to.copy_from_slice(from),
                None => to
                    .iter_mut()
                    .zip(from.row(row))
                    .for_each(|(to, &x)| *to = x),
            }
        }
    });
}

/// The mean loss of samples that come in batches.
#[derive(Default)]
struct Mean {
    sum: f64,
    samples: usize,
}

impl Mean {
    fn add(&mut self, loss: f64, samples: usize) {
        self.sum += loss * samples as f64;
        self.samples += samples;
    }

    fn value(&self) -> Option<f64> {
        (self.samples > 0).then(|| self.sum / self.samples as f64)
    }
}

fn check_task(network: &Mlp, task: Task, loss: Loss) -> Result<()> {
    let targets = task.targets.unwrap_or(task.inputs);
    check::not_empty("the data", task.inputs)?;
    check::width("the data", task.inputs, network.in_features())?;
    check::width("the target", targets, network.out_features())?;
    check::count("rows in the target", task.inputs.nrows(), targets.nrows())?;
    check::finite("the data", task.inputs)?;
    if task.targets.is_some() {
        check::finite("the target", targets)?;
    }
    let last = network.layers()[network.layers().len() - 1].activation;
    loss.check_output(last)?;
    loss.check_targets(targets)
}
