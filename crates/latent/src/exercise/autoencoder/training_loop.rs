//! The training loop that the learner writes: mini-batches over epochs.
//!
//! ```text
//! for each epoch:  for each mini-batch:  a step        then the validation loss
//! ```
//!
//! The loop is tried on a tiny network. What it leaves behind (parameters, validation losses, number
//! of steps) is compared with what the right loop leaves, and with what the usual mistakes leave.

use crate::autoencoder::Autoencoder;
use crate::error::{Error, Result};
use crate::exercise::attempt::{Attempt, attempt};
use crate::exercise::check::{endless, interrupted, panicked, todo};
use crate::exercise::{Feedback, Outcome};
use crate::nn::Activation;
use crate::random;
use crate::training::{TrainConfig, Trainer};
use ndarray::{Array2, Axis};

/// A network, its trainer, training images (n, d) and validation images (m, d): trains the network
/// for as many epochs as the trainer's settings say.
pub type TrainLoop = fn(&mut Autoencoder, &mut Trainer, &Array2<f32>, &Array2<f32>) -> Result<()>;

const EXERCISE: &str = "the training loop";
const EPOCHS: usize = 3;
const BATCH: usize = 4;
const IMAGES: usize = 10;

/// What a loop leaves behind.
#[derive(Clone, Debug, PartialEq)]
struct Trained {
    parameters: Autoencoder,
    validation_loss: Vec<f64>,
    steps: usize,
}

/// A loop that people write instead, and a sentence on what to look at.
const MISTAKES: [(TrainLoop, &str); 14] = [
    (
        |_, _, _, _| Ok(()),
        "No step was taken: the network is the same as before. Go through `trainer.batches(images.nrows())`, and call `trainer.step` for each mini-batch.",
    ),
    (
        |net, trainer, images, _| {
            for _ in 0..trainer.config.epochs {
                steps(net, trainer, images)?;
            }
            Ok(())
        },
        "The steps are there. What is missing is the validation loss: after the mini-batches of an epoch, call `trainer.validate(net, (validation, validation))?`. It also tells the trainer that the epoch is over; without it, each epoch has its mini-batches in the same order.",
    ),
    (
        |net, trainer, images, validation| {
            steps(net, trainer, images)?;
            validate(net, trainer, validation)
        },
        "That is one epoch. Repeat it: all of this belongs in the loop over the epochs.",
    ),
    (
        |net, trainer, images, validation| {
            for _ in 0..trainer.config.epochs {
                steps(net, trainer, images)?;
            }
            validate(net, trainer, validation)
        },
        "The validation loss is computed once, at the end. It belongs in the loop over the epochs, after the mini-batches of each epoch: it also tells the trainer that an epoch is over.",
    ),
    (
        |net, trainer, images, validation| {
            for _ in 0..trainer.config.epochs {
                for rows in trainer.batches(images.nrows()) {
                    step(net, trainer, images, &rows)?;
                    validate(net, trainer, validation)?;
                }
            }
            Ok(())
        },
        "The validation loss is computed after each step. Move the line with `trainer.validate` out of the inner loop, so that it runs once in each epoch.",
    ),
    (
        |net, trainer, images, validation| {
            for _ in 0..trainer.config.epochs {
                trainer.step(net, images, images)?;
                validate(net, trainer, validation)?;
            }
            Ok(())
        },
        "You take one step in each epoch, on all images at once. Take one step for each mini-batch: `for rows in trainer.batches(images.nrows())`, and in this loop `images.select(Axis(0), &rows)`.",
    ),
    (
        |net, trainer, images, validation| {
            for _ in 0..trainer.config.epochs {
                for _ in trainer.batches(images.nrows()) {
                    trainer.step(net, images, images)?;
                }
                validate(net, trainer, validation)?;
            }
            Ok(())
        },
        "Each step uses all images. It should use the images of its mini-batch: `let batch = images.select(Axis(0), &rows);`, and then `batch` in the call of `trainer.step`, as the input and as the target.",
    ),
    (
        |net, trainer, images, validation| {
            for _ in 0..trainer.config.epochs {
                let batches = trainer.batches(images.nrows());
                step(net, trainer, images, &batches[0])?;
                validate(net, trainer, validation)?;
            }
            Ok(())
        },
        "You use only the first mini-batch of each epoch. An epoch is one pass over all images: `for rows in trainer.batches(images.nrows())`.",
    ),
    (
        |net, trainer, images, validation| {
            let batches = trainer.batches(images.nrows());
            for _ in 0..trainer.config.epochs {
                for rows in &batches {
                    step(net, trainer, images, rows)?;
                }
                validate(net, trainer, validation)?;
            }
            Ok(())
        },
        "The mini-batches are the same in each epoch. Call `trainer.batches(images.nrows())` inside the loop over the epochs: then each epoch has a new random order.",
    ),
    (
        |net, trainer, images, validation| {
            for _ in 0..trainer.config.epochs {
                let rows: Vec<usize> = (0..images.nrows()).collect();
                for rows in rows.chunks(trainer.config.batch_size) {
                    step(net, trainer, images, rows)?;
                }
                validate(net, trainer, validation)?;
            }
            Ok(())
        },
        "Your mini-batches take the images in their order in the file, in each epoch. `trainer.batches(images.nrows())` shuffles them: otherwise the network sees the same groups again and again.",
    ),
    (
        |net, trainer, images, _| {
            for _ in 0..trainer.config.epochs {
                steps(net, trainer, images)?;
                validate(net, trainer, images)?;
            }
            Ok(())
        },
        "The steps are right, but the loss after each epoch is measured on the training images. Measure it on images that no step uses: `validation`, as the input and as the target.",
    ),
    (
        |net, trainer, images, validation| {
            for _ in 1..trainer.config.epochs {
                steps(net, trainer, images)?;
                validate(net, trainer, validation)?;
            }
            Ok(())
        },
        "One epoch is missing. `0..3` are the three numbers 0, 1 and 2, so `0..trainer.config.epochs` has as many as there are epochs.",
    ),
    (
        |net, trainer, images, validation| {
            for rows in trainer.batches(images.nrows()) {
                for _ in 0..trainer.config.epochs {
                    step(net, trainer, images, &rows)?;
                }
            }
            validate(net, trainer, validation)
        },
        "Your two loops have changed places: each mini-batch is used several times in a row. The outer loop goes over the epochs, the inner one over the mini-batches.",
    ),
    (
        |net, trainer, _, validation| {
            for _ in 0..trainer.config.epochs {
                steps(net, trainer, validation)?;
                validate(net, trainer, validation)?;
            }
            Ok(())
        },
        "You trained on the validation images. They only measure the loss: the steps use `images`.",
    ),
];

