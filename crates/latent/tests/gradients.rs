//! Every gradient written out in `nn`, against central differences on random shapes:
//! dL/dp is about (L(p + h) - L(p - h)) / 2h, with the network evaluated in double precision.

use latent::ndarray::{Array1, Array2};
use latent::nn::{Activation, Linear, Loss, Mlp, init};
use proptest::prelude::*;

fn activation() -> impl Strategy<Value = Activation> {
    prop::sample::select(Activation::ALL.to_vec())
}

fn loss() -> impl Strategy<Value = Loss> {
    prop::sample::select(vec![
        Loss::MeanSquaredError,
        Loss::BinaryCrossEntropy,
        Loss::Poisson,
    ])
}

/// The formulas once more, in f64: what the differences are taken of.
fn apply(f: Activation, x: f64) -> f64 {
    match f {
        Activation::Identity => x,
        Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Activation::Tanh => x.tanh(),
        Activation::Relu => x.max(0.0),
        Activation::LeakyRelu => x.max(0.01 * x),
        Activation::Elu => x.max(0.0) + x.min(0.0).exp_m1(),
        Activation::Softplus => x.exp().ln_1p(),
        Activation::Exp => x.exp(),
        Activation::Gelu => {
            let n = 200;
            let h = x / f64::from(n);
            let density = |t: f64| (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
            let inner: f64 = (1..n)
                .map(|i| f64::from(2 + 2 * (i % 2)) * density(f64::from(i) * h))
                .sum();
            x * (0.5 + h / 3.0 * (density(0.0) + inner + density(x)))
        }
    }
}

fn value(loss: Loss, prediction: &Array2<f64>, target: &Array2<f64>) -> f64 {
    let terms = prediction.iter().zip(target).map(|(&p, &t)| match loss {
        Loss::MeanSquaredError => (p - t).powi(2),
        Loss::BinaryCrossEntropy => -(t * p.ln() + (1.0 - t) * (1.0 - p).ln()),
        Loss::Poisson => p - t * (p + 1e-8).ln(),
    });
    terms.sum::<f64>() / prediction.len() as f64
}

type Layers = Vec<(Array2<f64>, Array1<f64>, Activation)>;

fn forward(layers: &Layers, x: &Array2<f64>) -> Array2<f64> {
    layers.iter().fold(x.clone(), |a, (weight, bias, f)| {
        (a.dot(&weight.t()) + bias).mapv(|z| apply(*f, z))
    })
}

/// Draws that are passed over: a difference across the corner of a ReLU is no derivative, and of a
/// sum far from 0 a curved activation leaves too few digits of an f32: all of `1 - p` is rounding.
fn cannot_be_compared(layers: &Layers, x: &Array2<f64>) -> bool {
    let mut a = x.clone();
    for (weight, bias, f) in layers {
        let z = a.dot(&weight.t()) + bias;
        let cornered = matches!(
            f,
            Activation::Relu | Activation::LeakyRelu | Activation::Elu
        );
        let curved = matches!(f, Activation::Sigmoid | Activation::Tanh | Activation::Exp);
        if cornered && z.iter().any(|z| z.abs() < 1e-4) || curved && z.iter().any(|z| z.abs() > 4.0)
        {
            return true;
        }
        a = z.mapv(|z| apply(*f, z));
    }
    false
}

/// How large the parts of the loss are, which bounds its rounding where they cancel.
fn size(loss: Loss, prediction: &Array2<f64>, target: &Array2<f64>) -> f64 {
    let parts = prediction.iter().zip(target).map(|(&p, &t)| match loss {
        Loss::MeanSquaredError => p * p + t * t,
        Loss::BinaryCrossEntropy => (t * p.ln()).abs() + ((1.0 - t) * (1.0 - p).ln()).abs(),
        Loss::Poisson => p + (t * (p + 1e-8).ln()).abs(),
    });
    parts.sum::<f64>() / prediction.len() as f64
}

/// A gradient may be off by a share of the largest value of its array, so that vanishing gradients
/// are measured on their own scale; by the rounding of f32 in the sums it is made of, which the
/// largest gradient of the network, `whole`, bounds; and by 3e-8, the rounding of an f32 prediction,
/// which is all that is left of `p - t` where a prediction meets its target.
fn near(found: f32, expected: f64, norm: f64, whole: f64) -> bool {
    (f64::from(found) - expected).abs() <= 2e-4 * norm + 1e-6 * whole + 3e-8
}

fn norm<'a>(gradient: impl IntoIterator<Item = &'a f32>) -> f64 {
    let sizes = gradient.into_iter().map(|&g| f64::from(g).abs());
    sizes.fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn of_a_whole_network(
        sizes in prop::collection::vec(1_usize..7, 2..5),
        rows in 1_usize..6,
        hidden in activation(),
        output in activation(),
        loss in loss(),
        seed in any::<u64>(),
    ) {
        let output = match loss {
            Loss::MeanSquaredError => output,
            Loss::BinaryCrossEntropy => Activation::Sigmoid,
            Loss::Poisson if seed % 2 == 0 => Activation::Softplus,
            Loss::Poisson => Activation::Exp,
        };
        let network = Mlp::new(&sizes, hidden, output, seed).unwrap();
        let x = init::uniform(rows, sizes[0], 1.5, seed ^ 1);
        let target = init::uniform(rows, sizes[sizes.len() - 1], 0.5, seed ^ 2) + 0.5;

        let cache = network.forward_cached(&x).unwrap();
        let grad = loss.gradient(cache.output(), &target).unwrap();
        let gradients = network.backward(&x, &cache, &grad).unwrap();

        let layers: Layers = network
            .layers()
            .iter()
            .map(|l| (l.linear.weight.mapv(f64::from), l.linear.bias.mapv(f64::from), l.activation))
            .collect();
        let (x, target) = (x.mapv(f64::from), target.mapv(f64::from));
        prop_assume!(!cannot_be_compared(&layers, &x));
        let prediction = forward(&layers, &x);
        let found = loss.value(cache.output(), &target.mapv(|t| t as f32)).unwrap();
        let off = (found - value(loss, &prediction, &target)).abs();
        prop_assert!(off <= 1e-5 * size(loss, &prediction, &target), "{found}, {off} off");

        let whole = gradients.weights.iter().map(norm).fold(norm(&grad), f64::max);
        let h = 1e-6;
        let at = |layers: &Layers| value(loss, &forward(layers, &x), &target);
        for (place, &found) in gradients.input.indexed_iter() {
            let (mut up, mut down) = (x.clone(), x.clone());
            up[place] += h;
            down[place] -= h;
            let at = |x: &Array2<f64>| value(loss, &forward(&layers, x), &target);
            let expected = (at(&up) - at(&down)) / (2.0 * h);
            prop_assert!(
                near(found, expected, norm(&gradients.input), whole),
                "x{place:?}: {found}, not {expected}"
            );
        }
        for (i, (weight, bias, _)) in layers.iter().enumerate() {
            for (place, _) in weight.indexed_iter() {
                let (mut up, mut down) = (layers.clone(), layers.clone());
                up[i].0[place] += h;
                down[i].0[place] -= h;
                let expected = (at(&up) - at(&down)) / (2.0 * h);
                let found = gradients.weights[i][place];
                prop_assert!(near(found, expected, norm(&gradients.weights[i]), whole), "W{i}{place:?}: {found}, not {expected}");
            }
            for (place, _) in bias.indexed_iter() {
                let (mut up, mut down) = (layers.clone(), layers.clone());
                up[i].1[place] += h;
                down[i].1[place] -= h;
                let expected = (at(&up) - at(&down)) / (2.0 * h);
                let found = gradients.biases[i][place];
                prop_assert!(near(found, expected, norm(&gradients.biases[i]), whole), "b{i}[{place}]: {found}, not {expected}");
            }
        }
    }

    #[test]
    fn of_a_linear_layer_with_respect_to_its_input(
        rows in 1_usize..9,
        inputs in 1_usize..40,
        outputs in 1_usize..40,
        seed in any::<u64>(),
    ) {
        let layer = Linear::new(inputs, outputs, seed).unwrap();
        let x = init::uniform(rows, inputs, 1.0, seed ^ 1);
        let g = init::uniform(rows, outputs, 1.0, seed ^ 2);
        // With L = sum of g * y, dL/dy is g.
        let loss = |x: &Array2<f64>| {
            let y = x.dot(&layer.weight.mapv(f64::from).t()) + layer.bias.mapv(f64::from);
            (y * g.mapv(f64::from)).sum()
        };
        let found = layer.backward(&x, &g).unwrap().input;
        // The rounding of a sum of this many products, each at most as large as these two.
        let tolerance = 1e-6 * outputs as f64 * norm(&g) * norm(&layer.weight);
        let x = x.mapv(f64::from);
        for (place, &found) in found.indexed_iter() {
            let (mut up, mut down) = (x.clone(), x.clone());
            up[place] += 0.5;
            down[place] -= 0.5;
            let off = f64::from(found) - (loss(&up) - loss(&down));
            prop_assert!(off.abs() <= tolerance, "x{place:?}: {off} off");
        }
    }
}
