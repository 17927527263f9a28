//! Bad input gets an error or a finite answer: no public function panics or returns NaN in silence.
//!
//! `functions` lists what takes arrays; a test reads the sources and fails if one is missing.

use latent::ndarray::Array1;
use latent::prelude::*;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// What a function answered, to be looked at for NaN and infinity.
enum Answer {
    Numbers(Vec<f64>),
    Text(String),
}
use Answer::{Numbers, Text};

impl Answer {
    fn is_finite(&self) -> bool {
        match self {
            Numbers(numbers) => numbers.iter().all(|number| number.is_finite()),
            Text(text) => !text.contains("NaN") && !text.contains("inf "),
        }
    }
}

fn numbers(array: Array2<f32>) -> Answer {
    Numbers(array.iter().map(|&x| f64::from(x)).collect())
}

fn counts(array: impl IntoIterator<Item = usize>) -> Answer {
    Numbers(array.into_iter().map(|x| x as f64).collect())
}

fn good(n: usize, d: usize) -> Array2<f32> {
    Array2::from_shape_fn((n, d), |(i, j)| {
        0.5 + 0.5 * ((i * (2 * j + 3) + j) as f32).sin()
    })
}

fn pca() -> Pca {
    Pca::fit(&good(12, 4), 2).unwrap()
}

fn network() -> Autoencoder {
    Autoencoder::new(&[4, 3, 2], Activation::Relu, 1).unwrap()
}

fn vae() -> Vae {
    Vae::new(&[4, 3, 2], Activation::Relu, 1).unwrap()
}

fn knn() -> KnnClassifier {
    KnnClassifier::fit(&good(12, 4), &labels(12), 3).unwrap()
}

fn labels(n: usize) -> Array1<usize> {
    Array1::from_shape_fn(n, |i| i % 3)
}

fn angles(n: usize) -> Array1<f32> {
    Array1::from_shape_fn(n, |i| i as f32)
}

fn angles_of(array: Array1<f32>) -> Answer {
    Numbers(array.iter().map(|&x| f64::from(x)).collect())
}

fn quiet() -> TrainConfig {
    TrainConfig {
        epochs: 2,
        batch_size: 4,
        progress: false,
        ..TrainConfig::default()
    }
}

/// A public function with one argument left open, and the width that fits there.
type Function = (
    &'static str,
    usize,
    fn(&Array2<f32>) -> Result<Answer, latent::Error>,
);

