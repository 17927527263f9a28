//! PCA against scikit-learn's values on MNIST, and on data that is awkward.

use latent::linfa::traits::{Fit, Transformer};
use latent::linfa::{self, DatasetBase};
use latent::prelude::*;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::Value;

/// Samples of full rank with a different spread in each direction.
fn cloud(n: usize, d: usize, seed: u64) -> Array2<f32> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut uniform =
        |shape| Array2::from_shape_simple_fn(shape, || random.gen_range(-1.0..1.0f32));
    let mixing = uniform((d, d));
    uniform((n, d)).dot(&mixing) + 3.0
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs()
}

fn assert_orthonormal(pca: &Pca) {
    let w = pca.components().mapv(f64::from);
    let gram = w.dot(&w.t());
    for ((i, j), &x) in gram.indexed_iter() {
        let expected = if i == j { 1.0 } else { 0.0 };
        assert!((x - expected).abs() < 1e-5, "row {i} times row {j}: {x}");
    }
}

/// The definition, with nothing clever: C v = lambda v, and variances from the largest.
fn assert_right(pca: &Pca, samples: &Array2<f32>) {
    assert_orthonormal(pca);
    let x = samples.mapv(f64::from);
    let x = &x - &x.mean_axis(Axis(0)).unwrap();
    let w = pca.components().mapv(f64::from);
    let variances = pca.explained_variance();
    let scale = x.iter().map(|x| x * x).sum::<f64>() / (x.nrows() - 1) as f64;
    let residual = x.t().dot(&x.dot(&w.t())) / (x.nrows() - 1) as f64 - &w.t() * variances;
    assert!(
        residual.iter().all(|r| r.abs() <= 1e-5 * scale),
        "largest residual {:e} of {scale:e}",
        residual.iter().fold(0.0_f64, |a, r| a.max(r.abs()))
    );
    assert!(
        variances
            .windows(2)
            .into_iter()
            .all(|pair| pair[0] >= pair[1])
    );
    assert!(variances.iter().all(|&v| v >= 0.0));
}

#[test]
fn agrees_with_scikit_learn_on_mnist() {
    let golden: Value = serde_json::from_str(include_str!("golden/pca_mnist.json")).unwrap();
    let mnist = Mnist::load().unwrap();
    let numbers = |value: &Value| -> Vec<f64> {
        value
            .as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_f64().unwrap())
            .collect()
    };
    for k in [1, 2, 8, 32, 128, 784] {
        let row = &golden["by_components"][k.to_string()];
        let pca = Pca::fit(&mnist.train.samples, k).unwrap();
        for (name, ours) in [
            ("explained_variance", pca.explained_variance().to_vec()),
            ("singular_values", pca.singular_values().to_vec()),
        ] {
            for (ours, theirs) in ours.iter().zip(numbers(&row[name])) {
                assert!(
                    close(*ours, theirs, 1e-6),
                    "k = {k}, {name}: {ours} against {theirs}"
                );
            }
        }
        let share = pca.explained_variance_ratio().sum();
        let expected = row["explained_variance_ratio_sum"].as_f64().unwrap();
        assert!(
            close(share, expected, 1e-6),
            "k = {k}: {share} against {expected}"
        );

        let error = pca.reconstruction_error(&mnist.test.samples).unwrap();
        let expected = row["test_mse"].as_f64().unwrap();
        if k < 784 {
            assert!(
                close(error, expected, 1e-6),
                "k = {k}: {error} against {expected}"
            );
        } else {
            assert!(error < 1e-10 && expected < 1e-10, "{error} {expected}");
        }
        assert_orthonormal(&pca);
        // 717 of the 784 pixels vary: linfa's solver runs for up to 717 / 32 components.
        let expected = if k <= 8 { Solver::Lobpcg } else { Solver::Full };
        assert_eq!(pca.solver(), expected, "k = {k}");
    }
    let untaught = golden["mean_image_test_mse"].as_f64().unwrap();
    let one = Pca::fit(&mnist.train.samples, 1).unwrap();
    let apart = &mnist.test.samples - one.mean();
    let ours = apart.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / apart.len() as f64;
    assert!(close(ours, untaught, 1e-6), "{ours} against {untaught}");
}

#[test]
fn each_number_of_components_is_right() {
    let samples = cloud(60, 17, 1);
    for k in 1..=17 {
        assert_right(&Pca::fit(&samples, k).unwrap(), &samples);
    }
}

