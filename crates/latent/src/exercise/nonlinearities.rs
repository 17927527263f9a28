//! Checks of lesson 07, Nonlinearities.

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction, Scale};
use super::value::{named, number, table};
use ndarray::{Array2, array};

/// `relu(values)`: each number below zero becomes zero.
pub fn check_relu(relu: fn(&Array2<f32>) -> Array2<f32>) -> Feedback {
    fn around_zero(rows: usize, columns: usize, seed: u64) -> Array2<f32> {
        let values = table(rows, columns, seed);
        let middle = values.sum() / values.len() as f32;
        values - middle
    }
    Check {
        exercise: "a threshold",
        arguments: |values: &Array2<f32>| vec![named("values", values)],
        answer: |values| values.mapv(|x| x.max(0.0)),
        mistakes: vec![
            (
                |values| values.mapv(|x| x.min(0.0)),
                "You kept the numbers below zero and cut off those above: `min` where it should be `max`. Of x and 0, the larger one stays.",
            ),
            (
                |values| values.mapv(f32::abs),
                "You turned the numbers below zero around. They become 0, whatever their size.",
            ),
            (
                |values| values.mapv(|x| if x > 0.0 { 1.0 } else { 0.0 }),
                "You made a step: all or nothing. Above zero, the number itself passes through.",
            ),
            (
                |values| values.mapv(|x| if x > 0.0 { x } else { 0.01 * x }),
                "That is the leaky ReLU, which lets a hundredth through. Here nothing passes below zero.",
            ),
            (
                |values| values.clone(),
                "The numbers came back as they were. Those below zero should become 0.",
            ),
            (
                |values| values.mapv(|x| x.max(1.0)),
                "Your threshold lies at 1. It should lie at 0.",
            ),
            (
                |values| values.mapv(|x| (-x).max(0.0)),
                "You took the other side: what was below zero passes, turned around, and what was above is cut off.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            array![[-2.0, 0.5], [3.0, -0.25]],
            around_zero(4, 3, 121),
            around_zero(2, 6, 122),
        ],
        passed: "Above the threshold all passes, below it nothing: that is the whole nonlinearity.",
    }
    .run(relu)
}

/// `sigmoid_slope(x)`: the derivative of 1 / (1 + e^-x).
pub fn check_sigmoid_slope(sigmoid_slope: fn(f32) -> f32) -> Feedback {
    fn sigmoid(x: f32) -> f32 {
        1.0 / (1.0 + (-x).exp())
    }
    Check {
        exercise: "the slope of a sigmoid",
        arguments: |x: &f32| vec![("x", number(f64::from(*x)))],
        answer: |&x| sigmoid(x) * (1.0 - sigmoid(x)),
        mistakes: vec![
            (
                |&x| sigmoid(x),
                "That is the sigmoid itself. Its slope is s (1 - s), with s the sigmoid.",
            ),
            (
                |&x| x * (1.0 - x),
                "You put x where s belongs. First compute `s`, the sigmoid of x, then `s * (1.0 - s)`.",
            ),
            (
                |&x| 1.0 - sigmoid(x) * sigmoid(x),
                "1 - s² is the slope of tanh, if s is tanh. For the sigmoid it is s (1 - s).",
            ),
            (
                |&x| 1.0 - sigmoid(x),
                "That is 1 - s. Multiply it by s.",
            ),
            (
                |&x| sigmoid(x) * (1.0 + sigmoid(x)),
                "You added where you should subtract: the slope is s (1 - s), and 0 where s reaches 1.",
            ),
            (
                |&x| -sigmoid(x) * (1.0 - sigmoid(x)),
                "The size is right, but the sign is not: the sigmoid rises everywhere, so its slope is above 0.",
            ),
            (
                |&x| {
                    let s = 1.0 / (1.0 + x.exp());
                    s * s
                },
                "You squared a sigmoid. The slope is the product of s and 1 - s.",
            ),
            (
                |&x| sigmoid(x) * sigmoid(x),
                "You squared a sigmoid. The slope is the product of s and 1 - s.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![1.0, 0.0, -2.0, 3.5, 9.0],
        passed: "A quarter in the middle, and next to nothing on both sides. Keep this in mind for section 5.",
    }
    .run(move |&x| sigmoid_slope(x))
}

/// `hat(x)`: 0 up to -1, up to 1 at 0, down to 0 at 1, and 0 from there on.
pub fn check_hat(hat: fn(f32) -> f32) -> Feedback {
    fn hinge(x: f32) -> f32 {
        x.max(0.0)
    }
    Check {
        exercise: "a hat",
        arguments: |x: &f32| vec![("x", number(f64::from(*x)))],
        answer: |&x| hinge(1.0 - x.abs()),
        mistakes: vec![
            (
                |&x| hinge(x + 1.0),
                "Your line rises from -1 on, for ever. A second hinge, at 0, has to bend it down.",
            ),
            (
                |&x| hinge(x + 1.0) - hinge(x),
                "Your line rises to 1 and stays there: the second hinge takes away the slope, and no more. To go down with slope -1 after a slope of 1, it has to change the slope by 2.",
            ),
            (
                |&x| hinge(x + 1.0) - 2.0 * hinge(x),
                "Right as far as 1, but then your line falls on, below zero. A third hinge, at 1, has to bend it level.",
            ),
            (
                |&x| hinge(x + 1.0) - hinge(x) + hinge(x - 1.0),
                "Your line is level between 0 and 1, and rises afterwards. The hinge at 0 has to change the slope from 1 to -1: that is 2.",
            ),
            (
                |&x| hinge(x + 1.0) - hinge(x) - hinge(x - 1.0),
                "Your line is level between 0 and 1, and falls afterwards. The hinge at 0 has to change the slope from 1 to -1, that is by 2, and the one at 1 from -1 to 0.",
            ),
            (
                |&x| hinge(x + 1.0) - hinge(x - 1.0),
                "Your line rises from -1 to 1 and stays at 2. The hinge at 0 is missing: there the slope changes from 1 to -1.",
            ),
            (
                |&x| hinge(x - 1.0) - 2.0 * hinge(x) - hinge(x + 1.0),
                "Mind the signs: the first hinge starts a rise, so it is added; the second bends down by 2; the third bends up by 1.",
            ),
            (
                |&x| hinge(x + 1.0) - 2.0 * hinge(x) - hinge(x - 1.0),
                "The third hinge should bend the line up again, from slope -1 to 0: add it.",
            ),
            (
                |&x| 1.0 - x.abs(),
                "The tip is right, but the brim is missing: beyond -1 and 1 your line goes below zero.",
            ),
            (
                |&x| hinge(x - 1.0) - 2.0 * hinge(x) + hinge(x + 1.0) - 1.0,
                "The form is right, but it hangs one too low: outside it should be 0, and 1 at the tip.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![2.0, 0.5, 0.0, -0.5, -1.0, -3.0, 1.0, 0.25, 5.0],
        passed: "Three hinges make a hat. Hats of any height, side by side, make any curve.",
    }
    .run(move |&x| hat(x))
}

/// How many straight pieces a sum of five hinges has at most.
pub fn check_pieces(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "five hinges",
        truth: 6.0,
        within: 0.0,
        scale: Scale::count("a number of pieces", 1.0, 1000.0),
        right: "Each hinge bends the line at one place, and five bends make six pieces.",
        too_low: "Each hinge bends the line at one place. Without a bend there is one piece, and each bend adds one: six.",
        too_high: "Each hinge bends the line at one place. Without a bend there is one piece, and each bend adds one: six.",
        known: &[
            (
                5.0,
                5.0,
                "Five bends, and so one piece more than bends: think of a stick that is broken once.",
            ),
            (
                10.0,
                10.0,
                "Each hinge has two arms, that is true. But the arms of all hinges are added up, and the sum bends only where one of them bends: at five places, which leaves six pieces.",
            ),
            (
                32.0,
                32.0,
                "Two to the fifth is the number of ways in which five units can be on or off. Along one line, though, each of them switches only once: five switches, six pieces. (With more inputs, or more layers, there are far more.)",
            ),
        ],
    }
    .check(my_guess)
}

/// What training does to a unit that is off for every sample.
pub fn check_dead(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "a unit that is always off",
        right: 'b',
        reasons: &[
            (
                'a',
                "The gradient would have to tell it so, and the gradient goes through the unit's slope. That is 0 for every sample: whatever the loss is, the unit's weights hear nothing of it.",
            ),
            (
                'b',
                "The slope left of the threshold is 0, so the gradient of each of its weights is 0, and a step of length zero is taken. Unless what comes in changes, because the layers before it do, it is off for good: a dead unit.",
            ),
            (
                'c',
                "Its output is 0, and zeros do no harm: the network works on with one unit fewer. That is why dead units are so easily overlooked.",
            ),
            (
                'd',
                "Behind the threshold there is 0, never anything below. And zero times any weight is zero: nothing of it reaches the next layer.",
            ),
        ],
    }
    .check(my_answer)
}
