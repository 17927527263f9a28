//! The state of a training in a file, beside the model's parameters, and back.
//!
//! Losses and moment estimates are tensors whose names begin with `trainer.`; counters are in the
//! metadata, and so is the settings' seed. The settings themselves are in the learner's program.

use super::batch::Mean;
use super::trainer::{Best, ThisEpoch, parameters};
use super::{History, Model, Snapshot, TrainConfig, Trainer};
use crate::checkpoint::{self, Precision, TRAINER};
use crate::error::Result;
use crate::nn::{Optimizer, OptimizerState};
use crate::signs;
use crate::tensors::{self, Tensor, Tensors};
use serde_json::{Value, json};
use std::path::Path;

impl Trainer {
    /// Writes the model's parameters and the training's state to a safetensors file, which both
    /// [`Trainer::resume`] and the model's own `load` read.
    ///
    /// ```
    /// use latent::prelude::*;
    /// # let file = std::env::temp_dir().join("latent-doc-trainer-save.safetensors");
    /// let network = Mlp::new(&[2, 3, 1], Activation::Tanh, Activation::Identity, 1)?;
    /// let trainer = Trainer::new(&network, TrainConfig::default())?;
    /// trainer.save(&network, &file)?;
    /// assert_eq!(Mlp::load(&file)?, network);
    /// # std::fs::remove_file(&file).ok();
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the file cannot be written,
    /// [`Error::Checkpoint`](crate::Error::Checkpoint) if a number is NaN or infinite: then an
    /// older file is left as it is.
    pub fn save(&self, model: &dyn Model, path: impl AsRef<Path>) -> Result<()> {
        self.write(model, path.as_ref())?;
        checkpoint::note(path.as_ref());
        Ok(())
    }

    /// In a notebook, after a divergence or a checkpoint that could not be written: the `?` that
    /// reports it drops what its cell defined, perhaps the model. The launcher names the file.
    pub(super) fn keep_for_notebook(&self, model: &dyn Model) {
        if let Some(path) = signs::file("unfinished.safetensors") {
            let _ = self.write(model, &path);
        }
    }

    fn write(&self, model: &dyn Model, path: &Path) -> Result<()> {
        let mut stored = Tensors::new();
        let mut metadata = model.metadata();
        for (name, network) in model.networks() {
            let prefix = match name {
                "" => String::new(),
                name => format!("{name}."),
            };
            checkpoint::add_network(&mut stored, &prefix, network, Precision::F32);
            metadata[format!("{prefix}activations")] = json!(checkpoint::activations(network));
        }
        metadata["trainer"] = self.counters();
        let vector = |x: &[f64]| Tensor::vector_f64(x.to_vec());
        let mut add = |name: &str, tensor| stored.insert(format!("{TRAINER}{name}"), tensor);
        add("train_loss", vector(&self.history.train_loss));
        add("validation_loss", vector(&self.history.validation_loss));
        add("seconds", vector(&self.history.seconds));
        for (i, snapshot) in self.history.snapshots.iter().enumerate() {
            add(
                &format!("snapshots.{i}.codes"),
                Tensor::matrix(snapshot.codes.view()),
            );
            add(
                &format!("snapshots.{i}.grid_codes"),
                Tensor::matrix(snapshot.grid_codes.view()),
            );
            add(
                &format!("snapshots.{i}.grid"),
                Tensor::matrix(snapshot.grid.view()),
            );
        }
        let mut add_all = |name: &str, vectors: &[Vec<f32>]| {
            for (i, x) in vectors.iter().enumerate() {
                add(&format!("{name}.{i}"), Tensor::vector(x.clone()));
            }
        };
        let OptimizerState {
            exp_avg,
            exp_avg_sq,
            ..
        } = self.optimizer.state();
        add_all("exp_avg", exp_avg);
        add_all("exp_avg_sq", exp_avg_sq);
        if let Some(best) = &self.best {
            let OptimizerState {
                exp_avg,
                exp_avg_sq,
                ..
            } = best.optimizer.state();
            add_all("best.parameters", &best.parameters);
            add_all("best.exp_avg", exp_avg);
            add_all("best.exp_avg_sq", exp_avg_sq);
        }
        tensors::write(path, &stored, &metadata)
    }