#[test]
fn fewer_samples_than_features() {
    let samples = cloud(9, 40, 2);
    for k in 1..=9 {
        let pca = Pca::fit(&samples, k).unwrap();
        assert_right(&pca, &samples);
        if k >= 8 {
            assert!(pca.reconstruction_error(&samples).unwrap() < 1e-8);
        }
    }
    let last = Pca::fit(&samples, 9).unwrap();
    assert!(last.explained_variance()[8] < 1e-8);
}

#[test]
fn features_that_never_change_and_features_that_repeat() {
    let mut samples = cloud(50, 12, 3);
    samples.column_mut(4).fill(0.25);
    samples.column_mut(9).fill(-7.0);
    let copy = samples.column(0).to_owned();
    samples.column_mut(11).assign(&copy);
    for k in [1, 5, 9, 10, 11, 12] {
        let pca = Pca::fit(&samples, k).unwrap();
        assert_right(&pca, &samples);
        for component in pca.components().rows().into_iter().take(9) {
            assert_eq!((component[4], component[9]), (0.0, 0.0));
        }
    }
    let all = Pca::fit(&samples, 12).unwrap();
    assert!((all.explained_variance_ratio().sum() - 1.0).abs() < 1e-12);
    assert!(all.reconstruction_error(&samples).unwrap() < 1e-10);
}

#[test]
fn samples_that_are_all_the_same() {
    let samples = Array2::from_elem((5, 3), 0.1);
    let pca = Pca::fit(&samples, 2).unwrap();
    assert_orthonormal(&pca);
    assert_eq!(pca.explained_variance().to_vec(), [0.0, 0.0]);
    assert_eq!(pca.explained_variance_ratio().to_vec(), [0.0, 0.0]);
    assert!(pca.reconstruction_error(&samples).unwrap() < 1e-12);
}

#[test]
fn the_memory_layout_of_the_samples_changes_nothing() {
    let samples = cloud(40, 24, 4);
    let columns_first = samples.t().as_standard_layout().to_owned().reversed_axes();
    assert!(!columns_first.is_standard_layout());
    let mut upside_down = samples.clone();
    upside_down.invert_axis(Axis(0));
    let straight = upside_down.slice(s![..;-1, ..]).to_owned();
    let expected = Pca::fit(&samples, 3).unwrap();
    assert_eq!(Pca::fit(&columns_first, 3).unwrap(), expected);
    assert_eq!(Pca::fit(&straight, 3).unwrap(), expected);
    let mut negative_stride = straight;
    negative_stride.invert_axis(Axis(0));
    let variances = Pca::fit(&negative_stride, 3).unwrap();
    assert!(close(
        variances.explained_variance()[0],
        expected.explained_variance()[0],
        1e-9
    ));
}

#[test]
fn signs_are_fixed_by_the_largest_entry() {
    for seed in 0..5 {
        let pca = Pca::fit(&cloud(50, 16, seed), 16).unwrap();
        for component in pca.components().rows() {
            let largest =
                component.iter().fold(
                    0.0_f32,
                    |best, &x| if x.abs() > best.abs() { x } else { best },
                );
            assert!(largest > 0.0);
        }
    }
}

#[test]
fn data_in_large_or_small_units_keeps_its_shares() {
    let samples = cloud(80, 64, 6);
    let expected = Pca::fit(&samples, 4).unwrap().explained_variance_ratio();
    for unit in [1e-6, 1e6] {
        let shares = Pca::fit(&(&samples * unit), 4)
            .unwrap()
            .explained_variance_ratio();
        for (share, expected) in shares.iter().zip(&expected) {
            assert!(
                close(*share, *expected, 1e-4),
                "{unit}: {share} against {expected}"
            );
        }
    }
}

#[test]
fn encoding_and_decoding_are_projections() {
    let samples = cloud(30, 6, 5);
    let pca = Pca::fit(&samples, 3).unwrap();
    assert_eq!((pca.input_dim(), pca.latent_dim()), (6, 3));
    let codes = pca.encode(&samples).unwrap();
    assert_eq!(codes, pca.transform(&samples).unwrap());
    let again = pca.encode(&pca.decode(&codes).unwrap()).unwrap();
    assert!((codes - again).iter().all(|x| x.abs() < 1e-4));
}

