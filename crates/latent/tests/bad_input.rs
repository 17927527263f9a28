//! Bad input gets an error or a finite answer: no public function panics or returns NaN in silence.

mod surface;

use latent::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use surface::{Answer, Text, counts, functions, good, knn, labels, network, numbers, pca, vae};

/// Arrays that nobody means to hand over, each with its name.
fn bad(d: usize) -> Vec<(&'static str, Array2<f32>)> {
    let with = |value: f32| {
        let mut array = good(12, d);
        array[[5, d - 1]] = value;
        array
    };
    vec![
        ("no rows", Array2::zeros((0, d))),
        ("no columns", Array2::zeros((12, 0))),
        ("one row", good(1, d)),
        ("all equal", Array2::ones((12, d))),
        ("too wide", good(12, d + 1)),
        ("too narrow", good(12, d - 1)),
        ("NaN", with(f32::NAN)),
        ("infinity", with(f32::INFINITY)),
        ("minus infinity", with(f32::NEG_INFINITY)),
        ("one huge value", with(1e30)),
        ("the largest value", with(f32::MAX)),
        ("huge values", good(12, d) * 1e30),
        (
            "huge values of both signs",
            (good(12, d) - 0.5) * 3e38 * 2.0,
        ),
    ]
}

/// What is wrong with an answer, if anything.
fn complaint(run: impl FnOnce() -> Result<Answer, latent::Error>) -> Option<String> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            Some(format!("panicked: {text}"))
        }
        Ok(Ok(answer)) if !answer.is_finite() => Some("answered with NaN or infinity".to_owned()),
        Ok(_) => None,
    }
}

#[test]
fn bad_arrays_get_an_error_or_a_finite_answer() {
    let mut complaints = Vec::new();
    for (index, (name, d, function)) in functions().into_iter().enumerate() {
        let fits = good(12, d);
        assert!(
            function(&fits).is_ok() || name == "principal_angles",
            "{index} {name}: {:?}",
            function(&fits).err()
        );
        for (what, array) in bad(d) {
            if let Some(text) = complaint(|| function(&array)) {
                complaints.push(format!("{index} {name}, {what}: {text}"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn numbers_out_of_range_get_an_error_or_a_finite_answer() {
    let (x, y) = (good(12, 4), labels(12));
    let mut complaints = Vec::new();
    for k in [0, 1, 4, 5, 12, 13, usize::MAX] {
        let mut note = |name: &str, found: Option<String>| {
            complaints.extend(found.map(|text| format!("{name}, {k}: {text}")));
        };
        note(
            "Pca::fit",
            complaint(|| Ok(numbers(Pca::fit(&x, k)?.encode(&x)?))),
        );
        note(
            "KnnClassifier::fit",
            complaint(|| Ok(counts(KnnClassifier::fit(&x, &y, k)?.predict(&x)?))),
        );
        note(
            "neighbours",
            complaint(|| Ok(counts(latent::readout::neighbours(&x, &x, k)?))),
        );
        note(
            "neighbour_overlap",
            complaint(|| {
                let overlap = latent::readout::neighbour_overlap(&x, &x, k)?;
                Ok(Text(overlap.to_string()))
            }),
        );
        note(
            "latent_grid",
            complaint(|| Ok(Text(figure::latent_grid(&pca(), &x, k)?.to_string()))),
        );
        note(
            "traversal",
            complaint(|| Ok(Text(figure::traversal(&pca(), &x, k)?.to_string()))),
        );
        note(
            "activity",
            complaint(|| Ok(Text(figure::activity(&network(), k, &x)?.to_string()))),
        );
        note("Vae::sample", complaint(|| vae().sample(k, 1).map(numbers)));
        note(
            "Vae::new",
            complaint(|| {
                let vae = Vae::new(&[4, k], Activation::Relu, 1)?;
                vae.encode(&x).map(numbers)
            }),
        );
        let data = Dataset::new(x.clone(), y.clone()).unwrap();
        note("take", complaint(|| Ok(counts([data.take(k).len()]))));
        note(
            "split",
            complaint(|| Ok(counts([data.split(k, 0)?.0.len()]))),
        );
        note(
            "batches",
            complaint(|| Ok(counts([data.batches(k, 0)?.len()]))),
        );
    }
    for (name, labels) in [
        ("few", labels(3)),
        ("many", labels(13)),
        ("none", labels(0)),
    ] {
        for (function, error) in [
            ("digits", figure::digits(&x, &labels).err()),
            ("fit", KnnClassifier::fit(&x, &labels, 1).err()),
            ("accuracy", knn().accuracy(&x, &labels).err()),
        ] {
            if error.is_none() {
                complaints.push(format!("{function} with {name} labels: no error"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn lines_and_ranges_get_an_error_or_a_finite_answer() {
    let mut complaints = Vec::new();
    for value in [f64::NAN, f64::INFINITY, 1e300, f64::MAX, 0.0] {
        let range = (0.0, value);
        let all = [
            complaint(|| {
                Ok(Text(
                    figure::line(&[0.0, value], &[value, 1.0], "t")?.to_string(),
                ))
            }),
            complaint(|| {
                let figure = figure::heat_map(&good(3, 3), range, range, "t", "u")?;
                Ok(Text(figure.to_string()))
            }),
            complaint(|| {
                let figure = figure::landscape(&|u, v| u * v * value, range, (0.0, 1.0), &[])?;
                Ok(Text(figure.to_string()))
            }),
        ];
        for (name, found) in ["line", "heat_map", "landscape"].into_iter().zip(all) {
            complaints.extend(found.map(|text| format!("{name}, {value:e}: {text}")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn each_public_function_that_takes_a_matrix_is_listed() {
    let missing = surface::missing();
    assert!(
        missing.is_empty(),
        "add to `surface::functions`: {missing:?}"
    );
}
