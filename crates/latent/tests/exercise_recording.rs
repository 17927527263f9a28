//! Lesson 12: each check against the stub, two solutions, and the usual mistakes; and the recording
//! that comes with the course.

mod common;

#[path = "../examples/make_recording.rs"]
#[allow(dead_code, reason = "the program has a main function")]
mod make_recording;

use common::{choice, not_attempted, not_yet, passed, prediction_by_letter};
use latent::exercise::recording::{
    CircularShift, LongerBins, Score, TimeSplit, check_bins, check_case, check_circular_shift,
    check_same_order, check_score, check_slow_code, check_time_split, clinic,
};
use latent::prelude::*;

type Matrix = Array2<f32>;

fn sums(counts: &Matrix, width: usize) -> Matrix {
    let mut longer = Array2::zeros((counts.nrows() / width, counts.ncols()));
    for (i, mut row) in longer.rows_mut().into_iter().enumerate() {
        let group = counts.slice(s![i * width..(i + 1) * width, ..]);
        row.assign(&group.sum_axis(Axis(0)));
    }
    longer
}

#[test]
fn bins() {
    not_attempted(&check_bins(|_, _| todo!()));
    passed(&check_bins(sums));
    passed(&check_bins(|counts, width| {
        let rows = counts.nrows() / width;
        Array2::from_shape_fn((rows, counts.ncols()), |(i, j)| {
            (0..width).map(|k| counts[[i * width + k, j]]).sum()
        })
    }));
    for (wrong, word) in [
        (
            (|c, w| sums(c, w) / w as f32) as LongerBins,
            "took the mean",
        ),
        (
            |c, w| {
                let rows = c.nrows() / w;
                c.slice(s![..rows * w;w, ..]).to_owned()
            },
            "the first bin of each group",
        ),
        (
            |c, w| {
                let rows = c.nrows() / w;
                c.slice(s![w - 1..rows * w;w, ..]).to_owned()
            },
            "last short bin alone",
        ),
        (
            |c, w| {
                let mut longer = Array2::zeros((c.nrows().div_ceil(w), c.ncols()));
                for (i, row) in c.rows().into_iter().enumerate() {
                    let mut sum = longer.row_mut(i / w);
                    sum += &row;
                }
                longer
            },
            "last bin is shorter",
        ),
        (
            |c, w| sums(&c.slice(s![c.nrows() % w.., ..]).to_owned(), w),
            "at the beginning",
        ),
        (
            |c, w| sums(&c.t().to_owned(), w).t().to_owned(),
            "neighbouring cells",
        ),
        (
            |c, w| {
                let rows = c.nrows() / w;
                Array2::from_shape_fn((rows, c.ncols()), |(i, j)| c.slice(s![i..;rows, j]).sum())
            },
            "far apart in time",
        ),
        (
            |c, w| {
                sums(
                    &c.slice(s![..c.nrows() / w * w, ..]).to_owned(),
                    c.nrows() / w,
                )
            },
            "long bins out of",
        ),
        (
            |c, w| {
                Array2::from_shape_fn((c.nrows() + 1 - w, c.ncols()), |(i, j)| {
                    c.slice(s![i..i + w, j]).sum()
                })
            },
            "overlap",
        ),
        (
            |c, w| {
                let mut longer = Array2::zeros((c.nrows() / w, c.ncols()));
                for (i, row) in c.rows().into_iter().enumerate() {
                    let mut sum = longer.row_mut(i / w);
                    sum += &row;
                }
                longer
            },
            "may belong to none",
        ),
        (|c, _| c.clone(), "shape is not the one"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_bins(wrong), word);
    }
}

