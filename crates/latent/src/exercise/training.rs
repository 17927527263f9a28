//! Checks of lesson 08, Training.

mod backward;
mod clinic;
mod design;
mod playground;

pub use backward::{EncoderGradient, check_encoder_gradient};
pub use clinic::{Patient, check_patient, clinic, nonsense};
pub use design::{Design, check_design, check_design_on};
pub use playground::{check_dead_units, check_overfit};

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction, Scale};
use super::value::number;

/// What the learner writes in [`check_slope`]: loss, point, distance to either side.
pub type Slope = fn(&dyn Fn(f64) -> f64, f64, f64) -> f64;
/// What the learner writes in [`check_descend`]: slope, start, learning rate, number of steps.
pub type Descend = fn(&dyn Fn(f64) -> f64, f64, f64, usize) -> f64;
/// What the learner writes in [`check_stop`]: validation losses, patience.
pub type Stop = fn(&[f64], usize) -> usize;

/// A function with its formula, as a learner would read it.
#[derive(Clone, Copy)]
struct Curve {
    formula: &'static str,
    at: fn(f64) -> f64,
}

/// `slope(loss, at, step)`: the central difference
/// (loss(at + step) - loss(at - step)) / (2 step).
///
/// ```
/// use latent::exercise::{Outcome, training::check_slope};
/// let feedback = check_slope(|loss, at, _step| loss(at)); // the loss, and not its slope
/// assert_eq!(feedback.outcome(), Outcome::NotYet);
/// ```
pub fn check_slope(slope: Slope) -> Feedback {
    type Input = (Curve, f64, f64);
    Check {
        exercise: "a slope by trial",
        arguments: |(loss, at, step): &Input| {
            vec![
                ("loss(w)", loss.formula.to_owned()),
                ("at", number(*at)),
                ("step", number(*step)),
            ]
        },
        answer: |(f, at, step)| ((f.at)(at + step) - (f.at)(at - step)) / (2.0 * step),
        mistakes: vec![
            (
                |(f, at, step)| ((f.at)(at + step) - (f.at)(*at)) / step,
                "You used only the point to the right (`at + step`) and `at` itself. On a curve that bends, the slope between these two points differs from the slope at `at`. Use a point on each side, `at + step` and `at - step`: then most of the error cancels.",
            ),
            (
                |(f, at, step)| ((f.at)(*at) - (f.at)(at - step)) / step,
                "You used only the point to the left (`at - step`) and `at` itself. On a curve that bends, the slope between these two points differs from the slope at `at`. Use a point on each side, `at + step` and `at - step`: then most of the error cancels.",
            ),
            (
                |(f, at, step)| ((f.at)(at + step) - (f.at)(at - step)) / step,
                "Your slope is two times too large: the distance from `at - step` to `at + step` is two steps, so divide by `2.0 * step`.",
            ),
            (
                |(f, at, step)| (f.at)(at + step) - (f.at)(at - step),
                "That is how much the loss rises. A slope is the rise divided by the distance between the two points, which is two steps.",
            ),
            (
                |(f, at, step)| ((f.at)(at + step) - (f.at)(at - step)) / 2.0,
                "You divided by 2. The distance between the two points is two steps: `2.0 * step`.",
            ),
            (
                |(f, at, step)| ((f.at)(at + step) - (f.at)(at - step)) / 2.0 * step,
                "`a / 2.0 * step` divides by 2 and then multiplies by the step. Put the divisor into brackets: `(2.0 * step)`.",
            ),
            (
                |(f, at, step)| (f.at)(at + step) - (f.at)(at - step) / (2.0 * step),
                "Only the second loss was divided. Put the difference into brackets: `(loss(at + step) - loss(at - step)) / (2.0 * step)`.",
            ),
            (
                |(f, at, step)| (f.at)(at + step) - (f.at)(at - step) / 2.0 * step,
                "Two pairs of brackets are missing: one around the difference of the losses, and one around `2.0 * step`.",
            ),
            (
                |(f, at, step)| (((f.at)(at + step) - (f.at)(at - step)) / (2.0 * step)).abs(),
                "A slope can be negative: it is negative where the loss falls to the right. Leave out `.abs()`.",
            ),
            (
                |(f, at, step)| 2.0 * step / ((f.at)(at + step) - (f.at)(at - step)),
                "That is run over rise. A slope is rise over run: divide the difference of the losses by the distance.",
            ),
            (
                |(f, at, step)| ((f.at)(at + step) - (f.at)(step - at)) / (2.0 * step),
                "The second point is `at - step`, not `step - at`.",
            ),
            (
                |(f, at, step)| {
                    ((f.at)(at + step / 2.0) - (f.at)(at - step / 2.0)) / step
                },
                "Your points are only half a step away from `at`. The exercise asks for `at + step` and `at - step`.",
            ),
            (
                |(f, at, _)| ((f.at)(at + 1e-6) - (f.at)(at - 1e-6)) / 2e-6,
                "You used a step of your own, which is very small. Use the argument `step`.",
            ),
            (
                |(f, at, step)| ((f.at)(at - step) - (f.at)(at + step)) / (2.0 * step),
                "The sign is the wrong way round: a slope is positive where the loss rises to the right. Take the loss on the right, minus the loss on the left.",
            ),
            (
                |(f, at, step)| ((f.at)(at + step) + (f.at)(at - step)) / (2.0 * step),
                "You added the two losses. The slope comes from their difference.",
            ),
            (
                |(f, at, _)| (f.at)(*at),
                "That is the loss itself, at one point. A slope needs the loss at two points.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            (
                Curve {
                    formula: "w * w * w",
                    at: |w| w * w * w,
                },
                1.0,
                0.5,
            ),
            (
                Curve {
                    formula: "w * w",
                    at: |w| w * w,
                },
                -3.0,
                0.25,
            ),
            (
                Curve {
                    formula: "w.exp()",
                    at: f64::exp,
                },
                0.5,
                0.1,
            ),
            (
                Curve {
                    formula: "w.sin() + 2.0",
                    at: |w| w.sin() + 2.0,
                },
                2.5,
                0.2,
            ),
        ],
        passed: "Two values of the loss, one on each side, tell you in which direction it falls. This works for any smooth loss, even if you do not know its formula.",
    }
    .run(move |(loss, at, step)| slope(&loss.at, *at, *step))
}

