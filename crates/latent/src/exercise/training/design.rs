//! The design exercise: the best autoencoder with a code of 8 dimensions and 60,000 parameters.
//!
//! ```text
//! Design -> checked -> trained on 10,000 images for 10 epochs -> a place on the board
//! ```

use super::super::check::interrupted;
use super::super::question::commit_first;
use super::super::{Feedback, Outcome};
use crate::autoencoder::Autoencoder;
use crate::codec::Codec;
use crate::data::Mnist;
use crate::error::{Error, Result};
use crate::file;
use crate::nn::Activation;
use crate::training::{History, TrainConfig};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

const EXERCISE: &str = "sixty thousand parameters";
const BUDGET: usize = 60_000;
const PIXELS: usize = 784;
const CODE: usize = 8;
const IMAGES: usize = 10_000;
const EPOCHS: usize = 10;
const BATCHES: std::ops::RangeInclusive<usize> = 16..=1000;
/// Places of the board that are shown.
const SHOWN: usize = 10;

/// PCA with 8 components on the same images, and what is asked: a tenth less.
const PCA: f64 = 0.0377;
const TO_BEAT: f64 = 0.9 * PCA;

/// What stands on the board from the beginning: errors on the validation images. A test of this
/// file trains them all again.
fn references() -> [(&'static str, Option<Design>, f64); 4] {
    let plain = Design {
        sizes: vec![784, 36, 8],
        activation: Activation::Relu,
        learning_rate: 1e-3,
        batch_size: 128,
    };
    let linear = Design {
        activation: Activation::Identity,
        ..plain.clone()
    };
    let longer = Design {
        learning_rate: 3e-3,
        batch_size: 32,
        ..plain.clone()
    };
    [
        ("PCA, 8 components", None, PCA),
        (
            "reference: one hidden layer, no nonlinearity except the sigmoid at the end",
            Some(linear),
            0.0367,
        ),
        (
            "reference: one hidden layer, ReLU, the default settings",
            Some(plain),
            0.0372,
        ),
        (
            "reference: one hidden layer, ReLU, smaller batches and a larger learning rate",
            Some(longer),
            0.0278,
        ),
    ]
}

/// An autoencoder and how to train it.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// Sizes of the encoder: 784 first, 8 last. The decoder mirrors them.
    pub sizes: Vec<usize>,
    /// After each hidden layer.
    pub activation: Activation,
    /// Of Adam.
    pub learning_rate: f32,
    /// Images in a step, 16 to 1,000.
    pub batch_size: usize,
}

/// One line, the same for the same design.
impl fmt::Display for Design {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<String> = self.sizes.iter().map(usize::to_string).collect();
        write!(
            f,
            "{} {}, learning rate {}, batches of {}",
            sizes.join("-"),
            self.activation.name(),
            self.learning_rate,
            self.batch_size
        )
    }
}

impl Design {
    fn num_parameters(&self) -> usize {
        let pairs = self.sizes.windows(2);
        pairs
            .map(|pair| 2 * pair[0] * pair[1] + pair[0] + pair[1])
            .sum()
    }

    /// What must be changed before it can be trained.
    fn objection(&self) -> Option<String> {
        let sizes = &self.sizes;
        let (first, last) = (sizes.first().copied(), sizes.last().copied());
        if sizes.len() > 2 && (first, last) == (Some(PIXELS), Some(PIXELS)) {
            return Some("Write the sizes of the encoder alone, from 784 down to 8: the decoder mirrors them by itself.".to_owned());
        }
        if first != Some(PIXELS) {
            return Some(format!(
                "The first size is the number of pixels, {PIXELS}: `vec![784, ..., 8]`."
            ));
        }
        if last != Some(CODE) || sizes.len() < 2 {
            return Some(format!(
                "The last size is the number of dimensions of the code, {CODE}, so that all designs on the leaderboard can be compared: `vec![784, ..., 8]`."
            ));
        }
        if sizes.contains(&0) {
            return Some(
                "A layer of 0 units lets nothing through. Remove it, or give it some units."
                    .to_owned(),
            );
        }
        if let Some(narrow) = sizes[1..sizes.len() - 1].iter().find(|&&size| size < CODE) {
            return Some(format!(
                "The layer of {narrow} units is narrower than the code of {CODE} dimensions after it: only {narrow} dimensions get through. The code should be the bottleneck."
            ));
        }
        let parameters = self.num_parameters();
        if parameters > BUDGET {
            return Some(format!(
                "{parameters} parameters are more than the budget of {BUDGET}. The first and the last layer alone have {} parameters for {} hidden units: about 1,570 for each unit.",
                2 * PIXELS * sizes[1] + PIXELS + sizes[1],
                sizes[1]
            ));
        }
        if !BATCHES.contains(&self.batch_size) {
            return Some(format!(
                "Batches of {} are out of range here: choose {} to {} images.",
                self.batch_size,
                BATCHES.start(),
                BATCHES.end()
            ));
        }
        None
    }

