//! The public functions that take a matrix: `functions` lists them all, and a test reads the sources
//! and fails if one is missing.

#![allow(dead_code, reason = "each test needs another part")]

use latent::ndarray::Array1;
use latent::prelude::*;
use std::fs;
use std::path::Path;

/// What a function answered, to be looked at for NaN and infinity, and to be compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Numbers(Vec<f64>),
    Text(String),
}
pub use Answer::{Numbers, Text};

impl Answer {
    pub fn is_finite(&self) -> bool {
        match self {
            Numbers(numbers) => numbers.iter().all(|number| number.is_finite()),
            Text(text) => !text.contains("NaN") && !text.contains("inf "),
        }
    }
}

pub fn numbers(array: Array2<f32>) -> Answer {
    Numbers(array.iter().map(|&x| f64::from(x)).collect())
}

pub fn counts(array: impl IntoIterator<Item = usize>) -> Answer {
    Numbers(array.into_iter().map(|x| x as f64).collect())
}

pub fn good(n: usize, d: usize) -> Array2<f32> {
    Array2::from_shape_fn((n, d), |(i, j)| {
        0.5 + 0.5 * ((i * (2 * j + 3) + j) as f32).sin()
    })
}

pub fn pca() -> Pca {
    Pca::fit(&good(12, 4), 2).unwrap()
}

pub fn network() -> Autoencoder {
    Autoencoder::new(&[4, 3, 2], Activation::Relu, 1).unwrap()
}

pub fn vae() -> Vae {
    Vae::new(&[4, 3, 2], Activation::Relu, 1).unwrap()
}

pub fn knn() -> KnnClassifier {
    KnnClassifier::fit(&good(12, 4), &labels(12), 3).unwrap()
}

pub fn labels(n: usize) -> Array1<usize> {
    Array1::from_shape_fn(n, |i| i % 3)
}

pub fn angles(n: usize) -> Array1<f32> {
    Array1::from_shape_fn(n, |i| i as f32)
}

pub fn angles_of(array: Array1<f32>) -> Answer {
    Numbers(array.iter().map(|&x| f64::from(x)).collect())
}

pub fn quiet() -> TrainConfig {
    TrainConfig {
        epochs: 2,
        batch_size: 4,
        progress: false,
        ..TrainConfig::default()
    }
}

/// A public function with one argument left open, and the width that fits there.
pub type Function = (
    &'static str,
    usize,
    fn(&dyn Matrix) -> Result<Answer, latent::Error>,
);

