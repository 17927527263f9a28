//! Lesson 05: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, prediction, refused};
use latent::exercise::autoencoder::{
    SquaredError, check_all_sizes, check_first_lesson, check_plane, check_rung,
    check_squared_error, check_wide,
};
use latent::prelude::*;

type AllSizes = fn(&[usize]) -> Vec<usize>;

#[test]
fn all_sizes() {
    not_attempted(&check_all_sizes(|_| todo!()));
    passed(&check_all_sizes(|encoder| {
        let mut sizes = encoder.to_vec();
        for &size in encoder.iter().rev().skip(1) {
            sizes.push(size);
        }
        sizes
    }));
    passed(&check_all_sizes(|encoder| {
        let n = encoder.len();
        (0..2 * n - 1)
            .map(|i| encoder[i.min(2 * n - 2 - i)])
            .collect()
    }));
    let mistakes: [(AllSizes, &str); 11] = [
        (
            |encoder| {
                encoder
                    .iter()
                    .chain(encoder.iter().rev())
                    .copied()
                    .collect()
            },
            "there twice",
        ),
        (|encoder| encoder.to_vec(), "encoder alone"),
        (
            |encoder| encoder.iter().rev().copied().collect(),
            "decoder alone",
        ),
        (
            |encoder| encoder.iter().rev().skip(1).copied().collect(),
            "without the encoder",
        ),
        (|encoder| [encoder, encoder].concat(), "encoder twice"),
        (
            |encoder| [encoder, &encoder[1..]].concat(),
            "same order as the first",
        ),
        (
            |encoder| {
                let back: Vec<usize> = encoder[1..encoder.len() - 1].to_vec();
                let back: Vec<usize> = back.into_iter().rev().collect();
                [encoder, &back].concat()
            },
            "last size is missing",
        ),
        (|_| vec![5, 3, 2, 3, 6], "on paper"),
        (|_| Vec::new(), "length 5"),
        (|encoder| vec![encoder[encoder.len()]], "Counting starts"),
        (|_| panic!("a bad day"), "a bad day"),
    ];
    for (wrong, word) in mistakes {
        not_yet(&check_all_sizes(wrong), word);
    }
}

#[test]
fn squared_error() {
    not_attempted(&check_squared_error(|_, _| todo!()));
    passed(&check_squared_error(|x, r| {
        (x - r).mapv(|d| d * d).mean().unwrap()
    }));
    passed(&check_squared_error(|x, r| {
        let mut sum = 0.0;
        for (a, b) in x.iter().zip(r) {
            sum += (a - b).powi(2);
        }
        sum / x.len() as f32
    }));
    let mistakes: [(SquaredError, &str); 16] = [
        (|x, r| (x - r).mapv(|d| d * d).sum(), "That is the sum"),
        (
            |x, r| (x - r).mapv(|d| d * d).sum() / x.nrows() as f32,
            "number of images",
        ),
        (
            |x, r| (x - r).mapv(|d| d * d).sum() / x.ncols() as f32,
            "pixels of one image",
        ),
        (|x, r| (x - r).mean().unwrap(), "cancel"),
        (|x, r| (r - x).mean().unwrap(), "cancel"),
        (
            |x, r| (x - r).mapv(f32::abs).mean().unwrap(),
            "mean size of the differences",
        ),
        (
            |x, r| (x - r).mapv(|d| d * d).mean().unwrap().sqrt(),
            "root at the end",
        ),
        (
            |x, r| (x - r).mapv(|d| d * d).sum().sqrt(),
            "That is the distance",
        ),
        (|x, r| (x - r).mean().unwrap().powi(2), "mean first"),
        (
            |x, r| (x * x).mean().unwrap() - (r * r).mean().unwrap(),
            "subtracted the squares",
        ),
        (
            |x, r| {
                let sums = x.sum_axis(Axis(1)) - r.sum_axis(Axis(1));
                (&sums * &sums).mean().unwrap()
            },
            "sums of the images",
        ),
        (|x, r| x.dot(r).sum(), "can be subtracted as they are"),
        (|_, _| 0.5, "on paper"),
        (|_, _| f32::NAN, "NaN"),
        (|x, _| x[[7, 0]], "Counting starts"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ];
    for (wrong, word) in mistakes {
        not_yet(&check_squared_error(wrong), word);
    }
}

#[test]
fn choices() {
    type Ask = fn(Option<char>) -> exercise::Feedback;
    type Answers = [(char, &'static str); 4];
    let questions: [(Ask, char, Answers); 3] = [
        (
            check_first_lesson,
            'b',
            [
                ('a', "not first"),
                ('c', "last to come"),
                ('d', "step 0"),
                ('y', "not among"),
            ],
        ),
        (
            check_plane,
            'b',
            [
                ('a', "arrows in it are not"),
                ('c', "along the arrows"),
                ('d', "random start"),
                ('y', "not among"),
            ],
        ),
        (
            check_wide,
            'd',
            [
                ('a', "good for"),
                ('b', "copies each pixel"),
                ('c', "all"),
                ('y', "not among"),
            ],
        ),
    ];
    for (check, right, wrong) in questions {
        choice(check, right, &wrong);
    }
}

#[test]
fn rung() {
    prediction(
        check_rung,
        &[0.0557, 0.056],
        &[
            (0.045, "better than PCA"),
            (0.06, "a little better"),
            (0.08, "mean image"),
            (0.5, "worse than the mean image"),
        ],
    );
    refused(&check_rung(Some(5.57)), "from 0 to 1");
}
