//! A network made small enough for a web page.
//!
//! ```text
//! w' = scale * q            q: a whole number from -levels to levels; one scale for each row of W (out, in)
//! q  = what makes |(W - W') (x - m)|^2, summed over the inputs x of the layer, small; m is their mean
//! b' = b + (W - W') m       so that the mean input gives exactly what it gave
//! ```
//!
//! Rounding each weight to its nearest neighbour minds the weights alone. Minding what they do to
//! the inputs that there are (W (x - m) is a sum, in which roundings up and down can make up for
//! each other) cuts the error of the shipped decoder to about a third: one weight after the other moves
//! to the whole number that is best given all others, a few times over. Source: K. Behdin et al.,
//! "QuantEase: optimization-based quantization for language models", 2023.
//!
//! Units whose activation is the same for all inputs (ReLUs that are never on, 40 % of the shipped
//! decoder's) are left out, and go into the next layer's bias.

use crate::error::Result;
use crate::nn::{Activation, Layer, Linear, blocked};
use crate::pack::pack;
use ndarray::{Array1, Array2, ArrayViewMut1, Axis, Zip, concatenate};
use serde_json::{Value, json};

/// Finest first; 127 fills 8 bits.
const LEVELS: [i8; 14] = [127, 95, 63, 47, 39, 31, 27, 23, 19, 15, 11, 7, 5, 3];
/// What an input from elsewhere weighs beside one of the samples.
const ELSEWHERE: f32 = 0.003;
/// An output that varies less than this share of the range of all is as good as constant.
const VISIBLE: f32 = 1.0 / 512.0;
/// Times that each weight is looked at again.
const SWEEPS: usize = 4;

/// A network with rounded weights, and what the rounding costs.
pub(crate) struct Quantised {
    layers: Vec<Rounded>,
    packed: String,
    /// The largest whole number in use.
    levels: i8,
    /// Root mean square of the difference to the exact network's outputs for the samples.
    pub rms: f64,
    /// The largest difference.
    pub largest: f64,
}

/// One layer with its weights as scale * q.
struct Rounded {
    weight: Array2<i8>,
    scale: Array1<f32>,
    bias: Array1<f32>,
    activation: Activation,
}

/// A layer without its constant units, and what the rounding needs to know of its inputs.
struct Pruned {
    layer: Layer,
    /// Mean of the inputs (in).
    mean: Array1<f32>,
    /// Sum of (x - m) (x - m)^T over the inputs (in, in).
    spread: Array2<f32>,
}

impl Quantised {
    /// The network with its weights rounded as finely as packs into `budget` letters of base64, or
    /// as coarsely as can be if nothing does.
    ///
    /// The errors are those for `samples` (n, in); inputs from `elsewhere` (m, in) count a little
    /// too, as places where nothing must go far wrong.
    pub fn new(
        layers: &[Layer],
        samples: &Array2<f32>,
        elsewhere: &Array2<f32>,
        budget: usize,
    ) -> Result<Self> {
        let exact = blocked::forward(layers, samples)?;
        let pruned = pruned(layers, samples, elsewhere)?;
        let round = |levels: i8| {
            let layers: Vec<Rounded> = pruned.iter().map(|p| Rounded::new(p, levels)).collect();
            let packed = pack(&to_bytes(&layers));
            Self {
                layers,
                packed,
                levels,
                rms: 0.0,
                largest: 0.0,
            }
        };
        let mut found = round(LEVELS[0]);
        for levels in &LEVELS[1..] {
            if found.packed.len() <= budget {
                break;
            }
            found = round(*levels);
        }
        let difference = found.forward(samples)? - exact;
        let squares: f64 = difference.iter().map(|&x| f64::from(x).powi(2)).sum();
        found.rms = (squares / difference.len() as f64).sqrt();
        found.largest = difference
            .iter()
            .fold(0.0, |largest, &x| f64::from(x.abs()).max(largest));
        Ok(found)
    }

    /// What the browser computes: (n, in) to (n, out).
    pub fn forward(&self, inputs: &Array2<f32>) -> Result<Array2<f32>> {
        let layers: Vec<Layer> = self.layers.iter().map(Rounded::layer).collect();
        blocked::forward(&layers, inputs)
    }

    /// What network.js reads.
    pub fn to_json(&self) -> Value {
        let shapes: Vec<Value> = self
            .layers
            .iter()
            .map(|layer| {
                json!({
                    "inputs": layer.weight.ncols(),
                    "outputs": layer.weight.nrows(),
                    "activation": layer.activation.name(),
                })
            })
            .collect();
        json!({ "layers": shapes, "packed": self.packed })
    }

    /// How the weights were made small, in words.
    pub fn how(&self) -> String {
        format!(
            "weights rounded to {} levels",
            2 * i32::from(self.levels) + 1
        )
    }
}

