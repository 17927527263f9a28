//! The parts of an autoencoder that the learner writes: encoder, decoder, loss, update.
//!
//! ```text
//! encode: images (n, d) -> codes (n, k)         decode: codes (n, k) -> images (n, d)
//! loss:   mean of (x - x')^2                    update: p <- p - learning rate * dL/dp
//! ```

use crate::exercise::check::Check;
use crate::exercise::value::{named, table};
use crate::exercise::{Feedback, Outcome};
use crate::nn::{Activation, Linear};
use ndarray::{Array1, Array2, Axis, array};
use std::fmt;

/// The three linear layers of an encoder or a decoder, and samples (n, in), to outputs (n, out).
pub type Forward = fn(&[Linear], &Array2<f32>) -> Array2<f32>;

/// Samples (n, d) and their reconstructions (n, d) to the mean squared error.
pub type SquaredError = fn(&Array2<f32>, &Array2<f32>) -> f32;

/// Changes parameters in place, from their gradient and the learning rate.
pub type Update = fn(&mut [f32], &[f32], f32);

type Through = (Vec<Linear>, Array2<f32>);

/// Through the layers, with an activation after each.
fn through(layers: &[Linear], input: &Array2<f32>, after: &[Activation]) -> Array2<f32> {
    let mut output = input.clone();
    for (layer, activation) in layers.iter().zip(after) {
        output = (output.dot(&layer.weight.t()) + &layer.bias).mapv(|x| activation.apply(x));
    }
    output
}

use Activation::{Identity, Relu, Sigmoid};

/// Layers of the sizes, with weights of either sign; and inputs.
fn layers_and_input(sizes: [usize; 4], seed: u64) -> Through {
    let layer = |(i, pair): (usize, &[usize])| Linear {
        weight: signed(pair[1], pair[0], seed + i as u64),
        bias: signed(1, pair[1], seed + 10 + i as u64).remove_axis(Axis(0)),
    };
    let layers = sizes.windows(2).enumerate().map(layer).collect();
    (layers, signed(5, sizes[0], seed + 20))
}

fn signed(rows: usize, columns: usize, seed: u64) -> Array2<f32> {
    let table = table(rows, columns, seed);
    let mean = table.mean().expect("not empty");
    (table - mean) / 2.0
}

fn shown((layers, input): &Through, name: &'static str) -> Vec<(&'static str, String)> {
    let names = ["layers[0].weight", "layers[1].weight", "layers[2].weight"];
    let biases = ["layers[0].bias", "layers[1].bias", "layers[2].bias"];
    let mut rows = Vec::new();
    for ((layer, weight), bias) in layers.iter().zip(names).zip(biases) {
        rows.push(named(weight, &layer.weight));
        rows.push(named(bias, &layer.bias));
    }
    rows.push(named(name, input));
    rows
}

