//! Checks of lesson 09, Neural data.

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction, Scale, commit_first};
use super::value::{named, row};
use ndarray::{Array1, Array2, Axis, array};
use std::f32::consts::{PI, TAU};

/// One cell's counts (bins), the heading in each bin (bins, radians from 0 to 2 pi), and a number
/// of sectors, to the mean count in each sector (sectors).
pub type TuningCurve = fn(&Array1<f32>, &Array1<f32>, usize) -> Array1<f32>;

/// A recording of one cell.
#[derive(Clone)]
struct OneCell {
    counts: Array1<f32>,
    heading: Array1<f32>,
    sectors: usize,
}

impl OneCell {
    /// Both halves of every sector are visited, but not all as often.
    fn simulated(bins: usize, sectors: usize, seed: u64) -> Self {
        let place = |bin: usize, random: f32| {
            let (sector, within) = match bin / sectors {
                0 => (bin, 0.2),
                1 => (bin - sectors, 0.8),
                _ => (bin * bin % sectors, random),
            };
            (sector as f32 + 0.1 + 0.8 * within) * TAU / sectors as f32
        };
        let random = row(2 * bins, seed).mapv(|x| (7.3 * x).abs().fract());
        Self {
            counts: Array1::from_shape_fn(bins, |i| (9.0 * random[i]).floor()),
            heading: Array1::from_shape_fn(bins, |i| place(i, random[bins + i])),
            sectors,
        }
    }

    /// The sum of the counts and the number of bins in each sector, with a rule for the sector.
    fn sums(&self, sector: impl Fn(f32) -> usize) -> (Array1<f32>, Array1<f32>) {
        let mut sums = Array1::zeros(self.sectors);
        let mut bins = Array1::zeros(self.sectors);
        for (&count, &heading) in self.counts.iter().zip(&self.heading) {
            let sector = sector(heading).min(self.sectors - 1);
            sums[sector] += count;
            bins[sector] += 1.0;
        }
        (sums, bins)
    }

    /// The mean count in each sector.
    fn mean_counts(&self) -> Array1<f32> {
        let (sums, bins) = self.sums(|heading| self.sector(heading));
        sums / bins
    }

    /// The sector of a heading, counted from 0.
    fn sector(&self, heading: f32) -> usize {
        (heading / TAU * self.sectors as f32) as usize
    }
}

