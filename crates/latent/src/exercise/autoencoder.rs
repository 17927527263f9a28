//! Checks of lesson 05, Autoencoder.

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction, Scale};
use super::value::{named, table};
use ndarray::{Array2, Axis, array};

/// Samples (n, d) and their reconstructions (n, d) to the mean squared error.
pub type SquaredError = fn(&Array2<f32>, &Array2<f32>) -> f32;

/// `all_sizes(encoder)`: the sizes of the encoder's layers to those of the whole autoencoder.
pub fn check_all_sizes(all_sizes: fn(&[usize]) -> Vec<usize>) -> Feedback {
    fn mirrored(sizes: &[usize], skipped: usize) -> Vec<usize> {
        let back = sizes.iter().rev().skip(skipped);
        sizes.iter().chain(back).copied().collect()
    }
    Check {
        exercise: "the mirror",
        arguments: |encoder: &Vec<usize>| vec![("encoder", format!("{encoder:?}"))],
        answer: |encoder| mirrored(encoder, 1),
        mistakes: vec![
            (
                |encoder| mirrored(encoder, 0),
                "The code is there twice. It is the end of the encoder and the start of the decoder, but it is one and the same set of units: leave it out of the way back, with `.skip(1)`.",
            ),
            (
                |encoder| encoder.clone(),
                "That is the encoder alone. The way back to the image is missing.",
            ),
            (
                |encoder| encoder.iter().rev().copied().collect(),
                "That is the decoder alone: from the code to the image. The encoder comes before it.",
            ),
            (
                |encoder| encoder.iter().rev().skip(1).copied().collect(),
                "That is the way back without the encoder. Begin with all of `encoder`: `let mut sizes = encoder.to_vec();`.",
            ),
            (
                |encoder| [&encoder[..], &encoder[..]].concat(),
                "You put the encoder twice, one behind the other. The second half should go back the way it came, in reverse order: `.iter().rev()`.",
            ),
            (
                |encoder| [&encoder[..], &encoder[1..]].concat(),
                "The second half runs in the same order as the first. It should go back the way it came: `.iter().rev()`.",
            ),
            (
                |encoder| {
                    let mut sizes = mirrored(encoder, 1);
                    sizes.pop();
                    sizes
                },
                "The last size is missing. The reconstruction is an image again, as wide as the input.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![vec![5, 3, 2], vec![784, 512, 256, 2], vec![784, 2]],
        passed: "There and back, by way of one narrow place.",
    }
    .run(move |encoder| all_sizes(encoder))
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
                "You divided by the number of images: that is the squared error of an image. Here it is asked for a pixel, as everywhere in this course: divide by all elements.",
            ),
            (
                |input| squares(input).sum() / input.0.ncols() as f32,
                "You divided by the number of pixels of one image. Divide by all elements, `samples.len()`.",
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
                "That is the mean size of the differences. It is a measure, too, but the *squared* error asks for `x * x`: a large mistake weighs more than many small ones.",
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
            "`samples` and `reconstruction` are alike, (n, d): they can be subtracted as they are, without `.t()` or `.dot`.",
        ),
        inputs: vec![
            (
                array![[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]],
                array![[0.5, 0.0, 2.0], [0.0, 1.0, 0.0]],
            ),
            (table(4, 3, 151), table(4, 3, 152)),
            (table(2, 6, 153), table(2, 6, 154)),
        ],
        passed: "This number is all that the training will ever hear about a digit.",
    }
    .run(move |(samples, reconstruction)| squared_error(samples, reconstruction))
}

/// What a network draws after its first thirty steps.
pub fn check_first_lesson(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "the first thing it learns",
        right: 'b',
        reasons: &[
            (
                'a',
                "Ones come early, but not first. Look at 32 and 64 steps: the images of the grid are all alike, and no digit is among them.",
            ),
            (
                'b',
                "Whatever the code is, the drawing is the same grey cloud: the average of all digits. Of all images that do not depend on the code it has the smallest error, and to learn it, the last layer's biases are enough. Only then is there something to be gained by listening to the code.",
            ),
            (
                'c',
                "Strokes and loops are the last to come: go on to the end, and watch the digits grow sharper. After some thirty steps there are none.",
            ),
            (
                'd',
                "Noise is what it begins with, at step 0. After 32 steps it has already learned something: all images of the grid show the same.",
            ),
        ],
    }
    .check(my_answer)
}

/// The error of an autoencoder without nonlinearities, beside PCA's.
pub fn check_rung(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "without a bend",
        truth: 0.0557,
        within: 0.0005,
        scale: Scale::number("a mean squared error of pixels between 0 and 1", 0.0, 1.0),
        right: "Encoder and decoder are a matrix each. All that they can draw is a flat plane through the cloud, and the training looks for the plane with the smallest error. PCA computes that plane at once: so the training cannot do better, and if it is done well, it does as well.",
        too_low: "That would be better than PCA. PCA's plane has the smallest error of all flat planes, and without a nonlinearity the network can only draw a flat plane.",
        too_high: "That would be worse than the mean image, which the biases alone can draw: about 0.067. The two dimensions of the code can only lower the error.",
        known: &[
            (
                0.0,
                0.0551999,
                "That would be better than PCA. But without a bend, encoder and decoder are a matrix each, and what they can draw is a flat plane. PCA's plane is the best flat plane there is: section 5 of lesson 02.",
            ),
            (
                0.0562001,
                0.067,
                "It can do a little better. What it can draw is a flat plane through the cloud, and the training looks for the plane with the smallest error. PCA computes that plane, and the training comes within a hair of it.",
            ),
            (
                0.067,
                0.1,
                "That would be no better than the mean image, which the biases alone can draw. Its two numbers come on top.",
            ),
        ],
    }
    .check(my_guess)
}

/// What it says that all principal angles are near zero.
pub fn check_plane(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "the same plane",
        right: 'b',
        reasons: &[
            (
                'a',
                "Look at the two pictures of the network: they are other images than PCA's two. And they do not even stand at a right angle. The plane is the same, the arrows in it are not.",
            ),
            (
                'b',
                "Any two arrows that point in different directions span the plane they lie in. Each of PCA's components is a mixture of the network's two images, and the other way round. The error does not care which arrows are used, and so nothing in the training could choose.",
            ),
            (
                'c',
                "The codes are counted along the arrows. Other arrows in the same plane give other codes for the same point, as another pair of axes on the same map would.",
            ),
            (
                'd',
                "No, and that is the beauty of it: the one was computed from a covariance matrix, in one go, and the other found step by step, from a random start, by an error alone.",
            ),
        ],
    }
    .check(my_answer)
}

/// What an autoencoder with a code as wide as its input learns.
pub fn check_wide(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "as wide as the input",
        right: 'd',
        reasons: &[
            (
                'a',
                "Its *error* can be the smallest possible one, zero. But a representation is to be judged by what it is good for. What has it found out about digits, if it hands on all 784 pixels as they are?",
            ),
            (
                'b',
                "Nothing keeps it from a small error: a weight that is 1 where input and output are the same pixel, and 0 elsewhere, copies each pixel, twice.",
            ),
            (
                'c',
                "Overfitting would mean that it does well on the training images alone. Whoever copies every pixel does well on *all* images: on new digits, on faces, on snow.",
            ),
            (
                'd',
                "Copying costs nothing and makes no mistake. There is no need to find out anything about digits, and so nothing is found out. It is the narrow place that makes the task worth solving.",
            ),
        ],
    }
    .check(my_answer)
}
