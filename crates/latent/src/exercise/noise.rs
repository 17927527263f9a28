//! Checks of lesson 10, Noise and novelty.
//!
//! The formulas and the questions are here, the functions that draw noise in `corruption`, the step
//! of a denoising autoencoder in `target`.

mod corruption;
mod target;

pub use corruption::{Corruption, check_add_noise, check_mask};
pub use target::{DenoisingStep, check_denoising_step};

use super::Feedback;
use super::check::Check;
use super::question::Choice;
use super::value::named;
use ndarray::{Array1, Array2, ArrayView1, array};

/// The errors of normal samples, those of anomalies, and a threshold, to a point of the ROC curve:
/// the share of false alarms and the share of detected anomalies (2).
pub type RocPoint = fn(&Array1<f32>, &Array1<f32>, f32) -> Array1<f32>;

/// Two lists of errors, of normal samples and of anomalies, and a number.
#[derive(Clone)]
struct Errors {
    normal: Array1<f32>,
    anomalies: Array1<f32>,
    number: f32,
}

impl Errors {
    fn new<const N: usize, const A: usize>(
        normal: [f32; N],
        anomalies: [f32; A],
        number: f32,
    ) -> Self {
        Self {
            normal: normal.to_vec().into(),
            anomalies: anomalies.to_vec().into(),
            number,
        }
    }

    /// How many errors of each kind pass the test.
    fn counts(&self, test: fn(f32, f32) -> bool) -> [f32; 2] {
        [&self.normal, &self.anomalies]
            .map(|errors| errors.iter().filter(|e| test(**e, self.number)).count() as f32)
    }

    /// The shares of errors of each kind that pass the test.
    fn shares(&self, test: fn(f32, f32) -> bool) -> Array1<f32> {
        let [normal, anomalies] = self.counts(test);
        array![
            normal / self.normal.len() as f32,
            anomalies / self.anomalies.len() as f32
        ]
    }

    /// The sum over all pairs of a normal sample and an anomaly.
    fn pairs(&self, score: fn(f32, f32) -> f32) -> f32 {
        let of = |&anomaly: &f32| -> f32 { self.normal.iter().map(|&n| score(anomaly, n)).sum() };
        self.anomalies.iter().map(of).sum()
    }

    fn number_of_pairs(&self) -> f32 {
        (self.normal.len() * self.anomalies.len()) as f32
    }

    /// The smallest error of the list with at most a share of `number` above it.
    fn threshold_of(&self, errors: &[f32]) -> f32 {
        let sorted = sorted(errors);
        sorted[sorted.len() - 1 - self.allowed(sorted.len())]
    }

    /// How many of `n` errors may lie above the threshold.
    fn allowed(&self, n: usize) -> usize {
        (self.number * n as f32) as usize
    }
}

fn sorted(errors: &[f32]) -> Vec<f32> {
    let mut sorted = errors.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted
}

/// Who removes strong noise best: three models with 32 dimensions.
pub fn check_pca_against_noise(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "PCA against noise",
        right: 'b',
        reasons: &[
            (
                'a',
                "The plain autoencoder does not come second. It has never seen noise, and its nonlinear encoder turns an unusual input into an unusual code: it loses to PCA here, although it wins on clean images.",
            ),
            (
                'b',
                "PCA is linear, so it keeps exactly the part of the noise that lies along its 32 components, and no more: 32 of 784 directions. The plain autoencoder has no such guarantee. The denoising one was trained for this.",
            ),
            (
                'c',
                "PCA is a strong rival and beats the plain autoencoder. But it does not know which of the images in its subspace look like digits, and the denoising autoencoder has learned that.",
            ),
            (
                'd',
                "The plain autoencoder is the best of the three only if the images are clean. It has never seen noise, and comes last here.",
            ),
        ],
    }
    .predict(my_answer)
}

