//! Checks of lesson 01, Representations.

use super::attempt::{Attempt, attempt};
use super::check::{Check, endless, interrupted, left_behind, panicked, todo};
use super::question::{Choice, Prediction, Scale};
use super::value::{named, table};
use super::{Feedback, Outcome};
use crate::data::Mnist;
use crate::interrupt;
use crate::readout::KnnClassifier;
use ndarray::{Array1, Array2, ArrayView1, Axis, array, s};

/// One image (rows, columns) to one number.
pub type Feature = fn(&Array2<f32>) -> f32;

/// How many percent of shifted digits are read off their pixels.
///
/// ```
/// use latent::exercise::{Outcome, representations::check_shift};
/// assert_eq!(check_shift(None).outcome(), Outcome::NotAttempted);
/// assert_eq!(check_shift(Some(95.0)).outcome(), Outcome::Surprise);
/// ```
pub fn check_shift(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "three pixels to the right",
        truth: SHIFTED_PERCENT,
        within: 7.0,
        scale: Scale::PERCENT,
        right: "Right: to your eye, hardly anything has changed. For the pixels, nearly everything has.",
        too_low: "It is not quite as bad as that. After a shift of three pixels, part of a thick stroke still covers its old position. The next cell shows it.",
        too_high: "It is worse than that. To your eye, hardly anything has changed. But the classifier compares each pixel with the pixel at the same position, and there the ink is gone. The next cell shows it.",
        known: &[
            (
                85.0,
                100.0,
                "That would be true for you: for a human eye hardly anything has changed. But many pixels that had ink before are now blank, and the classifier compares pixel with pixel. The next cell shows it.",
            ),
            (
                8.0,
                12.0,
                "That is chance: one in ten. The accuracy is better than that, because part of a thick stroke still covers its old position. The next cell shows it.",
            ),
        ],
    }
    .check(my_guess)
}

/// With 5,000 known images, five neighbours and 1,000 new images; a test counts anew.
const SHIFTED_PERCENT: f64 = 38.3;

/// `asymmetry(image)`: the mean absolute difference between an image and its mirror image, left
/// and right exchanged.
pub fn check_asymmetry(asymmetry: Feature) -> Feedback {
    fn mean_size(difference: &Array2<f32>) -> f32 {
        difference.mapv(f32::abs).sum() / difference.len() as f32
    }
    fn mirrored(image: &Array2<f32>) -> Array2<f32> {
        image.slice(s![.., ..;-1]).to_owned()
    }
    fn upside_down(image: &Array2<f32>) -> Array2<f32> {
        image.slice(s![..;-1, ..]).to_owned()
    }
    Check {
        exercise: "asymmetry",
        arguments: |image: &Array2<f32>| vec![named("image", image)],
        answer: |image| mean_size(&(image - &mirrored(image))),
        mistakes: vec![
            (
                |image| mean_size(&(image - &upside_down(image))),
                "You compared top with bottom. Left and right are exchanged here: rows stay where they are, and column `c` changes places with column `columns - 1 - c`.",
            ),
            (
                |image| mean_size(&(image - &upside_down(&mirrored(image)))),
                "You turned the image by 180 degrees: both rows and columns are reversed. Only the columns should be.",
            ),
            (
                |image| (image - &mirrored(image)).sum() / image.len() as f32,
                "The positive and the negative differences cancel. Take the absolute value of each, `.abs()`, before you add up.",
            ),
            (
                |image| (image - &mirrored(image)).mapv(f32::abs).sum(),
                "That is the sum. Divide it by the number of pixels, `image.len()`, to get the mean.",
            ),
            (
                |image| {
                    (image - &mirrored(image)).mapv(|x| x * x).sum() / image.len() as f32
                },
                "You squared the differences. That would be a good feature too, but the exercise asks for the absolute difference: `.abs()`.",
            ),
            (
                |image| (image - &mirrored(image)).mapv(f32::abs).sum() / image.ncols() as f32,
                "You divided by the number of columns. The sum runs over all pixels: `image.len()`.",
            ),
            (
                |image| mean_size(&(image - &mirrored(image))) / 2.0,
                "That is half of the mean. Did your loop go through half of the columns only? Each pair of pixels counts twice, once from each side: go through all the columns.",
            ),
            (
                |image| mean_size(&(image - &mirrored(image))) * 2.0,
                "That is twice the mean. The sum runs over all pixels, so divide by all of them: `image.len()`.",
            ),
            (
                |image| {
                    let difference = image - &mirrored(image);
                    (difference.mapv(|x| x * x).sum() / image.len() as f32).sqrt()
                },
                "You took the root of the mean square. The exercise asks for the mean of the absolute values: `.abs()`.",
            ),
            (
                |image| {
                    if image.is_square() {
                        mean_size(&(image - &image.t()))
                    } else {
                        f32::NAN
                    }
                },
                "`.t()` mirrors the image at its diagonal: rows become columns. Here left and right are exchanged: `image.slice(s![.., ..;-1])`.",
            ),
        ],
        shapes_clash: Some(
            "The mirrored image has the same shape as the image. Build it element by element: its row `r` and column `c` hold what the image has in row `r` and column `image.ncols() - 1 - c`.",
        ),
        inputs: vec![
            array![[0.0, 0.5, 1.0], [0.2, 0.0, 0.2], [0.0, 0.0, 0.3]],
            table(4, 4, 111),
            table(6, 6, 112),
        ],
        passed: "The asymmetry is 0 for an image that equals its mirror image, and grows as the two differ more.",
    }
    .run(asymmetry)
}

