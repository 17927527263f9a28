//! What the learner finds in the playground: losses of a network that overfits, counts of dead units.

use super::super::question::commit_first;
use super::super::{Feedback, Outcome};

const OVERFIT: &str = "make it overfit";
const DEAD: &str = "kill its units";

/// Validation loss over training loss: what is asked, and what is no gap worth the name.
const ASKED: f64 = 2.0;
const SMALL: f64 = 1.25;
/// A little below the error of the mean image of 100 to 2,000 training images.
const MEAN_IMAGE: f64 = 0.06;

/// Units in the encoder's hidden layer, with the settings that the playground starts with.
const UNITS: usize = 64;
/// In one epoch so many never die as ReLUs, but with some seeds they saturate as tanh.
const SATURATED: usize = 61;
/// What is asked. With each of the first fourteen seeds there are settings that kill so many.
const MANY: usize = 40;
/// With the learning rate of 0.003, at least so many die.
const FEW: usize = 24;

/// The training and the validation loss of a network that the learner has made overfit.
pub fn check_overfit(my_losses: Option<[f64; 2]>) -> Feedback {
    let Some([training, validation]) = my_losses else {
        return commit_first(
            OVERFIT,
            "the training loss and then the validation loss: for example `Some([0.0523, 0.0525])`",
        );
    };
    let (outcome, sentence) = overfit(training, validation);
    let feedback = Feedback::new(OVERFIT, outcome, sentence)
        .with("training loss", training.to_string())
        .with("validation loss", validation.to_string());
    if outcome == Outcome::Passed {
        feedback.with(
            "validation loss / training loss",
            format!("{:.1}", validation / training),
        )
    } else {
        feedback
    }
}

fn overfit(training: f64, validation: f64) -> (Outcome, &'static str) {
    let possible = 1e-5..0.5;
    let sentence = if !possible.contains(&training) || !possible.contains(&validation) {
        "These are not two losses of the playground: each is a mean squared error per pixel, such as 0.0523. Press Pause, and copy both losses from the numbers below the buttons."
    } else if training > ASKED * validation {
        "The training loss comes first, then the validation loss. In your answer the first number is much larger than the second. Did you swap them?"
    } else if training > MEAN_IMAGE {
        "The training loss is not clearly below the error of the mean image: the network has hardly learned its own training images yet. Train longer. A network that overfits does well on its training images."
    } else if validation < SMALL * training {
        "The two losses are close together: that is not overfitting. Are there too many training images to memorise? Or too few parameters to memorise them with? Look at the settings of the network and its data."
    } else if validation < ASKED * training {
        "There is a generalisation gap, but the validation loss is not yet twice the training loss. Press Play and train longer, or give the network fewer images, a code with more dimensions or more hidden units."
    } else if validation < 0.01 {
        "Your validation loss is too small: no network of the playground gets so low on new images. Have you copied it in full, as the playground shows it?"
    } else {
        return (
            Outcome::Passed,
            "The network reconstructs its training images much better than new ones: it has memorised a part of them. You could see this only because the validation images were kept out of the training.",
        );
    };
    (Outcome::NotYet, sentence)
}

/// The dead units of the encoder: after one epoch with a learning rate that kills, and after two
/// more with one that does not.
pub fn check_dead_units(my_counts: Option<[usize; 2]>) -> Feedback {
    let Some([now, later]) = my_counts else {
        return commit_first(
            DEAD,
            "the number of dead units after the first epoch, and then after the third: for example `Some([10, 10])`",
        );
    };
    let (outcome, sentence) = dead(now, later);
    Feedback::new(DEAD, outcome, sentence)
        .with("dead after the first epoch", now.to_string())
        .with("dead after the third epoch", later.to_string())
}

fn dead(now: usize, later: usize) -> (Outcome, &'static str) {
    let sentence = if now > UNITS || later > UNITS {
        "The hidden layer of the encoder has 64 units here, so at most 64 can be dead. Set the hidden units to 64, and copy the first number of \"dead units, encoder\"."
    } else if now == 0 {
        "No unit is dead. Is the activation function ReLU? The leaky ReLU has no completely flat part, so its units do not die. And has the first epoch ended? Before the training all units are alive."
    } else if now >= SATURATED {
        "The outputs of nearly all units are constant. Saturated units look like this, for instance those of tanh. A ReLU network with so few units left would hardly learn. Choose ReLU, press Reset, and train one epoch."
    } else if now <= FEW {
        "Even with the learning rate of 0.003 at least this many units die. Use a larger one, press Reset, and train one whole epoch. And copy the number of the encoder: in the decoder, fewer units are dead."
    } else if now < MANY {
        "That is fewer than forty. Use a learning rate larger than 0.003, and if that is not enough, smaller mini-batches. But not 0.1: with it the outputs saturate within some steps, and then nothing changes any more, so no further units die either."
    } else if later + 3 < now {
        "Many units are alive again, so the training has started from the beginning. This happens if you press Reset, and also if you change the activation function or another setting of the network. Lower only the learning rate, and go on with One epoch."
    } else if later > now + 3 {
        "Units went on dying in the last two epochs. Set the learning rate to 0.001 when the first epoch has ended, and only then train two more epochs."
    } else {
        return (
            Outcome::Passed,
            "They stay dead. The output of such a unit is zero for every image, and so is the slope of its ReLU. Its weights have a gradient of zero, and no learning rate, large or small, can move them.",
        );
    };
    (Outcome::NotYet, sentence)
}