    /// Trains it; the history, and the errors on the training and the validation images.
    fn train(&self, mnist: &Mnist) -> Result<(History, f64, f64)> {
        let train = mnist.train.take(IMAGES).samples;
        let validation = mnist.validation.take(2000).samples;
        let mut autoencoder = Autoencoder::new(&self.sizes, self.activation, 1)?;
        let config = TrainConfig {
            epochs: EPOCHS,
            batch_size: self.batch_size,
            learning_rate: self.learning_rate,
            seed: 1,
            progress: false,
            ..TrainConfig::default()
        };
        let history = autoencoder.fit(&train, &validation, &config)?;
        if history.interrupted {
            return Err(Error::Interrupted);
        }
        let error = autoencoder.reconstruction_error(&mnist.validation.samples)?;
        Ok((history, autoencoder.reconstruction_error(&train)?, error))
    }
}

/// Trains a design and places it on the board, which is kept in `board.tsv` beside the notebook.
pub fn check_design(my_design: &Option<Design>) -> Feedback {
    check_design_on(Path::new("board.tsv"), my_design)
}

/// The same, with a board in another place.
pub fn check_design_on(board: &Path, my_design: &Option<Design>) -> Feedback {
    let Some(design) = my_design else {
        return commit_first(
            EXERCISE,
            "a design: `Some(exercise::training::Design { ... })`, as shown above",
        );
    };
    let not_yet = |sentence: String| Feedback::new(EXERCISE, Outcome::NotYet, sentence);
    if let Some(objection) = design.objection() {
        return not_yet(objection).with("your design", design.to_string());
    }
    let trained = Mnist::load().and_then(|mnist| design.train(&mnist));
    let (history, train, validation) = match trained {
        Ok(trained) => trained,
        Err(Error::Interrupted) => return interrupted(EXERCISE),
        Err(error @ Error::Diverged { .. }) => {
            return not_yet(format!("The training diverged: {error}."))
                .with("your design", design.to_string());
        }
        Err(error) => {
            return not_yet(format!("It cannot be trained: {error}."))
                .with("your design", design.to_string());
        }
    };
    let (outcome, mut sentence) = verdict(design, &history, validation);
    let present = design.to_string();
    let (tries, kept) = match read(board) {
        Ok(mut tries) => {
            tries.insert(present.clone(), validation);
            let kept = write(board, &tries);
            (tries, kept)
        }
        Err(error) => (BTreeMap::from([(present.clone(), validation)]), Err(error)),
    };
    if let Err(error) = kept {
        write!(sentence, "\nThe leaderboard could not be saved: {error}.")
            .expect("writing to a string");
    }
    Feedback::new(EXERCISE, outcome, sentence)
        .with("parameters", design.num_parameters().to_string())
        .with("training error", format!("{train:.4}"))
        .with("validation error", format!("{validation:.4}"))
        .with("the board", standing(&tries, &present))
}

/// What to say of a design that was trained.
fn verdict(design: &Design, history: &History, validation: f64) -> (Outcome, String) {
    if validation < TO_BEAT {
        let mut words = format!(
            "Your error is at least a tenth lower than that of PCA with {CODE} components ({PCA}). Your network has {} parameters. What is your rank on the board? Change one thing at a time, to see how much each change helps. (If you try many designs, one of them may do well on the validation images by luck. Only the test images could tell how good your best design really is.)",
            design.num_parameters()
        );
        if design.activation == Activation::Identity {
            words.push_str("\nThe only nonlinearity of this design is the sigmoid of the output, and that is just enough. What does another activation add?");
        }
        return (Outcome::Passed, words);
    }
    let losses = &history.train_loss;
    let (last, before) = (losses[losses.len() - 1], losses[losses.len() - 2]);
    let words = if design.activation == Activation::Identity && design.sizes.len() > 2 {
        "Without a nonlinearity between them, the layers of the encoder are one linear layer, and so are those of the decoder. Such a network can be only a little better than PCA. Choose another activation.".to_owned()
    } else if validation > 0.06 && design.learning_rate > 0.005 {
        format!(
            "It is not clearly better than the mean image. With a learning rate as large as {} the first steps can make many units silent (ReLU) or saturated (tanh) for every image. Try {}.",
            design.learning_rate,
            if design.learning_rate > 0.02 {
                0.002
            } else {
                design.learning_rate / 10.0
            }
        )
    } else if validation > 0.06 {
        format!(
            "It is not clearly better than the mean image. With a learning rate as small as {} it has hardly begun. Try ten times as much.",
            design.learning_rate
        )
    } else if design.sizes.len() == 2 {
        "Your design has no hidden layer, so its encoder is one linear layer, as in PCA. There is budget for a hidden layer between 784 and 8.".to_owned()
    } else if last < 0.985 * before {
        format!(
            "It works, but the training loss was still falling at the end, by {:.1} % in the last epoch. More steps (a smaller batch) or longer ones (a larger learning rate) would help.",
            100.0 * (1.0 - last / before)
        )
    } else {
        "The training loss has nearly levelled off. Is there budget left for wider layers? Is each layer needed? No later layer can bring back what a narrow hidden layer has lost.".to_owned()
    };
    (
        Outcome::NotYet,
        format!(
            "{words}\nThe aim is a validation error below {TO_BEAT:.4}, a tenth less than PCA's."
        ),
    )
}

