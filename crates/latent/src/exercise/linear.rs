//! Checks of lesson 06, Linear layers.

use super::attempt::{Attempt, attempt};
use super::check::{Check, endless, left_behind, panicked, todo};
use super::question::{Choice, Prediction, Scale};
use super::value::{named, number, row, table};
use super::{Feedback, Outcome};
use crate::nn::Linear;
use ndarray::{Array1, Array2, Axis, array};

/// Weight (out, in), bias (out) and inputs (n, in) to outputs (n, out).
pub type Batch = fn(&Array2<f32>, &Array1<f32>, &Array2<f32>) -> Array2<f32>;

/// The second weight (out, hidden), the first bias (hidden) and the second bias (out) to the bias
/// of both layers together (out).
pub type ComposedBias = fn(&Array2<f32>, &Array1<f32>, &Array1<f32>) -> Array1<f32>;

/// `contrast()`: one unit that compares the right half of four receptors with the left half.
///
/// ```
/// use latent::exercise::{Outcome, linear::check_contrast};
/// let feedback = check_contrast(|| todo!());
/// assert_eq!(feedback.outcome(), Outcome::NotAttempted);
/// ```
pub fn check_contrast(contrast: fn() -> Linear) -> Feedback {
    const EXERCISE: &str = "light from the right";
    let unit = match attempt(contrast) {
        Attempt::Value(unit) => unit,
        Attempt::Todo => return todo(EXERCISE),
        Attempt::Panicked(message) => return panicked(EXERCISE, &message, None),
        Attempt::Endless => return endless(EXERCISE),
        Attempt::Interrupted => return left_behind(EXERCISE),
    };
    let not_yet = |sentence: &str| Feedback::new(EXERCISE, Outcome::NotYet, sentence);
    let (weight, bias) = (&unit.weight, &unit.bias);
    match (weight.dim(), bias.len()) {
        ((1, 4), 1) => {}
        ((4, 1), _) => {
            return not_yet(
                "Your weight has four rows and one column: that is four units with one input each. One unit with four inputs is one row: `array![[a, b, c, d]]`.",
            );
        }
        ((1, 4), count) => {
            return not_yet(&format!(
                "One unit has one bias; yours has {count}. `bias: array![0.0]` has one."
            ));
        }
        ((rows, columns), _) => {
            return not_yet(&format!(
                "Your weight is {rows} x {columns}. One unit with four inputs has one row and four columns: `array![[a, b, c, d]]`."
            ));
        }
    }
    let output = |light: &[f32; 4]| {
        let products = light.iter().zip(weight);
        products.map(|(x, w)| x * w).sum::<f32>() + bias[0]
    };
    let show = |sentence: &str, light: [f32; 4]| {
        not_yet(sentence)
            .with("light", format!("{light:?}"))
            .with("output of your unit", number(f64::from(output(&light))))
    };
    if weight.iter().chain(bias).any(|x| !x.is_finite()) {
        return not_yet("A weight or the bias is NaN or infinite.");
    }
    let largest = weight.iter().fold(0.0_f32, |max, w| max.max(w.abs()));
    if largest == 0.0 {
        return not_yet(
            "All weights are zero: the unit responds to no light at all. The light on the right has to increase the output, and the light on the left has to decrease it.",
        );
    }
    let zero = |x: f32| x.abs() <= 1e-4 * largest;
    if !zero(bias[0]) {
        return show(
            "In the dark all inputs are 0, so the output is the bias. It should be 0.",
            [0.0; 4],
        );
    }
    if !zero(weight.sum()) {
        return show(
            "The output in uniform light should be 0. It is the brightness times the sum of your weights, so this sum has to be 0.",
            [1.0; 4],
        );
    }
    let right_half = output(&[0.0, 0.0, 1.0, 1.0]);
    if zero(right_half) {
        return show(
            "The right half is brighter here, and the output is still 0: the weights of the right half add up to 0. Their sum should be positive, and the sum of the weights of the left half should be negative.",
            [0.0, 0.0, 1.0, 1.0],
        );
    }
    if right_half < 0.0 {
        return show(
            "The signs are the wrong way round. Change the signs of all weights: light on the right has to increase the output.",
            [0.0, 0.0, 1.0, 1.0],
        );
    }
    // With both outputs 0, the two weights of each half are equal.
    let even = [[0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]];
    if let Some(light) = even.into_iter().find(|light| !zero(output(light))) {
        return show(
            "Here both halves get the same light, each on one receptor, and the output should be 0. It is not, because the two receptors of a half have different weights. Within each half, give both receptors the same weight.",
            light,
        );
    }
    Feedback::new(
        EXERCISE,
        Outcome::Passed,
        "The weights add up to zero, and the bias is zero. So uniform light has no effect. The two receptors of each half have equal weights, so your unit responds only to the difference between the halves.",
    )
}