/// `tuning_curve(counts, heading, sectors)`: the mean count in each sector of the circle.
///
/// ```
/// use latent::exercise::{Outcome, neural::check_tuning_curve};
/// let feedback = check_tuning_curve(|_counts, _heading, _sectors| todo!());
/// assert_eq!(feedback.outcome(), Outcome::NotAttempted);
/// ```
pub fn check_tuning_curve(tuning_curve: TuningCurve) -> Feedback {
    Check {
        exercise: "tuning curve",
        arguments: |cell: &OneCell| {
            vec![
                named("counts", &cell.counts),
                named("heading", &cell.heading),
                named("sectors", &cell.sectors),
            ]
        },
        answer: OneCell::mean_counts,
        mistakes: vec![
            (
                |cell| cell.mean_counts() / 0.1,
                "These are spikes per second: you divided by the length of a bin, 0.1 s, as well. The exercise asks for the mean count per bin. Leave out the division by 0.1; the lesson does it in the plot.",
            ),
            (
                |cell| cell.mean_counts() * 0.1,
                "You multiplied by the length of a bin, 0.1 s. The counts are already spikes per bin, and the exercise asks for their mean: leave out the 0.1.",
            ),
            (
                |cell| cell.sums(|heading| cell.sector(heading)).0 / 0.1,
                "You divided the sums by the length of a bin. What is needed is the number of bins in each sector: divide each sum by that.",
            ),
            (
                |cell| cell.sums(|heading| cell.sector(heading)).0,
                "These are sums. The head points longer in some directions than in others, so a sum depends on the animal as much as on the cell: divide each sum by the number of bins in its sector.",
            ),
            (
                |cell| cell.sums(|heading| cell.sector(heading)).1,
                "You counted the bins in each sector: how long the head pointed there. Add up the spikes in each sector, too, and divide them by this number of bins.",
            ),
            (
                |cell| {
                    let (sums, _) = cell.sums(|heading| cell.sector(heading));
                    sums / cell.counts.len() as f32
                },
                "You divided by the number of all bins. Divide each sum by the number of bins in its own sector.",
            ),
            (
                |cell| {
                    let (sums, _) = cell.sums(|heading| cell.sector(heading));
                    let spikes = cell.counts.sum();
                    sums / spikes
                },
                "You divided by the number of all spikes: that gives each sector's share of them. The tuning curve is a mean: divide each sum by the number of bins in its sector.",
            ),
            (
                |cell| {
                    let (sums, _) = cell.sums(|heading| cell.sector(heading));
                    sums / cell.sectors as f32
                },
                "You divided by the number of sectors. Divide each sum by the number of bins in its sector.",
            ),
            (
                |cell| {
                    let (sums, bins) =
                        cell.sums(|heading| (heading / 360.0 * cell.sectors as f32) as usize);
                    sums / bins
                },
                "All bins are in the first sector. Headings are in radians, so a full turn is `TAU`, and not 360. And multiply by the number of sectors before `as usize` cuts off what is after the decimal point.",
            ),
            (
                |cell| {
                    let (sums, bins) =
                        cell.sums(|heading| (heading / 360.0 * cell.sectors as f32) as usize);
                    sums / bins.mapv(|n: f32| n.max(1.0))
                },
                "All bins are in the first sector. Headings are in radians, so a full turn is `TAU`, and not 360. And multiply by the number of sectors before `as usize` cuts off what is after the decimal point.",
            ),
            (
                |cell| {
                    let (sums, bins) = cell.sums(|heading| {
                        (heading / PI * cell.sectors as f32) as usize % cell.sectors
                    });
                    sums / bins
                },
                "You divided the heading by half a turn. A full turn is `TAU`, two times pi.",
            ),
            (
                |cell| {
                    let (sums, bins) = cell.sums(|heading| {
                        (heading / TAU * (cell.sectors - 1) as f32) as usize
                    });
                    sums / bins
                },
                "You divided the circle into `sectors - 1` sectors. Multiply the share of the turn by `sectors`. The share is always below 1, so no sector gets a number above `sectors - 1`.",
            ),
            (
                |cell| {
                    let (sums, bins) = cell.sums(|heading| cell.sector(heading));
                    bins / sums
                },
                "The fraction is upside down: divide the spikes by the bins.",
            ),
            (
                |cell| Array1::ones(cell.sectors),
                "Every sector has exactly 1, so you divided something by itself. Add `c`, the spikes of the bin, to the one array, and 1 to the other.",
            ),
            (
                |cell| {
                    let mut last = Array1::zeros(cell.sectors);
                    for (&count, &heading) in cell.counts.iter().zip(&cell.heading) {
                        last[cell.sector(heading)] = count;
                    }
                    last / cell.sums(|heading| cell.sector(heading)).1
                },
                "Each sector keeps only the spikes of its last bin: `=` replaces, `+=` adds.",
            ),
            (
                |cell| {
                    let (sums, bins) =
                        cell.sums(|heading| (heading / PI * cell.sectors as f32) as usize);
                    sums / bins.mapv(|n: f32| n.max(1.0))
                },
                "You divided the heading by half a turn. A full turn is `TAU`, two times pi.",
            ),
            (
                |cell| {
                    let nearest =
                        |heading: f32| (heading / TAU * cell.sectors as f32).round() as usize;
                    let (sums, bins) = cell.sums(|heading| nearest(heading) % cell.sectors);
                    sums / bins
                },
                "You rounded to the nearest sector, so each sector begins half a sector too early. `as usize` alone cuts off everything after the decimal point.",
            ),
        ],
        shapes_clash: Some(
            "The result has one element for each sector: start from `Array1::zeros(sectors)`.",
        ),
        inputs: vec![
            OneCell {
                counts: array![4.0, 0.0, 2.0, 1.0, 0.0, 6.0],
                heading: array![0.3, 2.0, 3.5, 6.0, 5.1, 1.2],
                sectors: 4,
            },
            OneCell::simulated(40, 6, 191),
            OneCell::simulated(90, 12, 192),
        ],
        passed: "Spikes divided by the time in each sector: Taube, Muller and Ranck measured tuning curves in this way. It does not matter how long the animal looked in each direction.",
    }
    .run(move |cell| tuning_curve(&cell.counts, &cell.heading, cell.sectors))
    .if_panicked(
        "out of bounds",
        "The sectors have the numbers 0 to `sectors - 1`. The share of the turn, `h / TAU`, is below 1: multiply it by `sectors`, and cut off what is after the decimal point. Do not add 1 to the sector, and do not round it. And check that `c` is the count and `h` the heading.",
    )
}

