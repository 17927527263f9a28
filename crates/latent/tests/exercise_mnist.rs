//! Lesson 03: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, refused, surprise};
use latent::exercise::mnist::{
    check_blank, check_class_mean, check_constant_pixels, check_nearest, check_spread,
    check_which_set,
};
use latent::prelude::*;

type Vector = Array1<f32>;
type Matrix = Array2<f32>;

#[test]
fn blank() {
    not_attempted(&check_blank(None));
    let pixels = Mnist::load().unwrap().train.samples;
    let blank = pixels.iter().filter(|&&x| x == 0.0).count();
    let percent = 100.0 * blank as f64 / pixels.len() as f64;
    let best = check_blank(Some(percent));
    passed(&best);
    assert_eq!(best.evidence()[1].1, format!("{percent:.1}"));

    passed(&check_blank(Some(80.0)));
    for (guess, word) in [
        (19.0, "about the others"),
        (50.0, "borders"),
        (65.0, "more blank paper"),
        (95.0, "less blank paper"),
    ] {
        surprise(&check_blank(Some(guess)), word);
    }
    for (guess, word) in [
        (0.8, "percent"),
        (180.0, "from 0 to 100"),
        (-5.0, "from 0 to 100"),
    ] {
        refused(&check_blank(Some(guess)), word);
    }
    not_yet(&check_blank(Some(f64::NAN)), "plain number");
}

#[test]
fn class_mean() {
    not_attempted(&check_class_mean(|_, _| todo!()));
    passed(&check_class_mean(|data, class| {
        data.filter(&[class]).samples.mean_axis(Axis(0)).unwrap()
    }));
    passed(&check_class_mean(|data, class| {
        let mut sum = Vector::zeros(data.n_features());
        let mut count = 0.0;
        for (image, &label) in data.samples.rows().into_iter().zip(&data.labels) {
            if label == class {
                sum += &image;
                count += 1.0;
            }
        }
        sum / count
    }));
    for (wrong, word) in [
        (
            (|d, _| d.samples.mean_axis(Axis(0)).unwrap()) as fn(&Dataset, usize) -> Vector,
            "mean of all images",
        ),
        (
            |d, c| d.filter(&[c]).samples.sum_axis(Axis(0)) / d.len() as f32,
            "number of all images",
        ),
        (
            |d, c| d.filter(&[c]).samples.sum_axis(Axis(0)),
            "sum of the class's images",
        ),
        (
            |d, c| d.filter(&[c]).samples.mean_axis(Axis(1)).unwrap(),
            "within each image",
        ),
        (
            |d, c| Vector::from_elem(d.n_features(), d.filter(&[c]).samples.mean().unwrap()),
            "one mean of all pixels",
        ),
        (
            |d, c| d.filter(&[c, c + 1]).samples.mean_axis(Axis(0)).unwrap(),
            "two classes",
        ),
        (
            |d, c| d.filter(&[c, 5]).samples.mean_axis(Axis(0)).unwrap(),
            "not for the one below",
        ),
        (
            |d, c| d.filter(&[c, 7]).samples.mean_axis(Axis(0)).unwrap(),
            "not for the one below",
        ),
        (
            |d, c| d.filter(&[c]).samples.mean_axis(Axis(0)).unwrap() * 0.5,
            "0.5 times",
        ),
        (|d, c| d.samples.row(c).to_owned(), "row `class`"),
        (
            |d, c| {
                let members = d.filter(&[c]).samples;
                members.sum_axis(Axis(0)) / (members.nrows() - 1) as f32
            },
            "one image too few",
        ),
        (|d, _| Vector::zeros(d.n_features()), "on paper"),
        (|_, _| Vector::zeros(28), "array of length 28"),
        (|d, _| Vector::from_elem(d.n_features(), f32::NAN), "NaN"),
        (
            |d, _| d.filter(&[99]).samples.mean_axis(Axis(0)).unwrap(),
            "a mean of no rows",
        ),
    ] {
        not_yet(&check_class_mean(wrong), word);
    }
}

#[test]
fn spread() {
    choice(
        check_spread,
        'b',
        &[
            ('a', "darkest"),
            ('c', "scanner"),
            ('d', "margins"),
            ('e', "not among"),
        ],
    );
}

