//! Lesson 07: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, prediction, prediction_by_letter, refused};
use latent::exercise::nonlinearities::{
    check_dead, check_hat, check_linear, check_pieces, check_relu, check_sigmoid_slope,
};
use latent::prelude::*;

type Matrix = Array2<f32>;

#[test]
fn relu() {
    not_attempted(&check_relu(|_| todo!()));
    passed(&check_relu(|v| v.mapv(|x| x.max(0.0))));
    passed(&check_relu(|v| {
        let mut v = v.clone();
        for x in &mut v {
            if *x < 0.0 {
                *x = 0.0;
            }
        }
        v
    }));
    for (wrong, word) in [
        (
            (|v| v.mapv(|x| x.min(0.0))) as fn(&Matrix) -> Matrix,
            "`min` where it should be `max`",
        ),
        (|v| v.mapv(f32::abs), "changed the sign of the numbers"),
        (|v| v.mapv(|x| f32::from(u8::from(x > 0.0))), "a step"),
        (|v| v.mapv(|x| Activation::LeakyRelu.apply(x)), "leaky"),
        (|v| v.clone(), "as they were"),
        (|v| v.mapv(|x| x.max(1.0)), "lies at 1"),
        (|v| v.mapv(|x| x.clamp(0.0, 1.0)), "above 1."),
        (|v| v.mapv(|x| x.clamp(0.0, 6.0)), "ReLU6"),
        (|v| v.mapv(|x| x.clamp(0.0, 100.0)), "above 100."),
        (|v| v.mapv(|x| x.clamp(0.0, 1000.0)), "on paper"),
        (|v| v.mapv(|x| (-x).max(0.0)), "the other side"),
        (
            |v| v.mapv(|x| if x > 1.0 { x } else { 0.0 }),
            "between 0 and 1",
        ),
        (|v| v * 0.0, "also those above zero"),
        (|v| v.mapv(f32::tanh), "smooth curve"),
        (|v| v.mapv(|x| Activation::Softplus.apply(x)), "on paper"),
        (|_| array![[0.0, 0.5, 3.0]], "1 x 3"),
        (|v| v.mapv(f32::sqrt), "NaN"),
        (
            |v| v.row(7).to_owned().insert_axis(Axis(0)),
            "Counting starts",
        ),
        (|_| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_relu(wrong), word);
    }
}

#[test]
fn sigmoid_slope() {
    fn s(x: f32) -> f32 {
        1.0 / (1.0 + (-x).exp())
    }
    not_attempted(&check_sigmoid_slope(|_| todo!()));
    passed(&check_sigmoid_slope(|x| s(x) * (1.0 - s(x))));
    passed(&check_sigmoid_slope(|x| {
        (-x).exp() / (1.0 + (-x).exp()).powi(2)
    }));
    passed(&check_sigmoid_slope(|x| Activation::Sigmoid.derivative(x)));
    // Finite differences in f32 are right as well.
    passed(&check_sigmoid_slope(|x| (s(x + 1e-4) - s(x - 1e-4)) / 2e-4));
    passed(&check_sigmoid_slope(|x| (s(x + 1e-3) - s(x - 1e-3)) / 2e-3));
    passed(&check_sigmoid_slope(|x| (s(x + 0.01) - s(x)) / 0.01));
    passed(&check_sigmoid_slope(|x| (s(x + 0.05) - s(x - 0.05)) / 0.1));
    for (wrong, word) in [
        (s as fn(f32) -> f32, "sigmoid itself"),
        (|x| x * (1.0 - x), "put x where s belongs"),
        (|x| s(x) * (1.0 - x), "second factor uses x"),
        (|x| x * (1.0 - s(x)), "first factor is x"),
        (|x| x * s(x) * (1.0 - s(x)), "one x too many"),
        (|x| 1.0 - s(x) * s(x), "slope of tanh"),
        (|x| (-x).exp() / (1.0 + (-x).exp()), "Multiply it by s"),
        (|x| s(x) * (1.0 + s(x)), "added where"),
        (|x| -s(x) * (1.0 - s(x)), "the sign is not"),
        (|x| s(x) * s(x), "squared"),
        (|x| 1.0 / (1.0 + (-x).exp()).powi(2), "squared"),
        (|x| 1.0 / (1.0 + x.exp()).powi(2), "squared"),
        (
            |x| {
                let s = 1.0 / 1.0 + (-x).exp();
                s * (1.0 - s)
            },
            "denominator into brackets",
        ),
        (
            |x| {
                let s = s(x);
                s * 1.0 - s
            },
            "`1.0 - s` into brackets",
        ),
        (
            |x| {
                let s = 1.0 / (1.0 + -x.exp());
                s * (1.0 - s)
            },
            "1 plus one",
        ),
        (
            |x| {
                let s = 1.0 / (1.0 - (-x).exp());
                s * (1.0 - s)
            },
            "1 plus one",
        ),
        (
            |x| {
                let s = (-x).exp();
                s * (1.0 - s)
            },
            "e⁻ˣ alone",
        ),
        (|x| 1.0 - x.tanh().powi(2), "the slope of tanh."),
        (|_| 0.25, "on paper"),
        (|_| f32::NAN, "NaN"),
        (|x| 1.0 / (x - x), "infinity"),
        (|_| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_sigmoid_slope(wrong), word);
    }
}