#[test]
fn what_cannot_be_fitted_is_refused_with_its_shape() {
    let samples = cloud(10, 4, 7);
    for (k, samples, words) in [
        (0, samples.clone(), ["got 0", "10", "1 to 4 components"]),
        (
            5,
            samples.clone(),
            ["got 5", "4 features", "1 to 4 components"],
        ),
        (
            4,
            cloud(3, 9, 8),
            ["got 4", "3 samples", "1 to 3 components"],
        ),
        (
            1,
            Array2::zeros((0, 4)),
            ["empty", "0 x 4", "at least one row"],
        ),
        (
            1,
            Array2::zeros((4, 0)),
            ["empty", "4 x 0", "at least one row"],
        ),
        (1, Array2::zeros((1, 4)), ["1 sample ", "too few", "2"]),
    ] {
        let text = Pca::fit(&samples, k).unwrap_err().to_string();
        for word in words {
            assert!(text.contains(word), "{text}");
        }
    }
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut samples = samples.clone();
        samples[[7, 2]] = bad;
        let text = Pca::fit(&samples, 1).unwrap_err().to_string();
        assert!(text.contains("row 7, column 2"), "{text}");
    }
    let pca = Pca::fit(&samples, 2).unwrap();
    for text in [
        pca.encode(&Array2::zeros((2, 5))).unwrap_err().to_string(),
        pca.decode(&Array2::zeros((2, 5))).unwrap_err().to_string(),
    ] {
        assert!(text.contains("got 5"), "{text}");
    }
}

#[test]
fn numbers_near_the_end_of_f32_do_not_panic() {
    let samples = cloud(30, 20, 9);
    for unit in [1e37, 1e-42] {
        let scaled = &samples * unit;
        let pca = Pca::fit(&scaled, 2).unwrap();
        assert!(pca.explained_variance().iter().all(|v| v.is_finite()));
    }
}

#[test]
fn the_solver_is_the_one_of_the_table_on_both_sides_of_each_border() {
    let many = cloud(300, 64, 10);
    for (k, expected) in [(1, Solver::Lobpcg), (2, Solver::Lobpcg), (3, Solver::Full)] {
        let pca = Pca::fit(&many, k).unwrap();
        assert_eq!(pca.solver(), expected, "k = {k}");
        assert_right(&pca, &many);
    }
    for (n, expected) in [(63, Solver::Svd), (64, Solver::Lobpcg)] {
        let samples = cloud(n, 64, 11);
        let pca = Pca::fit(&samples, 2).unwrap();
        assert_eq!(pca.solver(), expected, "n = {n}");
        assert_right(&pca, &samples);
    }
    // Columns that never change do not count.
    let mut some = cloud(300, 64, 12);
    some.slice_mut(s![.., 40..]).fill(1.0);
    assert_eq!(Pca::fit(&some, 1).unwrap().solver(), Solver::Lobpcg);
    assert_eq!(Pca::fit(&some, 2).unwrap().solver(), Solver::Full);
}

#[test]
fn all_solvers_agree() {
    for (n, d) in [(200, 40), (30, 90)] {
        let samples = cloud(n, d, 13);
        let with = |solver| Pca::params(3).solver(solver).fit(&samples).unwrap();
        let full = with(Solver::Full);
        for solver in [Solver::Auto, Solver::Lobpcg, Solver::Svd] {
            let other = with(solver);
            if solver != Solver::Auto {
                assert_eq!(other.solver(), solver);
            }
            let apart = other.components() - full.components();
            assert!(apart.iter().all(|x| x.abs() < 1e-6), "{solver:?}");
            let variances = other.explained_variance().iter();
            for (a, b) in variances.zip(full.explained_variance()) {
                assert!(close(*a, *b, 1e-9), "{solver:?}: {a} and {b}");
            }
            let (a, b) = (
                other.explained_variance_ratio().sum(),
                full.explained_variance_ratio().sum(),
            );
            assert!(close(a, b, 1e-9), "{solver:?}: {a} and {b}");
        }
    }
}

