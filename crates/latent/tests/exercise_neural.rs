//! Lesson 09: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, prediction, prediction_by_letter, refused};
use latent::data::population::angular_distance;
use latent::exercise::neural::{
    CircularError, TuningCurve, check_angles, check_circular_error, check_one_dimension,
    check_ring, check_square_root, check_ten_labels, check_thousand_labels, check_tuning_curve,
};
use latent::prelude::*;
use std::f32::consts::{PI, TAU};

type Vector = Array1<f32>;
type Matrix = Array2<f32>;

/// Sums of counts and numbers of bins, with a rule for the sector.
fn sums(
    counts: &Vector,
    heading: &Vector,
    sectors: usize,
    sector: impl Fn(f32) -> usize,
) -> (Vector, Vector) {
    let (mut sums, mut bins) = (Array1::zeros(sectors), Array1::zeros(sectors));
    for (&count, &heading) in counts.iter().zip(heading) {
        sums[sector(heading)] += count;
        bins[sector(heading)] += 1.0;
    }
    (sums, bins)
}

fn by_turn(counts: &Vector, heading: &Vector, sectors: usize) -> (Vector, Vector) {
    sums(counts, heading, sectors, |h| {
        (h / TAU * sectors as f32) as usize
    })
}

#[test]
fn tuning_curve() {
    not_attempted(&check_tuning_curve(|_, _, _| todo!()));
    passed(&check_tuning_curve(|c, h, n| {
        let (sums, bins) = by_turn(c, h, n);
        sums / bins
    }));
    passed(&check_tuning_curve(|counts, heading, sectors| {
        let width = TAU / sectors as f32;
        let mean = |sector: usize| {
            let (from, to) = (sector as f32 * width, (sector + 1) as f32 * width);
            let inside: Vec<f32> = counts
                .iter()
                .zip(heading)
                .filter(|(_, h)| (from..to).contains(*h))
                .map(|(&count, _)| count)
                .collect();
            inside.iter().sum::<f32>() / inside.len() as f32
        };
        (0..sectors).map(mean).collect()
    }));
    for (wrong, word) in [
        ((|c, h, n| by_turn(c, h, n).0) as TuningCurve, "are sums"),
        (
            |c, h, n| {
                let (sums, bins) = by_turn(c, h, n);
                sums / bins / 0.1
            },
            "spikes per second",
        ),
        (
            |c, h, n| {
                let (sums, bins) = by_turn(c, h, n);
                sums / (bins * 0.1)
            },
            "spikes per second",
        ),
        (
            |c, h, n| {
                let (sums, bins) = by_turn(c, h, n);
                sums / bins * 0.1
            },
            "multiplied by the length of a bin",
        ),
        (
            |c, h, n| by_turn(c, h, n).0 / 0.1,
            "divided the sums by the length of a bin",
        ),
        (|c, h, n| by_turn(c, h, n).1, "how long the head"),
        (
            |c, h, n| by_turn(c, h, n).0 / c.len() as f32,
            "number of all bins",
        ),
        (
            |c, h, n| by_turn(c, h, n).0 / c.sum(),
            "number of all spikes",
        ),
        (|c, h, n| by_turn(c, h, n).0 / n as f32, "number of sectors"),
        (
            |c, h, n| {
                let (sums, bins) = sums(c, h, n, |h| (h / 360.0 * n as f32) as usize);
                sums / bins.mapv(|b: f32| b.max(1.0))
            },
            "are in radians",
        ),
        (
            |c, h, n| {
                let (sums, bins) = sums(c, h, n, |h| ((h / PI * n as f32) as usize).min(n - 1));
                sums / bins.mapv(|b: f32| b.max(1.0))
            },
            "half a turn",
        ),
        (
            |c, h, n| {
                let (sums, bins) = sums(c, h, n, |h| (h / TAU * n as f32).round() as usize % n);
                sums / bins
            },
            "rounded to the nearest",
        ),
        (
            |c, h, n| sums(c, h, n, |h| (h / TAU * n as f32).round() as usize).0,
            "Counting starts",
        ),
        (
            |c, h, n| {
                let (sums, bins) = sums(c, h, n, |h| (h / 360.0 * n as f32) as usize);
                sums / bins
            },
            "are in radians",
        ),
        (|c, h, n| by_turn(c, h, n).0 / 0.0, "NaN"),
        (|c, _, _| c.clone(), "array of length"),
        (|_, _, n| Array1::ones(n), "by itself"),
        (|_, _, n| Array1::ones(n) * 1.5, "on paper"),
        (
            |c, h, n| {
                let (sums, bins) = sums(c, h, n, |h| (h / TAU) as usize * n);
                sums / bins
            },
            "before `as usize`",
        ),
        (
            |c, h, n| {
                let (sums, bins) = sums(c, h, n, |h| (h / PI * n as f32) as usize % n);
                sums / bins
            },
            "half a turn",
        ),
        (
            |c, h, n| {
                let (sums, bins) = sums(c, h, n, |h| (h / TAU * (n - 1) as f32) as usize);
                sums / bins
            },
            "into `sectors - 1` sectors",
        ),
        (
            |c, h, n| {
                let (sums, bins) = by_turn(c, h, n);
                bins / sums
            },
            "upside down",
        ),
        (
            |c, h, n| {
                let mut last = Array1::zeros(n);
                for (&c, &h) in c.iter().zip(h) {
                    last[(h / TAU * n as f32) as usize] = c;
                }
                last / by_turn(c, h, n).1
            },
            "`+=` adds",
        ),
        (
            |c, h, n| sums(c, h, n, |h| (h * n as f32) as usize).0,
            "The sectors have the numbers",
        ),
        (
            |c, h, n| sums(c, h, n, |h| (h / TAU * n as f32) as usize + 1).0,
            "The sectors have the numbers",
        ),
        (|c, h, _| c * &h.slice(s![..2]), "`Array1::zeros(sectors)`"),
        (|_, _, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_tuning_curve(wrong), word);
    }
}