#[test]
fn constant_pixels() {
    not_attempted(&check_constant_pixels(|_| todo!()));
    passed(&check_constant_pixels(|samples| {
        samples
            .columns()
            .into_iter()
            .filter(|column| column.iter().all(|&x| x == column[0]))
            .count()
    }));
    passed(&check_constant_pixels(|samples| {
        let mut count = 0;
        for column in 0..samples.ncols() {
            let mut changes = false;
            for row in 1..samples.nrows() {
                if samples[[row, column]] != samples[[0, column]] {
                    changes = true;
                }
            }
            if !changes {
                count += 1;
            }
        }
        count
    }));
    fn columns(samples: &Matrix, holds: fn(&[f32]) -> bool) -> usize {
        let columns = samples.columns().into_iter();
        columns.filter(|c| holds(&c.to_vec())).count()
    }
    for (wrong, word) in [
        (
            (|x| columns(x, |c| c.iter().any(|&v| v != c[0]))) as fn(&Matrix) -> usize,
            "that do change",
        ),
        (
            |x| columns(x, |c| c.iter().all(|&v| v == 0.0)),
            "always 0.5",
        ),
        (
            |x| columns(x, |c| c.iter().sum::<f32>() == 0.0),
            "always 0.5",
        ),
        (
            |x| columns(x, |c| c.iter().any(|&v| v > 0.0)),
            "hold ink in some image",
        ),
        (
            |x| {
                let rows = x.rows().into_iter();
                rows.filter(|r| r.iter().all(|&v| v == r[0])).count()
            },
            "along the rows",
        ),
        (
            |x| columns(x, |c| c.iter().any(|&v| v == c[0])),
            "whether any value",
        ),
        (|x| columns(x, |c| c.contains(&0.0)), "at least one image"),
        (
            |x| x.iter().filter(|&&v| v == 0.0).count(),
            "counted all zeros",
        ),
        (|x| columns(x, |c| c[0] == c[1]), "first two images"),
        (
            |x| columns(x, |c| c.first() == c.last()),
            "first image with the last",
        ),
        (|_| 67, "on paper"),
        (|x| columns(x, |c| c[99] == 0.0), "Counting starts at 0"),
    ] {
        not_yet(&check_constant_pixels(wrong), word);
    }
    let shown = check_constant_pixels(|_| 67);
    assert_eq!(shown.evidence()[1], ("expected".into(), "2".into()));
    assert_eq!(shown.evidence()[2], ("got".into(), "67".into()));
}

#[test]
fn which_set() {
    choice(
        check_which_set,
        'b',
        &[
            ('a', "its own nearest neighbour"),
            ('c', "too good"),
            ('d', "decide the result"),
            ('1', "not among"),
        ],
    );
}

/// The row of `means` for which `score` is smallest.
fn least(means: &Matrix, score: impl Fn(&Vector) -> f32) -> usize {
    let scores: Vec<f32> = means
        .rows()
        .into_iter()
        .map(|m| score(&m.to_owned()))
        .collect();
    let smallest = scores.iter().copied().fold(f32::INFINITY, f32::min);
    scores.iter().position(|&s| s == smallest).unwrap()
}

#[test]
fn nearest() {
    not_attempted(&check_nearest(|_, _| todo!()));
    passed(&check_nearest(|image, means| {
        let mut best = 0;
        let mut smallest = f32::INFINITY;
        for (class, mean) in means.rows().into_iter().enumerate() {
            let difference = image - &mean;
            let distance = (&difference * &difference).sum();
            if distance < smallest {
                best = class;
                smallest = distance;
            }
        }
        best
    }));
    // |x - m|² = |x|² - 2 x·m + |m|², and |x|² is the same for all means.
    passed(&check_nearest(|image, means| {
        least(means, |m| m.dot(m) - 2.0 * m.dot(image))
    }));
    for (wrong, word) in [
        (
            (|x, m| least(m, |m| -(x - m).mapv(|d| d * d).sum())) as fn(&Vector, &Matrix) -> usize,
            "farthest",
        ),
        (
            |x, m| least(m, |m| (x - m).sum()),
            "cancel the positive ones. Square each one",
        ),
        (
            |x, m| least(m, |m| (x - m).sum().powi(2)),
            "added up first and squared afterwards",
        ),
        (|x, m| least(m, |m| -x.dot(m)), "largest dot product"),
        (|x, m| least(m, |m| x.dot(m)), "smallest dot product"),
        (
            |x, m| least(m, |m| (x - m).mapv(f32::abs).sum()),
            "absolute differences",
        ),
        (
            |x, m| least(m, |m| (x - m).mapv(|d| d * d).sum()) + 1,
            "counted from 1",
        ),
        (|_, m| m.nrows() - 1, "the last row"),
        (|_, _| 0, "row 0 every time"),
        // The comparison the wrong way round.
        (
            |x, m| {
                let (mut best, mut smallest) = (0, f32::INFINITY);
                for (class, mean) in m.rows().into_iter().enumerate() {
                    let distance = (x - &mean).mapv(|d| d * d).sum();
                    if distance > smallest {
                        best = class;
                        smallest = distance;
                    }
                }
                best
            },
            "`distance < smallest`",
        ),
        // A second `best` inside the braces.
        (
            |x, m| {
                let (best, mut smallest) = (0, f32::INFINITY);
                for (class, mean) in m.rows().into_iter().enumerate() {
                    let distance = (x - &mean).mapv(|d| d * d).sum();
                    if distance < smallest {
                        let best = class;
                        smallest = distance + 0.0 * best as f32;
                    }
                }
                best
            },
            "without `let`",
        ),
        // A start below every distance.
        (
            |x, m| {
                let (mut best, mut smallest) = (0, 0.0);
                for (class, mean) in m.rows().into_iter().enumerate() {
                    let distance = (x - &mean).mapv(|d| d * d).sum();
                    if distance < smallest {
                        best = class;
                        smallest = distance;
                    }
                }
                best
            },
            "start with `f32::INFINITY`",
        ),
        (
            |x, m| {
                let (mut best, mut before) = (0, f32::INFINITY);
                for (class, mean) in m.rows().into_iter().enumerate() {
                    let distance = (x - &mean).mapv(|d| d * d).sum();
                    if distance < before {
                        best = class;
                    }
                    before = distance;
                }
                best
            },
            "just before it",
        ),
        (|_, _| 1, "on paper"),
        (|x, m| (x - m).nrows(), "on paper"),
        (|x, m| m.dot(&m.dot(x)).len(), "one by one"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_nearest(wrong), word);
    }
}
