//! Checks of lesson 03, MNIST.

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction};
use super::value::{named, row, table};
use crate::data::Dataset;
use ndarray::{Array1, Array2, ArrayView1, Axis, array};

/// The share of all training pixels that hold no ink at all, in percent.
pub fn check_blank(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "blank pixels",
        truth: BLANK_PERCENT,
        within: 5.0,
        right: "A good eye: a digit is a thin line on much paper. The next cell counts.",
        wrong: "A digit is a thin line, and the paper around it takes more room than one thinks. The next cell counts.",
        known: &[
            (
                0.0,
                1.0,
                "That looks like a share from 0 to 1. The question is in percent, from 0 to 100.",
            ),
            (
                15.0,
                25.0,
                "That is close to the share of pixels that do hold some ink. The question is about the others.",
            ),
            (
                45.0,
                55.0,
                "Half ink, half paper? Look at the first figure again, and above all at the borders of the images.",
            ),
        ],
    }
    .check(my_guess)
}

/// Of 50,000 images; a test counts anew.
const BLANK_PERCENT: f64 = 80.9;

/// `class_mean(data, class)`: samples (n, d) with labels (n) to the mean image (d) of one class.
pub fn check_class_mean(class_mean: fn(&Dataset, usize) -> Array1<f32>) -> Feedback {
    type Input = (Dataset, usize);
    fn members((data, class): &Input) -> Array2<f32> {
        data.filter(&[*class]).samples
    }
    fn count(input: &Input) -> f32 {
        members(input).nrows() as f32
    }
    Check {
        exercise: "class mean",
        arguments: |(data, class): &Input| {
            vec![
                named("data.samples", &data.samples),
                ("data.labels", data.labels.to_string()),
                ("class", class.to_string()),
            ]
        },
        answer: |input| members(input).sum_axis(Axis(0)) / count(input),
        mistakes: vec![
            (
                |(data, _)| data.samples.sum_axis(Axis(0)) / data.len() as f32,
                "That is the mean of all images, whatever their class. Choose those of the class first: `data.filter(&[class])`.",
            ),
            (
                |input| members(input).sum_axis(Axis(0)) / input.0.len() as f32,
                "You added up the right images, and divided by the number of all images. Divide by the number of images in the class.",
            ),
            (
                |input| members(input).sum_axis(Axis(0)),
                "That is the sum of the class's images. Divide it by their number, or let `mean_axis` do both.",
            ),
            (
                |input| members(input).sum_axis(Axis(1)) / input.0.n_features() as f32,
                "You averaged over the pixels, within each image. The images should disappear, and they are the rows: `Axis(0)`.",
            ),
            (
                |input| {
                    let members = members(input);
                    let mean = members.sum() / members.len() as f32;
                    Array1::from_elem(members.ncols(), mean)
                },
                "You took one mean of all pixels. Each pixel, that is each column, has its own.",
            ),
            (
                |(data, class)| data.samples.row(*class).to_owned(),
                "You took the image in row `class`. What an image shows stands in `data.labels`, not in its place: `data.filter(&[class])` finds the images of a class.",
            ),
            (
                |input| members(input).sum_axis(Axis(0)) / (count(input) - 1.0),
                "You divided by one image too few. The n - 1 belongs to the variance; a mean divides by n.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            (
                labelled(
                    array![[0.0, 1.0], [0.2, 0.4], [0.6, 0.8], [1.0, 0.0]],
                    &[0, 1, 1, 0],
                ),
                1,
            ),
            (labelled(table(7, 3, 51), &[2, 0, 1, 2, 2, 0, 1]), 2),
            (labelled(table(9, 4, 52), &[3, 3, 1, 0, 3, 2, 3, 0, 1]), 3),
        ],
        passed: "One mean for each pixel, over the images of one class alone.",
    }
    .run(move |(data, class)| class_mean(data, *class))
}