#[test]
fn linear() {
    choice(
        check_linear,
        'c',
        &[
            ('a', "3 and -1"),
            ('b', "-3 and -1"),
            ('d', "3 and 1"),
            ('y', "not among"),
        ],
    );
}

#[test]
fn hat() {
    not_attempted(&check_hat(|| todo!()));
    passed(&check_hat(|| vec![(-1.0, 1.0), (0.0, -2.0), (1.0, 1.0)]));
    passed(&check_hat(|| {
        vec![(1.0, 1.0), (-1.0, 1.0), (0.0, -1.0), (0.0, -1.0)]
    }));
    for (wrong, word) in [
        (Vec::new as fn() -> Vec<(f32, f32)>, "0 everywhere"),
        (
            || vec![(1.0, -1.0), (-2.0, 0.0), (1.0, 1.0)],
            "the place first",
        ),
        (|| vec![(-1.0, 1.0)], "without end"),
        (|| vec![(-1.0, 0.0), (0.0, 1.0), (1.0, 0.0)], "heights"),
        (|| vec![(-1.0, 1.0), (0.0, -2.0), (1.0, 2.0)], "rises again"),
        (|| vec![(-1.0, 1.0), (0.0, -1.0)], "stays there"),
        (|| vec![(-1.0, 1.0), (0.0, -2.0)], "below zero. A third"),
        (
            || vec![(-1.0, 1.0), (0.0, -1.0), (1.0, 1.0)],
            "rises afterwards",
        ),
        (
            || vec![(-1.0, 1.0), (0.0, -1.0), (1.0, -1.0)],
            "slopes of the pieces",
        ),
        (|| vec![(-1.0, 1.0), (1.0, -1.0)], "stays at 2"),
        (
            || vec![(-1.0, -1.0), (0.0, 2.0), (1.0, -1.0)],
            "upside down",
        ),
        (
            || vec![(-1.0, 1.0), (0.0, 2.0), (1.0, 1.0)],
            "more and more",
        ),
        (
            || vec![(-1.0, 1.0), (0.0, -2.0), (1.0, -1.0)],
            "is positive",
        ),
        (
            || vec![(-1.0, 1.0), (0.0, 2.0), (1.0, -1.0)],
            "these two weights",
        ),
        (
            || vec![(0.0, 1.0), (1.0, -2.0), (2.0, 1.0)],
            "tip lies at 1",
        ),
        (|| vec![(-1.0, 0.5), (0.0, -0.7), (1.0, 0.2)], ""),
        (|| vec![(0.0, f32::NAN)], "NaN"),
        (|| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_hat(wrong), word);
    }
}

#[test]
fn pieces() {
    prediction(
        check_pieces,
        &[6.0],
        &[
            (5.0, "broken once"),
            (10.0, "two arms"),
            (32.0, "Two to the fifth"),
            (2.0, "each bend adds one"),
        ],
    );
    refused(&check_pieces(Some(5.5)), "whole number");
    refused(&check_pieces(Some(0.0)), "from 1");
}

#[test]
fn dead() {
    prediction_by_letter(
        check_dead,
        'b',
        &[
            ('a', "gradient is 0, even"),
            ('c', "a number like any other"),
            ('d', "never anything below"),
        ],
    );
}