/// `train(net, trainer, images, validation)`: mini-batches over epochs.
pub fn check_train(train: TrainLoop) -> Feedback {
    let (net, trainer, images, validation) = match small() {
        Ok(small) => small,
        Err(error) => return Feedback::new(EXERCISE, Outcome::NotYet, error.to_string()),
    };
    let run = {
        let (mut net, mut trainer) = (net.clone(), trainer.clone());
        let (images, validation) = (images.clone(), validation.clone());
        move || train(&mut net, &mut trainer, &images, &validation).map(|()| left(net, &trainer))
    };
    let got = match attempt(run) {
        Attempt::Todo => return todo(EXERCISE),
        Attempt::Endless => return endless(EXERCISE),
        Attempt::Interrupted | Attempt::Value(Err(Error::Interrupted)) => {
            return interrupted(EXERCISE);
        }
        Attempt::Panicked(message) => {
            let feedback = panicked(EXERCISE, &message, None);
            if message.contains("axis length") || message.contains("index < dim") {
                return not_yet(&format!(
                    "{} The numbers in `rows` are numbers of rows: `images.select(Axis(0), &rows)` takes these rows.",
                    feedback.message()
                ));
            }
            return feedback;
        }
        Attempt::Value(Err(error)) => return not_yet(&with_error(&error)),
        Attempt::Value(Ok(got)) => got,
    };
    let leaves = |train: TrainLoop| -> Option<Trained> {
        let (mut net, mut trainer) = (net.clone(), trainer.clone());
        train(&mut net, &mut trainer, &images, &validation).ok()?;
        Some(left(net, &trainer))
    };
    let Some(expected) = leaves(right) else {
        return not_yet("The library could not train its own small example.");
    };
    if got == expected {
        return Feedback::new(
            EXERCISE,
            Outcome::Passed,
            "Forward, loss, backward, step for each mini-batch; the validation loss after each epoch. Every training in this course is this loop, and so is nearly every training of a neural network anywhere.",
        );
    }
    let known = MISTAKES
        .iter()
        .find(|(mistake, _)| leaves(*mistake).is_some_and(|left| left == got));
    let sentence = match known {
        Some((_, sentence)) => sentence,
        None if got.steps != expected.steps => {
            "The number of steps is not right. An epoch is one step for each mini-batch of `trainer.batches(images.nrows())`."
        }
        None if got.validation_loss.len() != expected.validation_loss.len() => {
            "The number of steps is right. Compute the validation loss once in each epoch, after its mini-batches: `trainer.validate(net, (validation, validation))?`."
        }
        None => {
            "The numbers of steps and epochs are right, but the trained network is not the expected one. Does each step use the images of its own mini-batch, as the input and as the target, and no other?"
        }
    };
    not_yet(sentence)
        .with(
            "the example",
            format!(
                "{IMAGES} images, mini-batches of {BATCH}, {EPOCHS} epochs, {} validation images",
                validation.nrows()
            ),
        )
        .with("expected", counts(&expected))
        .with("got", counts(&got))
}