#[test]
fn time_split() {
    not_attempted(&check_time_split(|_, _| todo!()));
    passed(&check_time_split(|bins, reach| {
        let end = bins * 7 / 10;
        vec![end, end + 2 * reach]
    }));
    passed(&check_time_split(|bins, reach| {
        let end = (0.7 * bins as f64) as usize;
        // The first test bin whose kernel begins after the kernel of the last training bin.
        let begin = (end..bins).find(|bin| bin - reach > end - 1 + reach);
        vec![end, begin.unwrap()]
    }));
    for (wrong, word) in [
        (
            (|n, _| vec![n * 7 / 10, n * 7 / 10]) as TimeSplit,
            "There is no gap",
        ),
        (
            |n, r| vec![n * 7 / 10, n * 7 / 10 + r],
            "it is one reach, but",
        ),
        (
            |n, r| vec![n * 7 / 10, n * 7 / 10 + r + 1],
            "one reach and a bin",
        ),
        (
            |n, r| vec![n * 7 / 10, n * 7 / 10 + 2 * r + 1],
            "one bin more",
        ),
        (
            |n, r| vec![n * 7 / 10, n * 7 / 10 + 2 * r - 1],
            "One bin too early",
        ),
        (
            |n, r| vec![n * 7 / 10 - 2 * r, n * 7 / 10],
            "from the training part",
        ),
        (|n, r| vec![n * 7 / 10 + 2 * r, n * 7 / 10], "exchanged"),
        (|n, r| vec![n * 7 / 10, 2 * r], "the length of the gap"),
        (
            |n, r| vec![n * 7 / 10, n - (n * 7 / 10 + 2 * r)],
            "length of the test part",
        ),
        (|n, r| vec![n * 3 / 10, n * 3 / 10 + 2 * r], "30 %"),
        (
            |n, r| vec![n / 10 * 7, n / 10 * 7 + 2 * r],
            "comes too early",
        ),
        (|_, r| vec![0, 2 * r], "training part is empty"),
        (|n, _| vec![n], "array of length 1"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_time_split(wrong), word);
    }
}

fn squares(of: &Matrix) -> f32 {
    of.mapv(|x| x * x).sum()
}

fn mean(of: &Matrix) -> Array1<f32> {
    of.mean_axis(Axis(0)).unwrap()
}

fn by_cell(test: &Matrix, predicted: &Matrix, mean: &Array1<f32>) -> f32 {
    let above = (test - predicted).mapv(|x| x * x).sum_axis(Axis(0));
    let below = (test - mean).mapv(|x| x * x).sum_axis(Axis(0));
    (1.0 - above / below).mean().unwrap()
}

#[test]
fn score() {
    not_attempted(&check_score(|_, _, _| todo!()));
    passed(&check_score(|train, test, p| {
        1.0 - squares(&(test - p)) / squares(&(test - &mean(train)))
    }));
    passed(&check_score(|train, test, p| {
        let mean = mean(train);
        let (mut above, mut below) = (0.0_f64, 0.0_f64);
        for ((bin, cell), &t) in test.indexed_iter() {
            above += f64::from(t - p[[bin, cell]]).powi(2);
            below += f64::from(t - mean[cell]).powi(2);
        }
        (1.0 - above / below) as f32
    }));
    for (wrong, word) in [
        (
            (|_, t, p| 1.0 - squares(&(t - p)) / squares(&(t - &mean(t)))) as Score,
            "mean of the test part. Nobody",
        ),
        (
            |x, t, p| squares(&(t - p)) / squares(&(t - &mean(x))),
            "Subtract it from 1",
        ),
        (
            |x, t, p| 1.0 - squares(&(t - p)) / squares(&(t - x.mean().unwrap())),
            "one mean of all cells",
        ),
        (
            |x, t, p| by_cell(t, p, &mean(x)),
            "averaged the scores of the cells. This",
        ),
        (|_, t, p| by_cell(t, p, &mean(t)), "Two things"),
        (
            |_, t, p| squares(&(t - p)),
            "sum of the squared errors. Alone",
        ),
        (
            |_, t, p| squares(&(t - p)) / t.len() as f32,
            "mean squared error. Alone",
        ),
        (
            |x, t, p| 1.0 - squares(&(t - &mean(x))) / squares(&(t - p)),
            "upside down",
        ),
        (
            |x, t, p| squares(&(p - &mean(x))) / squares(&(t - &mean(x))),
            "goes away from the mean",
        ),
        (
            |_, t, p| 1.0 - squares(&(t - p)) / squares(t),
            "predicts 0 spikes",
        ),
        (
            |_, t, p| 1.0 - squares(&(t - p)) / squares(&(t - &mean(p))),
            "mean of the prediction",
        ),
        (
            |x, t, p| 1.0 - (t - p).mapv(f32::abs).sum() / (t - &mean(x)).mapv(f32::abs).sum(),
            "absolute differences",
        ),
        (
            |x, t, p| squares(&(x - t)) + squares(p),
            "need not have the same number of bins",
        ),
        (|_, _, _| f32::NAN, "NaN"),
        (|_, _, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_score(wrong), word);
    }
}

