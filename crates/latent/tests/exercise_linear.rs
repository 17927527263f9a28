//! Lesson 06: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{not_attempted, not_yet, passed, prediction, prediction_by_letter, refused};
use latent::exercise::linear::{
    Batch, ComposedBias, check_batch, check_composed_bias, check_composed_weight, check_contrast,
    check_curve, check_parameters, check_xor,
};
use latent::prelude::*;

type Vector = Array1<f32>;
type Matrix = Array2<f32>;

/// A unit with these weights and biases.
fn unit(weight: Matrix, bias: Vector) -> Linear {
    Linear { weight, bias }
}

#[test]
fn contrast() {
    not_attempted(&check_contrast(|| todo!()));
    passed(&check_contrast(|| {
        unit(array![[-1.0, -1.0, 1.0, 1.0]], array![0.0])
    }));
    passed(&check_contrast(|| {
        unit(array![[-0.3, -0.3, 0.3, 0.3]], array![0.0])
    }));
    for (wrong, word) in [
        (
            (|| unit(array![[1.0, 1.0, -1.0, -1.0]], array![0.0])) as fn() -> Linear,
            "signs are the wrong way round",
        ),
        (
            || unit(array![[0.0, 0.0, 1.0, 1.0]], array![0.0]),
            "the sum of your weights",
        ),
        (
            || unit(array![[-1.0, -1.0, 1.0, 1.0]], array![0.5]),
            "In the dark",
        ),
        (
            || unit(array![[0.0, 0.0, 0.0, 0.0]], array![0.0]),
            "no light at all",
        ),
        (
            || unit(array![[-1.0, 1.0, -1.0, 1.0]], array![0.0]),
            "add up to 0",
        ),
        (
            || unit(array![[-1.0, 0.0, 0.0, 1.0]], array![0.0]),
            "have different weights",
        ),
        (
            || unit(array![[-1.0, -1.0, 0.5, 1.5]], array![0.0]),
            "have different weights",
        ),
        (
            || unit(array![[-1.0], [-1.0], [1.0], [1.0]], array![0.0]),
            "four units",
        ),
        (|| unit(Matrix::eye(4), Vector::zeros(4)), "4 x 4"),
        (|| unit(array![[-1.0, 1.0]], array![0.0]), "1 x 2"),
        (
            || unit(array![[-1.0, -1.0, 1.0, 1.0]], Vector::zeros(4)),
            "one bias",
        ),
        (
            || unit(array![[-1.0, -1.0, f32::NAN, 1.0]], array![0.0]),
            "NaN",
        ),
        (|| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_contrast(wrong), word);
    }
}

#[test]
fn batch() {
    not_attempted(&check_batch(|_, _, _| todo!()));
    passed(&check_batch(|w, b, x| x.dot(&w.t()) + b));
    passed(&check_batch(|w, b, x| {
        let mut outputs = Matrix::zeros((x.nrows(), w.nrows()));
        for (mut output, input) in outputs.rows_mut().into_iter().zip(x.rows()) {
            output.assign(&(w.dot(&input) + b));
        }
        outputs
    }));
    for (wrong, word) in [
        ((|w, _, x| x.dot(&w.t())) as Batch, "Add `bias`"),
        (|w, b, x| x.dot(&w.t()) - b, "subtracted"),
        (|w, b, x| x.dot(&w.t()) * b, "multiplied by the bias"),
        (
            |w, _, x| w.dot(&x.t()),
            "each sample is a column, and the bias is missing",
        ),
        (
            |w, b, x| w.dot(&x.t()) + b.view().insert_axis(Axis(1)),
            "The numbers are right",
        ),
        (
            |w, b, x| x.dot(&w.t()) + b.sum(),
            "all biases to each output",
        ),
        (|w, b, x| x.dot(w) + b, "has to be transposed"),
        (|w, b, x| w.dot(x) + b, "has to be transposed"),
        (
            |w, b, x| x.dot(&w.t()) + b.view().insert_axis(Axis(1)),
            "fits each row as it is",
        ),
        (|w, b, x| w.dot(&x.t()) + b, "has to be transposed"),
        (|w, _, x| Matrix::ones((x.nrows(), w.nrows())), "on paper"),
        (|_, _, x| x.clone(), "4 x 3"),
        (|w, b, x| (x.dot(&w.t()) + b) / 0.0, "infinity"),
        (|_, _, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_batch(wrong), word);
    }
}