/// The best designs, one a line, with the present one marked.
fn standing(tries: &BTreeMap<String, f64>, present: &str) -> String {
    let mut all: Vec<(f64, String)> = references()
        .into_iter()
        .map(|(name, _, error)| (error, name.to_owned()))
        .chain(tries.iter().map(|(design, &error)| {
            let mark = if design == present {
                "-> yours now"
            } else {
                "yours before"
            };
            (error, format!("{mark}: {design}"))
        }))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let line =
        |(place, (error, name)): (usize, &(f64, String))| format!("{place:>2}. {error:.4}  {name}");
    let lines: Vec<String> = (1..).zip(&all).map(line).collect();
    let shown = lines
        .iter()
        .enumerate()
        .filter(|(place, line)| *place < SHOWN || line.contains("-> yours now"));
    shown
        .map(|(_, line)| line.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Earlier tries: designs with their validation errors. Lines that are no such are passed over; a
/// file that cannot be read is left as it is.
fn read(board: &Path) -> Result<BTreeMap<String, f64>> {
    let text = match fs::read_to_string(board) {
        Err(source) if source.kind() == ErrorKind::NotFound => String::new(),
        Err(source) => {
            return Err(Error::Io {
                action: "read",
                path: board.to_owned(),
                source,
            });
        }
        Ok(text) => text,
    };
    let tries = text
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(error, design)| Some((design.to_owned(), error.parse().ok()?)));
    Ok(tries.collect())
}

fn write(board: &Path, tries: &BTreeMap<String, f64>) -> Result<()> {
    let lines: Vec<String> = tries
        .iter()
        .map(|(design, error)| format!("{error:.6}\t{design}\n"))
        .collect();
    file::write_whole(board, lines.concat().as_bytes()).map_err(|source| Error::Io {
        action: "write",
        path: board.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pca::Pca;

    #[test]
    fn the_references_are_what_their_trainings_give() {
        let mnist = Mnist::load().unwrap();
        for (name, design, error) in references() {
            let found = match design {
                Some(design) => {
                    assert_eq!(design.objection(), None, "{name}");
                    design.train(&mnist).unwrap().2
                }
                None => Pca::fit(&mnist.train.take(IMAGES).samples, CODE)
                    .and_then(|pca| pca.reconstruction_error(&mnist.validation.samples))
                    .unwrap(),
            };
            println!("{name}: {found:.4}");
            assert!((found - error).abs() < 3e-4, "{name}: {found}, not {error}");
        }
    }

    #[test]
    fn a_board_that_cannot_be_read_is_left_as_it_is() {
        let board = std::env::temp_dir().join(format!("latent-board-{}", std::process::id()));
        assert_eq!(read(&board).unwrap(), BTreeMap::new());
        fs::write(&board, "0.0265\ta design\nno line of a board\n").unwrap();
        assert_eq!(read(&board).unwrap().len(), 1);
        fs::write(&board, [0xff, 0xfe]).unwrap();
        assert!(read(&board).is_err());
        fs::remove_file(&board).unwrap();
    }

    #[test]
    fn parameters_are_those_of_the_network() {
        let design = Design {
            sizes: vec![784, 30, 20, 8],
            activation: Activation::Relu,
            learning_rate: 1e-3,
            batch_size: 64,
        };
        let network = Autoencoder::new(&design.sizes, design.activation, 1).unwrap();
        assert_eq!(design.num_parameters(), network.num_parameters());
    }
}
