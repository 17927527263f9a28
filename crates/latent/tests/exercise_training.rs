//! Lesson 08: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, prediction};
use latent::exercise::Outcome;
use latent::exercise::training::{
    Descend, Design, EncoderGradient, Slope, Stop, check_dead_units, check_descend,
    check_design_on, check_encoder_gradient, check_overfit, check_patient, check_slope, check_stop,
    check_too_long, check_well_trained, clinic,
};
use latent::prelude::*;
use std::fs;
use std::path::PathBuf;

#[test]
fn slope() {
    not_attempted(&check_slope(|_, _, _| todo!()));
    passed(&check_slope(|f, w, h| (f(w + h) - f(w - h)) / (2.0 * h)));
    passed(&check_slope(|f, w, h| {
        let (ahead, back) = ((f(w + h) - f(w)) / h, (f(w) - f(w - h)) / h);
        (ahead + back) / 2.0
    }));
    for (wrong, word) in [
        ((|f, w, h| (f(w + h) - f(w)) / h) as Slope, "to the right"),
        (|f, w, h| (f(w) - f(w - h)) / h, "to the left"),
        (|f, w, h| (f(w + h) - f(w - h)) / h, "two times too large"),
        (|f, w, h| f(w + h) - f(w - h), "how much the loss rises"),
        (|f, w, h| (f(w + h) - f(w - h)) / 2.0, "divided by 2"),
        (|f, w, h| (f(w + h) - f(w - h)) / 2.0 * h, "then multiplies"),
        (
            |f, w, h| f(w + h) - f(w - h) / (2.0 * h),
            "Only the second loss",
        ),
        (
            |f, w, h| (f(w - h) - f(w + h)) / (2.0 * h),
            "wrong way round",
        ),
        (|f, w, h| (f(w + h) + f(w - h)) / (2.0 * h), "added the two"),
        (|f, w, _| f(w), "loss itself"),
        (
            |f, w, h| f(w + h) - f(w - h) / 2.0 * h,
            "Two pairs of brackets",
        ),
        (
            |f, w, h| ((f(w + h) - f(w - h)) / (2.0 * h)).abs(),
            "can be negative",
        ),
        (|f, w, h| 2.0 * h / (f(w + h) - f(w - h)), "run over rise"),
        (
            |f, w, h| (f(w + h) - f(h - w)) / (2.0 * h),
            "not `step - at`",
        ),
        (
            |f, w, h| (f(w + h / 2.0) - f(w - h / 2.0)) / h,
            "half a step away",
        ),
        (
            |f, w, _| (f(w + 1e-5) - f(w - 1e-5)) / 2e-5,
            "a step of your own",
        ),
        (|_, _, _| 1.0, "on paper"),
        (|f, w, _| (f(w) - f(w)) / 0.0, "NaN"),
        (|_, _, _| f64::INFINITY, "infinity"),
        (|_, _, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_slope(wrong), word);
    }
}

#[test]
fn descend() {
    fn repeat(steps: usize, start: f64, rule: impl Fn(f64) -> f64) -> f64 {
        (0..steps).fold(start, |w, _| rule(w))
    }
    not_attempted(&check_descend(|_, _, _, _| todo!()));
    passed(&check_descend(|slope, start, rate, steps| {
        let mut w = start;
        for _ in 0..steps {
            w -= rate * slope(w);
        }
        w
    }));
    passed(&check_descend(|slope, start, rate, steps| {
        repeat(steps, start, |w| w + rate * -slope(w))
    }));
    for (wrong, word) in [
        (
            (|s, start, r, n| repeat(n, start, |w| w + r * s(w))) as Descend,
            "uphill",
        ),
        (
            |s, start, r, n| repeat(n, start, |w| w - r * s(start)),
            "at the start for all",
        ),
        (|s, start, r, _| start - r * s(start), "first step only"),
        (
            |s, start, _, n| repeat(n, start, |w| w - s(w)),
            "whole slope",
        ),
        (
            |s, start, r, n| repeat(n, start, |w| w - r * s(w).signum()),
            "have the same size",
        ),
        (
            |_, start, r, n| repeat(n, start, |w| w - r),
            "learning rate alone",
        ),
        (
            |s, start, r, n| repeat(n, start, |w| w - s(w) / r),
            "divided by the learning rate",
        ),
        (
            |s, start, r, n| repeat(n, start, |w| -r * s(w)),
            "replaced the weight",
        ),
        (|_, start, _, _| start, "returned `start` unchanged"),
        (
            |s, start, r, n| repeat(n, start, |w| r * s(w)),
            "replaced the weight",
        ),
        (
            |s, start, r, n| repeat(n, start, |w| start - r * s(w)),
            "`w`, not `start`",
        ),
        (
            |_, start, r, n| repeat(n, start, |w| w - r * w),
            "times the weight",
        ),
        (
            |s, start, r, n| repeat(n, start, |w| w - r * s(w) / n as f64),
            "in full",
        ),
        (
            |s, start, r, n| repeat(n + 1, start, |w| w - r * s(w)),
            "One step too many",
        ),
        (
            |s, start, r, n| repeat(n - 1, start, |w| w - r * s(w)),
            "One step too few",
        ),
        (|_, _, _, _| 0.5, "on paper"),
        (|_, _, _, _| f64::NAN, "NaN"),
        (|_, _, _, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_descend(wrong), word);
    }
}