/// The variance of the square roots of Poisson counts with a mean of 36.
pub fn check_square_root(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "variance of a square root",
        truth: 0.25,
        within: 0.06,
        scale: Scale::number("a variance", 0.0, f64::INFINITY),
        right: "A quarter, and it would be a quarter with a mean of 100 as well. With a larger mean the counts spread more, but the square root is flatter there, and these two effects cancel. The next code cell shows it.",
        too_low: "It is a quarter. The standard deviation of the counts is 6. The slope of the square root at 36 is 1/12, so the standard deviation of the roots is about 6 times 1/12, which is a half. The variance is the square of a half. The next code cell shows it.",
        too_high: "It is only a quarter: square roots of numbers near 36 are close together. The standard deviation of the counts is 6, and the slope of the square root at 36 is 1/12. So the standard deviation of the roots is about a half. The variance is the square of a half. The next code cell shows it.",
        known: &[
            (
                36.0,
                36.0,
                "36 is the variance of the counts themselves. First take the root of each count. The roots of numbers near 36 are near 6 and close together: their variance is a quarter. The next code cell shows it.",
            ),
            (
                5.5,
                6.5,
                "6 is the root of the variance: the standard deviation of the counts. Here you take the root of each count. The question asks for the variance of these roots, and it is a quarter. The next code cell shows it.",
            ),
            (
                0.45,
                0.55,
                "A half is the standard deviation of the roots: a spread of 6, times a slope of 1/12. The variance is its square, a quarter.",
            ),
            (
                0.9,
                1.1,
                "1 is the variance of twice the root. (Many people use 2 √count for this reason.) For the root itself it is a quarter.",
            ),
        ],
    }
    .check(my_guess)
}

/// Why the codes of an autoencoder need not lie on a circle.
pub fn check_ring(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "why no circle",
        right: 'c',
        reasons: &[
            (
                'a',
                "More training would change the loop a little, but nothing in the loss would make it round: look again at what the loss compares.",
            ),
            (
                'b',
                "The animal turned through all headings many times, and all eight digits are there, in their order. A direction that was never visited would be a gap in the loop, not a bend.",
            ),
            (
                'c',
                "The loss compares inputs with reconstructions and never looks at the codes. A decoder can read a bent loop as well as a round one, as long as different headings have different codes. The order along the loop comes from the data: neighbouring headings give similar spike counts, so their codes are neighbours too, and after a full turn the loop closes.",
            ),
            (
                'd',
                "A heading is an angle, so it is a circular variable, whatever the cells do. A network from another random start gives a loop with other bends, but with the digits in the same order.",
            ),
        ],
    }
    .check(my_answer)
}

/// What the code of an autoencoder with one dimension looks like over the heading.
pub fn check_one_dimension(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "one dimension",
        right: 'd',
        reasons: &[
            (
                'a',
                "One dimension is enough for a lot: nearly every heading can have a code of its own, and the loss becomes smaller with each heading that the decoder can tell apart. Run the next code cell.",
            ),
            (
                'b',
                "Then each code would stand for two headings, and the decoder could only output something between the two. The loss would stay high nearly everywhere. Run the next code cell.",
            ),
            (
                'c',
                "This cannot be: a smooth line that begins and ends at the same height passes nearly every height at least twice. So nearly every code would belong to two headings. Run the next code cell.",
            ),
            (
                'd',
                "A circle does not fit on a line. If it is cut open at one heading or more, it fits. Then the loss is high only at a cut, where neighbouring headings get codes that are far apart.",
            ),
        ],
    }
    .predict(my_answer)
}

