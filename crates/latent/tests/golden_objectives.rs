//! Ten steps of a training with each thing that can be added to a plain one, number by number
//! beside PyTorch's (`golden/make_pytorch_objectives.py` made the files): the Poisson loss, AdamW,
//! penalties on the code, noisy inputs, and the variational autoencoder.

use latent::autoencoder::Elbo;
use latent::ndarray::Array1;
use latent::prelude::*;
use latent::training::{Batch, Model, Objective, Pass};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Mutex;

const STEPS: usize = 10;
const ROWS: usize = 16;
/// The seed of the noise in `golden/noise.json`.
const SEED: u64 = 5;
const GAUSSIAN: Noise = Noise::Gaussian(0.3);
const MASKING: Noise = Noise::Masking(0.4);

/// A model that also keeps the noise of each step: the noise of the code if it draws any, else the
/// inputs that it gets.
struct Recorder<M> {
    model: M,
    seen: Mutex<Vec<Array2<f32>>>,
}

impl<M: Model> Recorder<M> {
    fn new(model: M) -> Self {
        let seen = Mutex::default();
        Self { model, seen }
    }

    /// One step on each of `targets`; the losses.
    fn train(&mut self, targets: &[Array2<f32>], config: TrainConfig) -> Vec<f64> {
        let mut trainer = Trainer::new(self, config).unwrap();
        let steps = targets.iter();
        steps.map(|x| trainer.step(self, x, x).unwrap()).collect()
    }

    fn seen(&self) -> Vec<Array2<f32>> {
        self.seen.lock().unwrap().clone()
    }
}

impl<M: Model> Model for Recorder<M> {
    fn networks(&self) -> Vec<(&'static str, &Mlp)> {
        self.model.networks()
    }

    fn networks_mut(&mut self) -> Vec<&mut Mlp> {
        self.model.networks_mut()
    }

    fn in_features(&self) -> usize {
        self.model.in_features()
    }

    fn out_features(&self) -> usize {
        self.model.out_features()
    }

    fn output_activation(&self) -> Activation {
        self.model.output_activation()
    }

    fn metadata(&self) -> Value {
        self.model.metadata()
    }

    fn forward(&self, batch: &Batch, pass: &mut Pass) {
        self.model.forward(batch, pass);
        let noise = pass.arrays.first().unwrap_or(batch.inputs);
        self.seen.lock().unwrap().push(noise.clone());
    }

    fn loss(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) -> f64 {
        self.model.loss(batch, objective, pass)
    }

    fn backward(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) {
        self.model.backward(batch, objective, pass);
    }

    fn validation_loss(
        &self,
        inputs: &dyn Matrix,
        targets: &dyn Matrix,
        objective: &Objective,
    ) -> Result<f64> {
        self.model.validation_loss(inputs, targets, objective)
    }
}

fn vector(value: &Value) -> Vec<f32> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|x| x.as_f64().unwrap() as f32).collect()
}

fn matrix(value: &Value) -> Array2<f32> {
    let rows = value.as_array().unwrap();
    let flat: Vec<f32> = rows.iter().flat_map(vector).collect();
    Array2::from_shape_vec((rows.len(), flat.len() / rows.len()), flat).unwrap()
}

fn matrices(value: &Value) -> Vec<Array2<f32>> {
    value.as_array().unwrap().iter().map(matrix).collect()
}

/// Encoder and decoder, the hidden layers with tanh.
fn parts(value: &Value, output: Activation) -> (Vec<Layer>, Vec<Layer>) {
    let layers = value.as_array().unwrap();
    let (middle, last) = (layers.len() / 2 - 1, layers.len() - 1);
    let layers = layers.iter().enumerate().map(|(i, layer)| Layer {
        linear: Linear {
            weight: matrix(&layer["weight"]),
            bias: Array1::from(vector(&layer["bias"])),
        },
        activation: match i {
            _ if i == middle => Activation::Identity,
            _ if i == last => output,
            _ => Activation::Tanh,
        },
    });
    let mut encoder: Vec<Layer> = layers.collect();
    let decoder = encoder.split_off(middle + 1);
    (encoder, decoder)
}

fn golden(name: &str) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// All parameters of a model's layers, array by array.
fn parameters<'a>(layers: impl Iterator<Item = &'a Layer>) -> Vec<Vec<f32>> {
    layers
        .flat_map(|l| {
            let weight = l.linear.weight.iter().copied().collect();
            [weight, l.linear.bias.to_vec()]
        })
        .collect()
}