/// Where the images of one class differ most.
pub fn check_spread(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "where a class varies",
        right: 'b',
        reasons: &[
            (
                'a',
                "Compare the one's mean with its variance. Where the mean is blackest, in the middle of the stroke, nearly everybody has ink, and so little varies: the variance is pale there.",
            ),
            (
                'b',
                "Where the mean is grey, some writers have ink and others paper, and that is what varying means. Where it is black or white, they agree. If a share p of the images were black at a pixel and the others white, its variance would be p (1 - p): greatest at one half, and 0 at both ends.",
            ),
            (
                'c',
                "Noise of the scanner would be everywhere, on blank paper too. But the corners of the variance are white: there, no two images differ.",
            ),
            (
                'd',
                "The margins are paper in every image: the digits were centred, with four pixels of margin. Where all agree, the variance is 0.",
            ),
        ],
    }
    .check(my_answer)
}

/// `constant_pixels(samples)`: samples (n, d) to the number of columns that hold one value only.
pub fn check_constant_pixels(constant_pixels: fn(&Array2<f32>) -> usize) -> Feedback {
    fn constant(values: ArrayView1<f32>) -> bool {
        values.iter().all(|&x| x == values[0])
    }
    fn zero(values: ArrayView1<f32>) -> bool {
        values.iter().all(|&x| x == 0.0)
    }
    fn columns(samples: &Array2<f32>, holds: fn(ArrayView1<f32>) -> bool) -> usize {
        samples.columns().into_iter().filter(|c| holds(*c)).count()
    }
    Check {
        exercise: "pixels that never change",
        arguments: |samples: &Array2<f32>| vec![named("samples", samples)],
        answer: |samples| columns(samples, constant),
        mistakes: vec![
            (
                |samples| columns(samples, |column| !constant(column)),
                "You counted the pixels that do change. The question is about the others.",
            ),
            (
                |samples| columns(samples, zero),
                "You counted the pixels that are always 0. A pixel that is always 0.5 does not change either: compare each value with the first one of its column.",
            ),
            (
                |samples| columns(samples, |column| !zero(column)),
                "You counted the pixels that hold ink in some image. Count those that hold the same value in all images.",
            ),
            (
                |samples| samples.rows().into_iter().filter(|r| constant(*r)).count(),
                "You went along the rows, and a row is one whole image. A pixel is a column: use `samples.columns()`.",
            ),
            (
                |samples| columns(samples, |column| column.iter().any(|&x| x == column[0])),
                "You asked whether any value equals the first one, and the first one always does. Ask whether all do: `.all(...)`.",
            ),
            (
                |samples| columns(samples, |column| column.iter().any(|&x| x == 0.0)),
                "You counted the pixels that are 0 in at least one image. A pixel never changes if all images agree: `.all(...)` instead of `.any(...)`.",
            ),
            (
                |samples| samples.iter().filter(|&&x| x == 0.0).count(),
                "You counted all zeros, image by image. Count columns: each pixel once, however many images there are.",
            ),
            (
                |samples| columns(samples, |column| column[0] == column[1]),
                "You compared the first two images alone. All images have to agree.",
            ),
            (
                |samples| columns(samples, |column| column[0] == column[column.len() - 1]),
                "You compared the first image with the last alone. All images have to agree.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            array![
                [0.0, 0.5, 0.3, 0.0, 0.2, 0.9],
                [0.0, 0.5, 0.7, 0.0, 0.2, 0.0],
                [0.0, 0.5, 0.3, 0.4, 0.2, 0.1],
                [0.0, 0.5, 0.1, 0.0, 0.6, 0.9]
            ],
            array![
                [0.0, 0.0, 0.0, 0.0, 0.0],
                [0.0, 1.0, 0.0, 0.5, 0.0],
                [0.0, 0.4, 0.0, 0.5, 0.0]
            ],
            array![[0.2, 0.3, 0.4], [0.4, 0.3, 0.2], [0.2, 0.3, 0.6]],
        ],
        passed: "A pixel never changes if all images agree on it, whatever its value.",
    }
    .run(constant_pixels)
}

/// Which part of the data to choose a setting with.
pub fn check_which_set(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "which set",
        right: 'b',
        reasons: &[
            (
                'a',
                "On the training images more components always look better, up to no error at all, because they were fitted to these very images. By that measure you would always choose the most.",
            ),
            (
                'b',
                "The validation images had no part in the fitting, so they show what a setting does on new images. You may look as often as you like, and the test set stays unseen for the final judgement.",
            ),
            (
                'c',
                "It would choose well. But the error you then report would be the best of many tries on these images, and so a little too good: nothing unseen is left for the final judgement.",
            ),
            (
                'd',
                "More images give steadier numbers, but most of these were fitted: the training images would drown what the others have to say.",
            ),
        ],
    }
    .check(my_answer)
}

