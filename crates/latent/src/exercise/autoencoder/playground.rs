//! What the learner finds in the playground.

use super::super::question::commit_first;
use super::super::{Feedback, Outcome};

const EXERCISE: &str = "the learning rate that breaks it";
/// The learning rates of `figure/js/playground/controls.js`.
const RATES: [f64; 7] = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const BREAKS: f64 = 0.1;

/// The smallest learning rate of the playground with which the training breaks.
pub fn check_breaking_rate(my_rate: Option<f64>) -> Feedback {
    let Some(rate) = my_rate else {
        return commit_first(EXERCISE, "a learning rate: for example `Some(0.003)`");
    };
    let (outcome, sentence) = judge(rate);
    Feedback::new(EXERCISE, outcome, sentence).with("your learning rate", rate.to_string())
}

fn judge(rate: f64) -> (Outcome, String) {
    let near = |other: f64| (rate / other - 1.0).abs() < 1e-3;
    if near(BREAKS) {
        return (
            Outcome::Passed,
            "After the first epoch the validation loss is about 0.11, far above the error of the mean image. It then stays the same to four digits. With 0.03, which is less than a third of it, the network still learns well. So the learning rates that work best can lie close to one that breaks everything.".to_owned(),
        );
    }
    let sentence = if !RATES.iter().any(|&other| near(other)) {
        let all: Vec<String> = RATES.iter().map(f64::to_string).collect();
        format!(
            "{rate} is not one of the learning rates of the playground. Choose one of these: {}.",
            all.join(", ")
        )
    } else if near(0.0001) {
        "With this learning rate the training is slow, but not broken. After three epochs the validation loss is still above the error of the mean image, but it falls from epoch to epoch: press One epoch some more times. Now try larger learning rates.".to_owned()
    } else if near(0.03) {
        "With this learning rate the network still learns: after three epochs its validation loss is far below the error of the mean image. If you saw something else, press Reset after you have changed the learning rate. A network that is already broken stays broken.".to_owned()
    } else {
        "With this learning rate the validation loss falls from epoch to epoch, so the training is not broken. If you saw something else, press Reset after you have changed the learning rate: without it, the training goes on with the weights of the training before. Then try larger learning rates.".to_owned()
    };
    (Outcome::NotYet, sentence)
}