fn follow(name: &str) {
    let golden = golden(&format!("objective_{name}.json"));
    let output = match golden["output"].as_str().unwrap() {
        "identity" => Activation::Identity,
        "softplus" => Activation::Softplus,
        "exponential" => Activation::Exp,
        _ => Activation::Sigmoid,
    };
    let number = |key: &str| golden[key].as_f64().unwrap() as f32;
    let loss = match golden["loss"].as_str().unwrap() {
        "mse" => Loss::MeanSquaredError,
        "bce" => Loss::BinaryCrossEntropy,
        _ => Loss::Poisson,
    };
    let config = TrainConfig {
        learning_rate: number("lr"),
        weight_decay: number("weight_decay"),
        loss,
        noise: match golden["noise"].as_str() {
            None => Noise::None,
            Some("gaussian") => GAUSSIAN,
            Some(_) => MASKING,
        },
        code_penalty: match golden["penalty"].as_str() {
            None => Penalty::None,
            Some("l1") => Penalty::L1(number("penalty_weight")),
            Some(_) => Penalty::L2(number("penalty_weight")),
        },
        seed: SEED,
        progress: false,
        ..TrainConfig::default()
    };

    let targets = matrices(&golden["targets"]);
    let (encoder, decoder) = parts(&golden["layers"], output);
    let before = parameters(encoder.iter().chain(&decoder));
    let (losses, found) = if golden["beta"].is_null() {
        let model = Autoencoder::from_layers(encoder, decoder).unwrap();
        let mut model = Recorder::new(model);
        let losses = model.train(&targets, config);
        let inputs = golden.get("inputs").map_or(targets, matrices);
        assert_eq!(model.seen(), inputs, "the same inputs, to the last bit");
        (losses, parameters(model.model.network().layers().iter()))
    } else {
        let model = Vae::from_layers(encoder, decoder).unwrap();
        let mut model = Recorder::new(model.with_beta(number("beta")).unwrap());
        let losses = model.train(&targets, config);
        let (encoder, decoder) = parts(&golden["after"], output);
        let after = Vae::from_layers(encoder, decoder).unwrap();
        compare_bound(
            &golden["elbo"],
            &after.elbo(&targets[0], loss, SEED).unwrap(),
        );
        let layers = model.networks();
        let layers = layers.iter().flat_map(|(_, network)| network.layers());
        (losses, parameters(layers))
    };

    assert_eq!(losses.len(), STEPS);
    for (step, (found, expected)) in losses.iter().zip(vector(&golden["losses"])).enumerate() {
        let relative = (found / f64::from(expected) - 1.0).abs();
        assert!(
            relative < 1e-5,
            "{name}, step {step}: loss {found}, PyTorch {expected}"
        );
    }
    let (encoder, decoder) = parts(&golden["after"], output);
    let after = parameters(encoder.iter().chain(&decoder));
    for (array, (found, (before, after))) in found.iter().zip(before.iter().zip(&after)).enumerate()
    {
        let largest = |a: &[f32], b: &[f32]| {
            let off = a.iter().zip(b).map(|(a, b)| (a - b).abs());
            off.fold(0.0, f32::max)
        };
        let moved = largest(before, after);
        let off = largest(found, after);
        assert!(
            off < 1e-4 * moved,
            "{name}, array {array}: {off} off, after a way of {moved}"
        );
    }
}

/// Each sample's terms, to a share of the largest.
fn compare_bound(golden: &Value, found: &Elbo) {
    for (term, found) in [("reconstruction", &found.reconstruction), ("kl", &found.kl)] {
        let expected = vector(&golden[term]);
        assert_eq!((found.len(), expected.len()), (ROWS, ROWS));
        let largest = expected.iter().copied().map(f32::abs).fold(0.0, f32::max);
        for (found, expected) in found.iter().zip(expected) {
            let off = (found - f64::from(expected)).abs();
            assert!(
                off < 2e-6 * f64::from(largest),
                "{term}: {found}, PyTorch {expected}"
            );
        }
    }
}

/// What the crate draws in ten steps: zeros with Gaussian noise, ones with masking noise, and the
/// noise of a variational autoencoder's code; and the noise of its evidence lower bound.
fn noise() -> Value {
    let steps = |value: f32| vec![Array2::from_elem((ROWS, 12), value); STEPS];
    let config = |noise| TrainConfig {
        noise,
        seed: SEED,
        progress: false,
        ..TrainConfig::default()
    };
    let rows = |arrays: Vec<Array2<f32>>| -> Value {
        let step = |array: &Array2<f32>| -> Vec<Vec<f32>> {
            array.rows().into_iter().map(|row| row.to_vec()).collect()
        };
        json!(arrays.iter().map(step).collect::<Vec<_>>())
    };
    let inputs = |value, noise| {
        let model = Autoencoder::new(&[12, 3], Activation::Tanh, 1).unwrap();
        let mut model = Recorder::new(model);
        model.train(&steps(value), config(noise));
        rows(model.seen())
    };
    let mut vae = Recorder::new(Vae::new(&[12, 3], Activation::Tanh, 1).unwrap());
    vae.train(&steps(0.5), config(Noise::None));
    // The bound draws what a mini-batch of this seed draws.
    let model = Recorder::new(Vae::new(&[12, 3], Activation::Tanh, 1).unwrap());
    let inputs_of_bound = Array2::zeros((ROWS, 12));
    let batch = Batch {
        inputs: &inputs_of_bound,
        targets: &inputs_of_bound,
        seed: SEED,
    };
    model.forward(&batch, &mut Pass::new(&model, ROWS));
    json!({
        "elbo": rows(model.seen()),
        "gaussian": inputs(0.0, GAUSSIAN),
        "masking": inputs(1.0, MASKING),
        "vae": rows(vae.seen()),
    })
}

#[test]
fn the_noise_is_that_which_pytorch_was_given() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/noise.json");
    let noise = noise();
    if std::env::var_os("LATENT_WRITE_NOISE").is_some() {
        std::fs::write(&path, noise.to_string()).unwrap();
    }
    let stored = golden("noise.json");
    for kind in ["elbo", "gaussian", "masking", "vae"] {
        assert_eq!(
            matrices(&stored[kind]),
            matrices(&noise[kind]),
            "{kind}: after a change of the noise, make the golden files anew"
        );
    }
}

#[test]
fn the_poisson_loss_with_softplus_and_exponential_output() {
    follow("poisson_softplus");
    follow("poisson_exponential");
}

#[test]
fn decoupled_weight_decay_is_adamw() {
    follow("adamw");
}

#[test]
fn penalties_on_the_code() {
    follow("penalty_l1");
    follow("penalty_l2");
}

#[test]
fn noisy_inputs_and_clean_targets() {
    follow("noise_gaussian");
    follow("noise_masking");
}

#[test]
fn the_variational_autoencoder() {
    follow("vae_bce");
    follow("vae_mse");
    follow("vae_poisson");
}