#[test]
fn too_long() {
    prediction(
        check_too_long,
        &[1.0],
        &[
            (0.0, "0.5 that would be right"),
            (-1.0, "ten is an even number"),
            (-19.0, "changes with w"),
            (1024.0, "above 1"),
            (0.5, "Work out one step"),
        ],
    );
}

#[test]
fn well_trained() {
    choice(
        check_well_trained,
        'c',
        &[
            ('a', "memorised thirty images"),
            ('b', "Equal is not enough"),
            ('d', "first epochs"),
            ('e', "too soon"),
            ('y', "not among"),
        ],
    );
}

/// Walks through the losses with a rule for the wait: (loss, best, loss before, waited).
fn walk(losses: &[f64], enough: usize, rule: fn(f64, f64, f64, usize) -> usize) -> usize {
    let (mut best, mut before, mut waited) = (f64::INFINITY, f64::INFINITY, 0);
    for (epoch, &loss) in (1..).zip(losses) {
        waited = rule(loss, best, before, waited);
        (best, before) = (best.min(loss), loss);
        if waited >= enough {
            return epoch;
        }
    }
    losses.len()
}

fn best_epoch(losses: &[f64]) -> usize {
    let mut best = 0;
    for epoch in 0..losses.len() {
        if losses[epoch] < losses[best] {
            best = epoch;
        }
    }
    best + 1
}

#[test]
fn stop() {
    fn right(losses: &[f64], patience: usize) -> usize {
        walk(
            losses,
            patience,
            |loss, best, _, waited| {
                if loss < best { 0 } else { waited + 1 }
            },
        )
    }
    /// Whether the training stops by its patience.
    fn runs_out(losses: &[f64], patience: usize) -> bool {
        let longer: Vec<f64> = losses.iter().copied().chain([0.0]).collect();
        right(&longer, patience) <= losses.len()
    }
    not_attempted(&check_stop(|_, _| todo!()));
    passed(&check_stop(right));
    passed(&check_stop(|losses, patience| {
        let mut best = 0;
        for epoch in 0..losses.len() {
            if losses[epoch] < losses[best] {
                best = epoch;
            }
            if epoch - best == patience {
                return epoch + 1;
            }
        }
        losses.len()
    }));
    for (wrong, word) in [
        (
            (|losses, patience| best_epoch(&losses[..right(losses, patience)])) as Stop,
            "best epoch up to the stop",
        ),
        (|losses, _| best_epoch(losses), "best epoch of all"),
        (
            |losses, patience| (best_epoch(losses) + patience).min(losses.len()),
            "whole list",
        ),
        (
            |losses, patience| {
                let mut best = 0;
                for epoch in 0..losses.len() {
                    if losses[epoch] < losses[best] {
                        best = epoch;
                    }
                    if epoch - best == patience {
                        return epoch;
                    }
                }
                losses.len()
            },
            "from 1",
        ),
        (
            |losses, patience| {
                let mut waited = 0;
                for epoch in 1..losses.len() {
                    let rose = losses[epoch] >= losses[epoch - 1];
                    waited = if rose { waited + 1 } else { 0 };
                    if waited >= patience {
                        return epoch;
                    }
                }
                losses.len()
            },
            "Two things",
        ),
        (|losses, patience| right(losses, patience + 1), "too late"),
        (
            |losses, patience| {
                walk(
                    losses,
                    patience,
                    |loss, _, before, waited| {
                        if loss < before { 0 } else { waited + 1 }
                    },
                )
            },
            "just before",
        ),
        (
            |losses, patience| {
                walk(losses, patience, |loss, best, _, waited| {
                    waited + usize::from(loss >= best)
                })
            },
            "set the count back",
        ),
        (
            |losses, patience| {
                walk(
                    losses,
                    patience,
                    |loss, best, _, waited| {
                        if loss <= best { 0 } else { waited + 1 }
                    },
                )
            },
            "An equal loss",
        ),
        (|losses, _| losses.len(), "`best` set to the new loss"),
        (|_, patience| patience, "the patience itself"),
        (
            |losses, patience| {
                let epoch = right(losses, patience);
                if runs_out(losses, patience) {
                    patience
                } else {
                    epoch
                }
            },
            "Return the epoch",
        ),
        (
            |losses, patience| right(losses, patience) + usize::from(runs_out(losses, patience)),
            "One too large",
        ),
        (|losses, patience| right(losses, patience - 1), "too early"),
        (
            |losses, _| walk(losses, 1, |loss, _, before, _| usize::from(loss >= before)),
            "first rise",
        ),
        (
            |losses, patience| {
                if runs_out(losses, patience) {
                    right(losses, patience)
                } else {
                    0
                }
            },
            "never runs out",
        ),
        (
            |losses, patience| right(losses, patience) + usize::from(!runs_out(losses, patience)),
            "never runs out",
        ),
        (
            |losses, patience| right(losses, patience) - usize::from(!runs_out(losses, patience)),
            "never runs out",
        ),
        (
            |losses, patience| right(losses, patience) - 1,
            "in each case",
        ),
        (|_, _| 0, "on paper"),
        (|losses, _| losses[99] as usize, "Counting starts"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_stop(wrong), word);
    }
}