/// `active_share(codes)`: codes (n, k) to the share of units that are active, over all samples.
pub fn check_active_share(active_share: fn(&Array2<f32>) -> f32) -> Feedback {
    fn active(codes: &Array2<f32>) -> f32 {
        codes.iter().filter(|z| **z > 0.0).count() as f32
    }
    Check {
        exercise: "active units",
        arguments: |codes: &Array2<f32>| vec![named("codes", codes)],
        answer: |codes| active(codes) / codes.len() as f32,
        mistakes: vec![
            (
                |codes| 1.0 - active(codes) / codes.len() as f32,
                "That is the share of units that are silent. Count the activations above 0.",
            ),
            (
                |codes| active(codes) / codes.nrows() as f32,
                "That is the mean number of active units in a sample. Divide it by the number of units as well: `codes.len()` is the number of all activations.",
            ),
            (
                |codes| active(codes) / codes.ncols() as f32,
                "You divided by the number of units only. Divide by the number of all activations, `codes.len()`.",
            ),
            (
                active,
                "That is the number of active units in all samples together. Divide it by the number of all activations, `codes.len()`.",
            ),
            (
                |codes| codes.iter().filter(|z| **z != 0.0).count() as f32 / codes.len() as f32,
                "You counted every activation that is not 0. A unit is active if its activation is above 0: a negative one does not count.",
            ),
            (
                |codes| codes.iter().filter(|z| **z >= 0.0).count() as f32 / codes.len() as f32,
                "You counted the zeros too. A unit with the activation 0 is silent: `>` instead of `>=`.",
            ),
            (
                |codes| codes.iter().sum::<f32>() / codes.len() as f32,
                "That is the mean activation. A share counts each active unit once, however strong it is.",
            ),
            (
                |codes| codes.mapv(f32::abs).sum() / codes.len() as f32,
                "That is the mean absolute activation: the L1 penalty without its weight. A share counts each active unit once, however strong it is.",
            ),
            (
                |codes| {
                    let used = |unit: ArrayView1<f32>| unit.iter().any(|z| *z > 0.0);
                    let units = codes.columns().into_iter();
                    units.filter(|unit| used(*unit)).count() as f32 / codes.ncols() as f32
                },
                "That is the share of units that are active for at least one sample. Count all activations above 0, and divide by `codes.len()`.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            array![[0.0, 2.0, 0.0, 0.5], [0.0, 0.0, 0.0, 1.5]],
            array![
                [0.0, 0.3, -0.2, 0.0, 1.0],
                [0.7, 0.0, 0.0, -1.0, 0.4],
                [0.0, 0.0, 0.0, 0.0, 3.0]
            ],
            array![[0.0, 0.0], [0.1, 0.0], [0.0, 0.0]],
        ],
        passed: "One number for a whole set of codes. A share of 0.05 means: of a hundred units, five are active for a sample, on average.",
    }
    .run(active_share)
}

/// `roc_point(normal, anomalies, threshold)`: the shares of errors above the threshold, of normal
/// samples (false alarms) and of anomalies (detected).
pub fn check_roc_point(roc_point: RocPoint) -> Feedback {
    fn above(error: f32, threshold: f32) -> bool {
        error > threshold
    }
    Check {
        exercise: "a point of the ROC curve",
        arguments: |errors: &Errors| {
            vec![
                named("normal", &errors.normal),
                named("anomalies", &errors.anomalies),
                named("threshold", &errors.number),
            ]
        },
        answer: |errors| errors.shares(above),
        mistakes: vec![
            (
                |errors| {
                    let shares = errors.shares(above);
                    array![shares[1], shares[0]]
                },
                "The two shares have changed places: the false alarms (of the normal samples) come first.",
            ),
            (
                |errors| errors.shares(|error, threshold| error >= threshold),
                "You counted an error that is equal to the threshold as an alarm. An alarm is an error above the threshold: `>` instead of `>=`.",
            ),
            (
                |errors| errors.shares(|error, threshold| error < threshold),
                "You counted the errors below the threshold. An alarm is an error above it.",
            ),
            (
                |errors| errors.shares(|error, threshold| error <= threshold),
                "You counted the errors that raise no alarm. An alarm is an error above the threshold.",
            ),
            (
                |errors| errors.counts(above).to_vec().into(),
                "These are numbers of samples. Divide each by the number of samples of its kind: `normal.len()` and `anomalies.len()`.",
            ),
            (
                |errors| {
                    let all = (errors.normal.len() + errors.anomalies.len()) as f32;
                    Array1::from(errors.counts(above).to_vec()) / all
                },
                "You divided both by the number of all samples. Divide the false alarms by the number of normal samples, and the detected anomalies by the number of anomalies.",
            ),
            (
                |errors| {
                    Array1::from(errors.counts(above).to_vec()) / errors.normal.len() as f32
                },
                "You divided both by the number of normal samples. Divide the second number by the number of anomalies.",
            ),
            (
                |errors| {
                    let counts = errors.counts(above);
                    Array1::from(counts.to_vec()) / (counts[0] + counts[1])
                },
                "You divided by the number of alarms. Divide the first number by all normal samples, the second by all anomalies.",
            ),
            (
                |errors| {
                    let shares = errors.shares(above);
                    array![shares[0], 1.0 - shares[1]]
                },
                "The second number is the share of anomalies that were missed. Return the share that raised an alarm.",
            ),
            (
                |errors| errors.shares(above) * 100.0,
                "These are percents. Return shares from 0 to 1.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            Errors::new([1.0, 3.0, 2.0, 5.0], [4.0, 2.0, 6.0, 3.0, 7.0], 3.0),
            Errors::new(
                [0.1, 0.4, 0.2, 0.8, 0.3, 0.5, 0.4, 0.9],
                [0.4, 0.6, 0.2, 0.7, 1.1],
                0.4,
            ),
            Errors::new([0.5, 0.25, 0.75], [1.0, 0.5, 2.0, 1.5, 0.1], 0.6),
        ],
        passed: "One threshold, one point: false alarms to the right, detected anomalies upwards.",
    }
    .run(move |errors| roc_point(&errors.normal, &errors.anomalies, errors.number))
}

/// `auc(normal, anomalies)`: the probability that the error of an anomaly exceeds that of a normal
/// sample; a tie counts one half.
pub fn check_auc(auc: fn(&Array1<f32>, &Array1<f32>) -> f32) -> Feedback {
    fn score(anomaly: f32, normal: f32, tie: f32) -> f32 {
        if anomaly > normal {
            1.0
        } else if anomaly == normal {
            tie
        } else {
            0.0
        }
    }
    fn half(anomaly: f32, normal: f32) -> f32 {
        score(anomaly, normal, 0.5)
    }
    fn area(errors: &Errors) -> f32 {
        errors.pairs(half) / errors.number_of_pairs()
    }
    Check {
        exercise: "the area under the ROC curve",
        arguments: |errors: &Errors| {
            vec![
                named("normal", &errors.normal),
                named("anomalies", &errors.anomalies),
            ]
        },
        answer: area,
        mistakes: vec![
            (
                |errors| 1.0 - area(errors),
                "Normal samples and anomalies are the wrong way round: this is the probability that a normal sample has the larger error. A good detector would get an area near 0.",
            ),
            (
                |errors| {
                    errors.pairs(|anomaly, normal| score(anomaly, normal, 1.0))
                        / errors.number_of_pairs()
                },
                "You counted a tie as 1. If the two errors are equal, the detector cannot tell the two samples apart: a tie counts one half.",
            ),
            (
                |errors| {
                    errors.pairs(|anomaly, normal| score(anomaly, normal, 0.0))
                        / errors.number_of_pairs()
                },
                "You counted a tie as 0. A detector that gives every sample the same error would get an area of 0, and it is as good as a coin: a tie counts one half.",
            ),
            (
                |errors| errors.pairs(half),
                "That is the number of pairs in which the anomaly has the larger error. Divide it by the number of all pairs, `normal.len() * anomalies.len()`.",
            ),
            (
                |errors| errors.pairs(half) / (errors.normal.len() + errors.anomalies.len()) as f32,
                "You divided by the number of samples. Divide by the number of pairs: `normal.len() * anomalies.len()`.",
            ),
            (
                |errors| errors.pairs(half) / errors.normal.len() as f32,
                "You divided by the number of normal samples only. Divide by the number of pairs: `normal.len() * anomalies.len()`.",
            ),
            (
                |errors| errors.pairs(half) / errors.anomalies.len() as f32,
                "You divided by the number of anomalies only. Divide by the number of pairs: `normal.len() * anomalies.len()`.",
            ),
            (
                |errors| {
                    let both = errors.normal.iter().zip(&errors.anomalies);
                    let sum: f32 = both.map(|(&n, &a)| half(a, n)).sum();
                    sum / errors.normal.len().min(errors.anomalies.len()) as f32
                },
                "You compared each anomaly with one normal sample only. Compare it with all of them: one loop inside the other.",
            ),
            (
                |errors| {
                    errors.pairs(|anomaly, normal| anomaly - normal) / errors.number_of_pairs()
                },
                "That is the mean difference of the errors. Only the order counts: a pair gives 1, one half or 0.",
            ),
            (
                |errors| {
                    let largest = errors.normal.fold(f32::MIN, |a, &b| a.max(b));
                    errors.anomalies.iter().filter(|a| **a > largest).count() as f32
                        / errors.anomalies.len() as f32
                },
                "You counted the anomalies whose error is above all normal ones. Compare each anomaly with each normal sample, pair by pair.",
            ),
        ],
        shapes_clash: Some(
            "The two lists differ in length. Go through all pairs: one loop over `anomalies`, and inside it one over `normal`.",
        ),
        inputs: vec![
            Errors::new([1.0, 3.0], [2.0, 3.0, 4.0], 0.0),
            Errors::new([0.2, 0.5, 0.5, 0.7, 0.1], [0.5, 0.6, 0.3, 0.9], 0.0),
            Errors::new([2.0, 2.0, 2.0], [2.0, 2.0], 0.0),
            Errors::new([0.6, 0.7, 0.9, 0.2], [0.1, 0.65, 0.6, 0.3, 0.2, 0.8], 0.0),
        ],
        passed: "The fraction of pairs in the right order. It needs no threshold, so you can compare two detectors before you choose a threshold. (In statistics, the number of these pairs is the U of Mann and Whitney.)",
    }
    .run(move |errors| auc(&errors.normal, &errors.anomalies))
}

/// `threshold(validation, anomalies, share)`: the smallest error in `validation` with at most this
/// share of `validation` above it.
pub fn check_threshold(threshold: fn(&Array1<f32>, &Array1<f32>, f32) -> f32) -> Feedback {
    fn of_validation(errors: &Errors) -> f32 {
        errors.threshold_of(&errors.normal.to_vec())
    }
    /// The error of `validation` in this place of the order.
    fn place(errors: &Errors, place: usize) -> f32 {
        let sorted = sorted(&errors.normal.to_vec());
        sorted[place.min(sorted.len() - 1)]
    }
    fn mean(errors: &Array1<f32>) -> f32 {
        errors.mean().unwrap_or_default()
    }
    Check {
        exercise: "a threshold for alarms",
        arguments: |errors: &Errors| {
            vec![
                named("validation", &errors.normal),
                named("anomalies", &errors.anomalies),
                named("share", &errors.number),
            ]
        },
        answer: of_validation,
        mistakes: vec![
            (
                |errors| errors.threshold_of(&errors.anomalies.to_vec()),
                "You chose the threshold on the anomalies. Their errors say nothing about false alarms, and the next anomaly may be of another kind. Use `validation` alone.",
            ),
            (
                |errors| {
                    let both = [errors.normal.to_vec(), errors.anomalies.to_vec()].concat();
                    errors.threshold_of(&both)
                },
                "You put validation errors and anomalies into one list. False alarms are alarms for normal samples: use `validation` alone.",
            ),
            (
                |errors| (mean(&errors.normal) + mean(&errors.anomalies)) / 2.0,
                "You put the threshold halfway between the two means. It then depends on the anomalies, and nobody knows how many false alarms it gives. Use the order of the validation errors.",
            ),
            (
                |errors| place(errors, errors.allowed(errors.normal.len())),
                "You counted from the wrong end: most normal samples lie above this threshold. Count from the largest error down.",
            ),
            (
                |errors| place(errors, errors.normal.len() - errors.allowed(errors.normal.len())),
                "Nearly: one error fewer than allowed lies above this threshold. Positions count from 0, so the largest of n errors is at position n - 1.",
            ),
            (
                |errors| place(errors, errors.normal.len() - 1),
                "That is the largest validation error: no false alarm at all. Then more anomalies are missed than necessary. The question allows a share of false alarms.",
            ),
            (
                |errors| {
                    let n = errors.normal.len();
                    errors.normal[n - 1 - errors.allowed(n)]
                },
                "You took the right position in a list that is not sorted. Sort the errors first.",
            ),
            (
                |errors| (1.0 - errors.number) * place(errors, errors.normal.len() - 1),
                "You took a share of the largest error. `share` is a share of the number of samples, not of the largest error: sort the errors, and count.",
            ),
            (
                |errors| mean(&errors.normal) + 2.0 * errors.normal.std(0.0),
                "Mean plus two standard deviations does not depend on `share`, and the errors are skewed, so they do not follow a normal distribution. Sort them, and count.",
            ),
            (
                |errors| mean(&errors.normal) + 2.0 * errors.normal.std(1.0),
                "Mean plus two standard deviations does not depend on `share`, and the errors are skewed, so they do not follow a normal distribution. Sort them, and count.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            Errors::new(
                [5.0, 1.0, 9.0, 3.0, 7.0, 2.0, 8.0, 4.0, 6.0, 10.0],
                [8.0, 30.0, 12.0, 20.0],
                0.2,
            ),
            Errors::new(
                [
                    0.31, 0.12, 0.55, 0.18, 0.95, 0.22, 0.27, 0.41, 0.16, 0.62, 0.25, 0.37, 0.19,
                    0.71, 0.29,
                ],
                [0.5, 1.4, 0.9, 1.9, 0.8, 1.1, 2.2],
                0.1,
            ),
            Errors::new(
                [
                    4.0, 2.5, 3.0, 1.0, 6.0, 2.0, 3.5, 1.5, 5.0, 2.2, 4.5, 1.2, 2.8, 3.2, 1.8, 2.6,
                    7.5, 2.4, 3.8, 9.0,
                ],
                [3.0, 9.5, 12.0, 7.0, 8.0],
                0.05,
            ),
        ],
        passed: "A choice that needs no anomaly. On new normal images the share of false alarms will be close to the one you asked for, though not equal to it.",
    }
    .run(move |errors| threshold(&errors.normal, &errors.anomalies, errors.number))
    .if_panicked(
        "out of bounds",
        "Of n sorted errors, the largest is at position n - 1.",
    )
}
