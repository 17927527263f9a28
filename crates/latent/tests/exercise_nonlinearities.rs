//! Lesson 07: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, prediction, refused};
use latent::exercise::nonlinearities::{
    check_dead, check_hat, check_pieces, check_relu, check_sigmoid_slope,
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
        (|v| v.mapv(f32::abs), "turned the numbers"),
        (|v| v.mapv(|x| f32::from(u8::from(x > 0.0))), "a step"),
        (|v| v.mapv(|x| Activation::LeakyRelu.apply(x)), "leaky"),
        (|v| v.clone(), "as they were"),
        (|v| v.mapv(|x| x.max(1.0)), "lies at 1"),
        (|v| v.mapv(|x| (-x).max(0.0)), "the other side"),
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
    for (wrong, word) in [
        (s as fn(f32) -> f32, "sigmoid itself"),
        (|x| x * (1.0 - x), "put x where s belongs"),
        (|x| 1.0 - s(x) * s(x), "slope of tanh"),
        (|x| (-x).exp() / (1.0 + (-x).exp()), "Multiply it by s"),
        (|x| s(x) * (1.0 + s(x)), "added where"),
        (|x| -s(x) * (1.0 - s(x)), "the sign is not"),
        (|x| s(x) * s(x), "squared"),
        (|x| 1.0 / (1.0 + (-x).exp()).powi(2), "squared"),
        (|x| 1.0 / (1.0 + x.exp()).powi(2), "squared"),
        (|_| 0.25, "on paper"),
        (|_| f32::NAN, "NaN"),
        (|x| 1.0 / (x - x), "infinity"),
        (|_| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_sigmoid_slope(wrong), word);
    }
}

#[test]
fn hat() {
    fn h(x: f32) -> f32 {
        x.max(0.0)
    }
    not_attempted(&check_hat(|_| todo!()));
    passed(&check_hat(|x| h(x + 1.0) - 2.0 * h(x) + h(x - 1.0)));
    passed(&check_hat(
        |x| {
            if x.abs() > 1.0 { 0.0 } else { 1.0 - x.abs() }
        },
    ));
    for (wrong, word) in [
        ((|x| h(x + 1.0)) as fn(f32) -> f32, "for ever"),
        (|x| h(x + 1.0) - h(x), "stays there"),
        (|x| h(x + 1.0) - 2.0 * h(x), "below zero. A third"),
        (|x| h(x + 1.0) - h(x) + h(x - 1.0), "rises afterwards"),
        (|x| h(x + 1.0) - h(x) - h(x - 1.0), "falls afterwards"),
        (|x| h(x + 1.0) - h(x - 1.0), "stays at 2"),
        (|x| h(x - 1.0) - 2.0 * h(x) - h(x + 1.0), "Mind the signs"),
        (|x| h(x + 1.0) - 2.0 * h(x) - h(x - 1.0), "add it"),
        (|x| 1.0 - x.abs(), "brim"),
        (|x| h(1.0 - x.abs()) - 1.0, "one too low"),
        (|_| 0.5, "on paper"),
        (|x| x / 0.0, "infinity"),
        (|_| f32::NAN, "NaN"),
        (|_| panic!("a bad day"), "a bad day"),
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
    choice(
        check_dead,
        'b',
        &[
            ('a', "hear nothing"),
            ('c', "zeros do no harm"),
            ('d', "never anything below"),
            ('y', "not among"),
        ],
    );
}