/// The last value, and the smallest.
fn end_and_best(losses: &[f64]) -> (f64, f64) {
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    (losses[losses.len() - 1], best)
}

/// Each patient shows what its diagnosis rests on.
#[test]
fn patients_have_the_symptoms_that_the_reasons_name() {
    let mnist = Mnist::load().unwrap();
    let test = mnist.test.take(500).samples;
    let nonsense = latent::exercise::training::nonsense(&mnist, 50);
    let validation = mnist.validation.take(500).samples;
    let mean = mnist.train.samples.mean_axis(Axis(0)).unwrap();
    let of_mean = f64::from((&test - &mean).mapv(|x| x * x).mean().unwrap());
    let pca = Pca::fit(&mnist.train.take(3000).samples, 16).unwrap();
    let of_pca = pca.reconstruction_error(&test).unwrap();
    let seen: Vec<_> = (0..=7)
        .map(|number| {
            let patient = clinic(number, &mnist).unwrap();
            let inside = patient.autoencoder.network().forward_cached(&test).unwrap();
            let error = |samples| patient.autoencoder.reconstruction_error(samples).unwrap();
            let errors = (error(&test), error(&nonsense), error(&validation));
            (patient, inside.activations[0].clone(), errors)
        })
        .collect();

    let (healthy, _, (error, strange, _)) = &seen[0];
    assert!(*error < 0.9 * of_pca && *strange > 3.0 * error);

    let (slow, _, (error, ..)) = &seen[1];
    let (train, best) = end_and_best(&slow.history.train_loss);
    assert!(train == best && train < 0.95 * slow.history.train_loss[10]);
    assert!(*error > 2.0 * of_mean);

    let (few, _, (error, ..)) = &seen[2];
    let (train, _) = end_and_best(&few.history.train_loss);
    let (end, best) = end_and_best(&few.history.validation_loss);
    assert!(train < 0.1 * end && end > 1.05 * best && *error > 10.0 * train);

    let (dead, inside, (error, ..)) = &seen[3];
    assert!(inside.iter().all(|&x| x == 0.0));
    assert!((error - of_mean).abs() < 0.001, "{error} {of_mean}");
    let losses = &dead.history.train_loss;
    assert!((losses[11] - losses[4]).abs() < 0.0005);

    let (_, inside, (error, ..)) = &seen[4];
    let negative = inside.iter().filter(|&&x| x < 0.0).count();
    assert!((0.3..0.7).contains(&(negative as f64 / inside.len() as f64)));
    assert!((error - of_pca).abs() < 0.002, "{error} {of_pca}");

    // The same network as the healthy one, and validation images that it has seen.
    let (leak, _, (error, _, honest)) = &seen[5];
    let [leaked, unseen] = [leak, healthy].map(|p| end_and_best(&p.history.validation_loss).0);
    assert_eq!(leak.autoencoder, healthy.autoencoder);
    assert!(leaked < 0.9 * error && leaked < 0.9 * honest);
    assert!((unseen - error).abs() < 0.03 * error, "{unseen} {error}");

    let (high, inside, (error, ..)) = &seen[6];
    let (end, best) = end_and_best(&high.history.train_loss);
    assert!(end > 1.5 * best && *error > 2.0 * of_mean);
    let extreme = inside.iter().filter(|x| x.abs() > 0.99).count();
    assert!(extreme as f64 > 0.9 * inside.len() as f64);

    let (wide, inside, (error, strange, _)) = &seen[7];
    assert!(inside.iter().all(|&x| x >= 0.0));
    assert!(wide.history.initial_validation_loss < 0.5 * of_pca);
    assert!(*error < 0.1 * of_pca && *strange < 0.1 * of_mean);

    for (number, (patient, ..)) in seen.iter().enumerate() {
        let chart = patient.to_string();
        assert!(chart.contains("nonsense images"), "{chart}");
        assert!(number == 0 || chart.starts_with(&format!("patient {number}")));
    }
    let text = clinic(8, &mnist).unwrap_err().to_string();
    assert!(text.contains("from 1 to 7"), "{text}");
}