/// A training loop, and whose it is.
#[derive(Clone, Copy)]
pub struct Loop {
    train: TrainLoop,
    yours: bool,
}

/// The learner's loop if it passes its check, otherwise the library's.
pub fn your_loop(train: TrainLoop) -> Loop {
    let yours = check_train(train).outcome() == Outcome::Passed;
    Loop {
        train: if yours { train } else { right },
        yours,
    }
}

impl Loop {
    /// Trains `net` with the loop; a printed line says whose it is.
    ///
    /// # Errors
    /// As the loop.
    pub fn run(
        &self,
        net: &mut Autoencoder,
        trainer: &mut Trainer,
        images: &Array2<f32>,
        validation: &Array2<f32>,
    ) -> Result<()> {
        let whose = if self.yours { "yours" } else { "the library's" };
        println!("train: {whose}");
        (self.train)(net, trainer, images, validation)
    }
}

fn right(
    net: &mut Autoencoder,
    trainer: &mut Trainer,
    images: &Array2<f32>,
    validation: &Array2<f32>,
) -> Result<()> {
    for _ in 0..trainer.config.epochs {
        steps(net, trainer, images)?;
        validate(net, trainer, validation)?;
    }
    Ok(())
}

/// One step for each mini-batch.
fn steps(net: &mut Autoencoder, trainer: &mut Trainer, images: &Array2<f32>) -> Result<()> {
    for rows in trainer.batches(images.nrows()) {
        step(net, trainer, images, &rows)?;
    }
    Ok(())
}

fn step(
    net: &mut Autoencoder,
    trainer: &mut Trainer,
    images: &Array2<f32>,
    rows: &[usize],
) -> Result<()> {
    let batch = images.select(Axis(0), rows);
    trainer.step(net, &batch, &batch)?;
    Ok(())
}

fn validate(net: &Autoencoder, trainer: &mut Trainer, validation: &Array2<f32>) -> Result<()> {
    trainer.validate(net, (validation, validation))?;
    Ok(())
}

/// A network that a step takes no time for, with its trainer and images.
fn small() -> Result<(Autoencoder, Trainer, Array2<f32>, Array2<f32>)> {
    let net = Autoencoder::new(&[6, 4, 2], Activation::Relu, 3)?;
    let config = TrainConfig {
        epochs: EPOCHS,
        batch_size: BATCH,
        learning_rate: 0.01,
        threads: Some(1),
        progress: false,
        ..TrainConfig::default()
    };
    let mut trainer = Trainer::new(&net, config)?;
    let images = random::uniform(IMAGES, 6, 0.0, 1.0, 4)?;
    let validation = random::uniform(5, 6, 0.0, 1.0, 5)?;
    trainer.validate(&net, (&validation, &validation))?;
    Ok((net, trainer, images, validation))
}

fn left(net: Autoencoder, trainer: &Trainer) -> Trained {
    Trained {
        parameters: net,
        validation_loss: trainer.history().validation_loss.clone(),
        steps: trainer.optimizer().state().step,
    }
}

fn counts(trained: &Trained) -> String {
    format!(
        "{} steps, the validation loss after {} epochs",
        trained.steps,
        trained.validation_loss.len()
    )
}

fn with_error(error: &Error) -> String {
    let mut sentence = format!("Your function stopped with an error: {error}.");
    if matches!(error, Error::Count { .. }) {
        sentence.push_str(
            "\nInputs and targets of a step need the same number of rows. The target of a mini-batch is the same mini-batch: `trainer.step(net, &batch, &batch)?`.",
        );
    }
    sentence
}

fn not_yet(sentence: &str) -> Feedback {
    Feedback::new(EXERCISE, Outcome::NotYet, sentence)
}