/// `encode(layers, images)`: linear, ReLU, linear, ReLU, linear.
pub fn check_encode(encode: Forward) -> Feedback {
    Check {
        exercise: "the encoder",
        arguments: |input| shown(input, "images"),
        answer: |(layers, images)| through(layers, images, &[Relu, Relu, Identity]),
        mistakes: vec![
            (
                |(layers, images)| through(layers, images, &[Relu, Relu, Relu]),
                "There is a ReLU after your last layer, so no code can be negative. The last layer of the encoder has no activation function: leave the last `relu` out.",
            ),
            (
                |(layers, images)| through(layers, images, &[Relu, Relu, Sigmoid]),
                "There is a sigmoid after your last layer, so every code lies between 0 and 1. The last layer of the encoder has no activation function.",
            ),
            (
                |(layers, images)| through(layers, images, &[Identity, Identity, Identity]),
                "The three layers are right, but there is no ReLU between them. Apply `relu` to the outputs of the first and of the second layer.",
            ),
            (
                |(layers, images)| through(layers, images, &[Relu, Identity, Identity]),
                "A ReLU is missing: there is one after the first layer, and there should be one after the second layer as well.",
            ),
            (
                |(layers, images)| through(layers, images, &[Identity, Relu, Identity]),
                "A ReLU is missing: there is one after the second layer, and there should be one after the first layer as well.",
            ),
            (
                |(layers, images)| through(layers, images, &[Identity, Identity, Relu]),
                "Your only ReLU comes after the last layer. The other two layers need one, and the last has none.",
            ),
            (
                |(layers, images)| through(layers, images, &[Relu, Identity, Relu]),
                "Your second ReLU comes after the third layer. It belongs after the second one: a code may be negative.",
            ),
            (
                |(layers, images)| through(layers, images, &[Identity, Relu, Relu]),
                "Your ReLUs come after the second and the third layer. They belong after the first and the second: a code may be negative.",
            ),
            (
                |(layers, images)| through(layers, images, &[Sigmoid, Sigmoid, Identity]),
                "You used `sigmoid` between the layers. This encoder has a ReLU there: `relu`.",
            ),
            (
                |(layers, images)| through(layers, &images.mapv(|x| x.max(0.0)), &[Relu, Relu, Identity]),
                "You applied `relu` to the images before the first layer. It comes after a layer: first `linear`, then `relu`.",
            ),
            (
                |(layers, images)| through(layers, &images.mapv(|x| x.max(0.0)), &[Relu, Identity, Identity]),
                "Your `relu` comes before each layer instead of after it. Apply `linear` first, then `relu` to its result.",
            ),
            (
                |(layers, images)| through(&layers[..2], images, &[Relu, Relu]),
                "You stopped after the second layer. `layers[2]` turns its outputs into the code.",
            ),
            (
                |(layers, images)| through(&layers[..2], images, &[Relu, Identity]),
                "You stopped after the second layer. `layers[2]` turns its outputs into the code.",
            ),
            (
                |(layers, images)| through(&layers[..1], images, &[Relu]),
                "You stopped after the first layer. Its outputs are the inputs of `layers[1]`, and the outputs of that are the inputs of `layers[2]`.",
            ),
            (
                |(layers, images)| through(&layers[..1], images, &[Identity]),
                "You stopped after the first layer. Its outputs, after a ReLU, are the inputs of `layers[1]`, and the outputs of that are the inputs of `layers[2]`.",
            ),
            (
                |(_, images)| images.clone(),
                "You returned the images as they were. Send them through the three layers.",
            ),
        ],
        shapes_clash: Some(
            "The input of one layer has the wrong number of columns. Each layer takes the output of the layer before: `layers[0]` takes `images`, `layers[1]` takes the result of the first line, `layers[2]` that of the second.",
        ),
        inputs: vec![
            (
                vec![
                    Linear {
                        weight: array![[1.0, -1.0, 0.0], [0.0, 1.0, -2.0]],
                        bias: array![0.0, 0.5],
                    },
                    Linear {
                        weight: array![[1.0, -1.0], [-2.0, 1.0]],
                        bias: array![0.0, 0.5],
                    },
                    Linear {
                        weight: array![[1.0, -2.0]],
                        bias: array![0.5],
                    },
                ],
                array![[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]],
            ),
            layers_and_input([5, 4, 3, 2], 201),
            layers_and_input([3, 3, 3, 3], 241),
        ],
        passed: "Three layers, a ReLU after the first and the second, and nothing after the third: a code may have any value.",
    }
    .run(move |(layers, images)| encode(layers, images))
}