#[test]
fn square_root() {
    prediction(
        check_square_root,
        &[0.25, 0.3],
        &[
            (36.0, "of the counts themselves"),
            (6.0, "root of the variance"),
            (0.5, "standard deviation"),
            (1.0, "twice the root"),
            (12.0, "only a quarter"),
            (0.0, "It is a quarter"),
        ],
    );
    refused(&check_square_root(Some(-1.0)), "not below 0");
}

#[test]
fn the_root_of_a_poisson_count_varies_by_a_quarter() {
    let constant = HeadDirection {
        concentration: 0.0,
        background: 0.0,
        gains: array![36.0],
        ..HeadDirection::evenly_spaced(1)
    };
    let roots = constant.simulate(20_000, 1.0, 1).unwrap().counts;
    let variance = roots.mapv(f32::sqrt).var(0.0);
    assert!((variance - 0.25).abs() < 0.02, "{variance}");
}

#[test]
fn ring() {
    choice(
        check_ring,
        'c',
        &[
            ('a', "what the loss compares"),
            ('b', "a gap in the loop"),
            ('d', "other bends"),
            ('e', "not among"),
        ],
    );
}

fn centred(codes: &Matrix) -> Matrix {
    codes - &codes.mean_axis(Axis(0)).unwrap()
}

fn each(codes: &Matrix, angle: fn(f32, f32) -> f32) -> Vector {
    let codes = codes.rows().into_iter();
    codes.map(|code| angle(code[0], code[1])).collect()
}

