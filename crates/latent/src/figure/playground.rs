//! The playground: an autoencoder that trains in the browser while the reader watches and changes it.
//!
//! ```text
//! page:    controls, map, curves, images        js/playground/{playground, controls, map, losses, …}.js
//! worker:  the same steps as `training`         js/playground/{network, training, engine, …}.js
//! ```
//!
//! The worker's scripts stand in one function, which uses nothing from outside of itself: the page
//! makes a worker from its text, and tests run it alone.

use super::plane::{Classes, Plane, cells, still};
use super::widget::Widget;
use crate::autoencoder::Autoencoder;
use crate::codec::Codec;
use crate::data::{Dataset, Mnist};
use crate::error::Result;
use crate::nn::Activation;
use crate::pack::pack;
use crate::pca::Pca;
use crate::training::TrainConfig;
use ndarray::{Array1, Array2, Axis, s};
use serde_json::{Map, Value, json};

const TRAINING: usize = 2_000;
const VALIDATION: usize = 500;
/// Numbers of training images to choose from.
const COUNTS: [usize; 4] = [100, 300, 1_000, TRAINING];
/// Widths of the bottleneck to choose from.
const WIDTHS: [usize; 4] = [1, 2, 3, 8];
/// Shades of a pixel, from 0 to this: 4 bits.
const LEVELS: f32 = 15.0;
/// Epochs of the training that the still shows.
const EPOCHS: usize = 20;

/// What runs in the worker, as one function that gives its parts to whoever calls it.
const CORE: [&str; 9] = [
    include_str!("js/playground/random.js"),
    include_str!("js/playground/product.js"),
    include_str!("js/playground/nonlinearity.js"),
    include_str!("js/playground/network.js"),
    include_str!("js/playground/adam.js"),
    include_str!("js/playground/training.js"),
    include_str!("js/playground/data.js"),
    include_str!("js/playground/plan.js"),
    include_str!("js/playground/look.js"),
];
const ENGINE: &str = include_str!("js/playground/engine.js");
/// What draws and listens, on the page.
const PAGE: [&str; 7] = [
    include_str!("js/plane.js"),
    include_str!("js/playground/launch.js"),
    include_str!("js/playground/controls.js"),
    include_str!("js/playground/painter.js"),
    include_str!("js/playground/losses.js"),
    include_str!("js/playground/map.js"),
    include_str!("js/playground/playground.js"),
];

/// An autoencoder that trains while you watch and change it, in the browser, without the kernel.
///
/// The page carries 2,000 training and 500 validation images of MNIST in 16 shades. You choose the
/// widths of the hidden layers and of the bottleneck, the activation function, noise, an L1 penalty,
/// learning rate, batch size, number of training images and seed, and see the codes of the
/// validation images, reconstructions, decoded images, losses and weights as they change. The steps
/// are those of [`Trainer`](crate::training::Trainer): the same seed gives the same weights at the
/// start and the same mini-batches.
///
/// ```
/// use latent::prelude::*;
/// let widget = figure::playground()?;
/// assert!(widget.alt().contains("500 validation images"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// If MNIST cannot be read; see [`Mnist::load`].
pub fn playground() -> Result<Widget> {
    let mnist = Mnist::load()?;
    let train = in_shades(&mnist.train.take(TRAINING));
    let validation = in_shades(&mnist.validation.take(VALIDATION));
    let side = super::images::side_of(&train.samples)?;

    let mut learner = Autoencoder::new(&[side * side, 64, 2], Activation::Relu, 1)?;
    let config = TrainConfig {
        epochs: EPOCHS,
        batch_size: 32,
        learning_rate: 3e-3,
        progress: false,
        ..TrainConfig::default()
    };
    learner.fit(&train.samples, &validation.samples, &config)?;
    let codes = learner.encode(&validation.samples)?;
    let plane = Plane::around(&codes, 100);
    let grid = learner.decode(&plane.grid(cells(side)))?;
    let picture = still(
        plane,
        (&codes, &validation.labels),
        &grid,
        "Playground: run this cell to train an autoencoder here",
    );

    let mut baselines = Map::new();
    for count in COUNTS {
        let errors = baseline(
            &train.samples.slice(s![..count, ..]).to_owned(),
            &validation,
        )?;
        baselines.insert(count.to_string(), errors);
    }
    let classes = Classes::of(&validation.labels);
    let (names, colours) = classes.to_json();
    let note = format!(
        "{TRAINING} training and {VALIDATION} validation images of MNIST in 16 shades, trained in this page with Adam. \
         The encoder is 784, hidden units, code; the decoder mirrors it. Losses are mean squared errors a pixel; the \
         training loss is measured on the noisy inputs, if there is noise, and PCA is fitted on the same training images. \
         The generalisation gap is the validation loss minus the training loss. \
         A dead unit gives the same output for all validation images. The same seed gives the weights and \
         mini-batches of the same training in Rust."
    );
    let alt = format!(
        "Map of the codes of {VALIDATION} validation images in {} classes after {EPOCHS} epochs, beside images decoded from the same places",
        classes.len()
    );
    let text = format!(
        "Interactive figure: Playground\n{alt}.\nIn a browser, an autoencoder trains while you watch: choose its widths, \
         activation function, noise, penalty, learning rate, batch size, training images and seed, and press Play.\n{note}"
    );
    let data = json!({
        "pixels": pack(&[nibbles(&train.samples), nibbles(&validation.samples)].concat()),
        "side": side,
        "training": TRAINING,
        "classes": classes.index(&validation.labels),
        "names": names,
        "colours": colours,
        "baselines": baselines,
        "note": note,
    });
    let core = core();
    let scripts: Vec<&str> = std::iter::once(core.as_str()).chain(PAGE).collect();
    Ok(Widget::new(
        picture.into_picture(alt),
        ("playground", &scripts),
        &data,
        text,
    ))
}