/// `decode(layers, codes)`: linear, ReLU, linear, ReLU, linear, sigmoid.
pub fn check_decode(decode: Forward) -> Feedback {
    Check {
        exercise: "the decoder",
        arguments: |input| shown(input, "codes"),
        answer: |(layers, codes)| through(layers, codes, &[Relu, Relu, Sigmoid]),
        mistakes: vec![
            (
                |(layers, codes)| through(layers, codes, &[Relu, Relu, Identity]),
                "The output activation is missing: your images have pixels below 0 and above 1. Apply `sigmoid` to the outputs of the last layer.",
            ),
            (
                |(layers, codes)| through(layers, codes, &[Relu, Relu, Relu]),
                "There is a ReLU after your last layer: pixels may then be larger than 1. The output activation of the decoder is `sigmoid`.",
            ),
            (
                |(layers, codes)| {
                    let relu = through(layers, codes, &[Relu, Relu, Relu]);
                    relu.mapv(|x| Sigmoid.apply(x))
                },
                "There is a ReLU in front of your sigmoid, so no pixel is below 0.5: the background would be grey. Apply `sigmoid` to the outputs of the last layer as they are.",
            ),
            (
                |(layers, codes)| through(layers, codes, &[Sigmoid, Sigmoid, Sigmoid]),
                "You used `sigmoid` after all three layers. Use it after the last one only, and use `relu` after the first and the second.",
            ),
            (
                |(layers, codes)| through(layers, codes, &[Identity, Identity, Sigmoid]),
                "There is no ReLU between your layers. Apply `relu` to the outputs of the first and of the second layer.",
            ),
            (
                |(layers, codes)| through(layers, codes, &[Identity, Identity, Identity]),
                "There is no activation function at all in your decoder. Apply `relu` after the first and the second layer, and `sigmoid` after the third.",
            ),
            (
                |(layers, codes)| through(layers, codes, &[Sigmoid, Sigmoid, Identity]),
                "Your activation functions are in the wrong places: `relu` comes after the first and the second layer, and `sigmoid` after the third.",
            ),
            (
                |(layers, codes)| {
                    let images = through(layers, codes, &[Relu, Relu, Sigmoid]);
                    images.mapv(|x| Sigmoid.apply(x))
                },
                "You applied `sigmoid` twice, so each pixel lies between 0.5 and 0.73. Once is enough, after the last `linear`.",
            ),
            (
                |(layers, codes)| through(layers, codes, &[Relu, Identity, Identity]),
                "There is a ReLU after the first layer, and then no activation function any more. The second layer needs a ReLU as well, and the third a `sigmoid`.",
            ),
            (
                |(layers, codes)| through(layers, codes, &[Relu, Identity, Sigmoid]),
                "A ReLU is missing: there is one after the first layer, and there should be one after the second layer as well.",
            ),
            (
                |(layers, codes)| through(layers, codes, &[Identity, Relu, Sigmoid]),
                "A ReLU is missing: there is one after the second layer, and there should be one after the first layer as well.",
            ),
            (
                |(layers, codes)| through(layers, &codes.mapv(|x| x.max(0.0)), &[Relu, Relu, Sigmoid]),
                "You applied `relu` to the codes before the first layer, so negative codes are lost. Apply `linear` first, then `relu` to its result.",
            ),
            (
                |(layers, codes)| through(layers, &codes.mapv(|x| x.max(0.0)), &[Relu, Identity, Sigmoid]),
                "Your `relu` comes before each layer instead of after it, so negative codes are lost. Apply `linear` first, then `relu` to its result.",
            ),
            (
                |(layers, codes)| through(&layers[..2], codes, &[Relu, Sigmoid]),
                "You stopped after the second layer. `layers[2]` turns its outputs into the image.",
            ),
            (
                |(layers, codes)| through(&layers[..2], codes, &[Relu, Relu]),
                "You stopped after the second layer. `layers[2]` turns its outputs into the image.",
            ),
            (
                |(layers, codes)| through(&layers[..1], codes, &[Sigmoid]),
                "You stopped after the first layer. Its outputs, after a ReLU, are the inputs of `layers[1]`, and the outputs of that are the inputs of `layers[2]`.",
            ),
            (
                |(layers, codes)| through(&layers[..1], codes, &[Relu]),
                "You stopped after the first layer. Its outputs are the inputs of `layers[1]`, and the outputs of that are the inputs of `layers[2]`.",
            ),
            (
                |(_, codes)| codes.clone(),
                "You returned the codes as they were. Send them through the three layers.",
            ),
        ],
        shapes_clash: Some(
            "The input of one layer has the wrong number of columns. `layers[0]` takes the codes, `layers[1]` takes the result of the first line, `layers[2]` that of the second. (These are the three layers of the decoder, counted from 0.)",
        ),
        inputs: vec![
            (
                vec![
                    Linear {
                        weight: array![[1.0], [-1.0]],
                        bias: array![0.5, 0.0],
                    },
                    Linear {
                        weight: array![[1.0, -1.0], [-2.0, 1.0]],
                        bias: array![0.0, 0.5],
                    },
                    Linear {
                        weight: array![[1.0, -2.0], [0.0, 1.0], [-2.0, 0.0]],
                        bias: array![0.0, -1.0, 1.0],
                    },
                ],
                array![[1.0], [-2.0]],
            ),
            layers_and_input([2, 3, 4, 5], 301),
            layers_and_input([3, 3, 3, 3], 341),
        ],
        passed: "The mirror image of the encoder, with a sigmoid at the end: each pixel lies between 0 and 1.",
    }
    .run(move |(layers, codes)| decode(layers, codes))
}