/// Which of two features decides which digits are near each other.
pub fn check_scale(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "who decides",
        right: 'b',
        reasons: &[
            (
                'a',
                "A squared distance adds up squared differences. Between two images, ink differs by about 30 and asymmetry by about 0.05. Compared with 30 squared, 0.05 squared is negligible.",
            ),
            (
                'b',
                "Ink differs by dozens, asymmetry by a few hundredths. In a sum of their squares, asymmetry is negligible. So a unit of measurement has decided which feature counts.",
            ),
            (
                'c',
                "A distance does not depend on how precise a feature is. It depends on the size of the differences, and the differences in ink are several hundred times larger.",
            ),
            (
                'd',
                "Some libraries can do this if you ask for it, but k-nearest neighbours takes the features as they are. If you make the representation, you have to choose the scales.",
            ),
        ],
    }
    .check(my_answer)
}

/// A feature of the learner's own, judged by what it adds to ink and asymmetry.
///
/// Each feature is divided by its standard deviation on the first 5,000 training images, which are
/// the known ones; 15 nearest neighbours classify the first 1,000 validation images.
pub fn check_feature(feature: Feature) -> Feedback {
    const EXERCISE: &str = "a feature of your own";
    let not_yet = |sentence: String| Feedback::new(EXERCISE, Outcome::NotYet, sentence);
    let mnist = match Mnist::load() {
        Ok(mnist) => mnist,
        Err(error) => return not_yet(format!("The digits could not be read: {error}")),
    };
    let known = mnist.train.take(KNOWN);
    let new = mnist.validation.take(NEW);
    let images: Vec<Array2<f32>> = known
        .samples
        .rows()
        .into_iter()
        .chain(new.samples.rows())
        .map(square)
        .collect();
    let ink: Array1<f32> = images.iter().map(Array2::sum).collect();
    let asymmetry: Array1<f32> = images.iter().map(mirror_difference).collect();
    let own: Array1<f32> = match attempt(move || images.iter().map(feature).collect::<Vec<_>>()) {
        Attempt::Value(values) => values.into(),
        Attempt::Todo => return todo(EXERCISE),
        Attempt::Panicked(message) => return panicked(EXERCISE, &message, None),
        Attempt::Endless => return endless(EXERCISE),
        Attempt::Interrupted => return left_behind(EXERCISE),
    };
    if let Some(at) = own.iter().position(|x| !x.is_finite()) {
        return not_yet(format!(
            "For image {at} your feature is {}: something was divided by zero, or a root was taken of a negative number. Every image needs a plain number.",
            own[at]
        ));
    }
    if own.std(0.0) <= 1e-6 * own[0].abs() {
        return not_yet(
            "Your feature has the same value for every image. A feature that never changes cannot tell two images apart."
                .to_owned(),
        );
    }
    for (name, other) in [("ink", &ink), ("asymmetry", &asymmetry)] {
        if correlation(&own, other).abs() > 0.99 {
            return not_yet(format!(
                "Your feature rises and falls with the {name}, so it adds nothing new. Look for something that differs between two digits with the same {name}."
            ));
        }
    }
    let score = |features: &[&Array1<f32>]| -> crate::Result<f64> {
        let codes = Array2::from_shape_fn((KNOWN + NEW, features.len()), |(row, column)| {
            let all = features[column];
            all[row] / all.slice(s![..KNOWN]).std(0.0).max(f32::MIN_POSITIVE)
        });
        let readout =
            KnnClassifier::fit(&codes.slice(s![..KNOWN, ..]).to_owned(), &known.labels, 15)?;
        readout.accuracy(&codes.slice(s![KNOWN.., ..]).to_owned(), &new.labels)
    };
    let scores = (
        score(&[&own]),
        score(&[&ink, &asymmetry]),
        score(&[&ink, &asymmetry, &own]),
    );
    let (Ok(alone), Ok(without), Ok(with)) = scores else {
        if interrupt::requested() {
            return interrupted(EXERCISE);
        }
        return not_yet(
            "Your feature's numbers are too large to compare. Keep them below a million."
                .to_owned(),
        );
    };
    let (outcome, sentence) = if with >= ENOUGH {
        (
            Outcome::Passed,
            "Your feature measures something that ink and asymmetry do not. Can you do still better? Two components of PCA alone reach about 43 %, all pixels about 92 %.",
        )
    } else if with > without + 0.01 {
        (
            Outcome::NotYet,
            "Your feature helps, but you need an accuracy of 33 % to pass. (With a single pixel in the middle as the feature, it is 31 %.) Where do digits with the same ink and the same asymmetry differ?",
        )
    } else {
        (
            Outcome::NotYet,
            "Your feature varies, but it does not depend on the digit: the accuracy is no better with it than without. Look at the images: what does a seven have that a four does not have?",
        )
    };
    let percent = |share: f64| format!("{:.1} % right", 100.0 * share);
    Feedback::new(EXERCISE, outcome, sentence)
        .with("your feature alone", percent(alone))
        .with("ink and asymmetry", percent(without))
        .with("all three", percent(with))
}