fn moved(counts: &Matrix, to: impl Fn(usize, usize) -> Option<[usize; 2]>) -> Matrix {
    let mut shifted = Array2::zeros(counts.dim());
    for ((bin, cell), &count) in counts.indexed_iter() {
        if let Some(to) = to(bin, cell) {
            shifted[to] = count;
        }
    }
    shifted
}

#[test]
fn circular_shift() {
    not_attempted(&check_circular_shift(|_, _| todo!()));
    passed(&check_circular_shift(|c, by| {
        let bins = c.nrows();
        moved(c, |bin, cell| Some([(bin + by[cell]) % bins, cell]))
    }));
    passed(&check_circular_shift(|c, by| {
        let mut shifted = c.clone();
        for (cell, &by) in by.iter().enumerate() {
            let mut counts = c.column(cell).to_vec();
            counts.rotate_right(by);
            shifted.column_mut(cell).assign(&Array1::from(counts));
        }
        shifted
    }));
    for (wrong, word) in [
        (
            (|c, by| {
                let bins = c.nrows();
                moved(c, |bin, cell| Some([(bin + by[0]) % bins, cell]))
            }) as CircularShift,
            "by the same number of bins",
        ),
        (
            |c, by| {
                let bins = c.nrows();
                moved(c, |bin, cell| Some([(bin + bins - by[cell]) % bins, cell]))
            },
            "the wrong way",
        ),
        (
            |c, by| {
                let bins = c.nrows();
                moved(c, |bin, cell| {
                    let to = bin + by[cell];
                    (to < bins).then_some([to, cell])
                })
            },
            "zeros come in",
        ),
        (|c, _| c.clone(), "Nothing has moved"),
        (
            |c, by| {
                let cells = c.ncols();
                moved(c, |bin, cell| Some([bin, (cell + by[cell]) % cells]))
            },
            "along the cells",
        ),
        (
            |c, _| {
                let bins = c.nrows();
                moved(c, |bin, cell| Some([bins - 1 - bin, cell]))
            },
            "turned time round",
        ),
        (|c, _| Array2::zeros(c.dim()), "zeros alone"),
        (
            |c, by| moved(c, |bin, cell| Some([bin + by[cell], cell])),
            "may lead beyond",
        ),
        (|_, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_circular_shift(wrong), word);
    }
}

#[test]
fn the_same_order() {
    prediction_by_letter(
        check_same_order,
        'b',
        &[
            ('a', "order of its own"),
            ('c', "why?"),
            ('d', "does not depend"),
        ],
    );
}

#[test]
fn a_slow_code() {
    choice(
        check_slow_code,
        'c',
        &[
            ('a', "within seconds, and each"),
            ('b', "without a direction"),
            ('d', "no faster than before"),
        ],
    );
}

#[test]
fn cases() {
    choice(
        |answer| check_case(1, answer),
        'c',
        &[('a', "near 1"), ('b', "too large"), ('d', "comes slowly")],
    );
    choice(
        |answer| check_case(2, answer),
        'a',
        &[('b', "other animal"), ('c', "no jump"), ('d', "would grow")],
    );
    choice(
        |answer| check_case(3, answer),
        'b',
        &[
            ('a', "similar tuning"),
            ('c', "no jump"),
            ('d', "better than"),
        ],
    );
    for number in [0, 4] {
        not_yet(&check_case(number, Some('a')), "1 to 3");
    }
    assert!(clinic(4).is_err());
}

#[test]
fn the_recording_that_comes_with_the_course_is_what_its_program_makes() {
    let path = latent::data::example_recording();
    let again = make_recording::simulate(make_recording::SEED).unwrap();
    let counts = latent::data::io::read_npz(&path, "counts").unwrap();
    assert_eq!(counts, again.counts.mapv(f32::from));
    let heading = latent::data::io::read_npz_vector(&path, "heading").unwrap();
    assert_eq!(heading, again.heading);
    let time = latent::data::io::read_npz_vector(&path, "time").unwrap();
    assert_eq!(time, again.time.mapv(|t| t as f32));
    assert!(std::fs::metadata(&path).unwrap().len() < 400_000);
}
