//! Lesson 00: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{not_attempted, not_yet, passed, refused, surprise};
use latent::exercise::start::{check_division, check_firing_rate, check_mean_response};
use latent::prelude::*;

#[test]
fn division() {
    not_attempted(&check_division(None));
    passed(&check_division(Some(3.0)));
    surprise(&check_division(Some(3.5)), "Python's answer");
    surprise(&check_division(Some(4.0)), "rounded");
    surprise(&check_division(Some(1.0)), "remainder, which");
    surprise(&check_division(Some(2.0)), "less than");
    surprise(&check_division(Some(5.0)), "more than");
    refused(&check_division(Some(14.0)), "from 0 to 7");
    not_yet(&check_division(Some(f64::NAN)), "plain number");
}

#[test]
fn firing_rate() {
    not_attempted(&check_firing_rate(|_, _| todo!()));
    passed(&check_firing_rate(|spikes, seconds| {
        spikes as f32 / seconds
    }));
    passed(&check_firing_rate(|spikes, seconds| {
        let mut rate = 0.0;
        for _ in 0..spikes {
            rate += 1.0 / seconds;
        }
        rate
    }));
    for (wrong, word) in [
        (
            (|n, s| s / n as f32) as fn(usize, f32) -> f32,
            "between two spikes",
        ),
        (|n, s| n as f32 * s, "multiplied"),
        (|n, s| (n / s as usize) as f32, "spikes as f32"),
        (|n, s| (n as f32 / s).floor(), "after the decimal point"),
        (|n, s| n as f32 / (1000.0 * s), "millisecond"),
        (|n, _| n as f32, "number of spikes"),
        (|_, _| 1.2, "on paper"),
        (|_, _| f32::NAN, "NaN"),
        (|_, _| f32::INFINITY, "infinity"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_firing_rate(wrong), word);
    }
}

#[test]
fn mean_response() {
    not_attempted(&check_mean_response(|_| todo!()));
    passed(&check_mean_response(|r| r.mean_axis(Axis(0)).unwrap()));
    passed(&check_mean_response(|r| {
        let mut means = Array1::zeros(r.ncols());
        for row in r.rows() {
            means += &row;
        }
        means / r.nrows() as f32
    }));
    for (wrong, word) in [
        (
            (|r| r.mean_axis(Axis(1)).unwrap()) as fn(&Array2<f32>) -> Array1<f32>,
            "within each trial",
        ),
        (|r| r.sum_axis(Axis(0)), "sum over the trials"),
        (|r| r.sum_axis(Axis(1)), "sum over the neurons"),
        (
            |r| r.sum_axis(Axis(0)) / r.ncols() as f32,
            "number of neurons",
        ),
        (|r| r.sum_axis(Axis(0)) / r.len() as f32, "all elements"),
        (
            |r| r.sum_axis(Axis(0)) / (r.nrows() - 1) as f32,
            "one trial too few",
        ),
        (
            |r| Array1::from_elem(r.ncols(), r.mean().unwrap()),
            "one mean of everything",
        ),
        (|_| array![1.0], "array of length 1"),
        (|_| Array1::zeros(0), "array of length 0"),
        (|r| r.mean_axis(Axis(0)).unwrap() * f32::NAN, "NaN"),
        (|r| r.column(99).to_owned(), "Counting starts at 0"),
    ] {
        not_yet(&check_mean_response(wrong), word);
    }
}

#[test]
fn the_smallest_case_is_shown() {
    let feedback = check_mean_response(|r| r.sum_axis(Axis(0)));
    let names: Vec<&str> = feedback
        .evidence()
        .iter()
        .map(|(n, _)| n.as_str())
        .collect();
    assert_eq!(names, ["responses", "expected", "got"]);
    assert_eq!(feedback.evidence()[1].1, "[3.0, 20.0]");
    assert_eq!(feedback.evidence()[2].1, "[9.0, 60.0]");
}
