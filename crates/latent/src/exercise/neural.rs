//! Checks of lesson 09, Neural data.

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction, Scale};
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

    /// The sector of a heading, counted from 0.
    fn sector(&self, heading: f32) -> usize {
        (heading / TAU * self.sectors as f32) as usize
    }
}

/// `tuning_curve(counts, heading, sectors)`: the mean count in each sector of the circle.
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
        answer: |cell| {
            let (sums, bins) = cell.sums(|heading| cell.sector(heading));
            sums / bins
        },
        mistakes: vec![
            (
                |cell| cell.sums(|heading| cell.sector(heading)).0,
                "These are sums. An animal looks longer in some directions than in others, so a sum tells of the animal as much as of the cell: divide by the number of bins spent in each sector.",
            ),
            (
                |cell| cell.sums(|heading| cell.sector(heading)).1,
                "You counted the bins in each sector: how long the animal looked there. Add up the spikes, too, and divide.",
            ),
            (
                |cell| {
                    let (sums, _) = cell.sums(|heading| cell.sector(heading));
                    sums / cell.counts.len() as f32
                },
                "You divided by the number of all bins. Each sector has its own number of bins, and it is that one to divide by.",
            ),
            (
                |cell| {
                    let (sums, _) = cell.sums(|heading| cell.sector(heading));
                    let spikes = cell.counts.sum();
                    sums / spikes
                },
                "You divided by the number of all spikes: that gives each sector's share of them. The tuning curve is a mean: divide by the bins spent in the sector.",
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
                "Everything landed in the first sector: the headings are in radians, so a full turn is `TAU`, and not 360.",
            ),
            (
                |cell| {
                    let (sums, bins) =
                        cell.sums(|heading| (heading / 360.0 * cell.sectors as f32) as usize);
                    sums / bins.mapv(|n: f32| n.max(1.0))
                },
                "Everything landed in the first sector: the headings are in radians, so a full turn is `TAU`, and not 360.",
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
                "You rounded to the nearest sector, so each reaches half a sector to either side of where it should begin. `as usize` alone cuts off what stands behind the point.",
            ),
        ],
        shapes_clash: Some(
            "The result has one number for each sector: start from `Array1::zeros(sectors)`.",
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
        passed: "Spikes over time spent: that is how Taube, Muller and Ranck drew theirs. With 12 sectors or 60, whatever the animal did, the curve belongs to the cell.",
    }
    .run(move |cell| tuning_curve(&cell.counts, &cell.heading, cell.sectors))
}

