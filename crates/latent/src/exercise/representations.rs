//! Checks of lesson 01, Representations.

use super::attempt::{Attempt, attempt};
use super::check::Check;
use super::question::{Choice, Prediction};
use super::value::{named, table};
use super::{Feedback, Outcome};
use crate::data::Mnist;
use crate::readout::KnnClassifier;
use ndarray::{Array1, Array2, ArrayView1, Axis, array, s};

/// One image (rows, columns) to one number.
pub type Feature = fn(&Array2<f32>) -> f32;

/// How many percent of shifted digits are read off their pixels.
pub fn check_shift(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "three pixels to the right",
        truth: SHIFTED_PERCENT,
        within: 7.0,
        right: "You saw it coming. To the eye nothing has happened; to the pixels, nearly everything.",
        wrong: "To the eye nothing has happened; to the pixels, nearly everything. The next cell counts.",
        known: &[
            (
                0.0,
                1.0,
                "That looks like a share from 0 to 1. The question is in percent, from 0 to 100.",
            ),
            (
                85.0,
                100.0,
                "So it would be for you, and for anybody with eyes. But the pixel that held ink before now holds paper, and the readout compares pixel with pixel. The next cell counts.",
            ),
            (
                8.0,
                12.0,
                "That is chance: one in ten. Something is left, since much of a thick stroke still covers itself. The next cell counts.",
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
                "You compared top with bottom. The mirror stands upright here: rows stay where they are, and column `c` changes places with column `27 - c`.",
            ),
            (
                |image| mean_size(&(image - &upside_down(&mirrored(image)))),
                "You turned the image by half a turn: rows and columns both run backwards. Only the columns should.",
            ),
            (
                |image| (image - &mirrored(image)).sum() / image.len() as f32,
                "The differences cancel: what is missing on the left is too much on the right. Take the size of each, `.abs()`, before you add up.",
            ),
            (
                |image| (image - &mirrored(image)).mapv(f32::abs).sum(),
                "That is the sum. Divide it by the number of pixels, `image.len()`, to get the mean.",
            ),
            (
                |image| {
                    (image - &mirrored(image)).mapv(|x| x * x).sum() / image.len() as f32
                },
                "You squared the differences. It would do as a feature too, but the question is after their size: `.abs()`.",
            ),
            (
                |image| (image - &mirrored(image)).mapv(f32::abs).sum() / image.ncols() as f32,
                "You divided by the number of columns. The sum runs over all pixels: `image.len()`.",
            ),
            (
                |image| {
                    if image.is_square() {
                        mean_size(&(image - &image.t()))
                    } else {
                        f32::NAN
                    }
                },
                "`.t()` mirrors at the diagonal: it turns rows into columns. The mirror stands upright here.",
            ),
        ],
        shapes_clash: Some(
            "The mirrored image has the shape of the image itself. Build it element by element: row `r` and column `c` of the mirror hold what the image has in row `r` and column `image.ncols() - 1 - c`.",
        ),
        inputs: vec![
            array![[0.0, 0.5, 1.0], [0.2, 0.0, 0.2], [0.0, 0.0, 0.3]],
            table(4, 4, 111),
            table(6, 6, 112),
        ],
        passed: "0 for an image that is its own mirror image, and more the less it is.",
    }
    .run(asymmetry)
}

/// Which of two features decides who is near whom.
pub fn check_scale(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "who decides",
        right: 'b',
        reasons: &[
            (
                'a',
                "A distance adds up squared differences. Ink differs by dozens between two images, asymmetry by a twentieth: next to 30 squared, 0.05 squared is nothing.",
            ),
            (
                'b',
                "Ink differs by dozens, asymmetry by a few hundredths. In a distance that adds up squares, the second vanishes. A unit of measurement has made the choice, and nobody was asked.",
            ),
            (
                'c',
                "How fine a number is does not count in a distance, only how large its differences are. Those of the ink are about a thousand times larger.",
            ),
            (
                'd',
                "Some libraries offer to do so, but nearest neighbours as such take the numbers as they come. Whoever makes the representation has to see to the scales.",
            ),
        ],
    }
    .check(my_answer)
}

/// A feature of the learner's own, judged by what it adds to ink and asymmetry.
///
/// Each feature is divided by its standard deviation on the first 5,000 training images, which are
/// the known ones; 15 neighbours vote on the first 1,000 validation images.
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
        Attempt::Todo => {
            return Feedback::untouched(
                EXERCISE,
                "Replace the `todo!()` with your code, run that cell, then run this one again.",
            );
        }
        Attempt::Panicked(message) => {
            let plain = crate::notebook::in_plain_words(&message).unwrap_or("");
            let message = message.replace('`', "'");
            return not_yet(format!(
                "Your function stopped before it gave an answer: it panicked with `{message}`.\n{plain}"
            ));
        }
        Attempt::Endless => {
            return not_yet(
                "Your function took more than ten seconds for 6,000 images. Is there a loop that never ends? \
                 It is still running: choose Kernel > Restart Kernel from the menu before you go on."
                    .to_owned(),
            );
        }
    };
    if let Some(at) = own.iter().position(|x| !x.is_finite()) {
        return not_yet(format!(
            "For image {at} your feature is {}: something was divided by zero, or a root was taken of a negative number. Every image needs a plain number.",
            own[at]
        ));
    }
    if own.std(0.0) <= 1e-6 * own[0].abs() {
        return not_yet(
            "Your feature is the same for every image. A number that never changes tells nothing apart."
                .to_owned(),
        );
    }
    for (name, other) in [("ink", &ink), ("asymmetry", &asymmetry)] {
        if correlation(&own, other).abs() > 0.99 {
            return not_yet(format!(
                "Your feature rises and falls with the {name}, so it says what is known already. Look for something that differs between two digits of the same {name}."
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
        return not_yet(
            "Your feature's numbers are too large to compare. Keep them below a million."
                .to_owned(),
        );
    };
    let (outcome, sentence) = if with >= ENOUGH {
        (
            Outcome::Passed,
            "Your feature sees something that ink and asymmetry do not. Try to climb higher: two components of PCA alone reach about 43 %, all the pixels 92 %.",
        )
    } else if with > without + 0.01 {
        (
            Outcome::NotYet,
            "Your feature helps, but only a little: 30 % right is what it takes to pass. Where on the image do digits differ that have the same ink and the same asymmetry?",
        )
    } else {
        (
            Outcome::NotYet,
            "Your feature varies, but not with the digit: the readout does no better with it than without. Look at the images: what does a seven have that a four has not?",
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
/// What all three features have to reach; ink and asymmetry without a third stay below 25 %.
const ENOUGH: f64 = 0.30;

/// What to hand on if the task is not known yet.
pub fn check_unknown_task(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "a task you do not know",
        right: 'd',
        reasons: &[
            (
                'a',
                "Perfect for the question \"which digit?\", and useless for every other one: of two noughts nobody could tell any more which was written with the broad pen.",
            ),
            (
                'b',
                "All is still in it, that is true. But so is every speck, and nobody downstream has an easier time than before: shift the image, and neighbours are strangers. That is no representation, it is the input.",
            ),
            (
                'c',
                "It was perfect for one question about ink, and knows nothing of shape. Nobody can get back what has not been kept.",
            ),
            (
                'd',
                "Whoever can draw the image again from a few numbers has kept what matters, whatever will be asked, and thrown away what does not. It takes no labels to find such numbers, only images. This is the idea of an autoencoder.",
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
