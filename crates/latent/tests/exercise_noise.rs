//! Lesson 10: each check against the stub, two solutions, and the usual mistakes.

mod common;

use common::{not_attempted, not_yet, passed, prediction_by_letter};
use latent::exercise::noise::{
    Corruption, DenoisingStep, RocPoint, check_active_share, check_add_noise, check_auc,
    check_denoising_step, check_mask, check_pca_against_noise, check_roc_point, check_threshold,
};
use latent::prelude::*;

type Vector = Array1<f32>;
type Matrix = Array2<f32>;

/// Normal noise (n, d).
fn normal(images: &Matrix, mean: f32, sd: f32, seed: u64) -> Result<Matrix> {
    random::normal(images.nrows(), images.ncols(), mean, sd, seed)
}

/// Uniform numbers (n, d).
fn uniform(images: &Matrix, seed: u64) -> Result<Matrix> {
    random::uniform(images.nrows(), images.ncols(), 0.0, 1.0, seed)
}

#[test]
fn add_noise() {
    not_attempted(&check_add_noise(|_, _, _| todo!()));
    passed(&check_add_noise(|x, sd, seed| {
        let (n, d) = x.dim();
        Ok(x + &random::normal(n, d, 0.0, sd, seed)?)
    }));
    // Scaled afterwards, with another draw.
    passed(&check_add_noise(|x, sd, seed| {
        Ok(x - normal(x, 0.0, 1.0, seed + 5)? * sd)
    }));
    for (wrong, word) in [
        ((|x, _, _| Ok(x.clone())) as Corruption, "as they were"),
        (
            |x, sd, seed| Ok(x * &normal(x, 1.0, sd, seed)?),
            "multiplied",
        ),
        (
            |x, sd, seed| Ok((x + &normal(x, 0.0, sd, seed)?).mapv(|v| v.clamp(0.0, 1.0))),
            "you cut off",
        ),
        (
            |x, sd, seed| Ok((x + &normal(x, 0.0, sd, seed)?).mapv(|v| v.max(0.0))),
            "negative as often",
        ),
        (
            |x, sd, seed| Ok(x + &normal(x, 0.0, sd, seed)?.mapv(f32::abs)),
            "without `abs`",
        ),
        (
            |x, sd, seed| Ok(x + &random::normal(x.nrows(), 1, 0.0, sd, seed)?),
            "All pixels of an image",
        ),
        (
            |x, sd, seed| Ok(x + &random::normal(1, x.ncols(), 0.0, sd, seed)?),
            "All images got the same",
        ),
        (|x, sd, seed| normal(x, 0.0, sd, seed), "the noise alone"),
        (
            |x, sd, seed| Ok(normal(x, 0.0, sd, seed)? - x),
            "wrong sign",
        ),
        (
            |x, sd, seed| Ok(x + &normal(x, sd, 0.0, seed)?),
            "the same number to every pixel",
        ),
        (
            |x, sd, seed| Ok(x + &normal(x, sd, 1.0, seed)?),
            "the mean comes before",
        ),
        (
            |x, sd, seed| Ok(x + &(uniform(x, seed)? * sd)),
            "None of your pixels",
        ),
        (
            |x, sd, seed| Ok(x + &normal(x, 0.0, sd * sd, seed)?),
            "you used its square",
        ),
        (
            |x, sd, seed| Ok(x + &normal(x, 0.0, sd.sqrt(), seed)?),
            "the root of `sd`",
        ),
        (
            |x, _, seed| Ok(x + &normal(x, 0.0, 1.0, seed)?),
            "standard deviation of 1",
        ),
        (
            |x, sd, seed| Ok(x + &((uniform(x, seed)? * 2.0 - 1.0) * sd)),
            "uniform noise",
        ),
        (
            |x, sd, seed| Ok(x + &((uniform(x, seed)? * 2.0 - 1.0) * sd * 3.0_f32.sqrt())),
            "not normal",
        ),
        (
            |x, sd, seed| Ok(x + &normal(x, 0.0, sd * 2.0, seed)?),
            "does not have the standard deviation",
        ),
        (
            |x, _, seed| Ok(x + &normal(x, 0.0, 0.4, seed)?),
            "`sd = 0.0`",
        ),
        (
            |x, sd, _| Ok(x + &normal(x, 0.0, sd, 1)?),
            "same for each seed",
        ),
        (
            |x, sd, seed| random::normal(x.ncols(), x.nrows(), 0.0, sd, seed),
            "another shape",
        ),
        (
            |x, sd, seed| Ok(x + &random::normal(x.ncols(), x.nrows(), 0.0, sd, seed)?),
            "as many numbers as there are pixels",
        ),
        (
            |x, sd, seed| Ok(x + &normal(x, 0.0, -sd, seed)?),
            "stopped with an error",
        ),
        (|x, _, _| Ok(x / 0.0), "infinity"),
    ] {
        not_yet(&check_add_noise(wrong), word);
    }
}

