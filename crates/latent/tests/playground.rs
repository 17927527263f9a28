//! The playground's steps in the browser beside those of `Trainer`: the same seed gives the same
//! weights, mini-batches, noise and losses. `tests/playground_steps.js` made the file.

use latent::ndarray::{Array2, Axis};
use latent::nn::Activation;
use latent::prelude::*;
use latent::training::{Model, Noise, Penalty, Trainer};
use serde_json::Value;

const STEPS: usize = 20;

/// The images that `madeUp` in tests/playground_steps.js makes.
fn made_up(images: usize, pixels: usize) -> Array2<f32> {
    Array2::from_shape_fn((images, pixels), |(row, column)| {
        match (row * 31 + column * 17 + row * column) % 33 {
            value @ 0..=16 => value as f32 / 16.0,
            _ => 0.0,
        }
    })
}

fn numbers(value: &Value) -> Vec<f64> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|x| x.as_f64().unwrap()).collect()
}

fn follow(case: &Value) {
    let whole = |name: &str| case[name].as_u64().unwrap() as usize;
    let single = |name: &str| case[name].as_f64().unwrap() as f32;
    let name = case["activation"].as_str().unwrap();
    let activation = Activation::ALL
        .into_iter()
        .find(|f| f.name() == name)
        .unwrap();
    let sizes: Vec<usize> = numbers(&case["sizes"])
        .iter()
        .map(|&n| n as usize)
        .collect();
    let seed = whole("seed") as u64;
    let images = made_up(whole("images"), sizes[0]);
    let mut autoencoder = Autoencoder::new(&sizes, activation, seed).unwrap();
    let config = TrainConfig {
        batch_size: whole("batch"),
        learning_rate: single("rate"),
        noise: match single("noise") {
            0.0 => Noise::None,
            sd => Noise::Gaussian(sd),
        },
        code_penalty: match single("l1") {
            0.0 => Penalty::None,
            weight => Penalty::L1(weight),
        },
        seed,
        progress: false,
        ..TrainConfig::default()
    };
    let mut trainer = Trainer::new(&autoencoder, config).unwrap();
    let mut losses = Vec::new();
    // The loss before the first step begins the history.
    trainer.validate(&autoencoder, (&images, &images)).unwrap();
    while losses.len() < STEPS {
        for rows in trainer.batches(images.nrows()) {
            if losses.len() < STEPS {
                let batch = images.select(Axis(0), &rows);
                losses.push(trainer.step(&mut autoencoder, &batch, &batch).unwrap());
            }
        }
        trainer.validate(&autoencoder, (&images, &images)).unwrap();
    }
    for (step, (found, expected)) in losses.iter().zip(numbers(&case["losses"])).enumerate() {
        assert!(
            (found / expected - 1.0).abs() < 1e-4,
            "{name}, step {step}: loss {found}, in the browser {expected}"
        );
    }

    let networks = autoencoder.networks();
    let layers = networks[0].1.layers().iter();
    let parameters: Vec<f32> = layers
        .flat_map(|layer| layer.linear.weight.iter().chain(&layer.linear.bias))
        .copied()
        .collect();
    let found = parameters.iter().step_by(whole("every"));
    let expected = numbers(&case["parameters"]);
    assert_eq!(found.len(), expected.len());
    for (i, (&found, expected)) in found.zip(expected).enumerate() {
        assert!(
            (f64::from(found) - expected).abs() < 1e-4,
            "{name}, parameter {i}: {found}, in the browser {expected}"
        );
    }
}

#[test]
fn the_browser_takes_the_same_steps() {
    let cases: Value = serde_json::from_str(include_str!("golden/playground.json")).unwrap();
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 7);
    cases.iter().for_each(follow);
}
