//! Checks of lesson 03, MNIST.

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction, Scale};
use super::value::{named, row, table};
use crate::data::Dataset;
use ndarray::{Array1, Array2, ArrayView1, Axis, array};

/// The share of all training pixels that hold no ink at all, in percent.
///
/// ```
/// use latent::exercise::{Outcome, mnist::check_blank};
/// assert_eq!(check_blank(None).outcome(), Outcome::NotAttempted);
/// assert_eq!(check_blank(Some(50.0)).outcome(), Outcome::Surprise);
/// ```
pub fn check_blank(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "blank pixels",
        truth: BLANK_PERCENT,
        within: 5.0,
        scale: Scale::PERCENT,
        right: "A good eye: a digit is a thin line on a lot of paper. The next cell shows it.",
        too_low: "There is more blank paper than that: the margin alone is nearly half of the image, and inside it a digit is a thin line. The next cell shows it.",
        too_high: "There is less blank paper than that. The strokes are thin, but they have grey edges, and a grey pixel is not blank. The next cell shows it.",
        known: &[
            (
                15.0,
                25.0,
                "That is close to the share of pixels that do hold some ink. The question is about the others.",
            ),
            (
                45.0,
                55.0,
                "Half ink, half paper? The margin alone is nearly half of the image. Look at the first figure again, especially at the borders of the images.",
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
                "You added up the right images, but divided by the number of all images. Divide by the number of images in the class.",
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
                |(data, class)| {
                    let members = data.filter(&[*class, *class + 1]).samples;
                    members.sum_axis(Axis(0)) / members.nrows() as f32
                },
                "You averaged the images of two classes, `class` and the one after it. The list in `filter` should hold one class only: `data.filter(&[class])`.",
            ),
            (
                |(data, class)| data.samples.row(*class).to_owned(),
                "You took the image in row `class`. The label in `data.labels` says which digit an image shows; the row number does not. `data.filter(&[class])` finds the images of a class.",
            ),
            (
                |input| members(input).sum_axis(Axis(0)) / (count(input) - 1.0),
                "You divided by one image too few. The n - 1 belongs to the variance; a mean divides by n.",
            ),
        ],
        shapes_clash: None,
        // All ten classes are there, so that the images of any second class change the mean.
        inputs: vec![
            (
                labelled(
                    array![[0.0, 1.0], [0.2, 0.4], [0.6, 0.8], [1.0, 0.0]],
                    &[0, 1, 1, 0],
                ),
                1,
            ),
            (
                labelled(table(12, 3, 51), &[2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2]),
                2,
            ),
            (
                labelled(table(13, 4, 52), &[3, 3, 1, 0, 3, 2, 8, 0, 5, 4, 6, 7, 9]),
                3,
            ),
            (
                labelled(table(12, 3, 53), &[9, 8, 9, 7, 6, 5, 0, 1, 2, 3, 4, 9]),
                9,
            ),
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
                "Compare the mean of the ones with their variance. Where the mean is darkest, in the middle of the stroke, nearly every image has ink, so the images hardly differ: the variance is pale there.",
            ),
            (
                'b',
                "Where the mean is grey, some writers have ink and others have paper: they differ. Where it is black or white, they agree. Suppose that a share p of the images is black at a pixel and the others are white. Then the variance of this pixel is p (1 - p). It is greatest when p is one half, and 0 when all images agree.",
            ),
            (
                'c',
                "Noise of the scanner would be everywhere, on blank paper too. But the corners of the variance images are white: there, no two images differ.",
            ),
            (
                'd',
                "The margins are paper in nearly every image: the digits were centred, with about four pixels of margin. Where all images agree, the variance is 0.",
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
                "The classifier knows exactly these images: with k = 1, each of them is its own nearest neighbour, and the accuracy is 100 % whatever the number of components. The images of the fit cannot show you how the classifier does on new images.",
            ),
            (
                'b',
                "The validation images had no part in the fitting, so they show how the classifier does on new images. You may look at them for every number of components, and the test set stays unseen for the final measurement.",
            ),
            (
                'c',
                "The choice would be good. But the accuracy that you then report would be the best of many tries on these images, and so a little too good. No unseen images would be left for the final measurement.",
            ),
            (
                'd',
                "More images give a more precise number. But most of these images were used for the fit, and there are so many of them that they would decide the result.",
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
                "You added up the differences as they are, so the negative ones cancel the positive ones. Square each one first.",
            ),
            (
                |input| smallest(input, |image, mean| (image - &mean).sum().powi(2)),
                "You added up first and squared afterwards, so the negative differences had cancelled the positive ones. Square each difference, then add up.",
            ),
            (
                |input| smallest(input, |image, mean| -image.dot(&mean)),
                "You took the mean with the largest dot product. That favours means with much ink, whatever their shape. Take differences, square them, add them up.",
            ),
            (
                |input| smallest(input, |image, mean| image.dot(&mean)),
                "You took the mean with the smallest dot product. A dot product is large where image and mean have ink at the same pixels, so it is not a distance. Take differences, square them, add them up.",
            ),
            (
                |input| smallest(input, |image, mean| (image - &mean).mapv(f32::abs).sum()),
                "You added up the absolute differences. That is a distance too, but another one: here, square each difference before you add up.",
            ),
            (
                |input| smallest(input, squares) + 1,
                "You found the correct row, but you counted from 1. Rows are counted from 0.",
            ),
            (
                |(_, means)| means.nrows() - 1,
                "Your function returns the last row every time. The usual reason: `smallest` never changes, so every distance is below it. Inside the `if`, set both `best = class;` and `smallest = distance;`.",
            ),
            (
                |_| 0,
                "Your function returns row 0 every time, so `best` never changes. There are three usual reasons. The comparison is `>`: a new mean must be nearer, `distance < smallest`. Or `let best = class;` makes a second variable, which is gone at the brace: write `best = class;` without `let`. Or `smallest` starts at 0.0, and no distance is below that: start with `f32::INFINITY`.",
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
