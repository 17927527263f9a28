//! Functions that corrupt images, judged by what they do to many pixels.
//!
//! ```text
//! add_noise(x, sd, seed)   x + sd e,  e from the standard normal distribution for each pixel
//! mask(x, p, seed)         0 with probability p, else x, for each pixel
//! ```
//!
//! The numbers that a learner draws are their own affair, so no two right answers need to agree: a
//! check looks at the mean, the spread and the share of zeros of a few thousand pixels. Settings
//! that leave nothing to chance (sd = 0, p = 0, p = 1) have exact answers.

use crate::error::Result;
use crate::exercise::attempt::attempt;
use crate::exercise::check::returned;
use crate::exercise::value::number;
use crate::exercise::{Feedback, Outcome};
use crate::random;
use ndarray::{Array2, Axis};

/// Images (n, d), how much to corrupt them, and a seed, to the corrupted images (n, d).
pub type Corruption = fn(&Array2<f32>, f32, u64) -> Result<Array2<f32>>;

/// A setting that is neither the square nor the root of another one that people mean.
const SD: f32 = 0.4;
/// Far from one half: the share of masked pixels tells whether the rule is the wrong way round.
const P: f32 = 0.3;

/// A sentence, and what it rests on: the property, as it should be and as it was.
struct Problem {
    sentence: &'static str,
    evidence: Vec<(&'static str, String)>,
}

/// `add_noise(images, sd, seed)`: the images plus normal noise of this standard deviation.
///
/// ```
/// use latent::exercise::{Outcome, noise::check_add_noise};
/// let feedback = check_add_noise(|_images, _sd, _seed| todo!());
/// assert_eq!(feedback.outcome(), Outcome::NotAttempted);
/// ```
pub fn check_add_noise(add_noise: Corruption) -> Feedback {
    // Half of the pixels are paper, half are ink of some grey.
    let images = || {
        let ink = random::uniform(60, 100, 0.2, 1.0, 1001)?;
        let paper = random::uniform(60, 100, 0.0, 1.0, 1002)?;
        Ok(ink * paper.mapv(|u| if u < 0.5 { 0.0 } else { 1.0 }))
    };
    judge(
        "Gaussian noise",
        images,
        [(SD, 1), (SD, 2), (0.0, 1)],
        add_noise,
        problem_of_noise,
        "Each pixel of each image has noise of its own. A pixel can now be below 0 or above 1, and that is as it should be: noise that is cut off at 0 would make paper darker on average.",
    )
}

/// `mask(images, p, seed)`: the images with each pixel set to 0 with probability p.
pub fn check_mask(mask: Corruption) -> Feedback {
    // No pixel is 0 before the masking.
    judge(
        "masked pixels",
        || random::uniform(60, 100, 0.2, 0.9, 1003),
        [(P, 1), (P, 2), (0.0, 1), (1.0, 1)],
        mask,
        problem_of_mask,
        "A masked pixel is 0, and all others are as they were. (PyTorch's dropout, which sets random activations to 0 during training, also divides what is left by 1 - p.)",
    )
}

/// Calls the learner's function with each setting, and looks for the first problem.
fn judge<const N: usize>(
    exercise: &'static str,
    images: impl Fn() -> Result<Array2<f32>>,
    settings: [(f32, u64); N],
    corrupt: Corruption,
    problem: fn(&Array2<f32>, &[Array2<f32>]) -> Option<Problem>,
    right: &str,
) -> Feedback {
    let not_yet = |sentence: &str| Feedback::new(exercise, Outcome::NotYet, sentence);
    let images = match images() {
        Ok(images) => images,
        Err(error) => return not_yet(&error.to_string()),
    };
    let copy = images.clone();
    let calls = move || -> Result<Vec<Array2<f32>>> {
        let call = |&(amount, seed): &(f32, u64)| corrupt(&copy, amount, seed);
        settings.iter().map(call).collect()
    };
    let shapes_clash = "Draw as many numbers as there are pixels: `images.nrows()` rows and `images.ncols()` columns.";
    let outputs = match returned(exercise, attempt(calls), Some(shapes_clash)) {
        Ok(outputs) => outputs,
        Err(feedback) => return feedback,
    };
    for output in &outputs {
        if output.dim() != images.dim() {
            return not_yet("The result has another shape than the images: it needs one number for each pixel of each image.")
                .with("expected", format!("{:?}", images.dim()))
                .with("got", format!("{:?}", output.dim()));
        }
        if output.iter().any(|x| !x.is_finite()) {
            return not_yet(
                "There is a NaN or an infinity in your answer: something was divided by zero, or a root was taken of a negative number.",
            );
        }
    }
    match problem(&images, &outputs) {
        None => Feedback::new(exercise, Outcome::Passed, right),
        Some(problem) => problem
            .evidence
            .into_iter()
            .fold(not_yet(problem.sentence), |feedback, (name, value)| {
                feedback.with(name, value)
            }),
    }
}

fn problem_of_noise(images: &Array2<f32>, outputs: &[Array2<f32>]) -> Option<Problem> {
    let [output, other_seed, without] = outputs else {
        return None;
    };
    let noise = output - images;
    let on_paper: Vec<f32> = (noise.iter().zip(images))
        .filter(|(_, image)| **image == 0.0)
        .map(|(noise, _)| *noise)
        .collect();
    let (mean, sd) = (noise.mean().unwrap_or_default(), noise.std(0.0));
    let near = |x: f32, y: f32| (x - y).abs() < 0.025;
    let far_out = noise.iter().filter(|x| x.abs() > 2.0 * SD).count() as f32 / noise.len() as f32;
    let spread = |of: f32| {
        vec![
            ("sd", number(f64::from(SD))),
            (
                "expected",
                format!("noise with a standard deviation of {SD}"),
            ),
            ("got", format!("noise with a standard deviation of {of:.2}")),
        ]
    };
    let without_evidence = |sentence| {
        Some(Problem {
            sentence,
            evidence: Vec::new(),
        })
    };
    if noise.iter().all(|x| *x == 0.0) {
        return without_evidence(
            "The images came back as they were. Draw a number for each pixel and add it.",
        );
    }
    if sd < 1e-4 {
        return without_evidence(
            "You added the same number to every pixel. In `random::normal(n, d, mean, sd, seed)` the mean comes before the standard deviation.",
        );
    }
    if on_paper.iter().all(|x| *x == 0.0) {
        return without_evidence(
            "Where a pixel is 0, your noise is 0 too, so you multiplied the images by it. Noise of a camera or an electrode is there without a signal as well: add it.",
        );
    }
    if output.iter().all(|x| (0.0..=1.0).contains(x)) {
        return without_evidence(
            "All your pixels lie between 0 and 1: you cut off what is below and above. Here the noise stays as it is. Cut off, it would no longer have a mean of 0 where a pixel is 0.",
        );
    }
    if output.iter().all(|x| *x >= 0.0) {
        return without_evidence(
            "None of your pixels is below 0. Normal noise is negative as often as it is positive: take it as it is, without `abs` and without a lower limit.",
        );
    }
    if noise
        .rows()
        .into_iter()
        .all(|row| row.iter().all(|x| (x - row[0]).abs() < 1e-5))
    {
        return without_evidence(
            "All pixels of an image got the same number. Draw one for each pixel: `random::normal` needs as many columns as the images have.",
        );
    }
    if noise.axis_iter(Axis(0)).all(|row| {
        row.iter()
            .zip(noise.row(0))
            .all(|(a, b)| (a - b).abs() < 1e-5)
    }) {
        return without_evidence(
            "All images got the same noise. Draw as many rows of noise as there are images: `images.nrows()`.",
        );
    }
    let alone = |sign: f32| {
        let rest = output - &(images * sign);
        near(rest.mean().unwrap_or_default(), 0.0) && near(rest.std(0.0), SD)
    };
    if alone(0.0) {
        return without_evidence("That is the noise alone. Add the images to it.");
    }
    if alone(-1.0) {
        return without_evidence(
            "The images have the wrong sign: you subtracted them from the noise. Add the two.",
        );
    }
    if !near(mean, 0.0) {
        return Some(Problem {
            sentence: "The noise should have a mean of 0: it makes a pixel darker as often as lighter. In `random::normal(n, d, mean, sd, seed)` the mean comes before the standard deviation.",
            evidence: vec![
                ("expected", "noise with a mean of 0.0".to_owned()),
                ("got", format!("noise with a mean of {mean:.2}")),
            ],
        });
    }
    for (wrong, sentence) in [
        (
            SD * SD,
            "Your noise is too weak: `sd` is the standard deviation, and you used its square. `random::normal` takes the standard deviation.",
        ),
        (
            SD.sqrt(),
            "Your noise is too strong: you took the root of `sd`. It is the standard deviation already, and not the variance.",
        ),
        (
            1.0,
            "The noise has a standard deviation of 1, whatever `sd` is. Hand `sd` to `random::normal`, or multiply the noise by it.",
        ),
        (
            SD / 3.0_f32.sqrt(),
            "Your numbers lie between -sd and sd, all equally likely: this is uniform noise. Use `random::normal`.",
        ),
    ] {
        if near(sd, wrong) {
            return Some(Problem {
                sentence,
                evidence: spread(sd),
            });
        }
    }
    if !near(sd, SD) {
        return Some(Problem {
            sentence: "The noise does not have the standard deviation `sd`.",
            evidence: spread(sd),
        });
    }
    if !near(far_out, 0.0455) {
        return without_evidence(
            "The mean and the standard deviation are right, but the noise is not normal: about one number in twenty should be farther than 2 sd from 0. Use `random::normal`.",
        );
    }
    if without != images {
        return without_evidence("With `sd = 0.0` the images should stay as they are.");
    }
    same_for_each_seed(output, other_seed)
}

fn problem_of_mask(images: &Array2<f32>, outputs: &[Array2<f32>]) -> Option<Problem> {
    let [output, other_seed, nothing, everything] = outputs else {
        return None;
    };
    let all = |holds: &dyn Fn(f32, f32) -> bool| {
        output
            .iter()
            .zip(images)
            .all(|(&x, &image)| holds(x, image))
    };
    let is = |x: f32, y: f32| (x - y).abs() < 1e-5;
    let share = output.iter().filter(|x| **x == 0.0).count() as f32 / output.len() as f32;
    let told = |sentence| {
        Some(Problem {
            sentence,
            evidence: Vec::new(),
        })
    };
    let told_share = |sentence| {
        Some(Problem {
            sentence,
            evidence: vec![
                ("p", number(f64::from(P))),
                ("expected", format!("a share of {P} of the pixels is 0")),
                ("got", format!("a share of {share:.2} of the pixels is 0")),
            ],
        })
    };
    if all(&is) {
        return told("The images came back as they were: no pixel was masked.");
    }
    if all(&|x, _| is(x, 0.0) || is(x, 1.0)) {
        return told(
            "That is the mask itself, of zeros and ones. Multiply the images by it, element by element.",
        );
    }
    if all(&|x, image| is(x, 0.0) || is(x, image / (1.0 - P))) {
        return told("You divided the pixels that are left by 1 - p. Leave them as they are.");
    }
    if all(&|x, image| is(x, 1.0) || is(x, image)) {
        return told("You set masked pixels to 1, which is full ink. Set them to 0.");
    }
    if !all(&|x, image| is(x, 0.0) || is(x, image)) {
        return told(
            "Some pixels are neither 0 nor as they were. Compare each random number with `p`: below it, the pixel becomes 0; otherwise it stays as it is.",
        );
    }
    let rows = |of: &Array2<f32>, axis: usize| {
        of.axis_iter(Axis(axis))
            .all(|row| row.iter().all(|x| *x == 0.0) || row.iter().all(|x| *x != 0.0))
    };
    if rows(output, 0) {
        return told(
            "Whole images are 0, and the others are untouched: you drew one number for each image. Draw one for each pixel.",
        );
    }
    if rows(output, 1) {
        return told(
            "The same pixels are masked in all images. Draw as many rows of numbers as there are images: `images.nrows()`.",
        );
    }
    if (share - (1.0 - P)).abs() < 0.03 {
        return told_share(
            "You kept the share `p` of the pixels and masked the others. It is the other way round: `p` is the probability that a pixel becomes 0.",
        );
    }
    if (share - P).abs() > 0.03 {
        return told_share("The share of masked pixels is not `p`.");
    }
    if nothing != images {
        return told("With `p = 0.0` the images should stay as they are.");
    }
    if everything.iter().any(|x| *x != 0.0) {
        return told("With `p = 1.0` all pixels should be 0.");
    }
    same_for_each_seed(output, other_seed)
}

fn same_for_each_seed(output: &Array2<f32>, other_seed: &Array2<f32>) -> Option<Problem> {
    (output == other_seed).then(|| Problem {
        sentence: "The result is the same for each seed. Hand `seed` to the function that draws the numbers: otherwise each mini-batch would get the same noise.",
        evidence: Vec::new(),
    })
}