#[test]
fn linfas_solver_as_a_choice_does_not_fall_back_in_silence() {
    let samples = cloud(200, 40, 14);
    let lobpcg = |k: usize| Pca::params(k).solver(Solver::Lobpcg).fit(&samples);
    assert!(lobpcg(8).is_ok());
    let text = lobpcg(9).unwrap_err().to_string();
    assert!(text.contains("9 components of 40 features"), "{text}");
    // Of rank 2: linfa leaves out directions without variance.
    let flat = cloud(200, 2, 15).dot(&cloud(2, 40, 16));
    let fitted = Pca::params(8).solver(Solver::Lobpcg).fit(&flat);
    assert!(
        matches!(fitted, Err(Error::NotConverged { .. })),
        "{fitted:?}"
    );
    assert_right(&Pca::fit(&flat, 8).unwrap(), &flat);
}

#[test]
fn linfas_traits_give_the_same_answers() {
    let samples = cloud(50, 6, 17);
    let labels = Array1::from_shape_fn(50, |row| row % 3);
    let expected = Pca::fit(&samples, 2).unwrap();
    let codes = expected.encode(&samples).unwrap();
    let data = linfa::Dataset::new(samples.clone(), labels.clone());
    let params = Pca::params(2);
    assert_eq!(Fit::fit(&params, &data).unwrap(), expected);
    assert_eq!(Fit::fit(&params, &data.view()).unwrap(), expected);
    let unlabelled = DatasetBase::from(samples.view());
    assert_eq!(Fit::fit(&params, &unlabelled).unwrap(), expected);
    assert_eq!(params.fit(&data).unwrap(), expected);
    assert_eq!(params.fit(&samples).unwrap(), expected);

    assert_eq!(expected.transform(&samples).unwrap(), codes);
    assert_eq!(expected.transform(samples.view()).unwrap(), codes);
    let weights = Array1::from_elem(50, 2.0);
    let transformed = expected
        .transform(data.with_weights(weights.clone()))
        .unwrap();
    assert_eq!(transformed.records, codes);
    assert_eq!(transformed.targets, labels);
    assert_eq!(transformed.weights, weights);
    assert!(expected.transform(Array2::zeros((2, 5))).is_err());
    let wrong = DatasetBase::from(Array2::<f32>::zeros((2, 5)));
    assert!(expected.transform(wrong).is_err());
    assert!(Fit::fit(&Pca::params(7), &unlabelled).is_err());
}

#[test]
fn a_covariance_that_does_not_fit_into_memory_is_refused_at_once() {
    // One column, shown three million times: the array itself takes no memory.
    let column = array![[1.0_f32], [2.0], [4.0]];
    let wide = column.broadcast((3, 3_000_000)).unwrap();
    let fitted = Pca::params(1).solver(Solver::Full).fit(&wide);
    let Err(Error::Memory { needed, .. }) = fitted else {
        panic!("{fitted:?}");
    };
    assert_eq!(needed, 6 * 8 * 3_000_000 * 3_000_000);
}

#[test]
fn nothing_returns_nan_in_silence() {
    let samples = cloud(20, 5, 18);
    let pca = Pca::fit(&samples, 2).unwrap();
    for bad in [f32::NAN, f32::INFINITY] {
        let mut samples = samples.clone();
        samples[[3, 1]] = bad;
        for error in [
            pca.encode(&samples).map(drop).unwrap_err(),
            pca.reconstruct(&samples).map(drop).unwrap_err(),
            pca.reconstruction_error(&samples).map(drop).unwrap_err(),
        ] {
            assert!(error.to_string().contains("row 3"), "{error}");
        }
        let codes = array![[0.0, 1.0], [bad, 0.0]];
        assert!(pca.decode(&codes).is_err());
    }
    // The mean over no sample was NaN.
    assert!(pca.reconstruction_error(&Array2::zeros((0, 5))).is_err());
    assert_eq!(pca.encode(&Array2::zeros((0, 5))).unwrap().dim(), (0, 2));
    for huge in [1e30, f32::MAX] {
        let samples = Array2::from_elem((2, 5), huge);
        let results = [
            pca.encode(&samples).map(|codes| f64::from(codes.sum())),
            pca.reconstruction_error(&samples),
        ];
        assert!(results.into_iter().flatten().all(f64::is_finite));
    }
    for unit in [1e30, 1e-30] {
        for k in [1, 5] {
            let fitted = Pca::fit(&(&samples * unit), k).unwrap();
            assert!(fitted.explained_variance().iter().all(|v| v.is_finite()));
            assert!(
                fitted
                    .explained_variance_ratio()
                    .iter()
                    .all(|v| v.is_finite())
            );
        }
    }
}