#[test]
fn angles() {
    not_attempted(&check_angles(|_| todo!()));
    passed(&check_angles(|codes| {
        each(&centred(codes), |x, y| y.atan2(x).rem_euclid(TAU))
    }));
    passed(&check_angles(|codes| {
        let middle = codes.sum_axis(Axis(0)) / codes.nrows() as f32;
        Array1::from_shape_fn(codes.nrows(), |i| {
            let (x, y) = (codes[[i, 0]] - middle[0], codes[[i, 1]] - middle[1]);
            let angle = f64::from(y).atan2(f64::from(x)) as f32;
            if angle < 0.0 { angle + TAU } else { angle }
        })
    }));
    for (wrong, word) in [
        (
            (|c| each(&centred(c), |x, y| x.atan2(y).rem_euclid(TAU))) as fn(&Matrix) -> Vector,
            "are exchanged. It is",
        ),
        (
            |c| each(&centred(c), |x, y| x.atan2(y)),
            "are exchanged: it is",
        ),
        (|c| each(&centred(c), |x, y| y.atan2(x)), "from -pi to pi"),
        (
            |c| each(&centred(c), |x, y| y.atan2(x) % TAU),
            "from -pi to pi",
        ),
        (
            |c| each(&centred(c), |x, y| y.atan2(x) + PI),
            "by half a turn",
        ),
        (|c| each(&centred(c), |x, y| y.atan2(x).abs()), "folds"),
        (
            |c| each(c, |x, y| y.atan2(x).rem_euclid(TAU)),
            "around the origin, but",
        ),
        (|c| each(c, |x, y| y.atan2(x)), "origin, from -pi"),
        (
            |c| {
                each(&centred(c), |x, y| {
                    y.atan2(x).to_degrees().rem_euclid(360.0)
                })
            },
            "in degrees. The exercise",
        ),
        (
            |c| each(&centred(c), |x, y| y.atan2(x).to_degrees().rem_euclid(TAU)),
            "Leave out",
        ),
        (
            |c| each(&centred(c), |x, y| (y / x).atan()),
            "only the quotient",
        ),
        (
            |c| each(&centred(c), |x, y| (y / x).atan().rem_euclid(TAU)),
            "only the quotient",
        ),
        (
            |c| each(&(c - &c.mean_axis(Axis(1)).unwrap()), |x, y| y.atan2(x)),
            "two columns",
        ),
        (
            |c| each(&(c - c.mean().unwrap()), |x, y| y.atan2(x).rem_euclid(TAU)),
            "subtracted one number",
        ),
        (
            |c| {
                let means = c.mean_axis(Axis(1)).unwrap().insert_axis(Axis(1));
                each(&(c - &means), |x, y| y.atan2(x).rem_euclid(TAU))
            },
            "its own two elements",
        ),
        (
            |c| {
                let moved = c + &c.mean_axis(Axis(0)).unwrap();
                each(&moved, |x, y| y.atan2(x).rem_euclid(TAU))
            },
            "added the centre",
        ),
        (
            |c| each(&-centred(c), |x, y| y.atan2(x).rem_euclid(TAU)),
            "by half a turn",
        ),
        (|c| each(c, |x, y| x.atan2(y).rem_euclid(TAU)), "Two things"),
        (
            |c| each(&centred(c), |x, y| (-y).atan2(x).rem_euclid(TAU)),
            "wrong way round",
        ),
        (
            |c| each(&centred(c), |x, y| y.atan2(x).rem_euclid(PI)),
            "two opposite codes",
        ),
        (
            |c| {
                each(&centred(c), |x, y| {
                    let angle = y.atan2(x);
                    if angle < 0.0 { angle + PI } else { angle }
                })
            },
            "two opposite codes",
        ),
        (
            |c| each(&centred(c), |x, y| y.atan2(x).rem_euclid(360.0)),
            "and not 360",
        ),
        (
            |c| each(&centred(c), |x, y| y.atan2(x) + TAU),
            "to all angles",
        ),
        (|c| Array1::ones(c.nrows()), "on paper"),
        (|_| Array1::zeros(2), "array of length 2"),
        (|c| Array1::from_elem(c.nrows(), f32::NAN), "NaN"),
        (|c| c.column(2).to_owned(), "Counting starts"),
        (|_| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_angles(wrong), word);
    }
}

fn mean(decoded: &Vector, truth: &Vector, distance: fn(f32) -> f32) -> f32 {
    let off = decoded - truth;
    off.iter().map(|&off| distance(off)).sum::<f32>() / off.len() as f32
}