#[test]
fn diagnoses() {
    for (number, right) in (1..).zip("becdfag".chars()) {
        not_attempted(&check_patient(number, None));
        passed(&check_patient(number, Some(right)));
        passed(&check_patient(number, Some(right.to_ascii_uppercase())));
        for letter in ('a'..='g').filter(|&letter| letter != right) {
            not_yet(&check_patient(number, Some(letter)), "");
        }
        not_yet(&check_patient(number, Some('h')), "not among");
    }
    not_yet(&check_patient(1, Some('c')), "Look inside");
    not_yet(&check_patient(5, Some('e')), "as many training images");
    not_yet(&check_patient(7, Some('d')), "reconstructs even nonsense");
    not_yet(&check_patient(0, Some('a')), "no patient 0");
    not_yet(&check_patient(8, Some('a')), "no patient 8");
}

/// The code and dL/d(reconstruction) of tanh(x W1^T) W2^T.
fn forward(x: &Array2<f32>, w1: &Array2<f32>, w2: &Array2<f32>) -> (Array2<f32>, Array2<f32>) {
    let code = x.dot(&w1.t()).mapv(f32::tanh);
    let error = code.dot(&w2.t()) - x;
    (code, error * (2.0 / x.len() as f32))
}

fn with_slope(
    (x, w1, w2): (&Array2<f32>, &Array2<f32>, &Array2<f32>),
    slope: fn(f32) -> f32,
) -> Array2<f32> {
    let (code, d) = forward(x, w1, w2);
    (d.dot(w2) * code.mapv(slope)).t().dot(x)
}

fn encoder_gradient(x: &Array2<f32>, w1: &Array2<f32>, w2: &Array2<f32>) -> Array2<f32> {
    with_slope((x, w1, w2), |c| 1.0 - c * c)
}