#[test]
fn mask() {
    /// Each pixel and its random number, to what becomes of the pixel.
    fn with(x: &Matrix, seed: u64, rule: impl Fn(f32, f32) -> f32) -> Result<Matrix> {
        let u = uniform(x, seed)?;
        Ok(Matrix::from_shape_fn(x.dim(), |at| rule(x[at], u[at])))
    }
    not_attempted(&check_mask(|_, _, _| todo!()));
    passed(&check_mask(|x, p, seed| {
        let (n, d) = x.dim();
        let keep = random::uniform(n, d, 0.0, 1.0, seed)?.mapv(|u| if u < p { 0.0 } else { 1.0 });
        Ok(x * &keep)
    }));
    passed(&check_mask(|x, p, seed| {
        with(x, seed + 9, |x, u| if u > 1.0 - p { 0.0 } else { x })
    }));
    for (wrong, word) in [
        (
            (|x, _, _| Ok(x.clone())) as Corruption,
            "no pixel was masked",
        ),
        (
            |x, p, seed| with(x, seed, |_, u| if u < p { 0.0 } else { 1.0 }),
            "the mask itself",
        ),
        (
            |x, p, seed| with(x, seed, |x, u| if u < p { 0.0 } else { x / (1.0 - p) }),
            "divided the pixels that are left",
        ),
        (
            |x, p, seed| with(x, seed, |x, u| if u < p { 1.0 } else { x }),
            "full ink",
        ),
        (|x, _, seed| with(x, seed, |x, u| x * u), "neither 0"),
        (|x, p, _| Ok(x * (1.0 - p)), "neither 0"),
        (
            |x, p, seed| {
                let u = random::uniform(x.nrows(), 1, 0.0, 1.0, seed)?;
                Ok(x * &u.mapv(|u| if u < p { 0.0 } else { 1.0 }))
            },
            "Whole images",
        ),
        (
            |x, p, seed| {
                let u = random::uniform(1, x.ncols(), 0.0, 1.0, seed)?;
                Ok(x * &u.mapv(|u| if u < p { 0.0 } else { 1.0 }))
            },
            "The same pixels",
        ),
        (
            |x, p, seed| with(x, seed, |x, u| if u < p { x } else { 0.0 }),
            "the other way round",
        ),
        (
            |x, p, seed| with(x, seed, |x, u| if u < p / 2.0 { 0.0 } else { x }),
            "is not `p`",
        ),
        (
            |x, _, seed| with(x, seed, |x, u| if u < 0.3 { 0.0 } else { x }),
            "`p = 0.0`",
        ),
        (
            |x, p, seed| with(x, seed, |x, u| if u < p && u < 0.9 { 0.0 } else { x }),
            "`p = 1.0`",
        ),
        (
            |x, p, _| with(x, 1, |x, u| if u < p { 0.0 } else { x }),
            "same for each seed",
        ),
        (
            |x, p, seed| random::uniform(x.ncols(), 1, 0.0, p, seed),
            "another shape",
        ),
        (
            |x, p, seed| random::uniform(x.nrows(), x.ncols(), p, 0.0, seed),
            "error",
        ),
    ] {
        not_yet(&check_mask(wrong), word);
    }
    let shown = check_mask(|x, p, seed| with(x, seed, |x, u| if u < p { x } else { 0.0 }));
    assert!(
        shown.evidence()[2].1.starts_with("a share of 0.7"),
        "{shown}"
    );
}

