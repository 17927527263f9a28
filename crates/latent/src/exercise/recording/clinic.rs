//! The clinic of recordings: each has one fault, to be found in what its owner measured.
//!
//! ```text
//! clinic(number) simulates and analyses -> Case: counts, heading, time, a chart -> check_case(number)
//! ```
//!
//! Spoilers: the faults stand below.

use crate::codec::Codec;
use crate::data::HeadDirection;
use crate::error::{Error, Result};
use crate::exercise::Feedback;
use crate::exercise::question::{self, diagnosis};
use crate::pca::Pca;
use crate::readout::KnnAngles;
use crate::rng::shuffled;
use ndarray::{Array1, Array2, Axis, s};
use std::fmt;

const CELLS: usize = 30;
const BINS: usize = 3000;
const BIN: f32 = 0.1;
/// The bins of the pause, which one owner left out.
const PAUSE: std::ops::Range<usize> = 1300..1900;
const SEED: u64 = 12;

/// A recording, with what its owner measured.
#[derive(Clone, Debug)]
pub struct Case {
    /// Spikes of each cell in each bin (bins, cells).
    pub counts: Array2<f32>,
    /// The heading that belongs to each bin, as its owner believes, in radians (bins).
    pub heading: Array1<f32>,
    /// The beginning of each bin in seconds (bins).
    pub time: Array1<f32>,
    number: usize,
    /// Mean errors of the decoded heading in three test parts, in degrees.
    heading_errors: [f64; 3],
    /// The same for the heading of another animal.
    foreign_errors: [f64; 3],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    Twice,
    Leak,
    Pause,
}

/// Number 0 is sound; the lesson shows it as such.
const FAULTS: [Fault; 4] = [Fault::None, Fault::Pause, Fault::Twice, Fault::Leak];

/// Recording `number`, 1 to 3, or the sound one, 0.
///
/// ```
/// use latent::prelude::*;
/// let sound = exercise::recording::clinic(0)?;
/// assert_eq!(sound.counts.dim(), (3000, 30));
/// assert!(sound.to_string().contains("largest correlation of two cells"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] if there is no such recording; [`Error::Interrupted`] if it was interrupted.
pub fn clinic(number: usize) -> Result<Case> {
    let Some(&fault) = FAULTS.get(number) else {
        return Err(Error::Setting {
            setting: "the recording's number",
            value: number.to_string(),
            expected: "a number from 1 to 3, or 0 for the sound one",
        });
    };
    let long = HeadDirection::random(CELLS, SEED).simulate(
        BINS + PAUSE.len(),
        BIN,
        SEED + number as u64,
    )?;
    // One owner stopped the electrodes and not the camera, and then cut both to the same length.
    let recorded: Vec<usize> = match fault {
        Fault::Pause => (0..BINS + PAUSE.len())
            .filter(|bin| !PAUSE.contains(bin))
            .collect(),
        _ => (0..BINS).collect(),
    };
    let mut counts = long.counts.select(Axis(0), &recorded);
    if fault == Fault::Twice {
        // Sorted twice from two electrodes, which both miss some spikes of the cell.
        let cell = counts.column(3).to_owned();
        let mut copy = counts.column_mut(21);
        for (bin, (to, count)) in copy.iter_mut().zip(cell).enumerate() {
            *to = if bin % 7 == 0 && count > 0.0 {
                count - 1.0
            } else {
                count
            };
        }
    }
    let heading = long.heading.slice(s![..BINS]).to_owned();
    let time = recorded.iter().map(|&bin| bin as f32 * BIN).collect();
    let foreign = HeadDirection::random(CELLS, SEED).simulate(BINS, BIN, SEED + 100)?;
    let (inputs, parts) = analysis(fault, &counts);
    Ok(Case {
        heading_errors: errors(&inputs, &heading, &parts)?,
        foreign_errors: errors(&inputs, &foreign.heading, &parts)?,
        counts,
        heading,
        time,
        number,
    })
}

/// The training bins, and three parts to test on.
struct Parts {
    train: Vec<usize>,
    tests: [Vec<usize>; 3],
}