/// `squared_error(samples, reconstruction)`: the mean over all elements of the squared difference.
pub fn check_squared_error(squared_error: SquaredError) -> Feedback {
    type Input = (Array2<f32>, Array2<f32>);
    fn squares((samples, reconstruction): &Input) -> Array2<f32> {
        (samples - reconstruction).mapv(|x| x * x)
    }
    fn elements((samples, _): &Input) -> f32 {
        samples.len() as f32
    }
    Check {
        exercise: "how wrong",
        arguments: |(samples, reconstruction): &Input| {
            vec![
                named("samples", samples),
                named("reconstruction", reconstruction),
            ]
        },
        answer: |input| squares(input).sum() / elements(input),
        mistakes: vec![
            (
                |input| squares(input).sum(),
                "That is the sum. Divide it by the number of all elements, or use `.mean().unwrap()`: the error should not grow with the number of images.",
            ),
            (
                |input| squares(input).sum() / input.0.nrows() as f32,
                "You divided by the number of images: that is the squared error per image. This course uses the error per pixel: divide by the number of all elements.",
            ),
            (
                |input| squares(input).sum() / input.0.ncols() as f32,
                "You divided by the number of pixels of one image. Divide by the number of all elements, `samples.len()`.",
            ),
            (
                |(samples, reconstruction)| (samples - reconstruction).sum() / samples.len() as f32,
                "You averaged the differences themselves. Too dark and too light cancel each other: square each difference first.",
            ),
            (
                |(samples, reconstruction)| (reconstruction - samples).sum() / samples.len() as f32,
                "You averaged the differences themselves. Too dark and too light cancel each other: square each difference first.",
            ),
            (
                |input| {
                    let (samples, reconstruction) = input;
                    (samples - reconstruction).mapv(f32::abs).sum() / elements(input)
                },
                "That is the mean size of the differences. It also measures the error, but the squared error needs `x * x`: then one large difference counts more than many small ones.",
            ),
            (
                |input| (squares(input).sum() / elements(input)).sqrt(),
                "You took the root at the end. Leave it out: it is the mean of the squares.",
            ),
            (
                |input| squares(input).sum().sqrt(),
                "That is the distance, the root of the sum of the squares. Leave the root out, and divide by the number of all elements.",
            ),
            (
                |(samples, reconstruction)| 2.0 * (samples - reconstruction).sum() / samples.len() as f32,
                "You doubled the differences. The square of `x` is `x * x`, not `2.0 * x`.",
            ),
            (
                |(samples, reconstruction)| (samples - reconstruction).var(0.0),
                "That is the variance of the differences: it subtracts their mean before it squares. An image that is too dark everywhere would then cost nothing. Square the differences as they are.",
            ),
            (
                |(samples, reconstruction)| (samples - reconstruction).std(0.0),
                "That is the standard deviation of the differences: it subtracts their mean, and takes a root at the end. Square the differences as they are, and take the mean.",
            ),
            (
                |(samples, reconstruction)| {
                    let mean = (samples - reconstruction).sum() / samples.len() as f32;
                    mean * mean
                },
                "You took the mean first and squared it. Square each difference first, then take the mean: otherwise too dark and too light cancel each other.",
            ),
            (
                |(samples, reconstruction)| {
                    samples.mapv(|x| x * x).sum() / samples.len() as f32
                        - reconstruction.mapv(|x| x * x).sum() / samples.len() as f32
                },
                "You subtracted the squares. Subtract first, then square.",
            ),
            (
                |(samples, reconstruction)| {
                    let sums = samples.sum_axis(Axis(1)) - reconstruction.sum_axis(Axis(1));
                    sums.mapv(|x| x * x).sum() / samples.nrows() as f32
                },
                "You compared the sums of the images. Compare pixel with pixel: subtract the arrays as they are.",
            ),
        ],
        shapes_clash: Some(
            "`samples` and `reconstruction` have the same shape, (n, d): they can be subtracted as they are, without `.t()` or `.dot`.",
        ),
        inputs: vec![
            (
                array![[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]],
                array![[0.5, 0.0, 2.0], [0.0, 1.0, 0.0]],
            ),
            (table(4, 3, 151), table(4, 3, 152)),
            (table(2, 6, 153), table(2, 6, 154)),
        ],
        passed: "This is the number that the training will minimise, and nothing else.",
    }
    .run(move |(samples, reconstruction)| squared_error(samples, reconstruction))
}