#[test]
fn parameters() {
    not_attempted(&check_parameters(|_| todo!()));
    passed(&check_parameters(|sizes| {
        sizes
            .windows(2)
            .map(|pair| pair[0] * pair[1] + pair[1])
            .sum()
    }));
    passed(&check_parameters(|sizes| {
        Mlp::new(sizes, Activation::Identity, Activation::Identity, 0)
            .unwrap()
            .num_parameters()
    }));
    for (wrong, word) in [
        (
            (|s| s.windows(2).map(|p| p[0] * p[1]).sum()) as fn(&[usize]) -> usize,
            "weights alone",
        ),
        (
            |s| s.windows(2).map(|p| p[0] * p[1] + p[0]).sum(),
            "bias to each input",
        ),
        (
            |s| s.windows(2).map(|p| p[0] * p[1]).sum::<usize>() + s.iter().sum::<usize>(),
            "network's inputs, too",
        ),
        (
            |s| s.windows(2).map(|p| p[0] * p[1] + 1).sum(),
            "one bias for each layer",
        ),
        (|s| s.windows(2).map(|p| p[0] + p[1]).sum(), "multiply"),
        (|s| s.iter().product(), "multiplied all sizes"),
        (|s| s.iter().sum(), "number of inputs and units"),
        (|s| s[0] * s[1] + s[1], "first layer"),
        (
            |s| {
                let n = s.len();
                s[n - 2] * s[n - 1] + s[n - 1]
            },
            "last layer alone",
        ),
        (
            |s| s[0] * s[1] + s[1] + s[1] * s[2] + s[2],
            "the first two layers only",
        ),
        (|_| 26, "on paper"),
        (|s| s[s.len()], "Counting starts at 0"),
        (|s| s.iter().map(|&n| n - 100).sum(), "cannot go below zero"),
    ] {
        not_yet(&check_parameters(wrong), word);
    }
    let all = check_parameters(|s| s.windows(2).map(|p| p[0] * p[1] + p[1]).sum());
    let network = Mlp::new(
        &[784, 512, 256, 2],
        Activation::Relu,
        Activation::Identity,
        0,
    );
    let count = network.unwrap().num_parameters();
    assert!(all.message().replace(',', "").contains(&count.to_string()));
}

#[test]
fn composed_weight() {
    type Compose = fn(&Matrix, &Matrix) -> Matrix;
    not_attempted(&check_composed_weight(|_, _| todo!()));
    passed(&check_composed_weight(|first, second| second.dot(first)));
    passed(&check_composed_weight(|first, second| {
        first.t().dot(&second.t()).reversed_axes()
    }));
    for (wrong, word) in [
        ((|a, b| a.dot(b)) as Compose, "the other order"),
        (|a, b| a.t().dot(&b.t()), "transpose of the correct one"),
        (|a, b| b.t().dot(&a.t()), "transposed both"),
        (|a, _| a.clone(), "first layer alone"),
        (|_, b| b.clone(), "second layer alone"),
        (|a, b| b * &a.t(), "element by element"),
        (|a, b| a * b, "(out, hidden) times (hidden, in)"),
        (|a, b| a + b, "(out, hidden) times (hidden, in)"),
        (|_, _| Matrix::eye(2), "on paper"),
        (|_, _| Matrix::zeros((0, 0)), "0 x 0"),
        (|a, b| b.dot(a) * f32::NAN, "NaN"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_composed_weight(wrong), word);
    }
}

#[test]
fn composed_bias() {
    not_attempted(&check_composed_bias(|_, _, _| todo!()));
    passed(&check_composed_bias(|w, first, second| {
        w.dot(first) + second
    }));
    passed(&check_composed_bias(|w, first, second| {
        (w * first).sum_axis(Axis(1)) + second
    }));
    for (wrong, word) in [
        ((|w, a, _| w.dot(a)) as ComposedBias, "a bias of its own"),
        (|_, _, b| b.clone(), "second layer alone"),
        (|w, a, b| w.dot(a) - b, "subtracted"),
        (
            |_, a, b| b + a.sum(),
            "added up the numbers of the first bias",
        ),
        (|w, a, b| w.dot(a) * b, "multiplied by the second bias"),
        (|w, _, b| w.sum_axis(Axis(1)) + b, "all ones"),
        (|_, a, b| a + b, "can't be added as they are"),
        (|w, a, b| w.dot(&(a + b)), "can't be added as they are"),
        (|w, _, b| w.dot(b), "can't be added as they are"),
        (|_, _, b| b * 0.0, "on paper"),
        (|_, a, _| a.clone(), "array of length 3"),
        (|w, a, b| (w.dot(a) + b) / 0.0, "infinity"),
        (|_, _, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_composed_bias(wrong), word);
    }
}

#[test]
fn curve() {
    prediction_by_letter(
        check_curve,
        'c',
        &[
            ('a', "can compute only straight lines"),
            ('b', "Compare a line that rises"),
            ('d', "move it up"),
        ],
    );
}

#[test]
fn xor() {
    prediction(
        check_xor,
        &[3.0],
        &[
            (4.0, "diagonals cross"),
            (2.0, "separate one lit corner"),
            (1.0, "only there gets three right"),
        ],
    );
    for (guess, word) in [
        (0.75, "number of cases"),
        (75.0, "from 0 to 4"),
        (7.0, "from 0 to 4"),
        (-1.0, "from 0 to 4"),
        (2.5, "whole number"),
    ] {
        refused(&check_xor(Some(guess)), word);
    }
}
