//! Lesson 02: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, prediction_by_letter, refused, surprise};
use latent::exercise::pca::{
    check_centre, check_colours, check_components, check_covariance, check_decode, check_encode,
    check_unit,
};
use latent::prelude::*;

type Vector = Array1<f32>;
type Matrix = Array2<f32>;

#[test]
fn centre() {
    not_attempted(&check_centre(|_| todo!()));
    passed(&check_centre(|p| p - &p.mean_axis(Axis(0)).unwrap()));
    passed(&check_centre(|p| {
        let mut centred = p.clone();
        for mut column in centred.columns_mut() {
            let mean = column.mean().unwrap();
            column -= mean;
        }
        centred
    }));
    for (wrong, word) in [
        (
            (|p| p - &p.mean_axis(Axis(1)).unwrap().insert_axis(Axis(1))) as fn(&Matrix) -> Matrix,
            "each point's own mean",
        ),
        (|p| p - p.mean().unwrap(), "one mean of all numbers"),
        (|p| p - &p.sum_axis(Axis(0)), "column's sum"),
        (|p| &p.mean_axis(Axis(0)).unwrap() - p, "mirrored"),
        (|p| p + &p.mean_axis(Axis(0)).unwrap(), "added the mean"),
        (
            |p| (p - &p.mean_axis(Axis(0)).unwrap()) / p.std_axis(Axis(0), 1.0),
            "standard deviation",
        ),
        (
            |p| (p - &p.mean_axis(Axis(0)).unwrap()) / p.std_axis(Axis(0), 0.0),
            "standard deviation",
        ),
        (|p| p / &p.std_axis(Axis(0), 0.0), "Centring only"),
        (
            |p| (p - &p.mean_axis(Axis(0)).unwrap()) * 0.5,
            "0.5 times the one expected",
        ),
        (|p| p.clone(), "as they were"),
        (
            |p| (p - &p.mean_axis(Axis(0)).unwrap()).t().to_owned(),
            "changed places",
        ),
        (|_| array![[1.0]], "1 x 1"),
        (|_| Matrix::zeros((0, 2)), "0 x 2"),
        (|p| p * f32::NAN, "NaN"),
        (
            |p| p - &p.mean_axis(Axis(1)).unwrap(),
            "mean over `Axis(1)`",
        ),
        (|p| p - &p.mean_axis(Axis(7)).unwrap(), "panicked with"),
    ] {
        not_yet(&check_centre(wrong), word);
    }
}

#[test]
fn covariance() {
    not_attempted(&check_covariance(|_| todo!("later")));
    passed(&check_covariance(|c| {
        c.t().dot(c) / (c.nrows() as f32 - 1.0)
    }));
    passed(&check_covariance(|c| {
        let (n, d) = c.dim();
        Matrix::from_shape_fn((d, d), |(i, j)| {
            (0..n).map(|row| c[[row, i]] * c[[row, j]]).sum::<f32>() / (n - 1) as f32
        })
    }));
    for (wrong, word) in [
        (
            (|c| c.t().dot(c) / c.nrows() as f32) as fn(&Matrix) -> Matrix,
            "You divided by n.",
        ),
        (|c| c.t().dot(c), "Divide them by n - 1"),
        (
            |c| c.t().dot(c) / c.nrows() as f32 - 1.0,
            "Division comes before",
        ),
        (
            |c| c.dot(&c.t()) / (c.nrows() as f32 - 1.0),
            "one row for each point",
        ),
        (|c| c.dot(&c.t()) / c.nrows() as f32, "not n"),
        (|c| c.dot(&c.t()), "Then divide"),
        (
            |c| c.t().dot(c) / (c.ncols() as f32 - 1.0),
            "features minus 1",
        ),
        (|c| c.t().dot(c) / c.ncols() as f32, "number of features"),
        (|c| c.t().dot(c) / c.len() as f32, "counts all numbers"),
        (
            |c| {
                let scaled = c / &c.std_axis(Axis(0), 1.0);
                scaled.t().dot(&scaled) / (c.nrows() as f32 - 1.0)
            },
            "correlation",
        ),
        (
            |c| {
                let variances = c.mapv(|x| x * x).sum_axis(Axis(0)) / (c.nrows() as f32 - 1.0);
                Matrix::from_diag(&variances)
            },
            "covariances are missing",
        ),
        (|_| Matrix::eye(2), "on paper"),
        (|_| Matrix::eye(3), "3 x 3"),
        (|c| c.t().dot(c) / 0.0, "infinity"),
        (|c| c.dot(c), "has to be transposed"),
    ] {
        not_yet(&check_covariance(wrong), word);
    }
}

/// The lesson's cloud: ink in the upper and in the lower half of the first 500 digits.
fn ink() -> Matrix {
    let digits = Mnist::load().unwrap().train.take(500).samples;
    let upper = digits.slice(s![.., ..392]).sum_axis(Axis(1));
    let lower = digits.slice(s![.., 392..]).sum_axis(Axis(1));
    Matrix::from_shape_fn((500, 2), |(i, j)| if j == 0 { upper[i] } else { lower[i] })
}