#[test]
fn backpropagation_by_hand() {
    not_attempted(&check_encoder_gradient(|_, _, _| todo!()));
    passed(&check_encoder_gradient(encoder_gradient));
    // One sample and one unit at a time.
    passed(&check_encoder_gradient(|x, w1, w2| {
        let mut gradient = Array2::zeros(w1.dim());
        let (code, d) = forward(x, w1, w2);
        for n in 0..x.nrows() {
            for k in 0..w1.nrows() {
                let back: f32 = (0..x.ncols()).map(|j| d[[n, j]] * w2[[j, k]]).sum();
                for j in 0..x.ncols() {
                    gradient[[k, j]] += back * (1.0 - code[[n, k]].powi(2)) * x[[n, j]];
                }
            }
        }
        gradient
    }));
    for (wrong, word) in [
        (
            (|x, w1, w2| with_slope((x, w1, w2), |_| 1.0)) as EncoderGradient,
            "slope of tanh is missing",
        ),
        (
            |x, w1, w2| with_slope((x, w1, w2), |c| c),
            "by the code itself",
        ),
        (
            |x, w1, w2| with_slope((x, w1, w2), |c| c * (1.0 - c)),
            "slope of a sigmoid",
        ),
        (
            |x, w1, w2| with_slope((x, w1, w2), |c| 1.0 - c),
            "with a square",
        ),
        (
            |x, w1, w2| with_slope((x, w1, w2), |c| 1.0 - c.tanh().powi(2)),
            "tanh twice",
        ),
        (
            |x, w1, w2| encoder_gradient(x, w1, w2) * x.len() as f32,
            "mean over all elements of x",
        ),
        (
            |x, w1, w2| encoder_gradient(x, w1, w2) * x.ncols() as f32,
            "the number of samples",
        ),
        (
            |x, w1, w2| encoder_gradient(x, w1, w2) * x.nrows() as f32,
            "the number of features",
        ),
        (
            |x, w1, w2| encoder_gradient(x, w1, w2) * 0.5,
            "is 2 · error",
        ),
        (
            |x, w1, w2| encoder_gradient(x, w1, w2) * (x.len() as f32 / 2.0),
            "right, except for a constant factor",
        ),
        (
            |x, w1, w2| {
                let (code, _) = forward(x, w1, w2);
                code.mapv(|c| 1.0 - c * c).t().dot(x)
            },
            "slope of tanh alone",
        ),
        (|x, w1, w2| -encoder_gradient(x, w1, w2), "wrong way round"),
        (
            |x, w1, w2| encoder_gradient(x, w1, w2).reversed_axes(),
            "transposed",
        ),
        (
            |x, w1, w2| {
                let (code, d) = forward(x, w1, w2);
                d.t().dot(&code)
            },
            "the decoder's weights, from",
        ),
        (
            |x, w1, w2| {
                let (code, d) = forward(x, w1, w2);
                code.t().dot(&d)
            },
            "the decoder's weights, transposed",
        ),
        (
            |x, w1, w2| {
                let (code, d) = forward(x, w1, w2);
                (d.dot(&w1.t()) * code.mapv(|c| 1.0 - c * c)).t().dot(x)
            },
            "through the encoder",
        ),
        (
            |x, w1, w2| {
                let (code, d) = forward(x, w1, w2);
                let error = &d * (x.len() as f32 / 2.0);
                let d = error.mapv(|e| e * e) / x.len() as f32;
                (d.dot(w2) * code.mapv(|c| 1.0 - c * c)).t().dot(x)
            },
            "began with the loss",
        ),
        (
            |x, w1, w2| {
                let (code, d) = forward(x, w1, w2);
                let d_sum = d.dot(w2) * code.mapv(|c| 1.0 - c * c);
                d_sum.t().dot(&code.dot(&w2.t()))
            },
            "uses the reconstruction",
        ),
        (|_, w1, _| w1.clone(), "encoder itself"),
        (|_, w1, _| w1 * 0.0 + 0.5, ""),
        (|x, w1, _| x.dot(w1), "the shape of each array"),
        (|_, w1, _| w1 / 0.0, "infinity"),
        (|_, _, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_encoder_gradient(wrong), word);
    }
}

/// A board of its own for each test, outside of the project.
fn board(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("latent-{}-{name}.tsv", std::process::id()));
    let _ = fs::remove_file(&path);
    path
}

fn design(sizes: &[usize]) -> Design {
    Design {
        sizes: sizes.to_vec(),
        activation: Activation::Relu,
        learning_rate: 0.004,
        batch_size: 32,
    }
}

#[test]
fn designs_that_break_the_rules_are_not_trained() {
    let board = board("rules");
    not_attempted(&check_design_on(&board, &None));
    let sizes = |sizes: &[usize]| check_design_on(&board, &Some(design(sizes)));
    not_yet(&sizes(&[784, 36, 8, 36, 784]), "encoder alone");
    not_yet(&sizes(&[36, 8]), "number of pixels");
    not_yet(&sizes(&[784, 36]), "number of dimensions of the code");
    not_yet(&sizes(&[784, 36, 2]), "number of dimensions of the code");
    not_yet(&sizes(&[]), "number of pixels");
    not_yet(&sizes(&[784, 0, 8]), "nothing through");
    not_yet(&sizes(&[784, 4, 8]), "narrower than the code");
    not_yet(&sizes(&[784, 64, 8]), "102296 parameters");
    let with = |batch_size, learning_rate| {
        let design = Design {
            batch_size,
            learning_rate,
            ..design(&[784, 36, 8])
        };
        check_design_on(&board, &Some(design))
    };
    not_yet(&with(1, 0.001), "Batches of 1");
    not_yet(&with(5000, 0.001), "Batches of 5000");
    not_yet(&with(128, 0.0), "learning rate, got 0");
    not_yet(&with(128, f32::NAN), "NaN");
    assert!(!board.exists());
}