/// `descend(slope, start, learning_rate, steps)`: the weight after so many steps of gradient
/// descent, w <- w - learning rate * slope(w).
pub fn check_descend(descend: Descend) -> Feedback {
    type Input = (Curve, f64, f64, usize);
    fn walk((slope, start, rate, _): &Input, steps: usize, rule: fn(f64, f64, f64) -> f64) -> f64 {
        let mut w = *start;
        for _ in 0..steps {
            w = rule(w, *rate, (slope.at)(w));
        }
        w
    }
    fn right(w: f64, rate: f64, slope: f64) -> f64 {
        w - rate * slope
    }
    let bowl = Curve {
        formula: "2.0 * w",
        at: |w| 2.0 * w,
    };
    Check {
        exercise: "down the hill",
        arguments: |(slope, start, rate, steps): &Input| {
            vec![
                ("slope(w)", slope.formula.to_owned()),
                ("start", number(*start)),
                ("learning_rate", number(*rate)),
                ("steps", steps.to_string()),
            ]
        },
        answer: |input| walk(input, input.3, right),
        mistakes: vec![
            (
                |input| walk(input, input.3, |w, rate, slope| w + rate * slope),
                "You walk uphill. Where the slope is positive, the loss rises to the right, so it falls to the left: subtract.",
            ),
            (
                |(slope, start, rate, steps)| start - *steps as f64 * rate * (slope.at)(*start),
                "You took the slope at the start for all steps. The slope changes with w: compute it at the present `w`, in each pass through the loop.",
            ),
            (
                |input| walk(input, 1, right),
                "That is the first step only. Put the step into a loop, `for _ in 0..steps { ... }`, and write the last line, `w`, after the closing brace of the loop. If you have done so: does each pass begin at the new `w`?",
            ),
            (
                |input| walk(input, input.3, |w, _, slope| w - slope),
                "You subtracted the whole slope. Multiply it by the learning rate first.",
            ),
            (
                |input| walk(input, input.3, |w, rate, slope| w - rate * slope.signum()),
                "All your steps have the same size, however steep the slope is. Multiply the learning rate by the slope, so that a steep slope gives a large step.",
            ),
            (
                |input| walk(input, input.3, |w, rate, _| w - rate),
                "You subtracted the learning rate alone. A step is the learning rate times the slope.",
            ),
            (
                |input| walk(input, input.3, |w, rate, slope| w - slope / rate),
                "You divided by the learning rate. Multiply: a smaller learning rate makes shorter steps.",
            ),
            (
                |input| walk(input, input.3, |_, rate, slope| -rate * slope),
                "You replaced the weight by the step. A step begins where you are: `w - learning_rate * slope(w)`, or `w -= learning_rate * slope(w)`.",
            ),
            (
                |input| walk(input, input.3, |_, rate, slope| rate * slope),
                "You replaced the weight by the step. A step begins where you are: `w - learning_rate * slope(w)`, or `w -= learning_rate * slope(w)`.",
            ),
            (
                |(slope, start, rate, steps)| {
                    (0..*steps).fold(*start, |w, _| start - rate * (slope.at)(w))
                },
                "Each of your steps begins at `start` again. Begin it at the present weight: `w`, not `start`.",
            ),
            (
                |input| walk(input, input.3, |w, rate, _| w - rate * w),
                "You subtracted the learning rate times the weight. A step is the learning rate times the slope at the weight.",
            ),
            (
                |(slope, start, rate, steps)| {
                    let n = *steps as f64;
                    (0..*steps).fold(*start, |w, _| w - rate * (slope.at)(w) / n)
                },
                "You divided each step by the number of steps. Take each step in full: the learning rate times the slope.",
            ),
            (
                |(_, start, _, _)| *start,
                "Your function returned `start` unchanged. Is the new value kept? `let w = ...` within the loop makes another `w`, which exists only up to the closing brace of the loop: write `w -= ...`, without `let`.",
            ),
            (
                |input| walk(input, input.3 + 1, right),
                "One step too many: `0..steps` counts from 0 to `steps - 1`. That makes `steps` passes, and `0..=steps` makes one more.",
            ),
            (
                |input| walk(input, input.3 - 1, right),
                "One step too few: `0..steps` makes `steps` passes, and `1..steps` makes one fewer.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            (bowl, 4.0, 0.25, 2),
            (bowl, -3.0, 0.1, 5),
            (
                Curve {
                    formula: "w.sin() + 0.5",
                    at: |w| w.sin() + 0.5,
                },
                1.5,
                0.05,
                7,
            ),
        ],
        passed: "This is gradient descent for one weight. In a network, all other weights do the same at the same time.",
    }
    .run(move |(slope, start, rate, steps)| descend(&slope.at, *start, *rate, *steps))
}

/// Where ten steps end that are each as long as twice the way to the bottom.
pub fn check_too_long(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "a step too long",
        truth: 1.0,
        within: 0.0,
        scale: Scale::number("a weight", f64::NEG_INFINITY, f64::INFINITY),
        right: "Each step subtracts 1 · 2w, so it turns w into -w: 1, -1, 1, -1, and after an even number of steps 1 again. Ten steps of learning, and nothing gained.",
        too_low: "Work out one step: w - 1 · 2w is -w. The weight changes its sign with each step and comes no nearer to 0: after ten steps it is 1 again.",
        too_high: "Work out one step: w - 1 · 2w is -w. The weight changes its sign with each step and comes no nearer to 0: after ten steps it is 1 again.",
        known: &[
            (
                0.0,
                0.0,
                "With a learning rate of 0.5 that would be right: its first step ends at the minimum. With 1 the step is twice as large: 1 - 1 · 2 · 1 = -1, so w is as far from 0 as before, on the other side. After ten steps it is 1 again.",
            ),
            (
                -1.0,
                -1.0,
                "Nearly: w jumps between 1 and -1. It is -1 after one step and 1 after two steps, and ten is an even number.",
            ),
            (
                -20.0,
                -2.0,
                "The slope changes with w: at -1 it has the other sign. Each step turns w into -w, and after ten steps w is 1 again.",
            ),
            (
                1.001,
                f64::MAX,
                "That is what happens with a learning rate above 1: each step ends farther from 0 than the step before. With a learning rate of exactly 1, each step ends as far from 0 as it began, on the other side: after ten steps w is 1 again.",
            ),
        ],
    }
    .check(my_guess)
}