/// The layers without what is constant for all inputs.
fn pruned(layers: &[Layer], samples: &Array2<f32>, elsewhere: &Array2<f32>) -> Result<Vec<Pruned>> {
    let mut x = concatenate![Axis(0), samples.view(), elsewhere.view()];
    let importance = Array1::from_shape_fn(x.nrows(), |row| {
        if row < samples.nrows() {
            1.0
        } else {
            ELSEWHERE
        }
    });
    let mut found = Vec::new();
    // The inputs of the first layer all stay, as that is what the browser has; where one is
    // constant its weights become 0.
    let mut varies: Vec<usize> = (0..x.ncols()).collect();
    let mut constant = varies.clone();
    let inputs = spans(&x);
    constant.retain(|&input| inputs[input] == 0.0);
    for (i, layer) in layers.iter().enumerate() {
        let y = layer.forward(&x)?;
        let Linear { weight, bias } = &layer.linear;
        let fixed = x.row(0).select(Axis(0), &constant);
        let bias = bias + &weight.select(Axis(1), &constant).dot(&fixed);
        let mut weight = weight.select(Axis(1), &varies);
        if i == 0 {
            for &input in &constant {
                weight.column_mut(input).fill(0.0);
            }
        }
        let inputs = x.select(Axis(1), &varies);
        let spans = spans(&y);

        let last = i + 1 == layers.len();
        // A layer must have a unit, if only a constant one.
        let one = spans.iter().all(|&span| span == 0.0);
        let (kept, left_out): (Vec<usize>, Vec<usize>) =
            (0..y.ncols()).partition(|&unit| last || spans[unit] > 0.0 || one && unit == 0);
        let mut linear = Linear {
            weight: weight.select(Axis(0), &kept),
            bias: bias.select(Axis(0), &kept),
        };
        let mean = &importance.dot(&inputs) / importance.sum();
        if last {
            let range = y.iter().fold(f32::MIN, |m, &v| m.max(v))
                - y.iter().fold(f32::MAX, |m, &v| m.min(v));
            for unit in kept
                .iter()
                .copied()
                .filter(|&unit| spans[unit] <= VISIBLE * range)
            {
                linear.bias[unit] += linear.weight.row(unit).dot(&mean);
                linear.weight.row_mut(unit).fill(0.0);
            }
        }
        let mut centred = &inputs - &mean;
        Zip::from(centred.rows_mut())
            .and(&importance)
            .for_each(|mut row, &weight| row *= weight.sqrt());
        found.push(Pruned {
            layer: Layer {
                linear,
                activation: layer.activation,
            },
            mean,
            spread: centred.t().dot(&centred),
        });
        x = y;
        (varies, constant) = (kept, left_out);
    }
    Ok(found)
}

/// From the smallest to the largest value of each column.
fn spans(array: &Array2<f32>) -> Vec<f32> {
    let largest = array.fold_axis(Axis(0), f32::MIN, |most, x| most.max(*x));
    let smallest = array.fold_axis(Axis(0), f32::MAX, |least, x| least.min(*x));
    (largest - smallest).to_vec()
}

impl Rounded {
    fn new(
        Pruned {
            layer,
            mean,
            spread,
        }: &Pruned,
        levels: i8,
    ) -> Self {
        let Linear { weight, bias } = &layer.linear;
        let scale = weight.map_axis(Axis(1), |row| {
            let largest = row.iter().fold(0.0_f32, |largest, w| largest.max(w.abs()));
            // A row of zeros stays one with any scale.
            if largest > 0.0 {
                largest / f32::from(levels)
            } else {
                1.0
            }
        });
        let scales = scale.view().insert_axis(Axis(1));
        let mut whole = (weight / &scales).mapv(f32::round);
        let gradient = (weight - &(&whole * &scales)).dot(spread);
        Zip::from(whole.rows_mut())
            .and(gradient.rows())
            .and(&scale)
            .for_each(|row, gradient, &scale| {
                improve(row, gradient.to_owned(), scale, spread, f32::from(levels));
            });
        let mut rounded = Self {
            weight: whole.mapv(|q| q as i8),
            scale,
            bias: bias.clone(),
            activation: layer.activation,
        };
        rounded.bias = bias + &(weight - &rounded.layer().linear.weight).dot(mean);
        rounded
    }

    fn layer(&self) -> Layer {
        Layer {
            linear: Linear {
                weight: self.weight.mapv(f32::from) * self.scale.view().insert_axis(Axis(1)),
                bias: self.bias.clone(),
            },
            activation: self.activation,
        }
    }
}

/// Moves the whole numbers of one row, each to the best one given the others. `gradient` is
/// (w - scale * q) S, with S the spread of the inputs: where it is 0, nothing can be gained.
fn improve(
    mut row: ArrayViewMut1<'_, f32>,
    mut gradient: Array1<f32>,
    scale: f32,
    spread: &Array2<f32>,
    levels: f32,
) {
    // Directions that hardly any input has must not draw weights far from what they were.
    let ridge = 1e-4 * spread.diag().mean().unwrap_or(0.0);
    let first = row.to_owned();
    for _ in 0..SWEEPS {
        for j in 0..row.len() {
            let own = spread[[j, j]] + ridge;
            if own <= 0.0 {
                continue;
            }
            let pull = gradient[j] + ridge * scale * (first[j] - row[j]);
            let best = (row[j] + pull / (own * scale))
                .round()
                .clamp(-levels, levels);
            if best != row[j] {
                gradient.scaled_add(-scale * (best - row[j]), &spread.row(j));
                row[j] = best;
            }
        }
    }
}

