//! Lesson 01: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, refused, surprise};
use latent::exercise::representations::{
    Feature, check_asymmetry, check_feature, check_scale, check_shift, check_unknown_task,
};
use latent::prelude::*;

#[test]
fn shift() {
    not_attempted(&check_shift(None));
    let mnist = Mnist::load().unwrap();
    let (known, new) = (mnist.train.take(5000), mnist.validation.take(1000));
    let shifted = Array2::from_shape_fn(new.samples.dim(), |(image, pixel)| {
        let (row, column) = (pixel / 28, pixel % 28);
        if column < 3 {
            0.0
        } else {
            new.samples[[image, 28 * row + column - 3]]
        }
    });
    let readout = KnnClassifier::fit(&known.samples, &known.labels, 5).unwrap();
    let truth = 100.0 * readout.accuracy(&shifted, &new.labels).unwrap();
    let best = check_shift(Some(truth));
    passed(&best);
    assert_eq!(best.evidence()[1].1, format!("{truth:.1}"));

    for (guess, word) in [
        (92.0, "human eye"),
        (10.0, "chance"),
        (25.0, "not quite as bad"),
        (70.0, "worse than that"),
    ] {
        surprise(&check_shift(Some(guess)), word);
    }
    for (guess, word) in [
        (0.4, "percent"),
        (150.0, "from 0 to 100"),
        (-5.0, "from 0 to 100"),
    ] {
        refused(&check_shift(Some(guess)), word);
    }
    not_yet(&check_shift(Some(f64::NAN)), "plain number");
}

#[test]
fn asymmetry() {
    not_attempted(&check_asymmetry(|_| todo!()));
    passed(&check_asymmetry(|image| {
        (image - &image.slice(s![.., ..;-1]))
            .mapv(f32::abs)
            .mean()
            .unwrap()
    }));
    passed(&check_asymmetry(|image| {
        let (rows, columns) = image.dim();
        let mut sum = 0.0;
        for r in 0..rows {
            for c in 0..columns {
                sum += (image[[r, c]] - image[[r, columns - 1 - c]]).abs();
            }
        }
        sum / (rows * columns) as f32
    }));
    for (wrong, word) in [
        (
            (|i| (i - &i.slice(s![..;-1, ..])).mapv(f32::abs).mean().unwrap()) as Feature,
            "column `columns - 1 - c`",
        ),
        // Half of the columns, with the number of all pixels.
        (
            |i| {
                let half = i.ncols() / 2;
                let mut sum = 0.0;
                for r in 0..i.nrows() {
                    for c in 0..half {
                        sum += (i[[r, c]] - i[[r, i.ncols() - 1 - c]]).abs();
                    }
                }
                sum / i.len() as f32
            },
            "half of the columns",
        ),
        (
            |i| (i - &i.slice(s![.., ..;-1])).mapv(f32::abs).sum() / (i.len() as f32 / 2.0),
            "twice the mean",
        ),
        (
            |i| {
                let d = i - &i.slice(s![.., ..;-1]);
                d.mapv(|x| x * x).mean().unwrap().sqrt()
            },
            "root of the mean square",
        ),
        (
            |i| (i - &i.slice(s![.., ..;-1])).mapv(f32::abs).mean().unwrap() * 100.0,
            "The answer is 100.0 times",
        ),
        (
            |i| {
                (i - &i.slice(s![..;-1, ..;-1]))
                    .mapv(f32::abs)
                    .mean()
                    .unwrap()
            },
            "180 degrees",
        ),
        (|i| (i - &i.slice(s![.., ..;-1])).mean().unwrap(), "cancel"),
        (
            |i| (i - &i.slice(s![.., ..;-1])).mapv(f32::abs).sum(),
            "That is the sum",
        ),
        (
            |i| {
                (i - &i.slice(s![.., ..;-1]))
                    .mapv(|x| x * x)
                    .mean()
                    .unwrap()
            },
            "squared",
        ),
        (
            |i| (i - &i.slice(s![.., ..;-1])).mapv(f32::abs).sum() / i.ncols() as f32,
            "number of columns",
        ),
        (|i| (i - &i.t()).mapv(f32::abs).mean().unwrap(), "diagonal"),
        (|_| 0.3, "on paper"),
        (|_| f32::NAN, "NaN"),
        (
            |i| (i[[0, 0]] - i[[0, i.ncols()]]).abs(),
            "Counting starts at 0",
        ),
        (|i| (i - &i.slice(s![.., 1..])).sum(), "Build it element"),
        (|_| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_asymmetry(wrong), word);
    }
}

#[test]
fn scale() {
    choice(
        check_scale,
        'b',
        &[
            ('a', "0.05 squared"),
            ('c', "how precise"),
            ('d', "as they are"),
            ('z', "not among"),
        ],
    );
}

#[test]
fn feature() {
    not_attempted(&check_feature(|_| todo!()));
    // How often one crosses a stroke on the way down the middle of the image.
    passed(&check_feature(|image| {
        let middle = image.column(14);
        let enters = |row: &usize| middle[*row] > 0.5 && middle[row - 1] <= 0.5;
        (1..28).filter(enters).count() as f32
    }));
    passed(&check_feature(|image| {
        image.slice(s![..14, ..]).sum() / image.sum()
    }));
    for (wrong, word) in [
        ((|_| 1.0) as Feature, "same value for every image"),
        (|i| i.sum() / 784.0, "with the ink"),
        (
            |i| (i - &i.slice(s![.., ..;-1])).mapv(|x| x.abs()).sum(),
            "with the asymmetry",
        ),
        (|i| i[[0, 0]] / i[[0, 0]], "divided by zero"),
        (
            |i| (i - &i.slice(s![..;-1, ..])).mapv(f32::abs).sum(),
            "33 % to pass",
        ),
        // One pixel is no feature worth the name.
        (|i| i[[14, 14]], "a single pixel"),
        (|i| (1e4 * i.sum()).sin(), "does not depend on the digit"),
        (|i| i[[28, 0]], "Counting starts at 0"),
        (|_| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_feature(wrong), word);
    }
}

#[test]
fn unknown_task() {
    choice(
        check_unknown_task,
        'd',
        &[
            ('a', "broad pen"),
            ('b', "the input itself"),
            ('c', "nothing about shape"),
            ('q', "not among"),
        ],
    );
}