#[test]
fn denoising_step() {
    not_attempted(&check_denoising_step(|_, _, _, _| todo!()));
    passed(&check_denoising_step(|net, trainer, clean, noisy| {
        trainer.step(net, noisy, clean)
    }));
    passed(&check_denoising_step(|net, trainer, clean, noisy| {
        let (inputs, targets) = (noisy.clone(), clean.to_owned());
        let loss = trainer.step(net, &inputs, &targets)?;
        Ok(loss)
    }));
    for (wrong, word) in [
        (
            (|net, trainer, clean, _| trainer.step(net, clean, clean)) as DenoisingStep,
            "never sees any noise",
        ),
        (
            |net, trainer, _, noisy| trainer.step(net, noisy, noisy),
            "asked to reproduce the noise",
        ),
        (
            |net, trainer, clean, noisy| trainer.step(net, clean, noisy),
            "changed places",
        ),
        (|_, _, _, _| Ok(0.5), "No step"),
        (
            |net, trainer, clean, noisy| trainer.validate(net, (noisy, clean)),
            "only measures",
        ),
        (
            |net, trainer, clean, noisy| {
                trainer.step(net, clean, clean)?;
                trainer.step(net, noisy, clean)
            },
            "two steps",
        ),
        (
            |net, trainer, clean, noisy| {
                trainer.step(net, noisy, clean)?;
                Ok(0.0)
            },
            "Return its loss",
        ),
        (
            |net, trainer, clean, noisy| {
                trainer.step(net, noisy, clean)?;
                trainer.step(net, noisy, clean)
            },
            "not the expected one",
        ),
        (
            |net, trainer, clean, noisy| trainer.step(net, &noisy.t(), clean),
            "stopped with an error",
        ),
        (|_, _, _, _| panic!("a bad day"), "a bad day"),
    ] {
        not_yet(&check_denoising_step(wrong), word);
    }
}

#[test]
fn pca_against_noise() {
    prediction_by_letter(
        check_pca_against_noise,
        'b',
        &[
            ('a', "does not come second"),
            ('c', "a strong rival"),
            ('d', "if the images are clean"),
        ],
    );
}

#[test]
fn active_share() {
    not_attempted(&check_active_share(|_| todo!()));
    passed(&check_active_share(|codes| {
        codes.iter().filter(|&&z| z > 0.0).count() as f32 / codes.len() as f32
    }));
    passed(&check_active_share(|codes| {
        codes
            .mapv(|z| if z > 0.0 { 1.0 } else { 0.0 })
            .mean()
            .unwrap()
    }));
    fn count(codes: &Matrix, holds: fn(f32) -> bool) -> f32 {
        codes.iter().filter(|z| holds(**z)).count() as f32
    }
    for (wrong, word) in [
        (
            (|z| count(z, |z| z <= 0.0) / z.len() as f32) as fn(&Matrix) -> f32,
            "silent",
        ),
        (
            |z| count(z, |z| z > 0.0) / z.nrows() as f32,
            "number of active units in a sample",
        ),
        (
            |z| count(z, |z| z > 0.0) / z.ncols() as f32,
            "number of units only",
        ),
        (|z| count(z, |z| z > 0.0), "all samples together"),
        (
            |z| count(z, |z| z != 0.0) / z.len() as f32,
            "a negative one does not count",
        ),
        (
            |z| count(z, |z| z >= 0.0) / z.len() as f32,
            "`>` instead of `>=`",
        ),
        (|z| z.mean().unwrap(), "mean activation"),
        (|z| z.mapv(f32::abs).mean().unwrap(), "L1 penalty"),
        (
            |z| {
                let used = z.columns().into_iter();
                used.filter(|c| c.iter().any(|&z| z > 0.0)).count() as f32 / z.ncols() as f32
            },
            "at least one sample",
        ),
        (
            |z| 100.0 * count(z, |z| z > 0.0) / z.len() as f32,
            "100.0 times",
        ),
        (|_| f32::NAN, "NaN"),
    ] {
        not_yet(&check_active_share(wrong), word);
    }
}

