//! Lesson 04: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, prediction, prediction_by_letter, refused};
use latent::exercise::latent_space::{
    Between, TurnBack, check_accuracy, check_between, check_far_out, check_fours, check_sorted,
    check_turn_back,
};
use latent::prelude::*;

#[test]
fn accuracy() {
    prediction(
        check_accuracy,
        &[81.7, 77.0],
        &[
            (30.0, "no better than PCA"),
            (60.0, "better than that"),
            (95.0, "784 pixels"),
        ],
    );
    refused(&check_accuracy(Some(0.84)), "percent");
    refused(&check_accuracy(Some(840.0)), "from 0 to 100");
}

#[test]
fn choices() {
    type Ask = fn(Option<char>) -> exercise::Feedback;
    type Answers = [(char, &'static str); 4];
    let questions: [(Ask, char, Answers); 2] = [
        (
            check_fours,
            'b',
            [
                ('a', "no labels"),
                ('c', "two hundred"),
                ('d', "five thousand"),
                ('y', "not among"),
            ],
        ),
        (
            check_sorted,
            'c',
            [
                ('a', "looks for clusters"),
                ('b', "arguments of `fit`"),
                ('d', "not chance"),
                ('y', "not among"),
            ],
        ),
    ];
    for (check, right, wrong) in questions {
        choice(check, right, &wrong);
    }
}

#[test]
fn far_out() {
    prediction_by_letter(
        check_far_out,
        'c',
        &[
            ('a', "nothing random"),
            ('b', "nothing tells"),
            ('d', "grow with the distance"),
        ],
    );
}

/// Codes on the line, with the share of the way for row i of n.
fn along(
    a: &Array1<f32>,
    b: &Array1<f32>,
    n: usize,
    share: fn(usize, usize) -> f32,
) -> Array2<f32> {
    Array2::from_shape_fn((n, a.len()), |(i, j)| a[j] + share(i, n) * (b[j] - a[j]))
}

#[test]
fn between() {
    not_attempted(&check_between(|_, _, _| todo!()));
    passed(&check_between(|a, b, n| {
        along(a, b, n, |i, n| i as f32 / (n - 1) as f32)
    }));
    passed(&check_between(|a, b, n| {
        let mut codes = Array2::zeros((n, a.len()));
        for (i, mut code) in codes.rows_mut().into_iter().enumerate() {
            let t = i as f32 / (n as f32 - 1.0);
            code.assign(&(a * (1.0 - t) + b * t));
        }
        codes
    }));
    let mistakes: [(Between, &str); 22] = [
        (
            |a, b, n| along(a, b, n, |i, n| i as f32 / n as f32),
            "never arrives",
        ),
        (
            |a, b, n| along(a, b, n, |i, n| (i + 1) as f32 / n as f32),
            "one step after",
        ),
        (
            |a, b, n| along(a, b, n, |i, n| (i + 1) as f32 / (n + 1) as f32),
            "two ends are missing",
        ),
        (
            |a, b, n| along(b, a, n, |i, n| i as f32 / (n - 1) as f32),
            "from `b` to `a`",
        ),
        (
            |a, b, n| along(a, b, n, |i, n| (i / (n - 1)) as f32),
            "whole numbers",
        ),
        (
            |a, b, n| {
                Array2::from_shape_fn((n, a.len()), |(i, j)| {
                    a[j] + i as f32 / (n - 1) as f32 * b[j]
                })
            },
            "a share of `b`",
        ),
        (
            |a, b, n| along(a, b, n, |i, n| i as f32 / (n - 1) as f32) - a,
            "start from zero",
        ),
        (
            |a, b, n| along(a, b, n, |i, n| -(i as f32) / (n - 1) as f32),
            "wrong direction",
        ),
        (
            |a, b, n| along(a, b, n, |i, _| i as f32),
            "as long as the whole way",
        ),
        (
            |a, b, n| {
                Array2::from_shape_fn((n, a.len()), |(i, j)| i as f32 / (n - 1) as f32 * b[j])
            },
            "the two `a[j]` cancel",
        ),
        (
            |a, b, n| along(a, b, n, |i, n| i as f32 / n as f32 - 1.0),
            "around `steps - 1`",
        ),
        (
            // Without overflow checks, as in the kernel.
            |a, b, n| along(a, b, n, |i, n| i.wrapping_sub(1) as f32 / (n - 1) as f32),
            "You used `i - 1`",
        ),
        (|a, b, n| along(a, b, n, |_, _| 0.5), "middle of the line"),
        (
            |a, b, n| along(a, b, n, |i, n| (i / n) as f32),
            "`i / steps`",
        ),
        (
            |a, b, n| {
                along(a, b, n, |i, n| i as f32 / (n - 1) as f32)
                    .t()
                    .to_owned()
            },
            "changed places",
        ),
        (
            |a, b, n| along(a, b, n, |i, n| (i as f32 / (n - 1) as f32).powi(2)),
            "on paper",
        ),
        (|_, _, n| Array2::zeros((n, 2)), "on paper"),
        (|_, _, n| Array2::from_elem((n, 1), f32::NAN), "The shape"),
        (
            |a, b, n| {
                Array2::from_shape_fn((n, 2), |(i, j)| {
                    a[j] + i as f32 / (n - 1) as f32 * (b[j] - a[j])
                })
            },
            "expected an array of 7 x 3, got an array of 7 x 2",
        ),
        (
            |a, _, n| Array2::from_shape_fn((a.len(), n), |(_, j)| a[j]),
            "the row comes first",
        ),
        (
            |a, b, n| along(a, b, n, |i, _| i as f32 / 0.0),
            "NaN or an infinity",
        ),
        (|_, _, _| panic!("a bad day"), "a bad day"),
    ];
    for (wrong, word) in mistakes {
        not_yet(&check_between(wrong), word);
    }
}

#[test]
fn turn_back() {
    not_attempted(&check_turn_back(|_, _| todo!()));
    passed(&check_turn_back(|turned, turn| turned.dot(&turn.t())));
    passed(&check_turn_back(|turned, turn| {
        let (a, b, c, d) = (turn[[0, 0]], turn[[0, 1]], turn[[1, 0]], turn[[1, 1]]);
        let inverse = array![[d, -b], [-c, a]] / (a * d - b * c);
        turned.dot(&inverse)
    }));
    passed(&check_turn_back(|turned, turn| {
        turn.dot(&turned.t()).t().to_owned()
    }));
    let mistakes: [(TurnBack, &str); 12] = [
        (|turned, turn| turned.dot(turn), "once more"),
        (|turned, _| turned.clone(), "as they were"),
        (|turned, turn| turn.dot(&turned.t()), "codes are columns"),
        (
            |turned, turn| turn.t().dot(&turned.t()).t().to_owned(),
            "once more",
        ),
        (|turned, _| -turned, "half a turn"),
        (
            |turned, turn| turned.dot(&turn.mapv(|x| 1.0 / x)),
            "reciprocal of each number",
        ),
        (|turned, turn| -turned.dot(turn), "minus sign"),
        (
            |turned, turn| turn.dot(turned),
            "`turned` stands on the left",
        ),
        (|turned, _| turned * 2.0, "on paper"),
        (
            |turned, _| turned.slice(s![.., ..1]).to_owned(),
            "expected an array of 3 x 2",
        ),
        (|turned, _| turned.mapv(|_| f32::NAN), "NaN"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ];
    for (wrong, word) in mistakes {
        not_yet(&check_turn_back(wrong), word);
    }
}
