//! Lesson 11: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, prediction, prediction_by_letter, refused};
use latent::exercise::generation::{
    Divergence, DrawCodes, KMeansStep, check_beta, check_draw_codes, check_k_means_step, check_kl,
    check_map_of_neighbours, check_patient, check_rand_index, check_random_points, patient,
};
use latent::prelude::*;
use latent::readout::neighbours;

type Matrix = Array2<f32>;
type Vector = Array1<f32>;

fn sd(log_var: &Matrix) -> Matrix {
    log_var.mapv(|v| (0.5 * v).exp())
}

#[test]
fn draw_codes() {
    not_attempted(&check_draw_codes(|_, _, _| todo!()));
    passed(&check_draw_codes(|m, v, e| m + &(sd(v) * e)));
    passed(&check_draw_codes(|m, v, e| {
        Matrix::from_shape_fn(m.dim(), |at| m[at] + v[at].exp().sqrt() * e[at])
    }));
    for (wrong, word) in [
        (
            (|m, v, e| m + &(v.mapv(f32::exp) * e)) as DrawCodes,
            "by the variance",
        ),
        (|m, v, e| m + &(v * e), "the logarithm of the variance"),
        (|m, v, e| m + &(0.5 * v * e), "exponential is missing"),
        (
            |m, v, e| m + &(0.5 * v.mapv(f32::exp) * e),
            "halved the variance",
        ),
        (
            |m, v, e| m + &(v.mapv(f32::sqrt) * e),
            "root of the log variance",
        ),
        (|m, v, e| m + &(v.mapv(|v| (2.0 * v).exp()) * e), "doubled"),
        (|m, v, e| m + &(e / &sd(v)), "sign in the exponent"),
        (|m, v, e| m + &(sd(v) * e.row(0)), "noise of the first row"),
        (
            |m, v, e| m + &(sd(v) * e.column(0).insert_axis(Axis(1))),
            "All dimensions of a sample",
        ),
        (|m, v, e| m * e + sd(v), "the other way round"),
        (|m, v, e| (m + &sd(v)) * e, "by the noise too"),
        (|m, _, e| m * e, "The mean is added"),
        (|_, v, e| sd(v) * e, "around the origin"),
        (|m, _, e| m + e, "standard deviation of 1"),
        (|m, v, _| m + &sd(v), "no noise in it"),
        (|m, _, _| m.clone(), "without any noise"),
        (|m, v, e| m - &(sd(v) * e), "subtracted the noise"),
        (|m, v, e| (e - m) / sd(v), "standardised"),
        (|m, _, _| Matrix::ones(m.dim()), "on paper"),
        (|m, v, e| m + &(sd(v) * e.t()), "the same shape"),
        (|m, _, _| m.slice(s![.., ..1]).to_owned(), "shape"),
        (|_, _, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_draw_codes(wrong), word);
    }
}

fn summed(m: &Matrix, v: &Matrix, term: fn(f32, f32) -> f32) -> Vector {
    let rows = m.rows().into_iter().zip(v.rows());
    rows.map(|(m, v)| m.iter().zip(v).map(|(&m, &v)| term(m, v)).sum())
        .collect()
}

fn all(m: &Matrix, v: &Matrix) -> Matrix {
    (m * m + v.mapv(f32::exp) - 1.0 - v) / 2.0
}