/// The worker's scripts as one function.
fn core() -> String {
    format!(
        "function playgroundCore() {{\n{}\n{ENGINE}\nreturn {{ engine }};\n}}",
        CORE.join("\n")
    )
}

/// The same images in 16 shades, as the page has them.
fn in_shades(data: &Dataset) -> Dataset {
    Dataset {
        samples: data.samples.mapv(|x| level(x) / LEVELS),
        labels: data.labels.clone(),
    }
}

fn level(x: f32) -> f32 {
    (x.clamp(0.0, 1.0) * LEVELS).round()
}

/// Two pixels a byte, the first in the higher half.
fn nibbles(samples: &Array2<f32>) -> Vec<u8> {
    let levels: Vec<u8> = samples.iter().map(|&x| level(x) as u8).collect();
    levels
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0))
        .collect()
}

/// The errors of the mean of the training images and of PCA fitted on them, for validation images.
fn baseline(train: &Array2<f32>, validation: &Dataset) -> Result<Value> {
    let most = WIDTHS[WIDTHS.len() - 1];
    let pca = Pca::fit(train, most)?;
    let mean: &Array1<f32> = pca.mean();
    let centred = &validation.samples - mean;
    let squares = |array: &Array2<f32>| array.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>();
    let n = centred.len() as f64;
    let whole = squares(&centred);
    // What lies along the components, which are at right angles, is what PCA gets right.
    let along = centred.dot(&pca.components().t());
    let errors: Map<String, Value> = WIDTHS
        .iter()
        .map(|&k| {
            let kept = squares(&along.slice_axis(Axis(1), (..k).into()).to_owned());
            (k.to_string(), json!((whole - kept) / n))
        })
        .collect();
    Ok(json!({ "mean": whole / n, "pca": errors }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_small_and_its_scripts_end_where_they_should() {
        let html = playground().unwrap().to_html();
        assert!(html.len() < 900_000, "{}", html.len());
        assert_eq!(html.matches("</script>").count(), 1);
        let core = core();
        for script in PAGE.iter().chain([&core.as_str()]) {
            assert!(!script.contains("</"));
            assert!(!script.contains("fetch(") && !script.contains("import"));
            assert!(!script.contains("window."));
        }
    }

    #[test]
    fn two_pixels_are_one_byte() {
        let samples = ndarray::array![[0.0, 1.0, 0.5, 0.02]];
        assert_eq!(nibbles(&samples), [0x0F, 0x80]);
    }

    #[test]
    fn baselines_are_those_of_the_codecs() {
        let mnist = Mnist::load().unwrap();
        let train = mnist.train.take(300).samples;
        let validation = mnist.validation.take(50);
        let found = baseline(&train, &validation).unwrap();
        for k in WIDTHS {
            let pca = Pca::fit(&train, k).unwrap();
            let expected = pca.reconstruction_error(&validation.samples).unwrap();
            let error = found["pca"][k.to_string()].as_f64().unwrap();
            assert!(
                (error / expected - 1.0).abs() < 1e-3,
                "{k}: {error}, {expected}"
            );
        }
    }
}
