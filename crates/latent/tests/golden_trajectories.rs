//! Ten optimizer steps of a small autoencoder, number by number beside PyTorch's
//! (`golden/make_pytorch.py` made the files).

use latent::ndarray::{Array1, Array2};
use latent::nn::{Activation, Layer, Linear, Loss, Mlp, Optimizer, OptimizerConfig};
use serde_json::Value;

fn vector(value: &Value) -> Vec<f32> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|x| x.as_f64().unwrap() as f32).collect()
}

fn matrix(value: &Value) -> Array2<f32> {
    let rows = value.as_array().unwrap();
    let flat: Vec<f32> = rows.iter().flat_map(vector).collect();
    Array2::from_shape_vec((rows.len(), flat.len() / rows.len()), flat).unwrap()
}

fn linears(value: &Value) -> Vec<Linear> {
    let layers = value.as_array().unwrap().iter();
    layers
        .map(|l| Linear {
            weight: matrix(&l["weight"]),
            bias: Array1::from(vector(&l["bias"])),
        })
        .collect()
}

fn follow(text: &str) {
    let golden: Value = serde_json::from_str(text).unwrap();
    let hidden = match golden["activation"].as_str().unwrap() {
        "relu" => Activation::Relu,
        "tanh" => Activation::Tanh,
        _ => Activation::Sigmoid,
    };
    let loss = match golden["loss"].as_str().unwrap() {
        "mse" => Loss::MeanSquaredError,
        _ => Loss::BinaryCrossEntropy,
    };
    let optimizer = match golden["optimizer"].as_str().unwrap() {
        "adam" => OptimizerConfig::adam(),
        _ => OptimizerConfig::sgd(),
    };
    let lr = golden["lr"].as_f64().unwrap() as f32;

    let layers = linears(&golden["layers"]);
    let (middle, last) = (layers.len() / 2 - 1, layers.len() - 1);
    let layers = layers.into_iter().enumerate().map(|(i, linear)| Layer {
        linear,
        activation: match i {
            _ if i == middle => Activation::Identity,
            _ if i == last => Activation::Sigmoid,
            _ => hidden,
        },
    });
    let mut network = Mlp::from_layers(layers.collect()).unwrap();
    let lengths: Vec<usize> = network
        .layers()
        .iter()
        .flat_map(|l| [l.linear.weight.len(), l.linear.bias.len()])
        .collect();
    let mut state = Optimizer::new(optimizer, &lengths).unwrap();

    let batches = golden["batches"].as_array().unwrap().iter().map(matrix);
    let mut steps = 0;
    for (x, expected) in batches.zip(vector(&golden["losses"])) {
        let cache = network.forward_cached(&x).unwrap();
        let found = loss.value(cache.output(), &x).unwrap();
        let relative = (found / f64::from(expected) - 1.0).abs();
        assert!(
            relative < 1e-5,
            "step {steps}: loss {found}, PyTorch {expected}"
        );

        let grad = loss.gradient(cache.output(), &x).unwrap();
        let gradients = network.backward(&x, &cache, &grad).unwrap();
        let mut parameters: Vec<&mut [f32]> = Vec::new();
        for layer in network.layers_mut() {
            parameters.push(layer.linear.weight.as_slice_mut().unwrap());
            parameters.push(layer.linear.bias.as_slice_mut().unwrap());
        }
        let slices: Vec<&[f32]> = gradients
            .weights
            .iter()
            .zip(&gradients.biases)
            .flat_map(|(w, b)| [w.as_slice().unwrap(), b.as_slice().unwrap()])
            .collect();
        state.step(lr, &mut parameters, &slices).unwrap();
        steps += 1;
    }
    assert_eq!(steps, 10);

    let before = linears(&golden["layers"]);
    let after = linears(&golden["after"]);
    for (i, (layer, (before, after))) in network
        .layers()
        .iter()
        .zip(before.iter().zip(&after))
        .enumerate()
    {
        let found = numbers(&layer.linear);
        let (before, after) = (numbers(before), numbers(after));
        let moved = distance(&before, &after);
        let off = distance(&found, &after);
        assert!(
            off < 1e-4 * moved,
            "layer {i}: {off} off, after a way of {moved}"
        );
    }
}

fn numbers(linear: &Linear) -> Vec<f32> {
    let numbers = linear.weight.iter().chain(&linear.bias);
    numbers.copied().collect()
}

/// The largest difference.
fn distance(a: &[f32], b: &[f32]) -> f32 {
    let off = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    off.fold(0.0, f32::max)
}

#[test]
fn relu_with_mean_squared_error_and_adam() {
    follow(include_str!("golden/autoencoder_relu_mse_adam.json"));
}

#[test]
fn tanh_with_binary_cross_entropy_and_adam() {
    follow(include_str!("golden/autoencoder_tanh_bce_adam.json"));
}

#[test]
fn sigmoid_with_mean_squared_error_and_gradient_descent() {
    follow(include_str!("golden/autoencoder_sigmoid_mse_sgd.json"));
}
