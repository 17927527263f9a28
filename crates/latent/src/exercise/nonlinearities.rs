//! Checks of lesson 07, Nonlinearities.

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction, Scale};
use super::value::{named, number, table};
use ndarray::{Array2, array};

/// `relu(values)`: each number below zero becomes zero.
///
/// ```
/// use latent::exercise::{Outcome, nonlinearities::check_relu};
/// let feedback = check_relu(|values| values.mapv(f32::abs));
/// assert_eq!(feedback.outcome(), Outcome::NotYet);
/// assert!(feedback.message().contains("changed the sign"));
/// ```
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
                "You changed the sign of the numbers below zero. They become 0, whatever their size.",
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
                |values| values.mapv(|x| x.clamp(0.0, 1.0)),
                "You also cut off what is above 1. ReLU has no upper limit: above zero, every number stays as it is.",
            ),
            (
                |values| values.mapv(|x| x.clamp(0.0, 6.0)),
                "You also cut off what is above 6 (some networks for mobile phones do that: it is called ReLU6). ReLU itself has no upper limit.",
            ),
            (
                |values| values.mapv(|x| x.clamp(0.0, 100.0)),
                "Right for small numbers, but you also cut off what is above 100. ReLU has no upper limit: use `x.max(0.0)`.",
            ),
            (
                |values| values.mapv(|x| x.max(1.0)),
                "Your threshold lies at 1. It should lie at 0.",
            ),
            (
                |values| values.mapv(|x| if x > 1.0 { x } else { 0.0 }),
                "Numbers between 0 and 1 became 0 too. The threshold is 0, not 1.",
            ),
            (
                |values| Array2::zeros(values.dim()),
                "Every number became 0, also those above zero. Those should stay as they are.",
            ),
            (
                |values| values.mapv(f32::tanh),
                "That is tanh, the smooth curve. ReLU is simpler: it compares each number with 0.",
            ),
            (
                |values| values.mapv(|x| (-x).max(0.0)),
                "You took the other side: what was below zero passes with its sign changed, and what was above is cut off.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            array![[-2.0, 0.5], [3.0, -0.25]],
            array![[12.5, -700.0, 2500.0]],
            around_zero(4, 3, 121),
            around_zero(2, 6, 122),
        ],
        passed: "Above the threshold everything passes, below it nothing. This is the whole nonlinearity.",
    }
    .run(relu)
}

/// `sigmoid_slope(x)`: the derivative of 1 / (1 + e^-x).
pub fn check_sigmoid_slope(sigmoid_slope: fn(f32) -> f32) -> Feedback {
    const INPUTS: [f32; 5] = [1.0, 0.0, -2.0, 3.5, 9.0];
    fn sigmoid(x: f32) -> f32 {
        1.0 / (1.0 + (-x).exp())
    }
    fn exact(x: f32) -> f32 {
        sigmoid(x) * (1.0 - sigmoid(x))
    }
    Check {
        exercise: "the slope of a sigmoid",
        arguments: |x: &f32| vec![("x", number(f64::from(*x)))],
        answer: |&x| exact(x),
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
                |&x| sigmoid(x) * (1.0 - x),
                "The second factor uses x where s belongs: `s * (1.0 - s)`. Once you have s, you do not need x any more.",
            ),
            (
                |&x| x * (1.0 - sigmoid(x)),
                "The first factor is x where s belongs: `s * (1.0 - s)`. Once you have s, you do not need x any more.",
            ),
            (
                |&x| sigmoid(x) * (1.0 - sigmoid(x)) * x,
                "There is one x too many: the slope is s (1 - s), and nothing else.",
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
                "You added where you should subtract: the slope is s (1 - s).",
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
                |&x| {
                    let s = 1.0 + (-x).exp();
                    s * (1.0 - s)
                },
                "Your s is 1 + e⁻ˣ. Rust divides before it adds: `1.0 / 1.0 + ...` is `(1.0 / 1.0) + ...`. Put the denominator into brackets.",
            ),
            (
                |_| 0.0,
                "Your answer is 0 for every x. Did you write `s * 1.0 - s`? That is s - s, because Rust multiplies before it subtracts: put `1.0 - s` into brackets.",
            ),
            (
                |&x| {
                    let s = 1.0 / (1.0 - x.exp());
                    s * (1.0 - s)
                },
                "Your denominator is 1 minus an exponential, and should be 1 plus one. Look at the signs, and note that `-x.exp()` is -(eˣ): for e⁻ˣ write `(-x).exp()`.",
            ),
            (
                |&x| (-x).exp() * (1.0 - (-x).exp()),
                "Your s is e⁻ˣ alone. The sigmoid is 1 divided by 1 + e⁻ˣ.",
            ),
            (
                |&x| 1.0 - x.tanh() * x.tanh(),
                "That is the slope of tanh. For the sigmoid, begin with s, the sigmoid of x.",
            ),
            (
                |&x| sigmoid(x) * sigmoid(x),
                "You squared a sigmoid. The slope is the product of s and 1 - s.",
            ),
        ],
        shapes_clash: None,
        inputs: INPUTS.to_vec(),
        passed: "A quarter in the middle, and almost zero far from it on both sides. Keep this in mind for section 5.",
    }
    .run(move |&x| {
        // A finite difference in f32 is a right answer too, and has two or three digits.
        let near = |&x: &f32| (sigmoid_slope(x) - exact(x)).abs() < 0.003;
        if INPUTS.iter().all(near) { exact(x) } else { sigmoid_slope(x) }
    })
}