    /// Continues a training from the file of its last checkpoint: sets the parameters of `model`
    /// to those in the file and returns the trainer as it was. With the same settings, samples and
    /// calls, the result has the same bits as that of a training that was not interrupted.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let data = Array2::from_shape_fn((64, 4), |(i, j)| ((i * (j + 1)) % 10) as f32 / 10.0);
    /// let config = TrainConfig { epochs: 5, progress: false, ..Default::default() };
    /// let file = std::env::temp_dir().join("latent-doc-resume.safetensors");
    ///
    /// let mut net = Autoencoder::new(&[4, 8, 1], Activation::Tanh, 1)?;
    /// let mut trainer = Trainer::new(&net, config.clone())?;
    /// trainer.epoch(&mut net, (&data, &data), (&data, &data))?;
    /// trainer.save(&net, &file)?;
    ///
    /// // Another day:
    /// let mut net = Autoencoder::new(&[4, 8, 1], Activation::Tanh, 1)?;
    /// let mut trainer = Trainer::resume(&mut net, config, &file)?;
    /// trainer.run(&mut net, (&data, &data), (&data, &data))?;
    /// assert_eq!(trainer.history().epochs(), 5);
    /// # std::fs::remove_file(&file).ok();
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the file cannot be read,
    /// [`Error::Checkpoint`](crate::Error::Checkpoint) if it is damaged, holds no training, or one
    /// of another model, optimizer or seed.
    pub fn resume(
        model: &mut dyn Model,
        config: TrainConfig,
        path: impl AsRef<Path>,
    ) -> Result<Self> {
        Self::resumed(model, config, path.as_ref())
    }

    fn resumed(model: &mut dyn Model, config: TrainConfig, path: &Path) -> Result<Self> {
        let mut trainer = Self::new(model, config)?;
        let (mut stored, metadata) = tensors::read(path)?;
        trainer
            .read(model, &mut stored, &metadata)
            .map_err(|problem| tensors::unusable(path, problem))?;
        Ok(trainer)
    }

    fn counters(&self) -> Value {
        let mean = |mean: Mean| json!({ "sum": bits(mean.sum), "samples": mean.samples });
        let snapshot = |s: &Snapshot| {
            json!({
                "epoch": s.epoch,
                "step": s.step,
                "train_loss": s.train_loss.map(bits),
                "validation_loss": bits(s.validation_loss),
            })
        };
        json!({
            "seed": self.config.seed,
            "optimizer": format!("{:?}", self.optimizer.config()),
            "optimizer_steps": self.optimizer.state().step,
            "steps": self.steps,
            "best_optimizer_steps": self.best.as_ref().map(|best| best.optimizer.state().step),
            "best_epoch": self.history.best_epoch,
            "initial_validation_loss": bits(self.history.initial_validation_loss),
            "stopped_early": self.history.stopped_early,
            "interrupted": self.history.interrupted,
            "samples": self.history.samples,
            "snapshots": self.history.snapshots.iter().map(snapshot).collect::<Vec<_>>(),
            "since_snapshot": mean(self.since_snapshot),
            "epoch_steps": self.this_epoch.steps,
            "epoch_loss": mean(self.this_epoch.loss),
            "epoch_seconds": bits(self.this_epoch.seconds),
        })
    }