/// `angles(codes)`: the angle of each code (n, 2) around the mean of all codes, 0 to 2 pi.
pub fn check_angles(angles: fn(&Array2<f32>) -> Array1<f32>) -> Feedback {
    fn centred(codes: &Array2<f32>) -> Array2<f32> {
        codes - &codes.mean_axis(Axis(0)).expect("there are codes")
    }
    fn each(codes: &Array2<f32>, angle: fn(f32, f32) -> f32) -> Array1<f32> {
        codes
            .rows()
            .into_iter()
            .map(|code| angle(code[0], code[1]))
            .collect()
    }
    /// A ring beside the origin, with no code on the border between 2 pi and 0.
    fn ring(codes: usize, seed: u64) -> Array2<f32> {
        let random = row(codes, seed).mapv(|x| (5.7 * x).abs().fract());
        Array2::from_shape_fn((codes, 2), |(i, axis)| {
            let turn = (i as f32 + 0.3 + 0.4 * random[i]) / codes as f32 * TAU;
            let size = 2.0 + random[codes - 1 - i];
            [3.0, -1.5][axis] + size * [turn.cos(), 0.7 * turn.sin()][axis]
        })
    }
    Check {
        exercise: "angle of a code",
        arguments: |codes: &Array2<f32>| vec![named("codes", codes)],
        answer: |codes| each(&centred(codes), |x, y| y.atan2(x).rem_euclid(TAU)),
        mistakes: vec![
            (
                |codes| each(&centred(codes), |x, y| x.atan2(y).rem_euclid(TAU)),
                "x and y are exchanged. It is `y.atan2(x)`: the second element of the code first, as in Python's `atan2(y, x)`.",
            ),
            (
                |codes| each(&centred(codes), |x, y| x.atan2(y)),
                "x and y are exchanged: it is `y.atan2(x)`. And `atan2` returns angles from -pi to pi: `.rem_euclid(TAU)` adds a turn to those below zero.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x)),
                "`atan2` returns angles from -pi to pi. Headings are from 0 to a full turn: `.rem_euclid(TAU)` adds a turn to those below zero.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x) % TAU),
                "In Rust `%` keeps the sign: an angle below zero stays below zero. `.rem_euclid(TAU)` is the remainder that is never negative.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x) + PI),
                "Adding pi makes all angles positive, but it moves each of them by half a turn. Only those below zero must change, by a full turn: `.rem_euclid(TAU)`.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x).abs()),
                "`.abs()` folds the lower half of the ring onto the upper one, so two headings get the same angle. Use `.rem_euclid(TAU)` in place of `.abs()`.",
            ),
            (
                |codes| each(codes, |x, y| y.atan2(x).rem_euclid(TAU)),
                "These are angles around the origin, but the centre of the ring need not be the origin: subtract the mean of all codes first.",
            ),
            (
                |codes| each(codes, |x, y| y.atan2(x)),
                "These are angles around the origin, from -pi to pi. Subtract the mean of all codes first, and end with `.rem_euclid(TAU)`.",
            ),
            (
                |codes| {
                    let mean = codes.mean().expect("there are codes");
                    each(&(codes - mean), |x, y| y.atan2(x).rem_euclid(TAU))
                },
                "You subtracted one number, the mean of all elements. The centre has two elements: `mean_axis(Axis(0))` gives the mean of each column.",
            ),
            (
                |codes| {
                    let means = codes.mean_axis(Axis(1)).expect("there are codes");
                    each(&(codes - &means.insert_axis(Axis(1))), |x, y| {
                        y.atan2(x).rem_euclid(TAU)
                    })
                },
                "You subtracted from each code the mean of its own two elements. The centre is the mean of all codes: `mean_axis(Axis(0))`.",
            ),
            (
                |codes| {
                    let centre = codes.mean_axis(Axis(0)).expect("there are codes");
                    each(&(codes + &centre), |x, y| y.atan2(x).rem_euclid(TAU))
                },
                "You added the centre. Subtract it: `codes - &centre`.",
            ),
            (
                |codes| each(&-centred(codes), |x, y| y.atan2(x).rem_euclid(TAU)),
                "You subtracted the codes from the centre, so each angle is off by half a turn. It is the codes minus the centre.",
            ),
            (
                |codes| each(codes, |x, y| x.atan2(y).rem_euclid(TAU)),
                "Two things: it is `y.atan2(x)`, with the second element of the code first. And before that, subtract the mean of all codes.",
            ),
            (
                |codes| each(&centred(codes), |x, y| (-y).atan2(x).rem_euclid(TAU)),
                "Your angles run the wrong way round: leave out the minus sign.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x).rem_euclid(PI)),
                "With `PI` two opposite codes get the same angle. A full turn is `TAU`.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x).rem_euclid(360.0)),
                "The angles are in radians, so a full turn is `TAU`, and not 360.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x) + TAU),
                "You added a full turn to all angles. Only those below zero need it: `.rem_euclid(TAU)`.",
            ),
            (
                |codes| {
                    each(&centred(codes), |x, y| {
                        y.atan2(x).to_degrees().rem_euclid(360.0)
                    })
                },
                "Right, but in degrees. The exercise asks for radians: leave out `.to_degrees()`.",
            ),
            (
                |codes| {
                    each(&centred(codes), |x, y| {
                        y.atan2(x).to_degrees().rem_euclid(TAU)
                    })
                },
                "The angle is in degrees, but `TAU` is a turn in radians. Leave out `.to_degrees()`.",
            ),
            (
                |codes| each(&centred(codes), |x, y| (y / x).atan().rem_euclid(TAU)),
                "`atan` gets only the quotient, which is the same for a code and for the code opposite to it. `y.atan2(x)` uses both elements.",
            ),
            (
                |codes| each(&centred(codes), |x, y| (y / x).atan()),
                "`atan` gets only the quotient, which is the same for a code and for the code opposite to it. `y.atan2(x)` uses both elements.",
            ),
        ],
        shapes_clash: Some(
            "The codes have two columns, so the mean to subtract has two elements: `codes.mean_axis(Axis(0)).unwrap()`.",
        ),
        inputs: vec![
            array![[4.0, 1.5], [2.5, 3.0], [0.5, 2.5], [3.0, -2.0]],
            ring(9, 193),
            ring(30, 194),
        ],
        passed: "This turns a code into a direction. If the position on the ring is the heading, only two things are missing: the start of the ring, and the direction around it in which the heading grows.",
    }
    .run(angles)
}