#[test]
fn kl() {
    not_attempted(&check_kl(|_, _| todo!()));
    passed(&check_kl(|m, v| all(m, v).sum_axis(Axis(1))));
    passed(&check_kl(|m, v| {
        summed(m, v, |m, v| 0.5 * (m.powi(2) + v.exp_m1() - v))
    }));
    for (wrong, word) in [
        (
            (|m, v| -all(m, v).sum_axis(Axis(1))) as Divergence,
            "never negative",
        ),
        (|m, v| 2.0 * all(m, v).sum_axis(Axis(1)), "half is missing"),
        (|m, v| all(m, v).mean_axis(Axis(1)).unwrap(), "they add up"),
        (
            |m, v| summed(m, v, |m, v| (m * m + v - 1.0 - v.ln()) / 2.0),
            "for the variance",
        ),
        (
            |m, v| summed(m, v, |m, v| (m * m + v * v - 1.0 - (v * v).ln()) / 2.0),
            "for the standard deviation",
        ),
        (
            |m, v| summed(m, v, |m, v| (m * m + v * v - 1.0) / 2.0 - v.ln()),
            "for the standard deviation",
        ),
        (
            |m, v| summed(m, v, |m, v| (m * m + (v / 2.0).exp() - 1.0 - v) / 2.0),
            "the variance is needed: exp(v).",
        ),
        (
            |m, v| summed(m, v, |m, v| (m * m + (v / 2.0).exp() - 1.0 - v / 2.0) / 2.0),
            "and its logarithm",
        ),
        (
            |m, v| summed(m, v, |m, v| (m * m + v.exp().powi(2) - 1.0 - v) / 2.0),
            "squared the variance",
        ),
        (
            |m, v| summed(m, v, |m, v| (m * m + v.exp() - 1.0 + v) / 2.0),
            "last term is wrong",
        ),
        (
            |m, v| summed(m, v, |m, v| (m * m + v.exp() + 1.0 - v) / 2.0),
            "sign of the 1",
        ),
        (
            |m, v| summed(m, v, |m, v| (m * m + v.exp() - v) / 2.0),
            "- 1 is missing",
        ),
        (
            |m, v| summed(m, v, |m, v| (m * m + v.exp() - v) / 2.0) - 0.5,
            "each dimension",
        ),
        (
            |m, v| summed(m, v, |m, v| (m + v.exp() - 1.0 - v) / 2.0),
            "not squared",
        ),
        (
            |m, v| summed(m, v, |m, v| (m.abs() + v.exp() - 1.0 - v) / 2.0),
            "absolute value",
        ),
        (
            |m, v| summed(m, v, |_, v| (v.exp() - 1.0 - v) / 2.0),
            "mean is missing",
        ),
        (|m, v| summed(m, v, |m, _| m * m / 2.0), "mean alone"),
        (
            |m, v| summed(m, v, |m, v| m * m / 2.0 + v.exp() - 1.0 - v),
            "first term only",
        ),
        (
            |m, v| summed(m, v, |m, v| m * m + v.exp() - 1.0 - v / 2.0),
            "last term only",
        ),
        (|m, v| all(m, v).sum_axis(Axis(0)), "over the samples"),
        (|m, _| Vector::zeros(m.nrows()), "on paper"),
        (|m, _| Vector::from_elem(m.nrows(), f32::NAN), "NaN"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_kl(wrong), word);
    }
}

/// Sums and counts of the points of each centre.
fn sums(points: &Matrix, centres: &Matrix, nearest: &[usize]) -> (Matrix, Matrix) {
    let mut sums = Matrix::zeros(centres.dim());
    let mut counts = Matrix::zeros((centres.nrows(), 1));
    for (point, &j) in points.rows().into_iter().zip(nearest) {
        let mut sum = sums.row_mut(j);
        sum += &point;
        counts[[j, 0]] += 1.0;
    }
    (sums, counts)
}

fn nearest(points: &Matrix, centres: &Matrix) -> Vec<usize> {
    neighbours(centres, points, 1).unwrap().column(0).to_vec()
}

/// The nearest by a distance of one's own.
fn by(points: &Matrix, centres: &Matrix, distance: fn(f32, f32) -> f32) -> Vec<usize> {
    let of = |point: latent::ndarray::ArrayView1<f32>| {
        let mut best = (0, f32::INFINITY);
        for (j, centre) in centres.rows().into_iter().enumerate() {
            let d = point
                .iter()
                .zip(centre)
                .map(|(&a, &b)| distance(a, b))
                .sum();
            if d < best.1 {
                best = (j, d);
            }
        }
        best.0
    };
    points.rows().into_iter().map(of).collect()
}

fn means(points: &Matrix, centres: &Matrix, nearest: &[usize]) -> Matrix {
    let (sums, counts) = sums(points, centres, nearest);
    Matrix::from_shape_fn(centres.dim(), |(j, d)| match counts[[j, 0]] {
        0.0 => centres[[j, d]],
        n => sums[[j, d]] / n,
    })
}

fn step(points: &Matrix, centres: &Matrix) -> Matrix {
    means(points, centres, &nearest(points, centres))
}