#[test]
fn designs_are_trained_and_kept_on_the_board() {
    let board = board("kept");
    let good = check_design_on(&board, &Some(design(&[784, 37, 8])));
    passed(&good);
    let standing = |feedback: &latent::exercise::Feedback| {
        let evidence = feedback.evidence();
        evidence.last().unwrap().1.clone()
    };
    assert!(
        standing(&good).contains("-> yours now: 784-37-8 ReLU"),
        "{good}"
    );
    assert!(standing(&good).contains("PCA, 8 components"), "{good}");

    let flat = Design {
        learning_rate: 1e-6,
        ..design(&[784, 16, 8])
    };
    let flat = check_design_on(&board, &Some(flat));
    not_yet(&flat, "not clearly better than the mean image");
    let wild = Design {
        learning_rate: 0.1,
        ..design(&[784, 16, 8])
    };
    not_yet(&check_design_on(&board, &Some(wild)), "Try 0.002");
    assert!(standing(&flat).contains("yours before: 784-37-8"), "{flat}");
    let linear = Design {
        activation: Activation::Identity,
        batch_size: 256,
        ..design(&[784, 30, 8])
    };
    not_yet(&check_design_on(&board, &Some(linear)), "one linear layer");
    let slow = Design {
        learning_rate: 1e-3,
        batch_size: 128,
        ..design(&[784, 36, 8])
    };
    not_yet(&check_design_on(&board, &Some(slow)), "still falling");
    let shallow = check_design_on(&board, &Some(design(&[784, 8])));
    not_yet(&shallow, "Your design has no hidden layer");
    assert_eq!(fs::read_to_string(&board).unwrap().lines().count(), 6);

    // The same design again is the same try, and a damaged line is passed over.
    fs::write(&board, "nonsense\n0.5\t784-9-8 of old\n").unwrap();
    let again = check_design_on(&board, &Some(design(&[784, 37, 8])));
    assert_eq!(again.outcome(), Outcome::Passed);
    assert!(standing(&again).contains("784-9-8 of old"), "{again}");
    assert_eq!(fs::read_to_string(&board).unwrap().lines().count(), 2);
    fs::remove_file(&board).unwrap();

    let nowhere = std::env::temp_dir().join("latent-no-such-folder/board.tsv");
    let unkept = check_design_on(&nowhere, &Some(design(&[784, 37, 8])));
    assert_eq!(unkept.outcome(), Outcome::Passed);
    assert!(unkept.message().contains("could not be saved"), "{unkept}");
}

#[test]
fn overfit() {
    not_attempted(&check_overfit(None));
    for losses in [
        [0.0124, 0.0485],
        [0.0254, 0.0510],
        [0.0052, 0.0530],
        [0.0021, 0.0710],
    ] {
        let feedback = check_overfit(Some(losses));
        passed(&feedback);
        assert_eq!(feedback.evidence().len(), 3);
    }
    for (losses, word) in [
        ([0.0485, 0.0124], "swap them"),
        ([0.0676, 0.0655], "hardly learned"),
        ([0.0660, 0.1400], "hardly learned"),
        ([0.0523, 0.0525], "close together"),
        ([0.0525, 0.0523], "close together"),
        ([0.0467, 0.0616], "There is a generalisation gap"),
        ([0.0020, 0.0090], "copied it in full"),
        ([5.23, 5.25], "mean squared error per pixel"),
        ([0.0, 0.05], "not two losses"),
        ([-0.01, 0.05], "not two losses"),
        ([0.05, f64::NAN], "not two losses"),
        ([0.05, f64::INFINITY], "not two losses"),
    ] {
        not_yet(&check_overfit(Some(losses)), word);
    }
}

#[test]
fn dead_units() {
    not_attempted(&check_dead_units(None));
    for counts in [[46, 46], [58, 58], [43, 44], [51, 50], [40, 40]] {
        passed(&check_dead_units(Some(counts)));
    }
    for (counts, word) in [
        ([13, 12], "the number of the encoder"),
        ([26, 26], "fewer than forty"),
        ([37, 37], "smaller mini-batches"),
        ([0, 0], "No unit is dead"),
        ([63, 62], "Saturated units"),
        ([64, 64], "Saturated units"),
        ([46, 0], "started from the beginning"),
        ([46, 26], "started from the beginning"),
        ([46, 52], "went on dying"),
        ([128, 128], "64 units"),
        ([46, usize::MAX], "64 units"),
    ] {
        not_yet(&check_dead_units(Some(counts)), word);
    }
}