/// For each layer its scales and biases, little end first; then the weights of all.
fn to_bytes(layers: &[Rounded]) -> Vec<u8> {
    let floats = layers
        .iter()
        .flat_map(|layer| layer.scale.iter().chain(&layer.bias));
    let mut bytes: Vec<u8> = floats.flat_map(|x| x.to_le_bytes()).collect();
    let weights = layers.iter().flat_map(|layer| layer.weight.iter());
    bytes.extend(weights.map(|&q| q as u8));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Mlp;

    fn network() -> Mlp {
        Mlp::new(&[2, 60, 200], Activation::Relu, Activation::Sigmoid, 5).unwrap()
    }

    fn inputs() -> Array2<f32> {
        Array2::from_shape_fn((300, 2), |(i, j)| ((i * (3 + j)) as f32).sin())
    }

    fn quantised(network: &Mlp, inputs: &Array2<f32>, budget: usize) -> Quantised {
        Quantised::new(network.layers(), inputs, &Array2::zeros((0, 2)), budget).unwrap()
    }

    #[test]
    fn the_stated_error_is_the_true_one() {
        let (network, inputs) = (network(), inputs());
        for budget in [100_000, 14_000, 10_000] {
            let small = quantised(&network, &inputs, budget);
            assert!(small.packed.len() <= budget, "{}", small.packed.len());
            let difference = small.forward(&inputs).unwrap() - network.forward(&inputs).unwrap();
            let mean = difference.mapv(|x| f64::from(x).powi(2)).mean().unwrap();
            assert!((small.rms - mean.sqrt()).abs() < 1e-9);
            let largest = difference.iter().fold(0.0_f32, |m, x| m.max(x.abs()));
            assert!((small.largest - f64::from(largest)).abs() < 1e-9);
            assert!(small.rms > 0.0 && small.rms < 0.01, "{}", small.rms);
        }
    }

    #[test]
    fn a_small_network_keeps_eight_bits_and_more_room_is_more_exact() {
        let (network, inputs) = (network(), inputs());
        let found = [100_000, 14_000, 10_000].map(|b| quantised(&network, &inputs, b));
        assert_eq!(found[0].levels, 127);
        assert!(found[0].rms <= found[1].rms && found[1].rms <= found[2].rms);
    }

    #[test]
    fn minding_the_inputs_beats_rounding_to_the_nearest() {
        let (network, inputs) = (network(), inputs());
        let exact = network.forward(&inputs).unwrap();
        let rms = |layers: &[Layer]| {
            let difference = blocked::forward(layers, &inputs).unwrap() - &exact;
            difference.mapv(|x| x * x).mean().unwrap().sqrt()
        };
        let pruned = pruned(network.layers(), &inputs, &Array2::zeros((0, 2))).unwrap();
        let nearest: Vec<Layer> = network
            .layers()
            .iter()
            .map(|layer| {
                let weight = &layer.linear.weight;
                let most = weight.iter().fold(0.0_f32, |m, w| m.max(w.abs()));
                let mut layer = layer.clone();
                layer
                    .linear
                    .weight
                    .mapv_inplace(|w| (w / most * 15.0).round() / 15.0 * most);
                layer
            })
            .collect();
        let minding: Vec<Layer> = pruned.iter().map(|p| Rounded::new(p, 15).layer()).collect();
        assert!(
            rms(&minding) < 0.7 * rms(&nearest),
            "{} {}",
            rms(&minding),
            rms(&nearest)
        );
    }

    #[test]
    fn constant_units_are_left_out_and_change_nothing() {
        let mut network = network();
        let first = &mut network.layers_mut()[0].linear;
        for unit in 0..20 {
            // Always off, and always the same.
            first.weight.row_mut(unit).fill(0.0);
            first.bias[unit] = unit as f32 - 10.0;
        }
        let inputs = inputs();
        let pruned = pruned(network.layers(), &inputs, &Array2::zeros((0, 2))).unwrap();
        let left = pruned[0].layer.linear.out_features();
        assert!((30..=40).contains(&left), "{left}");
        assert_eq!(pruned[1].layer.linear.in_features(), left);
        let layers: Vec<Layer> = pruned.into_iter().map(|p| p.layer).collect();
        let difference =
            blocked::forward(&layers, &inputs).unwrap() - network.forward(&inputs).unwrap();
        let largest = difference.iter().fold(0.0_f32, |m, x| m.max(x.abs()));
        assert!(largest < 2e-3, "{largest}");
    }

    #[test]
    fn one_input_is_enough() {
        let one = Array2::ones((1, 2));
        let small = quantised(&network(), &one, 100_000);
        // What rounding does is 0 for the mean input, which is the only one here.
        assert!(small.largest < 1e-5, "{}", small.largest);
        assert_eq!(small.forward(&one).unwrap().dim(), (1, 200));
    }
}