/// The share of errors that pass a test.
fn share(errors: &Vector, threshold: f32, test: fn(f32, f32) -> bool) -> f32 {
    errors.iter().filter(|e| test(**e, threshold)).count() as f32 / errors.len() as f32
}

fn above(error: f32, threshold: f32) -> bool {
    error > threshold
}

#[test]
fn roc_point() {
    not_attempted(&check_roc_point(|_, _, _| todo!()));
    passed(&check_roc_point(|normal, anomalies, threshold| {
        array![
            share(normal, threshold, above),
            share(anomalies, threshold, above)
        ]
    }));
    passed(&check_roc_point(|normal, anomalies, threshold| {
        let (mut false_alarms, mut detected) = (0.0, 0.0);
        for &error in normal {
            if error > threshold {
                false_alarms += 1.0;
            }
        }
        for &error in anomalies {
            if error > threshold {
                detected += 1.0;
            }
        }
        array![
            false_alarms / normal.len() as f32,
            detected / anomalies.len() as f32
        ]
    }));
    fn both(n: &Vector, a: &Vector, t: f32, test: fn(f32, f32) -> bool) -> Vector {
        array![share(n, t, test), share(a, t, test)]
    }
    fn counts(n: &Vector, a: &Vector, t: f32) -> Vector {
        array![
            share(n, t, above) * n.len() as f32,
            share(a, t, above) * a.len() as f32
        ]
    }
    for (wrong, word) in [
        (
            (|n, a, t| both(a, n, t, above)) as RocPoint,
            "changed places",
        ),
        (
            |n, a, t| both(n, a, t, |e, t| e >= t),
            "equal to the threshold",
        ),
        (|n, a, t| both(n, a, t, |e, t| e < t), "below the threshold"),
        (|n, a, t| both(n, a, t, |e, t| e <= t), "raise no alarm"),
        (counts, "numbers of samples"),
        (
            |n, a, t| counts(n, a, t) / (n.len() + a.len()) as f32,
            "number of all samples",
        ),
        (
            |n, a, t| counts(n, a, t) / n.len() as f32,
            "number of normal samples",
        ),
        (
            |n, a, t| counts(n, a, t) / counts(n, a, t).sum(),
            "number of alarms",
        ),
        (
            |n, a, t| array![share(n, t, above), 1.0 - share(a, t, above)],
            "missed",
        ),
        (|n, a, t| both(n, a, t, above) * 100.0, "percents"),
        (|n, _, t| array![share(n, t, above)], "shape"),
        (|n, a, t| both(n, a, t, |_, _| true), "on paper"),
    ] {
        not_yet(&check_roc_point(wrong), word);
    }
}