/// What a well trained model looks like with respect to its two losses.
pub fn check_well_trained(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "well trained",
        right: 'c',
        reasons: &[
            (
                'a',
                "This is true of the second training above, which has memorised thirty images. A training loss near zero says nothing about new images.",
            ),
            (
                'b',
                "They are nearly equal in the first training too, and both are high: a model that has learned little is about equally bad on both. Equal is not enough.",
            ),
            (
                'c',
                "Low: it has learned. Close together: what it has learned holds for images it has not seen. Levelled off: more epochs would change little. All three are needed, and a small gap is normal.",
            ),
            (
                'd',
                "This does happen in the first epochs: the training loss is the mean over an epoch in which the network improves, and the validation loss is measured at the end of this epoch. If the validation loss stays below the training loss, ask whether the validation images are easier, or whether the model was trained on them.",
            ),
            (
                'e',
                "Falling is good, but a curve that falls steeply at its end shows that the training was stopped too soon. More epochs would help.",
            ),
        ],
    }
    .check(my_answer)
}

/// `stop_epoch(validation, patience)`: the epoch (from 1) after which `patience` epochs have
/// brought no better loss than the best before; the last one if that never happens.
pub fn check_stop(stop_epoch: Stop) -> Feedback {
    type Input = (&'static [f64], usize);
    /// Walks through the losses; `count` is told (loss, best before, loss before, waited so far)
    /// and says how long the wait is now. Stops at `enough`.
    fn stopped(
        losses: &[f64],
        enough: usize,
        count: fn(f64, f64, f64, usize) -> usize,
    ) -> Option<usize> {
        let (mut best, mut before, mut waited) = (f64::INFINITY, f64::INFINITY, 0);
        for (epoch, &loss) in (1..).zip(losses) {
            waited = count(loss, best, before, waited);
            best = best.min(loss);
            before = loss;
            if waited >= enough {
                return Some(epoch);
            }
        }
        None
    }
    fn walk(losses: &[f64], enough: usize, count: fn(f64, f64, f64, usize) -> usize) -> usize {
        stopped(losses, enough, count).unwrap_or(losses.len())
    }
    /// The epochs counted from 0, but the whole length if the patience never runs out.
    fn from_zero(losses: &[f64], enough: usize, count: fn(f64, f64, f64, usize) -> usize) -> usize {
        stopped(losses, enough, count).map_or(losses.len(), |epoch| epoch - 1)
    }
    fn since_rise(loss: f64, _: f64, before: f64, waited: usize) -> usize {
        if loss < before { 0 } else { waited + 1 }
    }
    fn since_best(loss: f64, best: f64, _: f64, waited: usize) -> usize {
        if loss < best { 0 } else { waited + 1 }
    }
    fn best_of(losses: &[f64]) -> usize {
        let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
        1 + losses.iter().position(|&x| x == least).unwrap_or(0)
    }
    Check {
        exercise: "when to stop",
        arguments: |(losses, patience): &Input| {
            let losses: Vec<String> = losses.iter().map(|&x| number(x)).collect();
            vec![
                ("validation", format!("[{}]", losses.join(", "))),
                ("patience", patience.to_string()),
            ]
        },
        answer: |(losses, patience)| walk(losses, *patience, since_best),
        mistakes: vec![
            (
                |(losses, patience)| best_of(&losses[..walk(losses, *patience, since_best)]),
                "That is the best epoch up to the stop: its weights are the ones to keep. The question is when the training stops, which is `patience` epochs later.",
            ),
            (
                |(losses, _)| best_of(losses),
                "You looked for the best epoch of all. A training cannot see the future: it has to decide at each epoch by what came before.",
            ),
            (
                |(losses, patience)| (best_of(losses) + patience).min(losses.len()),
                "You counted the patience from the best epoch of the whole list. A training cannot see the future: it stops the first time its patience runs out, even if a better epoch would have come.",
            ),
            (
                |(losses, patience)| from_zero(losses, *patience, since_best),
                "One too small: count the epochs from 1. The indices of a list begin at 0.",
            ),
            (
                |(losses, patience)| walk(losses, patience + 1, since_best),
                "One epoch too late. Training stops as soon as the number of epochs without a better loss reaches the patience: write `>=`, not `>`.",
            ),
            (
                |(losses, patience)| walk(losses, *patience, since_rise),
                "You compared each loss with the one just before. Compare it with the best loss so far. If a loss is better than the one before, but not better than the best, it adds 1 to the count.",
            ),
            (
                |(losses, patience)| from_zero(losses, *patience, since_rise),
                "Two things. You compared each loss with the one just before: compare it with the best so far. And you counted the epochs from 0: count them from 1.",
            ),
            (
                |(losses, patience)| {
                    walk(losses, *patience, |loss, best, _, waited| {
                        waited + usize::from(loss >= best)
                    })
                },
                "You never set the count back. Each time there is a new best loss, it begins again at 0.",
            ),
            (
                |(losses, patience)| {
                    walk(losses, *patience, |loss, best, _, waited| {
                        if loss <= best { 0 } else { waited + 1 }
                    })
                },
                "An equal loss is not a better one: only `<` sets the count back to 0.",
            ),
            (
                |(losses, _)| losses.len(),
                "Your function always returns the last epoch. Is `best` set to the new loss when a loss is better? And is there a `return epoch;` within the loop, for when the patience has run out?",
            ),
            (
                |(_, patience)| *patience,
                "Your answer is the patience itself: it seems that your count never goes back to 0. Begin with `f64::INFINITY` as the best loss. If `loss < best`, set the count back to 0. Then it counts from the best epoch so far, not from the start.",
            ),
            (
                |(losses, patience)| {
                    stopped(losses, *patience, since_best).map_or(losses.len(), |_| *patience)
                },
                "You returned the number of epochs without a better loss. Return the epoch.",
            ),
            (
                |(losses, patience)| {
                    stopped(losses, *patience, since_best).map_or(losses.len(), |epoch| epoch + 1)
                },
                "One too large: if you count the epochs from 1, return the epoch as it is.",
            ),
            (
                |(losses, patience)| walk(losses, patience - 1, since_best),
                "One epoch too early: a new best loss sets the count to 0, and each later epoch without a better one adds 1.",
            ),
            (
                |(losses, _)| walk(losses, 1, since_rise),
                "You stop at the first rise. Wait until `patience` epochs have brought no better loss than the best.",
            ),
            (
                |(losses, patience)| stopped(losses, *patience, since_best).unwrap_or(0),
                "Your answers are right if the patience runs out. If it never runs out, the answer is the last epoch: `validation.len()`.",
            ),
            (
                |(losses, patience)| stopped(losses, *patience, since_best).unwrap_or(*patience),
                "Your answers are right if the patience runs out. If it never runs out, the answer is the last epoch: `validation.len()`.",
            ),
            (
                |(losses, patience)| {
                    stopped(losses, *patience, since_best).unwrap_or(losses.len() + 1)
                },
                "Your answers are right if the patience runs out. If it never runs out, the answer is the last epoch: `validation.len()`.",
            ),
            (
                |(losses, patience)| {
                    stopped(losses, *patience, since_best).unwrap_or(losses.len() - 1)
                },
                "Your answers are right if the patience runs out. If it never runs out, the answer is the last epoch: `validation.len()`.",
            ),
            (
                |(losses, patience)| {
                    stopped(losses, *patience, since_best).unwrap_or(losses.len()) - 1
                },
                "One too small, in each case: count the epochs from 1. The indices of a list begin at 0.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            (&[3.0, 2.0, 2.5, 2.4, 1.0], 2),
            (&[5.0, 4.0, 4.0, 4.0, 3.0], 2),
            (&[5.0, 4.0, 3.0, 2.0, 1.0], 3),
            (&[1.0, 2.0, 3.0, 4.0], 2),
            (
                &[
                    9.0, 8.0, 8.5, 7.0, 7.5, 7.2, 6.0, 6.5, 6.4, 6.3, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0,
                ],
                3,
            ),
        ],
        passed: "Count from the best epoch so far, and stop when the count reaches the patience. `fit` does the same, and then goes back to the best weights.",
    }
    .run(move |(losses, patience)| stop_epoch(losses, *patience))
}