/// When relu(a + b) is relu(a) + relu(b).
pub fn check_linear(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "when ReLU is linear",
        right: 'c',
        reasons: &[
            (
                'a',
                "Try 3 and -1: relu(3 - 1) is 2, but relu(3) + relu(-1) is 3.",
            ),
            (
                'b',
                "With both above zero they agree, that is true. Now try -3 and -1: what are the two sides?",
            ),
            (
                'c',
                "Both above zero: everything passes on both sides. Both below: 0 on both sides. The two sides differ only if one number is above zero and the other below. So a ReLU is linear as long as its input does not cross zero, and so is a whole network of ReLUs as long as no unit crosses its threshold. It is made of linear pieces.",
            ),
            (
                'd',
                "Try 3 and 1: relu(3 + 1) is 4, and relu(3) + relu(1) is 4 as well.",
            ),
        ],
    }
    .check(my_answer)
}

/// `hat()`: hinges, each a place and a weight, whose sum is 0 up to -1, rises to 1 at 0, falls to 0
/// at 1, and is 0 from there on.
pub fn check_hat(hat: fn() -> Vec<(f32, f32)>) -> Feedback {
    fn hinge(x: f32) -> f32 {
        x.max(0.0)
    }
    Check {
        exercise: "a hat",
        arguments: |x: &f32| vec![("the sum at x", number(f64::from(*x)))],
        answer: |&x| hinge(1.0 - x.abs()),
        mistakes: vec![
            (
                |_| 0.0,
                "The sum of your hinges is 0 everywhere. Is each pair written as (place, weight), with the place first? And is any weight different from 0?",
            ),
            (
                |&x| hinge(x),
                "Your line is 0 up to 0, and rises from there without end. Did you write the heights of the hat as weights? A weight is the change of slope at its place.",
            ),
            (
                |&x| hinge(x + 1.0),
                "Your line rises from -1 on, without end. A second hinge, at 0, has to bend it down.",
            ),
            (
                |&x| hinge(x + 1.0) - hinge(x),
                "Your line rises to 1 and stays there: the second hinge only brings the slope back to 0. To go down with slope -1 after a slope of 1, it has to change the slope by -2.",
            ),
            (
                |&x| hinge(x + 1.0) - 2.0 * hinge(x),
                "Right as far as 1, but then your line goes on falling, below zero. A third hinge, at 1, has to make it level.",
            ),
            (
                |&x| hinge(x + 1.0) - hinge(x) + hinge(x - 1.0),
                "Your line is level between 0 and 1, and rises afterwards. The hinge at 0 has to change the slope from 1 to -1: that is a change of -2.",
            ),
            (
                |&x| hinge(x + 1.0) - hinge(x) - hinge(x - 1.0),
                "Your line is level between 0 and 1, and falls afterwards. You wrote the slopes of the pieces as weights: 1, -1, ... A weight is the change of slope at its hinge.",
            ),
            (
                |&x| hinge(x + 1.0) - hinge(x - 1.0),
                "Your line rises from -1 to 1 and stays at 2. The hinge at 0 is missing: there the slope changes from 1 to -1.",
            ),
            (
                |&x| -hinge(x + 1.0) + 2.0 * hinge(x) - hinge(x - 1.0),
                "Your hat is upside down: change the sign of all three weights.",
            ),
            (
                |&x| hinge(x + 1.0) + 2.0 * hinge(x) + hinge(x - 1.0),
                "All your weights are positive, so your line rises more and more. At 0 the slope has to go down, from 1 to -1: the weight there is negative.",
            ),
            (
                |&x| hinge(x + 1.0) - 2.0 * hinge(x) + 2.0 * hinge(x - 1.0),
                "Right as far as 1, but then your line rises again: the last weight is too large. There the slope changes from -1 to 0.",
            ),
            (
                |&x| hinge(x + 1.0) - 2.0 * hinge(x) - hinge(x - 1.0),
                "The third hinge should bend the line up again, from slope -1 to slope 0: its weight is positive.",
            ),
            (
                |&x| hinge(x + 1.0) + 2.0 * hinge(x) - hinge(x - 1.0),
                "At 0 the slope has to go down, from 1 to -1, and at 1 up again, from -1 to 0. Look at the signs of these two weights.",
            ),
            (
                |&x| hinge(x) - 2.0 * hinge(x - 1.0) + hinge(x - 2.0),
                "A hat of the right form, but its tip lies at 1. A pair holds the place where the hinge bends, not the number that is added to x.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![2.0, 0.5, 0.0, -0.5, -1.0, -3.0, 1.0, 0.25, 5.0, 40.0],
        passed: "Three hinges make a hat. With hats of any height, side by side, you can build any piecewise linear curve.",
    }
    .run(move |&x| {
        let hinges = hat();
        hinges.iter().map(|(place, weight)| weight * hinge(x - place)).sum()
    })
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
                "Five is the number of bends. There is one piece more than there are bends: think of a stick that is broken once.",
            ),
            (
                10.0,
                10.0,
                "Each hinge has two arms, that is true. But the hinges are added up, and the sum bends only where one of them bends: at five places, which makes six pieces.",
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
                "Training changes a bias only if its gradient is not 0. The slope of the unit is a factor of this gradient, and here the slope is 0 for every sample. So the gradient is 0, even if the network needs the unit.",
            ),
            (
                'b',
                "The slope left of the threshold is 0, so the gradient of each of its weights is 0, and gradient descent takes a step of length zero. The inputs of a unit in the first layer are the images, and they do not change. So it stays off: a dead unit. (In a later layer it can come back, because the layers below it go on learning and change its inputs.)",
            ),
            (
                'c',
                "Its output is 0, and 0 is a number like any other: the network goes on with one unit fewer. That is why dead units are so easily overlooked.",
            ),
            (
                'd',
                "Left of the threshold a ReLU gives 0, never anything below. And zero times any weight is zero: nothing of it reaches the next layer.",
            ),
        ],
    }
    .predict(my_answer)
}