#[test]
fn auc() {
    fn pairs(normal: &Vector, anomalies: &Vector, tie: f32) -> f32 {
        let mut sum = 0.0;
        for a in anomalies {
            for n in normal {
                if a > n {
                    sum += 1.0;
                } else if a == n {
                    sum += tie;
                }
            }
        }
        sum
    }
    fn area(normal: &Vector, anomalies: &Vector, tie: f32) -> f32 {
        pairs(normal, anomalies, tie) / (normal.len() * anomalies.len()) as f32
    }
    not_attempted(&check_auc(|_, _| todo!()));
    passed(&check_auc(|n, a| area(n, a, 0.5)));
    // By the trapezoids under the curve.
    passed(&check_auc(|normal, anomalies| {
        let mut thresholds: Vec<f32> = normal.iter().chain(anomalies).copied().collect();
        thresholds.sort_by(|a, b| b.total_cmp(a));
        let (mut x, mut y, mut sum) = (0.0, 0.0, 0.0);
        for threshold in thresholds {
            let next = (
                share(normal, threshold, |e, t| e >= t),
                share(anomalies, threshold, |e, t| e >= t),
            );
            sum += (next.0 - x) * (next.1 + y) / 2.0;
            (x, y) = next;
        }
        sum
    }));
    for (wrong, word) in [
        (
            (|n, a| area(a, n, 0.5)) as fn(&Vector, &Vector) -> f32,
            "wrong way round",
        ),
        (|n, a| area(n, a, 1.0), "a tie as 1"),
        (|n, a| area(n, a, 0.0), "a tie as 0"),
        (|n, a| pairs(n, a, 0.5), "number of pairs in which"),
        (
            |n, a| pairs(n, a, 0.5) / (n.len() + a.len()) as f32,
            "number of samples",
        ),
        (
            |n, a| pairs(n, a, 0.5) / n.len() as f32,
            "normal samples only",
        ),
        (|n, a| pairs(n, a, 0.5) / a.len() as f32, "anomalies only"),
        (
            |n, a| a.mean().unwrap() - n.mean().unwrap(),
            "mean difference",
        ),
        (
            |n, a| {
                let largest = n.fold(0.0, |m: f32, &x| m.max(x));
                share(a, largest, above)
            },
            "above all normal ones",
        ),
        (
            |n, a| {
                let length = n.len().min(a.len());
                let short = |x: &Vector| x.slice(s![..length]).to_owned();
                let (n, a) = (short(n), short(a));
                let of = |i: usize| {
                    pairs(
                        &n.slice(s![i..=i]).to_owned(),
                        &a.slice(s![i..=i]).to_owned(),
                        0.5,
                    )
                };
                (0..length).map(of).sum::<f32>() / length as f32
            },
            "one normal sample only",
        ),
        (|n, a| (a - n).sum(), "differ in length"),
        (|_, _| 0.5, "on paper"),
    ] {
        not_yet(&check_auc(wrong), word);
    }
}

#[test]
fn threshold() {
    fn sorted(errors: &Vector) -> Vec<f32> {
        let mut sorted = errors.to_vec();
        sorted.sort_by(f32::total_cmp);
        sorted
    }
    type Threshold = fn(&Vector, &Vector, f32) -> f32;
    not_attempted(&check_threshold(|_, _, _| todo!()));
    passed(&check_threshold(|validation, _, share| {
        let sorted = sorted(validation);
        let allowed = (share * sorted.len() as f32) as usize;
        sorted[sorted.len() - 1 - allowed]
    }));
    // The largest comes first.
    passed(&check_threshold(|validation, _, share| {
        let mut errors = validation.to_vec();
        errors.sort_by(|a, b| b.total_cmp(a));
        errors[(share * validation.len() as f32).floor() as usize]
    }));
    passed(&check_threshold(|validation, _, share| {
        let sorted = sorted(validation);
        sorted[((1.0 - share) * sorted.len() as f32).ceil() as usize - 1]
    }));
    fn of(errors: &Vector, share: f32) -> f32 {
        let sorted = sorted(errors);
        sorted[sorted.len() - 1 - (share * sorted.len() as f32) as usize]
    }
    for (wrong, word) in [
        (
            (|_, a, share| of(a, share)) as Threshold,
            "on the anomalies",
        ),
        (
            |v, a, share| of(&v.iter().chain(a).copied().collect(), share),
            "into one list",
        ),
        (
            |v, a, _| (v.mean().unwrap() + a.mean().unwrap()) / 2.0,
            "halfway",
        ),
        (
            |v, _, share| sorted(v)[(share * v.len() as f32) as usize],
            "wrong end",
        ),
        (
            |v, _, share| sorted(v)[((1.0 - share) * v.len() as f32).ceil() as usize],
            "one error fewer",
        ),
        (
            |v, _, _| v.fold(0.0, |m: f32, &x| m.max(x)),
            "no false alarm",
        ),
        (
            |v, _, share| v[v.len() - 1 - (share * v.len() as f32) as usize],
            "not sorted",
        ),
        (
            |v, _, share| (1.0 - share) * v.fold(0.0, |m: f32, &x| m.max(x)),
            "share of the largest",
        ),
        (
            |v, _, _| v.mean().unwrap() + 2.0 * v.std(0.0),
            "standard deviations",
        ),
        (|v, _, _| sorted(v)[v.len()], "position n - 1"),
        (|_, _, share| share, "on paper"),
    ] {
        not_yet(&check_threshold(wrong), word);
    }
}