/// The variance of the square roots of Poisson counts with a mean of 36.
pub fn check_square_root(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "variance of a square root",
        truth: 0.25,
        within: 0.06,
        scale: Scale::number("a variance", 0.0, f64::INFINITY),
        right: "A quarter, and it would be a quarter with a mean of 100 as well. The slope of the root at the mean makes up for the spread of the counts.",
        too_low: "A quarter, near enough. At 36 the root's slope is 1/12, and a spread of 6 times 1/12 is a half: squared, a quarter. The next cell counts.",
        too_high: "A quarter, near enough. At 36 the root's slope is 1/12, and a spread of 6 times 1/12 is a half: squared, a quarter. The next cell counts.",
        known: &[
            (
                36.0,
                36.0,
                "That is the variance of the counts themselves. The root is taken of each count first, and roots of numbers around 36 lie near 6, close together. The next cell counts.",
            ),
            (
                5.5,
                6.5,
                "That is the root of the variance: the standard deviation of the counts. Here the root is taken of each count, and then one asks how much these roots vary. The next cell counts.",
            ),
            (
                0.45,
                0.55,
                "A half is their standard deviation: a spread of 6, times a slope of 1/12. The variance is its square, a quarter.",
            ),
            (
                0.9,
                1.1,
                "One would be right for twice the root: people use 2 √count for that reason. For the root itself it is a quarter.",
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
                "Look at its error: it is lower than that of any number of components. With more training the error falls a little, and the loop becomes another loop, not a circle.",
            ),
            (
                'b',
                "The animal turned through all headings many times, and all eight numbers are there, in their order. A part not visited would be a gap, not a bend.",
            ),
            (
                'c',
                "The loss compares inputs with reconstructions and never looks at the codes. A decoder can read a bent loop as well as a round one, as long as different headings keep apart. What is true of the loop is its order: neighbours are neighbours, and it closes.",
            ),
            (
                'd',
                "The turning of a head is a circle whatever the cells do: that is the truth of this simulation. Other seeds give other bends with the same order, so the bend belongs to the network, and the order to the data.",
            ),
        ],
    }
    .check(my_answer)
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
                "The two numbers changed places. It is `y.atan2(x)`: the second number of the code first, as in Python's `atan2(y, x)`.",
            ),
            (
                |codes| each(&centred(codes), |x, y| x.atan2(y)),
                "The two numbers changed places: it is `y.atan2(x)`. And `atan2` answers from -pi to pi: `.rem_euclid(TAU)` brings the lower half to where it belongs.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x)),
                "`atan2` answers from -pi to pi. Headings count from 0 to a full turn: `.rem_euclid(TAU)` adds a turn to those below zero.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x) % TAU),
                "In Rust `%` keeps the sign: what was below zero stays there. `.rem_euclid(TAU)` is the remainder that is never negative.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x) + PI),
                "Adding pi makes all angles positive, and moves each of them by half a turn. Only those below zero need help, and they need a full turn: `.rem_euclid(TAU)`.",
            ),
            (
                |codes| each(&centred(codes), |x, y| y.atan2(x).abs()),
                "The size of an angle folds the lower half of the ring onto the upper one: two headings, one number. Use `.rem_euclid(TAU)` in place of `.abs()`.",
            ),
            (
                |codes| each(codes, |x, y| y.atan2(x).rem_euclid(TAU)),
                "These are angles around the origin, and the ring need not lie around the origin: subtract the mean of all codes first.",
            ),
            (
                |codes| each(codes, |x, y| y.atan2(x)),
                "These are angles around the origin, from -pi to pi. Subtract the mean of all codes first, and end with `.rem_euclid(TAU)`.",
            ),
            (
                |codes| {
                    each(&centred(codes), |x, y| {
                        y.atan2(x).to_degrees().rem_euclid(360.0)
                    })
                },
                "Right, but in degrees. The recording keeps its headings in radians.",
            ),
            (
                |codes| {
                    each(&centred(codes), |x, y| {
                        y.atan2(x).to_degrees().rem_euclid(TAU)
                    })
                },
                "The angle is in degrees, and the remainder that of a turn in radians. Leave out `.to_degrees()`.",
            ),
            (
                |codes| each(&centred(codes), |x, y| (y / x).atan().rem_euclid(TAU)),
                "`atan` sees the quotient alone, and that is the same for a code and for the one opposite of it. `y.atan2(x)` knows both numbers.",
            ),
            (
                |codes| each(&centred(codes), |x, y| (y / x).atan()),
                "`atan` sees the quotient alone, and that is the same for a code and for the one opposite of it. `y.atan2(x)` knows both numbers.",
            ),
        ],
        shapes_clash: Some(
            "The codes have two columns, so the mean to subtract has two numbers: `codes.mean_axis(Axis(0)).unwrap()`.",
        ),
        inputs: vec![
            array![[4.0, 1.5], [2.5, 3.0], [0.5, 2.5], [3.0, -2.0]],
            ring(9, 193),
            ring(30, 194),
        ],
        passed: "From a point in a plane to a direction. If the ring is the heading, this is the heading, but for where it begins and which way round it runs.",
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
                "Along a straight line that would be right. On a circle, 6.2 and 0.1 are neighbours: where the difference is more than half a turn, the other way round is shorter, `TAU - difference`.",
            ),
            (
                |pair| mean(pair, |off| off.rem_euclid(TAU)),
                "You measured in one direction only, so that a small step back counts as nearly a full turn. Take the shorter way: the smaller one of `off` and `TAU - off`.",
            ),
            (
                |pair| mean(pair, |off| off),
                "Without a size, errors to the left and to the right cancel. Take the distance of each pair before you average.",
            ),
            (
                |pair| mean(pair, |off| off.abs().min(PI)),
                "You cut differences at half a turn. Beyond it the distance becomes smaller again: `TAU - difference`.",
            ),
            (
                |pair| mean(pair, |off| off.abs() % PI),
                "The remainder after half a turn makes opposite directions equal. The largest distance is half a turn, and beyond it comes `TAU - difference`.",
            ),
            (
                |pair| mean(pair, |off| off.abs().min((PI - off.abs()).abs())),
                "The other way round is a full turn less the difference: `TAU`, not `PI`.",
            ),
            (
                |pair| mean(pair, |off| along(off).powi(2)),
                "You squared the distances. The question is after the mean distance itself.",
            ),
            (
                |pair| mean(pair, along).to_degrees(),
                "Right, but in degrees. Stay in radians; the lesson turns them into degrees where it prints them.",
            ),
            (
                |pair| mean(pair, along) * pair.0.len() as f32,
                "That is the sum. Divide by the number of headings.",
            ),
            (
                |pair| mean(pair, |off| 1.0 - off.cos()),
                "1 - cos is a measure of distance too, but not in radians: a quarter turn gives 1, and half a turn 2.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![
            (array![0.1, 3.0, 1.0], array![6.2, 2.5, 5.0]),
            pair(8, 195),
            pair(25, 196),
        ],
        passed: "The shorter way round, never more than half a turn. A decoder that guesses at random is off by a quarter turn on average: 90 degrees.",
    }
    .run(move |(decoded, truth)| circular_error(decoded, truth))
}

/// Which representation of digits does best with ten labels.
pub fn check_ten_labels(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "ten labels",
        right: 'c',
        reasons: &[
            (
                'a',
                "All is in the pixels, and ten labels are far too few to find it there. In 784 dimensions nearly every new digit is far from all ten.",
            ),
            (
                'b',
                "A good second. But its 32 numbers hold all that varies, slant and pen included, and with ten labels the neighbour may be the one with the same pen.",
            ),
            (
                'c',
                "The autoencoder has seen fifty thousand digits without labels and put like to like, so that one label speaks for its whole neighbourhood. The lead is small, and it does not last: go on to 6b.",
            ),
            (
                'd',
                "Close to PCA's 32, and behind the same network with a narrow middle: nothing forces 32 numbers to put like to like.",
            ),
        ],
    }
    .check(my_answer)
}

/// Which representation of digits does best with a thousand labels.
pub fn check_thousand_labels(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "a thousand labels",
        right: 'b',
        reasons: &[
            (
                'a',
                "They come third. What PCA leaves out is mostly noise between neighbours, and without it the right neighbour is found more often.",
            ),
            (
                'b',
                "The winner is the oldest method of the five. With a thousand labels there is one nearby for each way of writing, and 32 components keep those ways apart without the pixels' noise.",
            ),
            (
                'c',
                "It has reached its ceiling: where fours and nines share a place in the plane, no number of labels can part them. What the code has dropped is gone.",
            ),
            (
                'd',
                "Second, and a good guess. Its reconstructions are better than PCA's, but the readout asks for distances, and PCA keeps the distances of the pixels: its directions stand at right angles and all count in the same unit.",
            ),
        ],
    }
    .check(my_answer)
}