#[test]
fn circular_error() {
    not_attempted(&check_circular_error(|_, _| todo!()));
    passed(&check_circular_error(|d, t| {
        mean(d, t, |off| off.abs().min(TAU - off.abs()))
    }));
    passed(&check_circular_error(|d, t| {
        let pairs = d.iter().zip(t);
        pairs.map(|(&a, &b)| angular_distance(a, b)).sum::<f32>() / d.len() as f32
    }));
    passed(&check_circular_error(|d, t| {
        mean(d, t, |off| off.cos().clamp(-1.0, 1.0).acos())
    }));
    for (wrong, word) in [
        ((|d, t| mean(d, t, f32::abs)) as CircularError, "neighbours"),
        (|d, t| mean(d, t, |o| o.rem_euclid(TAU)), "one direction"),
        (|d, t| mean(d, t, |o| o), "cancel"),
        (
            |d, t| mean(d, t, |o| o.abs().min(PI)),
            "limited differences",
        ),
        (|d, t| mean(d, t, |o| o.abs() % PI), "opposite directions"),
        (
            |d, t| mean(d, t, |o| o.abs().min((PI - o.abs()).abs())),
            "not `PI`",
        ),
        (
            |d, t| mean(d, t, |o| o.cos().acos().powi(2)),
            "squared the distances",
        ),
        (
            |d, t| mean(d, t, |o| o.cos().acos().to_degrees()),
            "in degrees",
        ),
        (
            |d, t| mean(d, t, |o| o.cos().acos()) * d.len() as f32,
            "the sum",
        ),
        (|d, t| mean(d, t, |o| 1.0 - o.cos()), "quarter turn gives 1"),
        (
            |d, t| mean(d, t, |o| o.min(TAU - o)),
            "differences are negative",
        ),
        (
            |d, t| mean(d, t, |o| o.abs().max(TAU - o.abs())),
            "longer way",
        ),
        (
            |d, t| mean(d, t, |o| TAU - o.abs()),
            "always took the other",
        ),
        (|d, t| mean(d, t, |o| o.abs().min(PI - o.abs())), "not `PI`"),
        (
            |d, t| mean(d, t, |o| o.abs().min(o.abs() - TAU)),
            "not `off - TAU`",
        ),
        (
            |d, t| {
                let off = mean(d, t, f32::abs);
                off.min(TAU - off)
            },
            "averaged first",
        ),
        (
            |d, t| {
                let off = (d.mean().unwrap() - t.mean().unwrap()).abs();
                off.min(TAU - off)
            },
            "mean of the true ones",
        ),
        (
            |d, t| mean(d, t, |o| angular_distance(o, 0.0).powi(2)).sqrt(),
            "root of the mean",
        ),
        (
            |d, t| {
                let pairs = d.iter().zip(t);
                let far = pairs.map(|(&a, &b)| angular_distance(a, b));
                far.fold(0.0, f32::max)
            },
            "largest distance",
        ),
        (|_, _| 1.0, "on paper"),
        (|_, _| f32::NAN, "NaN"),
        (|d, _| d[99], "Counting starts"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_circular_error(wrong), word);
    }
}

#[test]
fn one_dimension() {
    prediction_by_letter(
        check_one_dimension,
        'd',
        &[
            ('a', "enough for a lot"),
            ('b', "two headings"),
            ('c', "cannot be"),
        ],
    );
}

#[test]
fn the_luck_of_ten_labels() {
    prediction(
        check_ten_labels,
        &[4.0, 5.0],
        &[
            (1.0, "It is more"),
            (12.0, "It is less"),
            (0.5, "It is more"),
        ],
    );
    // The example of an answer is not the answer.
    assert!(!check_ten_labels(None).message().contains("5.0)"));
    refused(&check_ten_labels(Some(0.05)), "percentage points");
    refused(&check_ten_labels(Some(80.0)), "from 0 to 50");
    refused(&check_ten_labels(Some(-1.0)), "from 0 to 50");
}

#[test]
fn a_thousand_labels() {
    prediction_by_letter(
        check_thousand_labels,
        'b',
        &[
            ('a', "not the best"),
            ('c', "is gone"),
            ('d', "A good guess"),
        ],
    );
}