/// `forward(weight, bias, inputs)`: a linear layer on many inputs, one a row.
pub fn check_batch(forward: Batch) -> Feedback {
    type Input = (Array2<f32>, Array1<f32>, Array2<f32>);
    fn sums((weight, _, inputs): &Input) -> Array2<f32> {
        inputs.dot(&weight.t())
    }
    Check {
        exercise: "many inputs at once",
        arguments: |(weight, bias, inputs): &Input| {
            vec![
                named("weight", weight),
                named("bias", bias),
                named("inputs", inputs),
            ]
        },
        answer: |input| sums(input) + &input.1,
        mistakes: vec![
            (
                sums,
                "The weighted sums are right. Add `bias`: `+ bias` adds it to each row.",
            ),
            (
                |input| sums(input) - &input.1,
                "You subtracted the bias. Add it instead.",
            ),
            (
                |input| sums(input).reversed_axes(),
                "In your result each sample is a column, and the bias is missing. One sample per row: `inputs` on the left, the transposed weight on the right.",
            ),
            (
                |input| (sums(input) + &input.1).reversed_axes(),
                "The numbers are right, but in your result each sample is a column. One sample per row: `inputs` on the left, the transposed weight on the right.",
            ),
            (
                |input| sums(input) * &input.1,
                "You multiplied by the bias. Add it instead.",
            ),
            (
                |input| sums(input) + input.1.sum(),
                "You added all biases to each output. Each output has a bias of its own: `+ bias`, without a sum.",
            ),
        ],
        shapes_clash: Some(
            "`inputs` is (n, in), and `weight` is (out, in). In a matrix product, the left matrix must have as many columns as the right matrix has rows. The result is (n, out), so `inputs` stands on the left, and the weight on the right has to be transposed: (n, in) times (in, out). The bias has one number for each output and fits each row as it is: `+ bias`.",
        ),
        inputs: vec![
            (
                array![[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]],
                array![0.5, 10.0],
                array![
                    [2.0, 1.0, 1.0],
                    [0.0, 0.0, 0.0],
                    [1.0, 0.0, 0.0],
                    [0.0, 0.0, 1.0]
                ],
            ),
            (table(2, 4, 81), row(2, 82), table(6, 4, 83)),
            (table(5, 3, 84), row(5, 85), table(2, 3, 86)),
        ],
        passed: "One sample per row in, one sample per row out, with a single matrix product for all of them.",
    }
    .run(move |(weight, bias, inputs)| forward(weight, bias, inputs))
}