/// `update(parameters, gradient, learning_rate)`: one step of gradient descent, in place.
pub fn check_update(update: Update) -> Feedback {
    type Input = (Vec<f32>, Vec<f32>, f32);
    fn each((parameters, gradient, rate): &Input, to: fn(f32, f32, f32) -> f32) -> Array1<f32> {
        let pairs = parameters.iter().zip(gradient);
        pairs.map(|(&p, &g)| to(p, g, *rate)).collect()
    }
    let array = |list: &[f32]| Array1::from(list.to_vec());
    Check {
        exercise: "one step",
        arguments: |(parameters, gradient, rate): &Input| {
            vec![
                named("parameters before", &Array1::from(parameters.clone())),
                named("gradient", &Array1::from(gradient.clone())),
                named("learning_rate", rate),
            ]
        },
        answer: |input| each(input, |p, g, rate| p - rate * g),
        mistakes: vec![
            (
                |input| each(input, |p, _, _| p),
                "The parameters are the same as before. Change them in place: `parameters[i] -= ...` (a new name with `let` is a new list).",
            ),
            (
                |input| each(input, |p, g, rate| p + rate * g),
                "This is a step up: the loss grows. The gradient points to where the loss increases, so subtract.",
            ),
            (
                |input| each(input, |p, g, _| p - g),
                "The learning rate is missing. The step is `learning_rate` times the gradient.",
            ),
            (
                |input| each(input, |p, g, _| p + g),
                "The learning rate is missing, and the step goes up instead of down: subtract `learning_rate` times the gradient.",
            ),
            (
                |input| each(input, |_, g, rate| -rate * g),
                "You replaced the parameters by the step. Keep the old value and subtract from it: `-=`.",
            ),
            (
                |input| each(input, |_, g, rate| rate * g),
                "You replaced the parameters by the step. Keep the old value and subtract from it: `-=`.",
            ),
            (
                |input| each(input, |p, _, rate| p - rate),
                "The gradient is missing: each parameter moves by the same amount. Multiply the learning rate by this parameter's own gradient.",
            ),
            (
                |input| each(input, |p, g, rate| p - g / rate),
                "You divided by the learning rate. Multiply by it: a smaller learning rate is a smaller step.",
            ),
            (
                |input| each(input, |p, g, rate| rate * (p - g)),
                "You multiplied the parameter by the learning rate as well. Only the gradient is multiplied by it.",
            ),
            (
                |input| each(input, |p, g, rate| rate * g - p),
                "The order is the other way round: you subtracted the old value from the step. The new value is the old one minus the step.",
            ),
            (
                |input| each(input, |p, g, rate| p - rate * g * p),
                "You multiplied by the parameter as well. The step is `learning_rate` times the gradient, and nothing else.",
            ),
            (
                |input| each(input, |p, g, rate| p - rate * g.signum()),
                "You used only the sign of the gradient. Its size counts, too: a steep slope makes a large step.",
            ),
            (
                |input| each(input, |p, g, rate| p - rate * g.abs()),
                "You used the size of the gradient without its sign. Where the gradient is negative, the parameter has to grow.",
            ),
            (
                |(parameters, gradient, rate)| {
                    let mut changed = Array1::from(parameters.clone());
                    changed[0] -= rate * gradient[0];
                    changed
                },
                "Only the first parameter has changed. Repeat it for each of them: `for i in 0..parameters.len()`.",
            ),
            (
                |(parameters, gradient, rate)| {
                    let mut changed = Array1::from(parameters.clone());
                    for i in 0..parameters.len() - 1 {
                        changed[i] -= rate * gradient[i];
                    }
                    changed
                },
                "The last parameter has not changed. `0..parameters.len()` ends before its upper bound, so it needs no `- 1`.",
            ),
            (
                |(parameters, gradient, rate)| {
                    let mut changed = Array1::from(parameters.clone());
                    for i in 1..parameters.len() {
                        changed[i] -= rate * gradient[i];
                    }
                    changed
                },
                "The first parameter has not changed. Counting starts at 0: `0..parameters.len()`.",
            ),
            (
                |(parameters, gradient, rate)| {
                    let sum: f32 = gradient.iter().sum();
                    parameters.iter().map(|p| p - rate * sum).collect()
                },
                "Each parameter got the sum of all gradients. Each has its own: `gradient[i]` belongs to `parameters[i]`.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            (vec![1.0, 2.0, -3.0], vec![0.5, -1.0, 2.0], 0.5),
            (
                vec![0.3, -0.7, 1.9, -2.2],
                vec![-1.5, 0.25, 3.0, -0.75],
                0.1,
            ),
        ],
        passed: "Each parameter moves a little in the direction in which the loss falls. Every optimizer of this course, Adam too, is a variant of this line.",
    }
    .run(move |(parameters, gradient, rate)| {
        let mut changed = parameters.clone();
        update(&mut changed, gradient, *rate);
        array(&changed)
    })
}

/// The learner's functions where they pass their checks, and the library's where they do not: what
/// the later cells of the lesson run. Printed, it says whose each is.
#[derive(Clone, Copy)]
pub struct Parts {
    /// From images to codes.
    pub encode: Forward,
    /// From codes to images.
    pub decode: Forward,
    /// The loss.
    pub squared_error: SquaredError,
    /// One step of gradient descent.
    pub update: Update,
    yours: [bool; 4],
}

/// Chooses, for each part, the learner's function if it passes its check.
pub fn your_parts(
    encode: Forward,
    decode: Forward,
    squared_error: SquaredError,
    update: Update,
) -> Parts {
    let passed = |feedback: Feedback| feedback.outcome() == Outcome::Passed;
    let yours = [
        passed(check_encode(encode)),
        passed(check_decode(decode)),
        passed(check_squared_error(squared_error)),
        passed(check_update(update)),
    ];
    let mut parts = Parts {
        yours,
        ..the_librarys()
    };
    if yours[0] {
        parts.encode = encode;
    }
    if yours[1] {
        parts.decode = decode;
    }
    if yours[2] {
        parts.squared_error = squared_error;
    }
    if yours[3] {
        parts.update = update;
    }
    parts
}

fn the_librarys() -> Parts {
    Parts {
        encode: |layers, images| through(layers, images, &[Relu, Relu, Identity]),
        decode: |layers, codes| through(layers, codes, &[Relu, Relu, Sigmoid]),
        squared_error: |samples, reconstruction| {
            (samples - reconstruction).mapv(|x| x * x).sum() / samples.len() as f32
        },
        update: |parameters, gradient, rate| {
            for (parameter, slope) in parameters.iter_mut().zip(gradient) {
                *parameter -= rate * slope;
            }
        },
        yours: [false; 4],
    }
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["encode", "decode", "squared_error", "update"];
        for (i, (name, &yours)) in names.iter().zip(&self.yours).enumerate() {
            let whose = if yours { "yours" } else { "the library's" };
            write!(f, "{}{name}: {whose}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