    fn read(
        &mut self,
        model: &mut dyn Model,
        stored: &mut Tensors,
        metadata: &Value,
    ) -> Result<(), String> {
        let about = &metadata["trainer"];
        if !about.is_object() {
            return Err("it holds a model without the state of a training".to_string());
        }
        let number = |value: &Value, key: &str| {
            let number = value[key].as_u64();
            number.ok_or(format!("its metadata have no number \"{key}\""))
        };
        let count = |value: &Value, key: &str| number(value, key).map(|n| n as usize);
        let real = |value: &Value, key: &str| number(value, key).map(f64::from_bits);
        let mean = |key: &str| {
            let value = &about[key];
            Ok::<_, String>(Mean {
                sum: real(value, "sum")?,
                samples: count(value, "samples")?,
            })
        };
        let (seed, optimizer) = (number(about, "seed")?, &about["optimizer"]);
        if seed != self.config.seed {
            let now = self.config.seed;
            return Err(format!(
                "its training has the seed {seed}, the settings have {now}"
            ));
        }
        let now = format!("{:?}", self.config.optimizer);
        if *optimizer != now {
            return Err(format!(
                "its training has the optimizer {optimizer}, the settings have {now}"
            ));
        }

        for (what, now) in model.metadata().as_object().into_iter().flatten() {
            let stored = &metadata[what];
            if stored != now {
                return Err(format!(
                    "it holds a model with {what} {stored}, the model here has {now}"
                ));
            }
        }
        let mut networks = Vec::new();
        for (name, network) in model.networks() {
            let prefix = match name {
                "" => String::new(),
                name => format!("{name}."),
            };
            let activations = &metadata[format!("{prefix}activations")];
            let stored = checkpoint::take_network(stored, &prefix, activations)?;
            let layers = |n: &crate::nn::Mlp| -> Vec<_> {
                let layers = n.layers().iter();
                layers
                    .map(|l| (l.linear.weight.dim(), l.activation))
                    .collect()
            };
            if layers(&stored) != layers(network) {
                return Err("it holds a model of other layers".to_string());
            }
            networks.push(stored);
        }
        let mut f64s = |name: &str| tensors::take_f64(stored, &format!("{TRAINER}{name}"));
        let mut history = History {
            train_loss: f64s("train_loss")?,
            validation_loss: f64s("validation_loss")?,
            seconds: f64s("seconds")?,
            initial_validation_loss: real(about, "initial_validation_loss")?,
            best_epoch: count(about, "best_epoch")?,
            stopped_early: about["stopped_early"] == true,
            interrupted: about["interrupted"] == true,
            samples: count(about, "samples")?,
            snapshots: Vec::new(),
        };
        let epochs = history.epochs();
        if history.validation_loss.len() != epochs || history.best_epoch > epochs {
            return Err("the lengths of its history disagree".to_string());
        }
        let snapshots = about["snapshots"].as_array();
        for (i, s) in snapshots.into_iter().flatten().enumerate() {
            let mut matrix = |what: &str| {
                tensors::take_matrix(stored, &format!("{TRAINER}snapshots.{i}.{what}"))
            };
            history.snapshots.push(Snapshot {
                epoch: count(s, "epoch")?,
                step: count(s, "step")?,
                train_loss: s["train_loss"].as_u64().map(f64::from_bits),
                validation_loss: real(s, "validation_loss")?,
                codes: matrix("codes")?,
                grid_codes: matrix("grid_codes")?,
                grid: matrix("grid")?,
            });
        }
        let groups = parameters(model);
        let mut vectors = |name: &str| -> Result<Vec<Vec<f32>>, String> {
            let names = (0..groups.len()).map(|i| format!("{TRAINER}{name}.{i}"));
            names
                .map(|name| Ok(tensors::take(stored, &name)?.1))
                .collect()
        };
        let lengths: Vec<usize> = groups.iter().map(Vec::len).collect();
        let (config, weight_decay) = (self.config.optimizer, self.config.weight_decay);
        let mut restored = |prefix: &str, step: u64| {
            let state = OptimizerState {
                step: step as usize,
                exp_avg: vectors(&format!("{prefix}exp_avg"))?,
                exp_avg_sq: vectors(&format!("{prefix}exp_avg_sq"))?,
            };
            Optimizer::from_state(config, &lengths, state)
                .and_then(|optimizer| optimizer.with_weight_decay(weight_decay))
                .map_err(|error| error.to_string())
        };
        let optimizer = restored("", number(about, "optimizer_steps")?)?;
        let best = match about["best_optimizer_steps"].as_u64() {
            None => None,
            Some(step) => {
                let optimizer = restored("best.", step)?;
                let parameters = vectors("best.parameters")?;
                if !parameters.iter().map(Vec::len).eq(lengths.iter().copied()) {
                    return Err("the best parameters do not fit the model".to_string());
                }
                Some(Best {
                    parameters,
                    optimizer,
                })
            }
        };
        (self.optimizer, self.best) = (optimizer, best);
        self.steps = count(about, "steps")?;
        self.since_snapshot = mean("since_snapshot")?;
        self.this_epoch = ThisEpoch {
            steps: count(about, "epoch_steps")?,
            loss: mean("epoch_loss")?,
            seconds: real(about, "epoch_seconds")?,
        };
        self.history = history;
        for (to, from) in model.networks_mut().into_iter().zip(networks) {
            *to = from;
        }
        Ok(())
    }
}

/// JSON would round a number in decimal notation.
fn bits(x: f64) -> u64 {
    x.to_bits()
}