#[test]
fn k_means_step() {
    not_attempted(&check_k_means_step(|_, _| todo!()));
    passed(&check_k_means_step(step));
    passed(&check_k_means_step(|points, centres| {
        // With roots, which change no order.
        let near = by(points, centres, |a, b| (a - b).powi(2));
        let mut new = centres.clone();
        for j in 0..centres.nrows() {
            let rows: Vec<usize> = (0..points.nrows()).filter(|&i| near[i] == j).collect();
            if let Some(mean) = points.select(Axis(0), &rows).mean_axis(Axis(0)) {
                new.row_mut(j).assign(&mean);
            }
        }
        new
    }));
    for (wrong, word) in [
        (
            (|p, c| {
                let (sums, counts) = sums(p, c, &nearest(p, c));
                sums / counts
            }) as KMeansStep,
            "zero by zero",
        ),
        (
            |p, c| {
                let (sums, counts) = sums(p, c, &nearest(p, c));
                sums / counts.mapv(|n| n.max(1.0))
            },
            "moved to the origin",
        ),
        (
            |p, c| means(p, c, &by(p, c, |a, b| -(a - b).powi(2))),
            "farthest away",
        ),
        (
            |p, c| {
                let (sums, counts) = sums(p, c, &by(p, c, |a, b| -(a - b).powi(2)));
                sums / counts
            },
            "farthest away",
        ),
        (
            |p, c| means(p, c, &by(p, c, |a, b| a - b)),
            "with their sign",
        ),
        (
            |p, c| {
                let (sums, counts) = sums(p, c, &by(p, c, |a, b| a - b));
                sums / counts
            },
            "with their sign",
        ),
        (
            |p, c| means(p, c, &by(p, c, |a, b| (a - b).abs())),
            "absolute differences",
        ),
        (|p, c| sums(p, c, &nearest(p, c)).0, "These are sums"),
        (
            |p, c| sums(p, c, &nearest(p, c)).0 / p.nrows() as f32,
            "number of all points",
        ),
        (
            |p, c| sums(p, c, &nearest(p, c)).0 / c.nrows() as f32,
            "number of centres",
        ),
        (
            |p, c| {
                let (sums, counts) = sums(p, c, &nearest(p, c));
                (sums + c) / counts.mapv(|n| n.max(1.0))
            },
            "began with the old centres",
        ),
        (
            |p, c| {
                let (sums, counts) = sums(p, c, &nearest(p, c));
                (sums + c) / (counts + 1.0)
            },
            "one of the points",
        ),
        (
            |p, c| {
                let (mut moving, mut counts) = (c.clone(), vec![0.0; c.nrows()]);
                for point in p.rows() {
                    let j = nearest(&point.insert_axis(Axis(0)).to_owned(), &moving)[0];
                    counts[j] += 1.0;
                    let way = &point - &moving.row(j);
                    moving.row_mut(j).scaled_add(1.0 / counts[j], &way);
                }
                moving
            },
            "while points were still",
        ),
        (|p, c| 0.5 * (step(p, c) + c), "half of the way"),
        (
            |p, c| {
                let mean = p.mean_axis(Axis(0)).unwrap();
                Matrix::from_shape_fn(c.dim(), |(_, d)| mean[d])
            },
            "mean of all points",
        ),
        (|_, c| c.clone(), "did not move"),
        (|p, c| step(p, &step(p, c)), "two steps"),
        (|_, c| c * 3.7 + 1.0, "on paper"),
        (|p, _| p.clone(), "shape"),
        (
            |p, c| c + &p.mean_axis(Axis(1)).unwrap(),
            "axis 0, the points, disappears",
        ),
        (|p, c| c + p[[0, 9]], "Counting starts"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_k_means_step(wrong), word);
    }
}

#[test]
fn random_points() {
    prediction_by_letter(
        check_random_points,
        'b',
        &[
            ('a', "all parts of the map"),
            ('c', "continuous"),
            ('d', "still differ"),
        ],
    );
}

#[test]
fn beta() {
    choice(
        check_beta,
        'c',
        &[
            ('a', "where the prior is"),
            ('b', "than among real digits"),
            ('d', "little information is left"),
            ('e', "not among"),
        ],
    );
}

#[test]
fn a_patient() {
    choice(
        check_patient,
        'd',
        &[
            ('a', "hardly begun"),
            ('b', "encoder were dead"),
            ('c', "information were free"),
            ('e', "memorised"),
            ('f', "not among"),
        ],
    );
}

#[test]
fn most_dimensions_of_the_patient_are_silent_and_some_are_not() {
    let mnist = Mnist::load().unwrap();
    let patient = patient(&mnist).unwrap();
    let (mean, log_var) = patient.posterior(&mnist.test.take(1000).samples).unwrap();
    let each = all(&mean, &log_var).mean_axis(Axis(0)).unwrap();
    let silent = each.iter().filter(|&&kl| kl < 0.05).count();
    let used = each.iter().filter(|&&kl| kl > 0.2).count();
    assert!(silent >= 4 && used >= 2 && silent + used == 8, "{each}");
}

#[test]
fn rand_index() {
    prediction(
        check_rand_index,
        &[0.4, 0.35],
        &[
            (0.0, "It is more"),
            (0.6, "It is less"),
            (0.8, "nearest-neighbours"),
        ],
    );
    refused(&check_rand_index(Some(40.0)), "from -1 to 1");
}

#[test]
fn a_map_of_neighbours() {
    choice(
        check_map_of_neighbours,
        'c',
        &[
            ('a', "four times as wide"),
            ('b', "three times as far"),
            ('d', "pure noise"),
            ('e', "not among"),
        ],
    );
}