pub fn functions() -> Vec<Function> {
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
        ("write_npy", 4, |x| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("x.npy");
            latent::data::io::write_npy(&path, x)?;
            latent::data::io::read_npy(&path).map(numbers)
        }),
        ("principal_angles", 4, |x| {
            let angles = latent::pca::principal_angles(&good(2, 4), x)?;
            Ok(Numbers(angles.to_vec()))
        }),
        ("forward", 4, |x| {
            network().network().forward(x).map(numbers)
        }),
        ("forward", 4, |x| {
            network().encoder()[0].forward(x).map(numbers)
        }),
        ("forward", 4, |x| {
            network().encoder()[0].linear.forward(x).map(numbers)
        }),
        ("forward_cached", 4, |x| {
            Ok(numbers(
                network().network().forward_cached(x)?.output().clone(),
            ))
        }),
        ("fit", 4, |x| {
            let knn = KnnClassifier::fit(x, &labels(x.view().nrows()), 1)?;
            Ok(counts(knn.predict(&good(3, x.view().ncols()))?))
        }),
        ("predict", 4, |x| Ok(counts(knn().predict(x)?))),
        ("accuracy", 4, |x| {
            Ok(Numbers(vec![knn().accuracy(x, &labels(x.view().nrows()))?]))
        }),
        ("confusion_matrix", 4, |x| {
            Ok(counts(
                knn().confusion_matrix(x, &labels(x.view().nrows()))?,
            ))
        }),
        ("neighbours", 4, |x| {
            Ok(counts(latent::readout::neighbours(x, &good(3, 4), 1)?))
        }),
        ("neighbours", 4, |x| {
            Ok(counts(latent::readout::neighbours(&good(3, 4), x, 1)?))
        }),
        ("neighbour_overlap", 4, |x| {
            let other = good(x.view().nrows(), 3);
            let overlap = latent::readout::neighbour_overlap(x, &other, 1)?;
            Ok(Numbers(vec![overlap]))
        }),
        ("neighbour_overlap", 4, |x| {
            let other = good(x.view().nrows(), 2);
            let overlap = latent::readout::neighbour_overlap(&other, x, 1)?;
            Ok(Numbers(vec![overlap]))
        }),
        ("accuracy_by_labels", 4, |x| {
            let (known, new) = (labels(x.view().nrows()), labels(6));
            let all =
                latent::readout::accuracy_by_labels((x, &known), (&good(6, 4), &new), 1, &[1], 0)?;
            Ok(Numbers(all.into_iter().map(|(_, share)| share).collect()))
        }),
        ("fit", 4, |x| {
            let decoder = KnnAngles::fit(x, &angles(x.view().nrows()), 1)?;
            Ok(angles_of(decoder.predict(&good(3, x.view().ncols()))?))
        }),
        ("predict", 4, |x| {
            let decoder = KnnAngles::fit(&good(12, 4), &angles(12), 3)?;
            Ok(angles_of(decoder.predict(x)?))
        }),
        ("mean_error", 4, |x| {
            let decoder = KnnAngles::fit(&good(12, 4), &angles(12), 3)?;
            Ok(Numbers(vec![
                decoder.mean_error(x, &angles(x.view().nrows()))?,
            ]))
        }),
        ("ring_angles", 2, |x| {
            Ok(angles_of(latent::readout::ring_angles(
                x,
                &angles(x.view().nrows()),
            )?))
        }),
        ("mean_of", 4, |x| {
            Ok(numbers(
                Constant::mean_of(x)?.reconstruct(&good(3, x.view().ncols()))?,
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
            let known = labels(x.view().nrows());
            let test = (&good(6, 4) as &dyn Matrix, &labels(6) as _);
            let all = latent::readout::accuracy_over_draws((x, &known), test, 1, &[1], 2)?;
            Ok(Numbers(all.into_iter().collect()))
        }),
        ("fit", 4, |x| {
            let knn = latent::readout::KnnRegressor::fit(x, &good(12, 2), 3)?;
            knn.predict(&good(3, x.view().ncols())).map(numbers)
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
            let cache = network.forward_cached(&good(12, 4))?;
            Ok(numbers(network.backward(x, &cache, &good(12, 4))?.input))
        }),
        ("backward", 4, |x| {
            let network = network().network().clone();
            let cache = network.forward_cached(&good(12, 4))?;
            Ok(numbers(network.backward(&good(12, 4), &cache, x)?.input))
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
            Ok(Text(
                figure::digits(x, &labels(x.view().nrows()))?.to_string(),
            ))
        }),
        ("components", 4, |x| {
            Ok(Text(figure::components(x)?.to_string()))
        }),
        ("filters", 4, |x| Ok(Text(figure::filters(x)?.to_string()))),
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
            Ok(Text(figure::image_rows("t", &[("images", x)])?.to_string()))
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
                figure::scatter(x, &labels(x.view().nrows()), "t")?.to_string(),
            ))
        }),
        ("glyphs", 2, |x| {
            Ok(Text(
                figure::glyphs(x, &labels(x.view().nrows()), "t")?.to_string(),
            ))
        }),
        ("scatter_values", 2, |x| {
            let values = vec![1.0; x.view().nrows()];
            Ok(Text(
                figure::scatter_values(x, &values, "v", "t")?.to_string(),
            ))
        }),
        ("vectors", 2, |x| Ok(Text(figure::vectors(x)?.to_string()))),
        ("heat_map", 4, |x| {
            Ok(Text(
                figure::heat_map(x, (0.0, 1.0), (0.0, 1.0), "t", "u")?.to_string(),
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
            let data = Dataset::new(x.view().to_owned(), labels(x.view().nrows()))?;
            Ok(Text(figure::latent_map(&pca(), &data)?.to_string()))
        }),
        ("error_ladder", 4, |x| {
            let data = Dataset::new(x.view().to_owned(), labels(x.view().nrows()))?;
            Ok(Text(
                figure::error_ladder(&[("PCA", &pca())], &data)?.to_string(),
            ))
        }),
        ("explorer", 4, |x| {
            let data = Dataset::new(x.view().to_owned(), labels(x.view().nrows()))?;
            Ok(Text(figure::explorer(&network(), &data)?.to_string()))
        }),
        ("draw_a_digit", 4, |x| {
            let data = Dataset::new(x.view().to_owned(), labels(x.view().nrows()))?;
            Ok(Text(figure::draw_a_digit(&network(), &data)?.to_string()))
        }),
    ]
}

/// Names of the public functions of the sources that take a matrix.
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

/// Functions of the sources that are not in the list: a name must be there as often as it is
/// defined.
pub fn missing() -> Vec<String> {
    let mut missing = Vec::new();
    public(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut missing,
    );
    assert!(missing.len() > 15, "{missing:?}");
    for (name, ..) in functions() {
        if let Some(place) = missing.iter().position(|found| found == name) {
            missing.swap_remove(place);
        }
    }
    missing
}