/// What the owner decodes from, and how the owner splits.
fn analysis(fault: Fault, counts: &Array2<f32>) -> (Array2<f32>, Parts) {
    let roots = counts.mapv(f32::sqrt);
    let reach = 10;
    if fault == Fault::Leak {
        let order = shuffled(BINS, SEED);
        let part = |from: usize, to: usize| order[from..to].to_vec();
        let tests = [part(900, 1600), part(1600, 2300), part(2300, BINS)];
        let train = part(0, 900);
        return (smoothed(&roots, reach), Parts { train, tests });
    }
    let part = |from: usize, to: usize| (from..to).collect();
    let tests = [
        part(900 + 2 * reach, 1300),
        part(1300, 2100),
        part(2100, BINS),
    ];
    let train = part(0, 900);
    (smoothed(&roots, reach), Parts { train, tests })
}

/// The mean of each cell over `reach` bins to both sides.
fn smoothed(roots: &Array2<f32>, reach: usize) -> Array2<f32> {
    let mut means = Array2::zeros(roots.dim());
    for (bin, mut mean) in means.rows_mut().into_iter().enumerate() {
        let (from, to) = (
            bin.saturating_sub(reach),
            (bin + reach + 1).min(roots.nrows()),
        );
        mean.assign(&(roots.slice(s![from..to, ..]).sum_axis(Axis(0)) / (to - from) as f32));
    }
    means
}

/// The mean error of a heading, decoded from six components by five neighbours.
fn errors(inputs: &Array2<f32>, heading: &Array1<f32>, parts: &Parts) -> Result<[f64; 3]> {
    let train = inputs.select(Axis(0), &parts.train);
    let pca = Pca::fit(&train, 6)?;
    let known = heading.select(Axis(0), &parts.train);
    let decoder = KnnAngles::fit(&pca.encode(&train)?, &known, 5)?;
    let mut errors = [0.0; 3];
    for (error, test) in errors.iter_mut().zip(&parts.tests) {
        let codes = pca.encode(&inputs.select(Axis(0), test))?;
        *error = decoder.mean_error(&codes, &heading.select(Axis(0), test))?;
    }
    Ok(errors)
}

/// The largest correlation of the counts of two cells.
fn largest_correlation(counts: &Array2<f32>) -> f32 {
    let centred = counts - &counts.mean_axis(Axis(0)).expect("there are bins");
    let covariance = centred.t().dot(&centred);
    let mut largest = 0.0_f32;
    for a in 0..counts.ncols() {
        for b in 0..a {
            let scale = (covariance[[a, a]] * covariance[[b, b]])
                .sqrt()
                .max(f32::MIN_POSITIVE);
            largest = largest.max(covariance[[a, b]] / scale);
        }
    }
    largest
}

/// The recording's chart.
impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => writeln!(f, "a recording without a fault")?,
            number => writeln!(f, "recording {number}")?,
        }
        let (bins, cells) = self.counts.dim();
        let steps = self.time.windows(2).into_iter().map(|t| t[1] - t[0]);
        let step = steps.fold(0.0, f32::max);
        let silent = self
            .counts
            .sum_axis(Axis(0))
            .iter()
            .filter(|&&n| n == 0.0)
            .count();
        let row = |errors: [f64; 3]| errors.map(|error| format!("{error:5.1}")).join(" ");
        writeln!(
            f,
            "  bins, cells, silent cells                  {bins}, {cells}, {silent}"
        )?;
        writeln!(f, "  length of a bin (s)                        {BIN:.1}")?;
        writeln!(f, "  largest step between two time stamps (s)   {step:.1}")?;
        writeln!(
            f,
            "  largest correlation of two cells           {:.2}",
            largest_correlation(&self.counts)
        )?;
        writeln!(
            f,
            "  error of the decoded heading in three test parts (degrees)"
        )?;
        writeln!(
            f,
            "    heading of this animal                   {}",
            row(self.heading_errors)
        )?;
        write!(
            f,
            "    heading of another animal                {}",
            row(self.foreign_errors)
        )
    }
}