#[test]
fn unit() {
    prediction_by_letter(
        check_unit,
        'c',
        &[
            ('a', "ten times as long"),
            ('b', "varied equally"),
            ('d', "vertical axis"),
        ],
    );
    // The angle of the first component, with the lower half in units ten times as fine.
    let angle = |factor: f32| {
        let points = ink() * &array![1.0, factor];
        let first = Pca::fit(&points, 1).unwrap().components().row(0).to_owned();
        first[1].atan2(first[0]).to_degrees()
    };
    let angles = [1.0, 3.0, 10.0].map(angle);
    assert!((angles[0] - 51.5).abs() < 0.1, "{angles:?}");
    assert!((angles[1] - 77.7).abs() < 0.1, "{angles:?}");
    assert!((angles[2] - 86.4).abs() < 0.1, "{angles:?}");
}

#[test]
fn encode() {
    not_attempted(&check_encode(|_, _, _| todo!()));
    passed(&check_encode(|p, m, u| (p - m).dot(u)));
    passed(&check_encode(|p, m, u| {
        p.rows()
            .into_iter()
            .map(|row| {
                row.iter()
                    .zip(m)
                    .zip(u)
                    .map(|((x, m), u)| (x - m) * u)
                    .sum()
            })
            .collect()
    }));
    for (wrong, word) in [
        (
            (|p, _, u| p.dot(u)) as fn(&Matrix, &Vector, &Vector) -> Vector,
            "as they are",
        ),
        (
            |p, _, u| (p - &p.mean_axis(Axis(0)).unwrap()).dot(u),
            "Use the argument `mean`",
        ),
        (|p, m, u| (p + m).dot(u), "added the mean"),
        (|p, m, u| (m - p).dot(u), "reversed"),
        (|p, m, u| ((p - m) * u).sum_axis(Axis(0)), "its own code"),
        (|p, m, u| p.dot(u) - m.sum(), "through the projection"),
        (|p, m, u| u.dot(&(p - m)), "points are on the left"),
        (|p, m, u| p.dot(u) - m, "before the product"),
        (|p, m, u| (p - m).dot(u) * 0.5, "0.5 times"),
        (|p, _, _| Vector::ones(p.nrows()), "on paper"),
        (|_, _, _| array![1.0, 2.0], "array of length 2"),
        (|p, m, u| (p - m).dot(u) / 0.0, "infinity"),
        (|p, m, u| (p - m).t().dot(u), "points are on the left"),
    ] {
        not_yet(&check_encode(wrong), word);
    }
}

#[test]
fn decode() {
    not_attempted(&check_decode(|_, _, _| todo!()));
    not_yet(
        &check_decode(|z, m, u| (z * u + m).insert_axis(Axis(0))),
        "element by element",
    );
    passed(&check_decode(|z, m, u| {
        Matrix::from_shape_fn((z.len(), m.len()), |(i, j)| z[i] * u[j] + m[j])
    }));
    passed(&check_decode(|z, m, u| {
        &z.view().insert_axis(Axis(1)) * u + m
    }));
    for (wrong, word) in [
        (
            (|z, _, u| &z.view().insert_axis(Axis(1)) * u)
                as fn(&Vector, &Vector, &Vector) -> Matrix,
            "through the origin",
        ),
        (
            |z, m, u| &z.view().insert_axis(Axis(1)) * u - m,
            "subtracted the mean",
        ),
        (
            |z, m, u| (&z.view().insert_axis(Axis(1)) * u + m).t().to_owned(),
            "are the columns. Each point",
        ),
        (
            |z, _, u| (&z.view().insert_axis(Axis(1)) * u).t().to_owned(),
            "and the mean is missing",
        ),
        (
            |z, m, u| &z.view().insert_axis(Axis(1)) * &(u + m),
            "by the code as well",
        ),
        (
            |z, m, u| &z.view().insert_axis(Axis(1)) + &(u + m),
            "added the code",
        ),
        (
            |_, _, _| array![[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]],
            "on paper",
        ),
        (|_, _, _| array![[1.0, 2.0]], "1 x 2"),
        (
            |z, m, u| &z.view().insert_axis(Axis(1)) * u / 0.0 + m,
            "infinity",
        ),
        (
            |z, m, u| Matrix::from_shape_fn((z.len(), m.len()), |(i, j)| z[j] * u[i] + m[j]),
            "Counting starts at 0",
        ),
    ] {
        not_yet(&check_decode(wrong), word);
    }
}

#[test]
fn components() {
    not_attempted(&check_components(None));
    let digits = Mnist::load().unwrap().train.samples;
    let mut held = 0.0;
    let below = |share: &&f64| {
        held += **share;
        held < 0.9
    };
    let shares = Pca::fit(&digits, 100).unwrap().explained_variance_ratio();
    let needed = shares.iter().take_while(below).count() + 1;
    let best = check_components(Some(needed as f64));
    passed(&best);
    assert_eq!(best.evidence()[1].1, needed.to_string());

    passed(&check_components(Some(100.0)));
    for (guess, word) in [
        (705.0, "nine tenths of the components"),
        (10.0, "one for each digit"),
        (784.0, "All 784"),
        (30.0, "more than that"),
        (300.0, "fewer than that"),
    ] {
        surprise(&check_components(Some(guess)), word);
    }
    for (guess, word) in [
        (0.9, "a share"),
        (1000.0, "from 1 to 784"),
        (-5.0, "from 1 to 784"),
        (86.5, "whole number"),
    ] {
        refused(&check_components(Some(guess)), word);
    }
    not_yet(&check_components(Some(f64::NEG_INFINITY)), "plain number");
}

#[test]
fn colours() {
    choice(
        check_colours,
        'b',
        &[
            ('a', "not a picture of ink"),
            ('c', "not an error"),
            ('d', "never saw a label"),
            ('x', "not among"),
        ],
    );
}