const KNOWN: usize = 5000;
const NEW: usize = 1000;
/// What all three features have to reach: ink and asymmetry without a third stay below 25 %, and
/// with the best single pixel below 32 %.
const ENOUGH: f64 = 0.33;

/// What to hand on if the task is not known yet.
pub fn check_unknown_task(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "a task you do not know",
        right: 'd',
        reasons: &[
            (
                'a',
                "It is perfect for the question \"which digit?\". But most other questions can no longer be answered: if two images both have the code \"0\", you cannot tell which one was written with the broad pen.",
            ),
            (
                'b',
                "The pixels are a representation too, and they contain the answer to every question. But they are the input itself: the representation is as large as the image, and the downstream task has not become easier. Section 2 showed one result: after a small shift, the nearest neighbours are other digits.",
            ),
            (
                'c',
                "It was perfect for one question about ink, but it says nothing about shape. What was not kept cannot be recovered.",
            ),
            (
                'd',
                "If the image can be reconstructed closely from a few numbers, then these numbers still answer every question that the reconstruction can answer. That is a good choice when the task is unknown, and it needs no labels, only images. It is not a guarantee: what changes only a few pixels may be lost. This is the idea of an autoencoder.",
            ),
        ],
    }
    .check(my_answer)
}

fn square(image: ArrayView1<f32>) -> Array2<f32> {
    let side = image.len().isqrt();
    Array2::from_shape_fn((side, side), |(row, column)| image[side * row + column])
}

fn mirror_difference(image: &Array2<f32>) -> f32 {
    let difference = image - &image.slice(s![.., ..;-1]);
    difference.mapv(f32::abs).sum() / image.len() as f32
}

fn correlation(a: &Array1<f32>, b: &Array1<f32>) -> f32 {
    let centred = |x: &Array1<f32>| x - x.sum_axis(Axis(0)).into_scalar() / x.len() as f32;
    let (a, b) = (centred(a), centred(b));
    a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt()
}