/// `parameters(sizes)`: the number of weights and biases of layers from each size to the next.
pub fn check_parameters(parameters: fn(&[usize]) -> usize) -> Feedback {
    fn over_layers(sizes: &[usize], count: fn(usize, usize) -> usize) -> usize {
        sizes.windows(2).map(|pair| count(pair[0], pair[1])).sum()
    }
    Check {
        exercise: "how many parameters",
        arguments: |sizes: &Vec<usize>| vec![("sizes", format!("{sizes:?}"))],
        answer: |sizes| over_layers(sizes, |a, b| a * b + b),
        mistakes: vec![
            (
                |sizes| over_layers(sizes, |a, b| a * b),
                "Those are the weights alone. Each output has a bias as well: add the number of outputs of each layer, `pair[1]`.",
            ),
            (
                |sizes| over_layers(sizes, |a, b| a * b + a),
                "You gave a bias to each input of a layer. Only the outputs have a bias.",
            ),
            (
                |sizes| over_layers(sizes, |a, b| a * b) + sizes.iter().sum::<usize>(),
                "You counted a bias for each of the network's inputs, too. Only the outputs of a layer have a bias, and the inputs of the network are not outputs of a layer.",
            ),
            (
                |sizes| over_layers(sizes, |a, b| a * b + 1),
                "You counted one bias for each layer. Each output of a layer has a bias of its own.",
            ),
            (
                |sizes| over_layers(sizes, |a, b| a + b),
                "You added inputs and outputs. Each output has one weight for each input: multiply.",
            ),
            (
                |sizes| sizes.iter().product(),
                "You multiplied all sizes. Each layer has only two of them, its inputs and its outputs. Multiply these two, and add up the results of all layers.",
            ),
            (
                |sizes| sizes.iter().sum(),
                "That is the number of inputs and units. The parameters are the weights between them, and a bias for each output.",
            ),
            (
                |sizes| sizes[0] * sizes[1] + sizes[1],
                "That is the first layer alone. Add up the parameters of all layers: `sizes.windows(2)` goes through the pairs.",
            ),
            (
                |sizes| over_layers(&sizes[sizes.len() - 2..], |a, b| a * b + b),
                "That is the last layer alone. Did you write `count = ...` in the loop? It replaces the count so far. `count += ...` adds to it.",
            ),
            (
                |sizes| over_layers(&sizes[..3], |a, b| a * b + b),
                "You counted the first two layers only. There can be more than three sizes: `sizes.windows(2)` goes through all pairs of neighbours.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![vec![3, 4, 2], vec![5, 2, 6, 3], vec![784, 512, 256, 2]],
        passed: "Each layer has one weight for each pair of an input and an output, and one bias for each output. With the sizes 784, 512, 256 and 2 that makes 533,762 parameters.",
    }
    .run(move |sizes| parameters(sizes))
}

/// `composed_weight(first, second)`: (hidden, in) and (out, hidden) to (out, in).
pub fn check_composed_weight(
    composed_weight: fn(&Array2<f32>, &Array2<f32>) -> Array2<f32>,
) -> Feedback {
    type Input = (Array2<f32>, Array2<f32>);
    Check {
        exercise: "the weight of two layers",
        arguments: |(first, second): &Input| {
            vec![named("first", first), named("second", second)]
        },
        answer: |(first, second)| second.dot(first),
        mistakes: vec![
            (
                |(first, second)| first.dot(second),
                "That is the other order: the second layer would act before the first. The layer that acts first stands next to the input: it is the factor on the right.",
            ),
            (
                |(first, second)| first.t().dot(&second.t()),
                "Your result is the transpose of the correct one. A weight has the shape (outputs, inputs): write the product without `.t()`, with `second` on the left.",
            ),
            (
                |(first, second)| second.t().dot(&first.t()),
                "You transposed both factors. The result is the transpose of `first.dot(second)`, in which the second layer acts before the first. Leave out both `.t()`. The layer that acts first is the factor on the right.",
            ),
            (
                |(first, _)| first.clone(),
                "That is the weight matrix of the first layer alone. The second layer multiplies the output of the first by `second`: you need the product of both.",
            ),
            (
                |(_, second)| second.clone(),
                "That is the weight matrix of the second layer alone. Its input is the output of the first layer: you need the product of both.",
            ),
            (
                |(first, second)| second * &first.t(),
                "You multiplied element by element. The matrix product is `.dot`.",
            ),
        ],
        shapes_clash: Some(
            "The outputs of the first layer are the inputs of the second, and the result is (out, in). Which product of the two is (out, hidden) times (hidden, in)?",
        ),
        inputs: vec![
            (
                array![[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]],
                array![[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]],
            ),
            (table(2, 3, 91), table(3, 2, 92)),
            (table(4, 2, 93), table(2, 4, 94)),
        ],
        passed: "Two matrices, one after the other, have the same effect as one matrix: the product `second · first`.",
    }
    .run(move |(first, second)| composed_weight(first, second))
}

/// `composed_bias(second_weight, first_bias, second_bias)`: the bias of two layers together.
pub fn check_composed_bias(composed_bias: ComposedBias) -> Feedback {
    type Input = (Array2<f32>, Array1<f32>, Array1<f32>);
    Check {
        exercise: "the bias of two layers",
        arguments: |(weight, first, second): &Input| {
            vec![
                named("second_weight", weight),
                named("first_bias", first),
                named("second_bias", second),
            ]
        },
        answer: |(weight, first, second)| weight.dot(first) + second,
        mistakes: vec![
            (
                |(weight, first, _)| weight.dot(first),
                "You multiplied the first bias by the weights of the second layer, as you should. The second layer also has a bias of its own: add `second_bias`.",
            ),
            (
                |(_, _, second)| second.clone(),
                "That is the bias of the second layer alone. The first bias is a part of the input of the second layer. So the second layer multiplies it by `second_weight`.",
            ),
            (
                |(weight, first, second)| weight.dot(first) - second,
                "You subtracted the second bias. Add it instead.",
            ),
            (
                |(_, first, second)| second + first.sum(),
                "You added up the numbers of the first bias. Send it through the second layer instead: in `second_weight`, each output has its own row of weights, one for each number of the first bias.",
            ),
            (
                |(weight, first, second)| weight.dot(first) * second,
                "You multiplied by the second bias. Add it instead.",
            ),
            (
                |(weight, _, second)| weight.sum_axis(Axis(1)) + second,
                "You treated the first bias as if it were all ones. Multiply `second_weight` by it.",
            ),
        ],
        shapes_clash: Some(
            "The first bias has one number for each hidden unit. The second bias has one number for each output. So they can't be added as they are. First send the first bias through the second layer: `second_weight` times `first_bias` has one number for each output.",
        ),
        inputs: vec![
            (
                array![[1.0, 0.0, 1.0], [0.0, 3.0, 0.0]],
                array![1.0, 2.0, 3.0],
                array![10.0, 20.0],
            ),
            (table(2, 4, 101), row(4, 102), row(2, 103)),
            (table(3, 2, 104), row(2, 105), row(3, 106)),
        ],
        passed: "The second layer multiplies the first bias by its weight matrix, and then adds its own bias.",
    }
    .run(move |(weight, first, second)| composed_bias(weight, first, second))
}

/// What a linear network makes of a tuning curve.
pub fn check_curve(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "linear layers fitted to a tuning curve",
        right: 'c',
        reasons: &[
            (
                'a',
                "The hill is curved, and this network can compute only straight lines: its three linear layers equal a single layer with one weight and one bias. Whatever values these two have, the output is a straight line.",
            ),
            (
                'b',
                "It will be a straight line, but not a sloping one. Both ends of the hill are equally low. Compare a line that rises to the right with a horizontal line. At the left end, the rising line is closer to the curve. At the right end, it is farther from the curve, by the same amount. The errors are squared, so larger errors count more: the error grows more on the right than it falls on the left.",
            ),
            (
                'c',
                "One weight and one bias make a straight line, and since the hill is the same on both sides, the best line is horizontal. Its height is the mean of the curve: the network can learn only how much the cell fires on average.",
            ),
            (
                'd',
                "A horizontal line at zero is a straight line too, but not the best one: move it up to the mean of the curve, and the squared error falls.",
            ),
        ],
    }
    .predict(my_answer)
}

/// How many of the four cases of XOR one linear unit gets right.
pub fn check_xor(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "two switches",
        truth: 3.0,
        within: 0.0,
        scale: Scale {
            other_unit: Some((
                0.0,
                0.999,
                "That looks like a share. The question asks for the number of cases: a whole number from 0 to 4.",
            )),
            ..Scale::count("a number of cases", 0.0, 4.0)
        },
        right: "The four cases are the corners of a square. The two lit corners are the ends of one diagonal, and the two dark corners are the ends of the other. The diagonals cross, so no straight line separates lit from dark. The next cell tries 35,937 linear units.",
        too_low: "A line can cut off one corner from the other three. The next cell tries 35,937 linear units.",
        too_high: "The next cell tries 35,937 linear units.",
        known: &[
            (
                4.0,
                4.0,
                "For four right cases, a straight line would need the two lit corners on one side and the two dark corners on the other. Each pair is a diagonal of the square, and the diagonals cross, so there is no such line. The next cell tries 35,937 linear units.",
            ),
            (
                2.0,
                2.0,
                "A unit that always says \"dark\" gets two right. A line can separate one lit corner from the other three: then one more case is right. The next cell tries 35,937 linear units.",
            ),
            (
                0.0,
                1.0,
                "A unit that always says \"dark\" gets two right. And a line can separate one lit corner from the other three: a unit that says \"lit\" only there gets three right. The next cell tries 35,937 linear units.",
            ),
        ],
    }
    .check(my_guess)
}