/// Decoded and true headings (n, n), radians from 0 to 2 pi, to the mean distance along the
/// circle.
pub type CircularError = fn(&Array1<f32>, &Array1<f32>) -> f32;

/// `circular_error(decoded, truth)`: the mean distance along the circle.
pub fn check_circular_error(circular_error: CircularError) -> Feedback {
    type Pair = (Array1<f32>, Array1<f32>);
    fn mean((decoded, truth): &Pair, distance: fn(f32) -> f32) -> f32 {
        let sum: f32 = (decoded - truth).iter().map(|&off| distance(off)).sum();
        sum / decoded.len() as f32
    }
    fn along(off: f32) -> f32 {
        let off = off.rem_euclid(TAU);
        off.min(TAU - off)
    }
    fn pair(n: usize, seed: u64) -> Pair {
        let random = |seed| row(n, seed).mapv(|x: f32| (9.1 * x).abs().fract() * TAU);
        (random(seed), random(seed + 50))
    }
    Check {
        exercise: "circular error",
        arguments: |(decoded, truth): &Pair| vec![named("decoded", decoded), named("truth", truth)],
        answer: |pair| mean(pair, along),
        mistakes: vec![
            (
                |pair| mean(pair, f32::abs),
                "Along a straight line that would be right. On a circle, 6.2 and 0.1 are neighbours: where the difference is more than half a turn, the other way around is shorter, `TAU - difference`.",
            ),
            (
                |pair| mean(pair, |off| off.rem_euclid(TAU)),
                "You measured in one direction only, so that a small step back counts as nearly a full turn. Take the shorter way: the smaller of `off` and `TAU - off`.",
            ),
            (
                |pair| mean(pair, |off| off),
                "Differences to the left and to the right cancel. Take the absolute value of each difference before you average.",
            ),
            (
                |pair| mean(pair, |off| off.abs().min(PI)),
                "You limited differences to half a turn. Beyond half a turn the distance becomes smaller again: `TAU - difference`.",
            ),
            (
                |pair| mean(pair, |off| off.abs() % PI),
                "With `% PI`, opposite directions count as equal. The largest distance is half a turn. If the difference is more than that, the distance is `TAU - difference`.",
            ),
            (
                |pair| mean(pair, |off| off.abs().min((PI - off.abs()).abs())),
                "The other way around is a full turn minus the difference: `TAU`, not `PI`.",
            ),
            (
                |pair| mean(pair, |off| off.min(TAU - off)),
                "Some of your differences are negative. Take the absolute value of each one first: `(a - b).abs()`.",
            ),
            (
                |pair| mean(pair, |off| off.abs().max(TAU - off.abs())),
                "You took the longer way around: `max` where it should be `min`.",
            ),
            (
                |pair| mean(pair, |off| TAU - off.abs()),
                "You always took the other way around. Take the shorter of the two: the smaller of `off` and `TAU - off`.",
            ),
            (
                |pair| mean(pair, |off| off.abs().min(PI - off.abs())),
                "The other way around is a full turn minus the difference: `TAU`, not `PI`.",
            ),
            (
                |pair| mean(pair, |off| off.abs() - TAU),
                "The other way around is `TAU - off`, not `off - TAU`: a distance is never negative.",
            ),
            (
                |pair| {
                    let off = mean(pair, f32::abs);
                    off.min(TAU - off)
                },
                "You averaged first and then took the shorter way. Take the shorter way for each pair, and average these distances.",
            ),
            (
                |(decoded, truth)| {
                    let mean = |angles: &Array1<f32>| angles.sum() / angles.len() as f32;
                    let off = (mean(decoded) - mean(truth)).abs();
                    off.min(TAU - off)
                },
                "You compared the mean of the decoded angles with the mean of the true ones. Compare each pair first, and average the distances.",
            ),
            (
                |pair| mean(pair, |off| along(off).powi(2)).sqrt(),
                "That is the root of the mean squared distance. The exercise asks for the mean distance.",
            ),
            (
                |(decoded, truth)| {
                    let far = (decoded - truth).mapv(along);
                    far.iter().fold(0.0_f32, |most, &off| most.max(off))
                },
                "That is the largest distance. The exercise asks for the mean.",
            ),
            (
                |pair| mean(pair, |off| along(off).powi(2)),
                "You squared the distances. The exercise asks for the mean distance itself.",
            ),
            (
                |pair| mean(pair, along).to_degrees(),
                "Right, but in degrees. The exercise asks for radians; the lesson converts to degrees where it prints them.",
            ),
            (
                |pair| mean(pair, along) * pair.0.len() as f32,
                "That is the sum. Divide by the number of headings.",
            ),
            (
                |pair| mean(pair, |off| 1.0 - off.cos()),
                "1 - cos is a measure of distance too, but not in radians: a quarter turn gives 1, and half a turn gives 2. Use the smaller of `off` and `TAU - off`.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            (array![0.1, 3.0, 1.0], array![6.2, 2.5, 5.0]),
            pair(8, 195),
            pair(25, 196),
        ],
        passed: "The shorter way around, never more than half a turn. A decoder that guesses at random is off by a quarter turn on average: 90 degrees.",
    }
    .run(move |(decoded, truth)| circular_error(decoded, truth))
}

/// How much the accuracy with ten labels varies from draw to draw, in percentage points.
pub fn check_ten_labels(my_guess: Option<f64>) -> Feedback {
    const EXERCISE: &str = "the luck of ten labels";
    if my_guess.is_none() {
        return commit_first(EXERCISE, "a number, from `Some(0.5)` to `Some(20.0)`");
    }
    Prediction {
        exercise: EXERCISE,
        truth: 4.7,
        within: 2.0,
        scale: Scale {
            other_unit: Some((
                0.0,
                0.2,
                "That looks like a share from 0 to 1. The question asks for percentage points: multiply your guess by 100.",
            )),
            ..Scale::number("a standard deviation in percentage points", 0.0, 50.0)
        },
        right: "About five points. So the mean of ten draws still has a standard error of about 1.5 points, and representations that differ by one point cannot be told apart with ten draws.",
        too_low: "It is more: about five points. Some classes are missing among ten random digits, and a class that is missing can never be named. In some draws more classes are missing than in others. Because chance has such a large effect, you need many draws to see a difference of one percentage point between two representations.",
        too_high: "It is less: about five points. The number of classes among ten random digits has a standard deviation of only about one, and one class more or less changes the accuracy by about five percentage points. But even five points hide a difference of one point between two representations, unless there are many draws.",
        known: &[],
    }
    .check(my_guess)
}

/// Which representation of digits does best with a thousand labels.
pub fn check_thousand_labels(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "a thousand labels",
        right: 'b',
        reasons: &[
            (
                'a',
                "The pixels are good, but not the best. What PCA with 32 components leaves out is mostly noise, and this noise changes the distances between the images. Without the noise, the nearest neighbour is more often a digit of the right class.",
            ),
            (
                'b',
                "With a thousand labels there is a labelled digit nearby for each way of writing, and 32 components keep these ways apart, without the noise of 784 pixels. The highest accuracy comes from a method of 1901.",
            ),
            (
                'c',
                "More labels cannot help where fours and nines have the same codes: what two dimensions have lost is gone. (This network has larger hidden layers than the one with 32 dimensions, and was trained for longer, but that does not help here.)",
            ),
            (
                'd',
                "A good guess: its reconstructions are better than those of PCA. But the nearest neighbour uses distances, and PCA nearly keeps the distances between the images. There are two reasons: its components are orthonormal (at right angles to each other, each of length 1), and the images vary little in the directions that it leaves out. The loss of an autoencoder does not ask that distances are kept. (This network was trained for only five epochs.)",
            ),
        ],
    }
    .predict(my_answer)
}