fn functions() -> Vec<Function> {
    vec![
        ("encode", 4, |x| pca().encode(x).map(numbers)),
        ("decode", 2, |x| pca().decode(x).map(numbers)),
        ("reconstruct", 4, |x| pca().reconstruct(x).map(numbers)),
        ("reconstruction_error", 4, |x| {
            Ok(Numbers(vec![pca().reconstruction_error(x)?]))
        }),
        ("encode", 4, |x| network().encode(x).map(numbers)),
        ("decode", 2, |x| network().decode(x).map(numbers)),
        ("reconstruct", 4, |x| network().reconstruct(x).map(numbers)),
        ("reconstruction_error", 4, |x| {
            Ok(Numbers(vec![network().reconstruction_error(x)?]))
        }),
        ("fit", 4, |x| {
            let pca = Pca::fit(x, 1)?;
            let mut found: Vec<f64> = pca.explained_variance().to_vec();
            found.extend(pca.components().iter().map(|&w| f64::from(w)));
            found.extend(pca.explained_variance_ratio());
            Ok(Numbers(found))
        }),
        ("fit", 4, |x| {
            let history = network().fit(x, &good(6, 4), &quiet())?;
            Ok(Numbers(history.train_loss))
        }),
        ("fit", 4, |x| {
            let history = network().fit(&good(6, 4), x, &quiet())?;
            Ok(Numbers(history.validation_loss))
        }),
        ("encode", 4, |x| vae().encode(x).map(numbers)),
        ("decode", 2, |x| vae().decode(x).map(numbers)),
        ("reconstruction_error", 4, |x| {
            Ok(Numbers(vec![vae().reconstruction_error(x)?]))
        }),
        ("posterior", 4, |x| {
            let (mean, log_var) = vae().posterior(x)?;
            let all = mean.iter().chain(&log_var);
            Ok(Numbers(all.map(|&value| f64::from(value)).collect()))
        }),
        ("elbo", 4, |x| {
            let elbo = vae().elbo(x, Loss::MeanSquaredError, 1)?;
            let all = elbo.reconstruction.iter().chain(&elbo.kl);
            Ok(Numbers(all.chain(&elbo.elbo).copied().collect()))
        }),
        ("fit", 4, |x| {
            let vae = vae().with_output_activation(Activation::Identity);
            let history = vae.clone().fit(x, &good(6, 4), &quiet())?;
            Ok(Numbers(history.train_loss))
        }),
        ("fit", 4, |x| {
            let vae = vae().with_output_activation(Activation::Identity);
            let history = vae.clone().fit(&good(6, 4), x, &quiet())?;
            Ok(Numbers(history.validation_loss))
        }),
        ("fit_pairs", 4, |x| {
            let pairs = (&good(6, 4) as &dyn Matrix, &good(6, 4) as &dyn Matrix);
            let history = vae().fit_pairs((x, &good(12, 4)), pairs, &quiet())?;
            Ok(Numbers(history.train_loss))
        }),
        ("step", 4, |x| {
            let mut vae = vae();
            let mut trainer = Trainer::new(&vae, quiet())?;
            Ok(Numbers(vec![trainer.step(&mut vae, x, x)?]))
        }),
        ("principal_angles", 4, |x| {
            let angles = latent::pca::principal_angles(&good(2, 4), x)?;
            Ok(Numbers(angles.to_vec()))
        }),
        ("forward", 4, |x| {
            network().network().forward(x).map(numbers)
        }),
        ("trace", 4, |x| {
            Ok(numbers(network().network().trace(x)?.output().clone()))
        }),
        ("fit", 4, |x| {
            let knn = KnnClassifier::fit(x, &labels(x.nrows()), 1)?;
            Ok(counts(knn.predict(&good(3, x.ncols()))?))
        }),
        ("predict", 4, |x| Ok(counts(knn().predict(x)?))),
        ("accuracy", 4, |x| {
            Ok(Numbers(vec![knn().accuracy(x, &labels(x.nrows()))?]))
        }),
        ("confusion_matrix", 4, |x| {
            Ok(counts(knn().confusion_matrix(x, &labels(x.nrows()))?))
        }),
        ("neighbours", 4, |x| {
            Ok(counts(latent::readout::neighbours(x, &good(3, 4), 1)?))
        }),
        ("neighbours", 4, |x| {
            Ok(counts(latent::readout::neighbours(&good(3, 4), x, 1)?))
        }),
        ("accuracy_by_labels", 4, |x| {
            let (known, new) = (labels(x.nrows()), labels(6));
            let all =
                latent::readout::accuracy_by_labels((x, &known), (&good(6, 4), &new), 1, &[1], 0)?;
            Ok(Numbers(all.into_iter().map(|(_, share)| share).collect()))
        }),
        ("fit", 4, |x| {
            let decoder = KnnAngles::fit(x, &angles(x.nrows()), 1)?;
            Ok(angles_of(decoder.predict(&good(3, x.ncols()))?))
        }),
        ("predict", 4, |x| {
            let decoder = KnnAngles::fit(&good(12, 4), &angles(12), 3)?;
            Ok(angles_of(decoder.predict(x)?))
        }),
        ("mean_error", 4, |x| {
            let decoder = KnnAngles::fit(&good(12, 4), &angles(12), 3)?;
            Ok(Numbers(vec![decoder.mean_error(x, &angles(x.nrows()))?]))
        }),
        ("ring_angles", 2, |x| {
            Ok(angles_of(latent::readout::ring_angles(
                x,
                &angles(x.nrows()),
            )?))
        }),
        ("mean_of", 4, |x| {
            Ok(numbers(
                Constant::mean_of(x)?.reconstruct(&good(3, x.ncols()))?,
            ))
        }),
        ("encode", 4, |x| {
            Constant::mean_of(&good(12, 4))?.encode(x).map(numbers)
        }),
        ("decode", 1, |x| {
            Constant::mean_of(&good(12, 4))?.decode(x).map(numbers)
        }),
        ("encode", 4, |x| {
            Rotated::new(pca(), 50.0)?.encode(x).map(numbers)
        }),
        ("decode", 2, |x| {
            Rotated::new(pca(), 50.0)?.decode(x).map(numbers)
        }),
        ("encode", 4, |x| Identity::new(4).encode(x).map(numbers)),
        ("decode", 4, |x| Identity::new(4).decode(x).map(numbers)),
        ("encode", 4, |x| Bent::new(pca()).encode(x).map(numbers)),
        ("decode", 2, |x| Bent::new(pca()).decode(x).map(numbers)),
        ("accuracy_over_draws", 4, |x| {
            let known = labels(x.nrows());
            let test = (&good(6, 4) as &dyn Matrix, &labels(6) as _);
            let all = latent::readout::accuracy_over_draws((x, &known), test, 1, &[1], 2)?;
            Ok(Numbers(all.into_iter().collect()))
        }),
        ("fit", 4, |x| {
            let knn = latent::readout::KnnRegressor::fit(x, &good(12, 2), 3)?;
            knn.predict(&good(3, x.ncols())).map(numbers)
        }),
        ("fit", 4, |x| {
            let knn = latent::readout::KnnRegressor::fit(&good(12, 3), x, 3)?;
            knn.predict(&good(3, 3)).map(numbers)
        }),
        ("predict", 4, |x| {
            let knn = latent::readout::KnnRegressor::fit(&good(12, 4), &good(12, 2), 3)?;
            knn.predict(x).map(numbers)
        }),
        ("backward", 4, |x| {
            let network = network().network().clone();
            let trace = network.trace(&good(12, 4))?;
            Ok(numbers(network.backward(x, &trace, &good(12, 4))?.input))
        }),
        ("backward", 4, |x| {
            let network = network().network().clone();
            let trace = network.trace(&good(12, 4))?;
            Ok(numbers(network.backward(&good(12, 4), &trace, x)?.input))
        }),
        ("backward", 4, |x| {
            let layer = network().encoder()[0].linear.clone();
            Ok(numbers(layer.backward(x, &good(12, 3))?.weight))
        }),
        ("argmax", 4, |x| Ok(counts(latent::nn::argmax(x)?))),
        ("value", 4, |x| {
            Ok(Numbers(vec![
                Loss::MeanSquaredError.value(x, &good(12, 4))?,
            ]))
        }),
        ("value", 4, |x| {
            Ok(Numbers(vec![Loss::Poisson.value(&good(12, 4), x)?]))
        }),
        ("gradient", 4, |x| {
            Loss::MeanSquaredError
                .gradient(x, &good(12, 4))
                .map(numbers)
        }),
        ("step", 4, |x| {
            let mut network = network();
            let mut trainer = Trainer::new(&network, quiet())?;
            Ok(Numbers(vec![trainer.step(&mut network, x, x)?]))
        }),
        ("epoch", 4, |x| {
            let mut network = network();
            let mut trainer = Trainer::new(&network, quiet())?;
            trainer.epoch(&mut network, (x, x), (&good(6, 4), &good(6, 4)))?;
            Ok(Numbers(trainer.history().train_loss.clone()))
        }),
        ("run", 4, |x| {
            let mut network = network();
            let mut trainer = Trainer::new(&network, quiet())?;
            trainer.run(&mut network, (x, x), (&good(6, 4), &good(6, 4)))?;
            Ok(Numbers(trainer.history().validation_loss.clone()))
        }),
        ("validate", 4, |x| {
            let network = network();
            let mut trainer = Trainer::new(&network, quiet())?;
            Ok(Numbers(vec![trainer.validate(&network, (x, x))?]))
        }),
        ("fit_pairs", 4, |x| {
            let pairs = (&good(6, 4) as &dyn Matrix, &good(6, 4) as &dyn Matrix);
            let history = network().fit_pairs((x, x), pairs, &quiet())?;
            Ok(Numbers(history.train_loss))
        }),
        ("digits", 4, |x| {
            Ok(Text(figure::digits(x, &labels(x.nrows()))?.to_string()))
        }),
        ("components", 4, |x| {
            Ok(Text(figure::components(x)?.to_string()))
        }),
        ("reconstructions", 4, |x| {
            Ok(Text(
                figure::reconstructions(x, &[("PCA", &pca())])?.to_string(),
            ))
        }),
        ("denoising", 4, |x| {
            Ok(Text(
                figure::denoising(x, &good(12, 4), &[("PCA", &pca())])?.to_string(),
            ))
        }),
        ("denoising", 4, |x| {
            Ok(Text(
                figure::denoising(&good(12, 4), x, &[("PCA", &pca())])?.to_string(),
            ))
        }),
        ("image_rows", 4, |x| {
            Ok(Text(figure::image_rows(&[("images", x)])?.to_string()))
        }),
        ("groups", 2, |x| {
            Ok(Text(figure::groups(&[("points", x)], "t")?.to_string()))
        }),
        ("points", 2, |x| {
            let figure = figure::line(&[0.0, 1.0], &[0.0, 1.0], "t").points("points", x)?;
            Ok(Text(figure.to_string()))
        }),
        ("scatter", 2, |x| {
            Ok(Text(
                figure::scatter(x, &labels(x.nrows()), "t")?.to_string(),
            ))
        }),
        ("glyphs", 2, |x| {
            Ok(Text(
                figure::glyphs(x, &labels(x.nrows()), "t")?.to_string(),
            ))
        }),
        ("scatter_values", 2, |x| {
            let values = vec![1.0; x.nrows()];
            Ok(Text(
                figure::scatter_values(x, &values, "v", "t")?.to_string(),
            ))
        }),
        ("vectors", 2, |x| Ok(Text(figure::vectors(x)?.to_string()))),
        ("heat_map", 4, |x| {
            Ok(Text(
                figure::heat_map(x, (0.0, 1.0), (0.0, 1.0), "t")?.to_string(),
            ))
        }),
        ("activity", 4, |x| {
            Ok(Text(figure::activity(&network(), 0, x)?.to_string()))
        }),
        ("latent_grid", 4, |x| {
            Ok(Text(figure::latent_grid(&pca(), x, 3)?.to_string()))
        }),
        ("traversal", 4, |x| {
            Ok(Text(figure::traversal(&pca(), x, 3)?.to_string()))
        }),
        ("latent_map", 4, |x| {
            let data = Dataset::new(x.clone(), labels(x.nrows()))?;
            Ok(Text(figure::latent_map(&pca(), &data)?.to_string()))
        }),
        ("error_ladder", 4, |x| {
            let data = Dataset::new(x.clone(), labels(x.nrows()))?;
            Ok(Text(
                figure::error_ladder(&[("PCA", &pca())], &data)?.to_string(),
            ))
        }),
        ("explorer", 4, |x| {
            let data = Dataset::new(x.clone(), labels(x.nrows()))?;
            Ok(Text(figure::explorer(&network(), &data)?.to_string()))
        }),
        ("draw_a_digit", 4, |x| {
            let data = Dataset::new(x.clone(), labels(x.nrows()))?;
            Ok(Text(figure::draw_a_digit(&network(), &data)?.to_string()))
        }),
    ]
}

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
                let figure = figure::heat_map(&good(3, 3), range, range, "t")?;
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

/// Public functions that take a matrix, by name.
fn public(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            public(&path, found);
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let code = fs::read_to_string(&path).unwrap();
        let code = code.split("#[cfg(test)]\nmod ").next().unwrap();
        for part in code.split("pub fn ").skip(1) {
            let signature = part.split('{').next().unwrap_or("");
            if signature.contains("&dyn Matrix") {
                found.push(part.split(['(', '<']).next().unwrap_or("").to_owned());
            }
        }
    }
}

#[test]
fn each_public_function_that_takes_a_matrix_is_listed() {
    let mut found = Vec::new();
    public(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert!(found.len() > 15, "{found:?}");
    let listed: Vec<&str> = functions().iter().map(|&(name, ..)| name).collect();
    let missing: Vec<&String> = found
        .iter()
        .filter(|name| !listed.contains(&name.as_str()))
        .collect();
    assert!(missing.is_empty(), "add to `functions`: {missing:?}");
}
