//! Checks of lesson 00, Start here.

use super::Feedback;
use super::check::Check;
use super::question::{Prediction, Scale};
use super::value::{named, number, table};
use ndarray::{Array1, Array2, Axis};

/// The value of `7 / 2` in Rust.
///
/// ```
/// use latent::exercise::{Outcome, start::check_division};
/// assert_eq!(check_division(None).outcome(), Outcome::NotAttempted);
/// assert_eq!(check_division(Some(3.5)).outcome(), Outcome::Surprise);
/// ```
pub fn check_division(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "seven halves",
        truth: 3.0,
        within: 0.0,
        scale: Scale::number("the value of 7 / 2", 0.0, 7.0),
        right: "Both numbers are whole, so the result is whole, and the remainder is dropped. The next cell shows it.",
        too_low: "That is less than Rust's answer. 2 fits into 7 three times, and the remainder is dropped. The next cell shows it.",
        too_high: "That is more than Rust's answer. In Rust a whole number divided by a whole number is a whole number; the remainder is dropped. The next cell shows it.",
        known: &[
            (
                3.5,
                3.5,
                "That is Python's answer, and a sensible one. In Rust both numbers are whole, so the result is whole too, like Python's `7 // 2`. With a decimal point it is 3.5: `7.0 / 2.0`.",
            ),
            (
                4.0,
                4.0,
                "You rounded 3.5 up. Rust does not round: it drops everything after the decimal point.",
            ),
            (
                1.0,
                1.0,
                "1 is the remainder, which Rust writes `7 % 2`. The division `/` tells how many times 2 fits into 7.",
            ),
        ],
    }
    .check(my_guess)
}

/// `firing_rate(spikes, seconds)`: spikes a second.
pub fn check_firing_rate(firing_rate: fn(usize, f32) -> f32) -> Feedback {
    Check {
        exercise: "firing rate",
        arguments: |&(spikes, seconds): &(usize, f32)| {
            vec![
                ("spikes", spikes.to_string()),
                ("seconds", number(f64::from(seconds))),
            ]
        },
        answer: |&(spikes, seconds)| spikes as f32 / seconds,
        mistakes: vec![
            (
                |&(spikes, seconds)| seconds / spikes as f32,
                "You divided the seconds by the spikes: that is the mean time between two spikes. A rate is spikes for each second.",
            ),
            (
                |&(spikes, seconds)| spikes as f32 * seconds,
                "You multiplied. The longer you record, the more spikes you count. A rate does not depend on how long you record: divide by the time.",
            ),
            (
                |&(spikes, seconds)| (spikes / seconds as usize) as f32,
                "You turned the seconds into a whole number. Here this drops half a second. Turn the spikes into a decimal number instead: `spikes as f32`.",
            ),
            (
                |&(spikes, seconds)| (spikes as f32 / seconds).floor(),
                "The part after the decimal point is missing. Keep everything `f32`: only `spikes` needs `as f32`.",
            ),
            (
                |&(spikes, seconds)| spikes as f32 / (seconds * 1000.0),
                "Your answer is in spikes for each millisecond. The time comes in seconds already.",
            ),
            (
                |&(spikes, _)| spikes as f32,
                "That is the number of spikes. For the rate, divide it by `seconds`.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![(3, 2.5), (42, 8.25), (9, 1.6)],
        passed: "Three spikes in 2.5 seconds give a rate of 1.2 spikes per second. Your function is right for the other cases, too.",
    }
    .run(move |&(spikes, seconds)| firing_rate(spikes, seconds))
}

/// `mean_response(responses)`: responses (trials, neurons) to each neuron's mean (neurons).
pub fn check_mean_response(mean_response: fn(&Array2<f32>) -> Array1<f32>) -> Feedback {
    Check {
        exercise: "mean response",
        arguments: |responses: &Array2<f32>| vec![named("responses", responses)],
        answer: |responses| responses.sum_axis(Axis(0)) / responses.nrows() as f32,
        mistakes: vec![
            (
                |responses| responses.sum_axis(Axis(1)) / responses.ncols() as f32,
                "You averaged over the neurons, within each trial. `Axis(n)` names the axis that disappears. The trials should disappear; they are the rows, `Axis(0)`.",
            ),
            (
                |responses| responses.sum_axis(Axis(0)),
                "That is the sum over the trials. Divide by the number of trials, or let `mean_axis` do both.",
            ),
            (
                |responses| responses.sum_axis(Axis(1)),
                "That is the sum over the neurons. Sum over the trials, `Axis(0)`, and divide by their number.",
            ),
            (
                |responses| responses.sum_axis(Axis(0)) / responses.ncols() as f32,
                "You divided by the number of neurons. The sum ran over the trials, so divide by `responses.nrows()`.",
            ),
            (
                |responses| responses.sum_axis(Axis(0)) / responses.len() as f32,
                "You divided by the number of all elements. The sum ran over the trials alone, so divide by `responses.nrows()`.",
            ),
            (
                |responses| {
                    responses.sum_axis(Axis(0)) / (responses.nrows() as f32 - 1.0)
                },
                "You divided by one trial too few. The n - 1 belongs to the variance; a mean divides by n.",
            ),
            (
                |responses| {
                    Array1::from_elem(responses.ncols(), responses.sum() / responses.len() as f32)
                },
                "You took one mean of everything. Each neuron, that is each column, has its own.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            ndarray::array![[1.0, 10.0], [2.0, 20.0], [6.0, 30.0]],
            table(5, 4, 1),
            table(8, 3, 2),
        ],
        passed: "One mean for each neuron, whatever the number of trials.",
    }
    .run(mean_response)
}