/// `nearest(image, means)`: an image (d) and one mean a row (classes, d) to the row of the mean at
/// the smallest Euclidean distance.
pub fn check_nearest(nearest: fn(&Array1<f32>, &Array2<f32>) -> usize) -> Feedback {
    type Input = (Array1<f32>, Array2<f32>);
    fn smallest((image, means): &Input, score: fn(&Array1<f32>, ArrayView1<f32>) -> f32) -> usize {
        let score = |&row: &usize| score(image, means.row(row));
        let rows = 0..means.nrows();
        rows.min_by(|a, b| score(a).total_cmp(&score(b)))
            .unwrap_or(0)
    }
    fn squares(image: &Array1<f32>, mean: ArrayView1<f32>) -> f32 {
        (image - &mean).mapv(|x| x * x).sum()
    }
    Check {
        exercise: "nearest mean",
        arguments: |(image, means): &Input| vec![named("image", image), named("means", means)],
        answer: |input| smallest(input, squares),
        mistakes: vec![
            (
                |input| smallest(input, |image, mean| -squares(image, mean)),
                "That is the mean that lies farthest away. Keep the smallest distance, not the largest.",
            ),
            (
                |input| smallest(input, |image, mean| (image - &mean).sum()),
                "You added up the differences as they are, so that those below zero cancel those above. Square each one first.",
            ),
            (
                |input| smallest(input, |image, mean| (image - &mean).sum().powi(2)),
                "You added up first and squared then, so that differences below zero had cancelled those above. Square each difference, then add up.",
            ),
            (
                |input| smallest(input, |image, mean| -image.dot(&mean)),
                "You took the mean with the largest dot product. That favours means with much ink, whatever their shape. Take differences, square them, add them up.",
            ),
            (
                |input| smallest(input, |image, mean| (image - &mean).mapv(f32::abs).sum()),
                "You added up the sizes of the differences. It is a distance too, but another one: here, square each difference before you add up.",
            ),
            (
                |input| smallest(input, squares) + 1,
                "The place is right, but you counted from 1. Rows are counted from 0.",
            ),
            (
                |(_, means)| means.nrows() - 1,
                "You gave back the last row, always. Remember a row only if its distance is smaller than the smallest so far, and lower the smallest then.",
            ),
            (
                |_| 0,
                "Row 0 came back every time. Whenever a distance is below the smallest so far, set both: `best = class;` and `smallest = distance;`.",
            ),
            (
                |(image, means)| {
                    let mut best = 0;
                    let mut before = f32::INFINITY;
                    for (class, mean) in means.rows().into_iter().enumerate() {
                        let distance = squares(image, mean);
                        if distance < before {
                            best = class;
                        }
                        before = distance;
                    }
                    best
                },
                "You compared each distance with the one just before it. Compare with the smallest so far, and change `smallest` only when you find a smaller one.",
            ),
        ],
        shapes_clash: Some(
            "`image` has one number for each pixel, and so has one row of `means`. Take the rows one by one: `image - &mean`.",
        ),
        inputs: {
            // Around 0, so that no two ways of measuring agree on every case.
            let pair = |seed: u64| {
                let means = table(6, 4, seed + 100);
                let middle = means.sum_axis(Axis(0)) / 6.0;
                (row(4, seed) - &middle, means - &middle)
            };
            let first = (
                array![1.0, 0.0],
                array![[0.0, 1.0], [0.8, 0.3], [0.6, 0.0], [3.0, 2.0], [0.0, 0.0]],
            );
            [vec![first], (61..69).map(pair).collect()].concat()
        },
        passed: "The mean at the smallest distance, whatever the number of classes: that is a classifier.",
    }
    .run(move |(image, means)| nearest(image, means))
}

fn labelled(samples: Array2<f32>, labels: &[usize]) -> Dataset {
    Dataset {
        samples,
        labels: labels.iter().copied().collect(),
    }
}