/// What is wrong with recording `number`: a letter from a to d.
pub fn check_case(number: usize, my_diagnosis: Option<char>) -> Feedback {
    diagnosis(
        "the clinic of recordings",
        "recording",
        &FILES,
        number,
        my_diagnosis,
    )
}

/// For each recording: its name, its letter, and what to say to each diagnosis.
const FILES: [question::Case; 3] = [
    (
        "recording 1",
        'c',
        &[
            (
                'a',
                "Two columns with the same spikes would have a correlation near 1. The largest one here is not above that of the recording without a fault.",
            ),
            (
                'b',
                "With a leak every variable that changes slowly can be decoded better than chance, also the heading of another animal. Here the errors are too large, not too small.",
            ),
            (
                'c',
                "The first test part is decoded well, the later ones near chance, and between them the time stamps jump. The electrodes paused and the camera did not. So after the pause each row has the heading of an earlier moment. Match spikes and heading by their time stamps before you save them in one file.",
            ),
            (
                'd',
                "Drift comes slowly, and a part of the information stays. Here the error goes from good to chance at one moment: look at the time stamps.",
            ),
        ],
    ),
    (
        "recording 2",
        'a',
        &[
            (
                'a',
                "Two columns are nearly the same: the spikes of one cell, found by two electrodes. If one of them is held out and the other is an input, a prediction is too easy, and the number of cells in the paper is wrong. Remove one of the two. Two different cells with similar tuning stay far below this, as in the recording without a fault.",
            ),
            (
                'b',
                "Look at the other animal: its heading is decoded as badly as in the recording without a fault. With a leak it would be decoded clearly better than chance.",
            ),
            (
                'c',
                "The time stamps have no jump, and all three test parts are decoded equally well.",
            ),
            (
                'd',
                "With drift the error would grow from the first test part to the last one. Compare the correlation with that of the recording without a fault.",
            ),
        ],
    ),
    (
        "recording 3",
        'b',
        &[
            (
                'a',
                "The largest correlation is that of two cells with similar tuning, as in the recording without a fault.",
            ),
            (
                'b',
                "From these cells one can decode the heading of an animal that was never there. That is impossible, so training and test bins must share something: its owner smoothed the counts and then drew the test bins at random, so that each of them lies between training bins with the same spikes. Split in time, with a gap, and the other animal is back at chance.",
            ),
            (
                'c',
                "The time stamps have no jump, and no test part is at chance.",
            ),
            (
                'd',
                "Drift makes decoding worse. Here it is better than it can be: look at the other animal.",
            ),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    #[test]
    fn each_file_names_each_diagnosis_and_the_right_one_belongs_to_the_fault() {
        let letter = |fault| match fault {
            Fault::None => None,
            Fault::Twice => Some('a'),
            Fault::Leak => Some('b'),
            Fault::Pause => Some('c'),
        };
        for (fault, (name, right, reasons)) in FAULTS[1..].iter().zip(&FILES) {
            assert_eq!(letter(*fault), Some(*right), "{name}");
            let letters: String = reasons.iter().map(|(letter, _)| *letter).collect();
            assert_eq!(letters, "abcd", "{name}");
        }
    }

    #[test]
    fn each_fault_shows_in_the_chart_and_no_other() {
        for (number, fault) in FAULTS.into_iter().enumerate() {
            let case = clinic(number).unwrap();
            assert_eq!(
                largest_correlation(&case.counts) > 0.9,
                fault == Fault::Twice
            );
            let far = case.heading_errors.map(|error| error > 60.0);
            assert_eq!(far, [false, fault == Fault::Pause, fault == Fault::Pause]);
            let known = case.foreign_errors.map(|error| error < 60.0);
            assert_eq!(known, [fault == Fault::Leak; 3], "{case}");
            assert_eq!(case.time[BINS - 1] > 330.0, fault == Fault::Pause);
            assert!(case.heading.iter().all(|h| (0.0..TAU).contains(h)));
        }
        assert!(clinic(4).is_err());
    }
}
