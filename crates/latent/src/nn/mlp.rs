//! The multilayer perceptron: linear layers and activations in a row.
//!
//! ```text
//! forward    a_0 = x      z_i = a_(i-1) W_i^T + b_i      a_i = f_i(z_i)      prediction = a_last
//! backward   G_i = dL/dz_i (n, out_i), from the last layer to the first, by the chain rule:
//!            G_last = dL/da_last * f'(z_last)
//!            G_i    = (G_(i+1) W_(i+1)) * f'(z_i)
//!            dL/dW_i = G_i^T a_(i-1)     dL/db_i = the sum of G_i over its rows
//!            dL/dx   = G_1 W_1
//! ```
//!
//! `*` multiplies element by element. The forward pass keeps all z and a, since the backward pass
//! asks for them: that is the [`Trace`].

use super::matmul::Cut;
use super::simd::wide;
use super::{Activation, Linear};
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::rng::random;
use crate::threads::{self, PIECE, map_pieces};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis, s};

/// A linear layer and the activation after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// z = a W^T + b.
    pub linear: Linear,
    /// f, applied to each z.
    pub activation: Activation,
}

/// Layers in a row.
///
/// ```
/// use latent::nn::{Activation, Mlp};
/// use latent::ndarray::Array2;
/// // One number in, one out, five hinges in between.
/// let network = Mlp::new(&[1, 5, 1], Activation::Relu, Activation::Identity, 3)?;
/// assert_eq!(network.num_parameters(), 5 + 5 + 5 + 1);
/// assert_eq!(network.forward(&Array2::zeros((7, 1)))?.dim(), (7, 1));
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Mlp {
    layers: Vec<Layer>,
}

/// What happened inside on the way forward, one entry a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// z of each layer (n, out).
    pub pre_activations: Vec<Array2<f32>>,
    /// a of each layer (n, out); the last one is the prediction.
    pub activations: Vec<Array2<f32>>,
}

/// The gradients of the loss, as [`Mlp::backward`] returns them.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// dL/dW of each layer (out, in).
    pub weights: Vec<Array2<f32>>,
    /// dL/db of each layer (out).
    pub biases: Vec<Array1<f32>>,
    /// dL/dz of each layer (n, out): the G of the formulas.
    pub pre_activations: Vec<Array2<f32>>,
    /// dL/dx (n, in): the gradient with respect to the network's input.
    pub input: Array2<f32>,
}

impl Layer {
    /// f(a W^T + b): from (n, in) to (n, out).
    ///
    /// # Errors
    /// As [`Linear::forward`].
    pub fn forward(&self, input: &dyn Matrix) -> Result<Array2<f32>> {
        let input = input.view();
        self.linear.check()?;
        check::width("the layer's input", &input, self.linear.in_features())?;
        let mut pre = Array2::zeros((input.nrows(), self.linear.out_features()));
        let mut out = pre.clone();
        self.forward_into(input, &mut pre, &mut out);
        Ok(out)
    }

    /// The same, into arrays that are already there. Whoever makes a stripe of z = x W^T adds the
    /// bias and applies f at once, while the stripe is in the processor's cache.
    fn forward_into(&self, input: ArrayView2<f32>, pre: &mut Array2<f32>, out: &mut Array2<f32>) {
        let bias = self.linear.bias.as_standard_layout();
        let bias = bias.broadcast(out.dim()).expect("a bias for each output");
        let cut = Cut::new(input.reborrow(), self.linear.weight.t());
        let stripes = (cut.stripes_mut(pre).zip(cut.stripes(&bias))).zip(cut.stripes_mut(out));
        map_pieces(
            stripes.enumerate(),
            |(index, ((mut pre, bias), mut out))| {
                cut.multiply(index, pre.view_mut());
                let rows = pre.rows_mut().into_iter().zip(bias.rows());
                for ((pre, bias), out) in rows.zip(out.rows_mut()) {
                    self.activation
                        .forward_row(whole_mut(pre), whole(bias), whole_mut(out));
                }
            },
        );
    }

    /// Multiplies `grad` = dL/da by f'(z), where `pre` is z and `out` is a.
    pub(crate) fn backward_into(
        &self,
        pre: ArrayView2<f32>,
        out: ArrayView2<f32>,
        mut grad: ArrayViewMut2<f32>,
    ) {
        let rows = pre.rows().into_iter().zip(out.rows());
        for ((pre, out), grad) in rows.zip(grad.rows_mut()) {
            self.activation
                .backward_row(whole(pre), whole(out), whole_mut(grad));
        }
    }
}

impl Mlp {
    /// Layers from each of `sizes` to the next, with random parameters: `hidden` after all but
    /// the last, `output` after the last.
    ///
    /// # Errors
    /// [`Error::LayerSize`] if there are fewer than two sizes, or one of them is 0.
    pub fn new(sizes: &[usize], hidden: Activation, output: Activation, seed: u64) -> Result<Self> {
        if sizes.len() < 2 || sizes.contains(&0) {
            return Err(Error::LayerSize {
                sizes: sizes.to_vec(),
            });
        }
        let rng = &mut random(seed);
        let last = sizes.len() - 2;
        let layer = |(i, pair): (usize, &[usize])| {
            Ok(Layer {
                linear: Linear::from_rng(pair[0], pair[1], rng)?,
                activation: if i == last { output } else { hidden },
            })
        };
        let layers = sizes.windows(2).enumerate().map(layer);
        Ok(Self {
            layers: layers.collect::<Result<_>>()?,
        })
    }

    /// From layers made by hand.
    ///
    /// # Errors
    /// [`Error::LayerSize`] if there is none or one has no inputs or outputs, [`Error::Width`] if
    /// the outputs of one are not the inputs of the next.
    pub fn from_layers(layers: Vec<Layer>) -> Result<Self> {
        let network = Self { layers };
        network.check()?;
        Ok(network)
    }

    /// The layers, first to last.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The layers, to change their parameters by hand.
    pub fn layers_mut(&mut self) -> &mut [Layer] {
        &mut self.layers
    }

    /// Columns of the input.
    pub fn in_features(&self) -> usize {
        self.layers[0].linear.in_features()
    }

    /// Columns of the prediction.
    pub fn out_features(&self) -> usize {
        self.layers[self.layers.len() - 1].linear.out_features()
    }

    /// The activation after the last layer.
    pub fn output_activation(&self) -> Activation {
        self.layers[self.layers.len() - 1].activation
    }

    /// Number of weights and biases in all layers.
    pub fn num_parameters(&self) -> usize {
        self.layers.iter().map(|l| l.linear.num_parameters()).sum()
    }

    /// The prediction (n, out) for an input (n, in).
    ///
    /// # Errors
    /// [`Error::Width`] if `input` has another width than the first layer, [`Error::NotFinite`] if
    /// it holds NaN or infinity, [`Error::Overflow`] if the prediction exceeds `f32`.
    pub fn forward(&self, input: &dyn Matrix) -> Result<Array2<f32>> {
        // A ReLU turns NaN into 0, so the result alone would not tell.
        check::finite("the network's input", input)?;
        let prediction = forward(&self.layers, input)?;
        check::finite_result(prediction, "the network's input", input, "the predictions")
    }

    /// Forward, keeping all that happens inside.
    ///
    /// # Errors
    /// As [`Mlp::forward`].
    pub fn trace(&self, input: &dyn Matrix) -> Result<Trace> {
        let input = input.view();
        self.check()?;
        check::width("the network's input", &input, self.in_features())?;
        check::finite("the network's input", &input)?;
        let mut trace = Trace::new(self, input.nrows());
        self.trace_into(input, &mut trace);
        if trace.output().iter().all(|x| x.is_finite()) {
            return Ok(trace);
        }
        Err(Error::Overflow {
            what: "the predictions",
        })
    }

    /// All gradients, from the trace of `input` and `grad_output` = dL/d(prediction).
    ///
    /// # Errors
    /// [`Error::Width`] or [`Error::Count`] if the three do not belong together.
    pub fn backward(
        &self,
        input: &dyn Matrix,
        trace: &Trace,
        grad_output: &dyn Matrix,
    ) -> Result<Gradients> {
        let (input, grad_output) = (input.view(), grad_output.view());
        self.check()?;
        check::width("the network's input", &input, self.in_features())?;
        check::width(
            "the gradient of the prediction",
            &grad_output,
            self.out_features(),
        )?;
        check::count("rows in the gradient", input.nrows(), grad_output.nrows())?;
        check::finite("the network's input", &input)?;
        check::finite("the gradient of the prediction", &grad_output)?;
        for found in [trace.pre_activations.len(), trace.activations.len()] {
            check::count("layers in the trace", self.layers.len(), found)?;
        }
        for (layer, (pre, out)) in self
            .layers
            .iter()
            .zip(trace.pre_activations.iter().zip(&trace.activations))
        {
            for array in [pre, out] {
                check::width("a layer of the trace", array, layer.linear.out_features())?;
                check::count("rows in the trace", input.nrows(), array.nrows())?;
            }
        }
        let trace = Trace {
            pre_activations: trace.pre_activations.iter().map(standard).collect(),
            activations: trace.activations.iter().map(standard).collect(),
        };
        let mut gradients = Gradients::new(self, input.nrows());
        gradients.last_mut().assign(&grad_output);
        self.backward_into(input, &trace, &mut gradients);
        let input_gradient = self.input_gradient(&gradients);
        gradients.input = check::finite_result(
            input_gradient,
            "the gradient of the prediction",
            &grad_output,
            "the gradients",
        )?;
        if gradients.weights.iter().flatten().all(|g| g.is_finite()) {
            return Ok(gradients);
        }
        Err(Error::Overflow {
            what: "the gradients",
        })
    }

    pub(crate) fn trace_into(&self, input: ArrayView2<f32>, trace: &mut Trace) {
        for (i, layer) in self.layers.iter().enumerate() {
            let (before, after) = trace.activations.split_at_mut(i);
            let input = before
                .last()
                .map_or_else(|| input.reborrow(), |array| array.view());
            layer.forward_into(input, &mut trace.pre_activations[i], &mut after[0]);
        }
    }

    /// Expects dL/d(prediction) in the last of `gradients.pre_activations`, and multiplies each G
    /// by f' in place. The gradient with respect to the input is of no use in training and is not
    /// computed here ([`Mlp::input_gradient`] does): that saves an eighth of all the work.
    pub(crate) fn backward_into(
        &self,
        input: ArrayView2<f32>,
        trace: &Trace,
        gradients: &mut Gradients,
    ) {
        self.backward_output(trace, gradients);
        self.backward_layers(0..self.layers.len(), input, trace, gradients);
    }

    /// From dL/d(prediction) to the G of the last layer, in place.
    pub(crate) fn backward_output(&self, trace: &Trace, gradients: &mut Gradients) {
        let last = self.layers.len() - 1;
        let outputs = &trace.activations[last];
        let rows = Axis(0);
        let height = (PIECE / outputs.ncols()).max(1);
        let pieces = trace.pre_activations[last]
            .axis_chunks_iter(rows, height)
            .zip(outputs.axis_chunks_iter(rows, height))
            .zip(gradients.last_mut().axis_chunks_iter_mut(rows, height));
        map_pieces(pieces, |((pre, out), grad)| {
            self.layers[last].backward_into(pre, out, grad);
        });
    }

    /// The gradients of the parameters of some layers, last to first, from the G of the last of
    /// them; and the G of the layer below.
    pub(crate) fn backward_layers(
        &self,
        layers: std::ops::Range<usize>,
        input: ArrayView2<f32>,
        trace: &Trace,
        gradients: &mut Gradients,
    ) {
        for i in layers.rev() {
            let (before, after) = gradients.pre_activations.split_at_mut(i);
            let grad = &after[0];
            let weight = gradients.weights[i].view_mut();
            let bias = gradients.biases[i].as_slice_mut().expect("standard layout");
            let to_the_parameters = || {
                let below = i
                    .checked_sub(1)
                    .map_or_else(|| input.reborrow(), |i| trace.activations[i].view());
                Linear::weight_gradient(below, grad.view(), weight);
                column_sums(grad.as_slice().expect("standard layout"), bias);
            };
            let to_the_layer_below = || {
                if let Some(grad_below) = before.last_mut() {
                    self.propagate(i, grad, trace, grad_below);
                }
            };
            threads::both(to_the_parameters, to_the_layer_below);
        }
    }

    /// dL/dx = G_1 W_1, after [`Mlp::backward_into`].
    pub(crate) fn input_gradient(&self, gradients: &Gradients) -> Array2<f32> {
        let grad = &gradients.pre_activations[0];
        let mut input = Array2::zeros((grad.nrows(), self.in_features()));
        let first = &self.layers[0].linear;
        first.input_gradient(grad.view(), input.view_mut());
        input
    }

    /// From layer i to the one below: G_below = (G W) * f'(z_below), stripe by stripe.
    fn propagate(&self, i: usize, grad: &Array2<f32>, trace: &Trace, grad_below: &mut Array2<f32>) {
        let below = &self.layers[i - 1];
        let cut = Cut::new(grad.view(), self.layers[i].linear.weight.view());
        let pre = cut.stripes(&trace.pre_activations[i - 1]);
        let stripes = pre.zip(cut.stripes(&trace.activations[i - 1]));
        let stripes = stripes.zip(cut.stripes_mut(grad_below));
        map_pieces(stripes.enumerate(), |(index, ((pre, out), mut grad))| {
            cut.multiply(index, grad.view_mut());
            below.backward_into(pre, out, grad);
        });
    }

    /// The layers' fields are public: they may have been set to what does not belong together.
    pub(crate) fn check(&self) -> Result<()> {
        check_layers(&self.layers)
    }

    /// The lengths of [`Mlp::parameters_mut`], for [`Optimizer::new`](super::Optimizer::new).
    pub fn parameter_lengths(&self) -> Vec<usize> {
        let layers = self.layers.iter();
        layers
            .flat_map(|l| [l.linear.weight.len(), l.linear.bias.len()])
            .collect()
    }

    /// Parameters as slices, weight then bias of each layer in turn, to be changed by
    /// [`Optimizer::step`](super::Optimizer::step).
    pub fn parameters_mut(&mut self) -> Vec<&mut [f32]> {
        let layers = self.layers.iter_mut();
        layers
            .flat_map(|Layer { linear, .. }| {
                // Arrays from outside may have another layout; ours never do.
                if !linear.weight.is_standard_layout() {
                    linear.weight = standard(&linear.weight);
                }
                if !linear.bias.is_standard_layout() {
                    linear.bias = linear.bias.as_standard_layout().into_owned();
                }
                [
                    linear.weight.as_slice_mut().expect("standard layout"),
                    linear.bias.as_slice_mut().expect("standard layout"),
                ]
            })
            .collect()
    }
}

impl Trace {
    /// Room for the trace of `rows` samples.
    pub(crate) fn new(network: &Mlp, rows: usize) -> Self {
        let room = || {
            let layers = network.layers.iter();
            layers
                .map(|l| Array2::zeros((rows, l.linear.out_features())))
                .collect()
        };
        Self {
            pre_activations: room(),
            activations: room(),
        }
    }

    /// The prediction (n, out).
    pub fn output(&self) -> &Array2<f32> {
        &self.activations[self.activations.len() - 1]
    }
}

impl Gradients {
    /// Room for the gradients of `rows` samples.
    pub(crate) fn new(network: &Mlp, rows: usize) -> Self {
        let layers = || network.layers.iter().map(|l| &l.linear);
        Self {
            weights: layers().map(|l| Array2::zeros(l.weight.dim())).collect(),
            biases: layers().map(|l| Array1::zeros(l.out_features())).collect(),
            pre_activations: layers()
                .map(|l| Array2::zeros((rows, l.out_features())))
                .collect(),
            // Training has no use for it: only `Mlp::backward` makes it.
            input: Array2::zeros((0, network.in_features())),
        }
    }

    pub(crate) fn last_mut(&mut self) -> &mut Array2<f32> {
        let last = self.pre_activations.len() - 1;
        &mut self.pre_activations[last]
    }

    /// The gradients of the parameters as slices, in the order of [`Mlp::parameters_mut`], for
    /// [`Optimizer::step`](super::Optimizer::step).
    pub fn slices(&self) -> Vec<&[f32]> {
        let pairs = self.weights.iter().zip(&self.biases);
        pairs
            .flat_map(|(w, b)| [w.as_slice(), b.as_slice()])
            .map(|s| s.expect("standard layout"))
            .collect()
    }
}

/// The prediction of `layers`, a thousand samples at a time, so that memory stays small.
pub(crate) fn forward(layers: &[Layer], input: &dyn Matrix) -> Result<Array2<f32>> {
    const BLOCK: usize = 1000;
    // Below this many multiplications, starting threads takes longer than the work.
    const WORTH_THREADS: usize = 50_000_000;

    check_layers(layers)?;
    check::width("the network's input", input, layers[0].linear.in_features())?;
    let input = input.view();
    let work = move || {
        let outputs = layers[layers.len() - 1].linear.out_features();
        let mut result = Array2::zeros((input.nrows(), outputs));
        for start in (0..input.nrows()).step_by(BLOCK) {
            let rows = s![start..(start + BLOCK).min(input.nrows()), ..];
            let mut block = layers[0].forward(&input.slice(rows))?;
            for layer in &layers[1..] {
                block = layer.forward(&block)?;
            }
            result.slice_mut(rows).assign(&block);
        }
        Ok(result)
    };
    let multiplications: usize = layers.iter().map(|l| l.linear.weight.len()).sum();
    if threads::inside_a_pool() || multiplications * input.nrows() < WORTH_THREADS {
        work()
    } else {
        threads::with_threads(threads::available(), work)
    }
}

fn check_layers(layers: &[Layer]) -> Result<()> {
    let sizes = || {
        let outputs = layers.iter().map(|l| l.linear.out_features());
        layers
            .first()
            .map(|l| l.linear.in_features())
            .into_iter()
            .chain(outputs)
    };
    if layers.is_empty() || sizes().any(|size| size == 0) {
        return Err(Error::LayerSize {
            sizes: sizes().collect(),
        });
    }
    for layer in layers {
        layer.linear.check()?;
    }
    for pair in layers.windows(2) {
        if pair[0].linear.out_features() != pair[1].linear.in_features() {
            return Err(Error::Count {
                what: "input features of a layer (the output features of the one before)",
                expected: pair[0].linear.out_features(),
                found: pair[1].linear.in_features(),
            });
        }
    }
    Ok(())
}

wide! {
    fn column_sums(rows: &[f32], sums: &mut [f32]) {
        sums.fill(0.0);
        for row in rows.chunks_exact(sums.len()) {
            for (sum, x) in sums.iter_mut().zip(row) {
                *sum += x;
            }
        }
    }
}

fn standard(array: &Array2<f32>) -> Array2<f32> {
    array.as_standard_layout().into_owned()
}

/// The numbers of a row, or of a stripe's part of one, which lie side by side in our arrays.
fn whole(row: ArrayView1<'_, f32>) -> &[f32] {
    row.to_slice().expect("standard layout")
}

fn whole_mut(row: ArrayViewMut1<'_, f32>) -> &mut [f32] {
    row.into_slice().expect("standard layout")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network() -> Mlp {
        Mlp::new(&[4, 3, 2], Activation::Tanh, Activation::Identity, 1).unwrap()
    }

    #[test]
    fn forward_and_trace_agree_across_blocks() {
        let x = crate::nn::init::uniform(2345, 4, 1.0, 1);
        let prediction = network().forward(&x).unwrap();
        assert_eq!(&prediction, network().trace(&x).unwrap().output());
        let empty = network().forward(&Array2::zeros((0, 4))).unwrap();
        assert_eq!(empty.dim(), (0, 2));
    }

    #[test]
    fn two_linear_layers_are_one() {
        let network = Mlp::new(&[4, 3, 2], Activation::Identity, Activation::Identity, 1).unwrap();
        let [first, second] = [0, 1].map(|i| &network.layers()[i].linear);
        let one = Linear {
            weight: second.weight.dot(&first.weight),
            bias: second.weight.dot(&first.bias) + &second.bias,
        };
        let x = crate::nn::init::uniform(10, 4, 1.0, 1);
        let off = one.forward(&x).unwrap() - network.forward(&x).unwrap();
        assert!(off.iter().all(|e| e.abs() < 1e-6));
    }

    #[test]
    fn mistakes_are_named_with_their_numbers() {
        for sizes in [&[][..], &[4], &[4, 0, 2]] {
            let error = Mlp::new(sizes, Activation::Relu, Activation::Identity, 0).unwrap_err();
            assert!(error.to_string().contains(&format!("{sizes:?}")), "{error}");
        }
        assert!(network().forward(&Array2::zeros((2, 5))).is_err());
        let mut layers = network().layers().to_vec();
        layers.swap(0, 1);
        let text = Mlp::from_layers(layers).unwrap_err().to_string();
        assert!(text.contains('2') && text.contains('4'), "{text}");
        assert!(Mlp::from_layers(Vec::new()).is_err());

        let x = Array2::zeros((5, 4));
        let trace = network().trace(&x).unwrap();
        assert!(
            network()
                .backward(&x, &trace, &Array2::zeros((4, 2)))
                .is_err()
        );
        assert!(
            network()
                .backward(&x, &trace, &Array2::zeros((5, 3)))
                .is_err()
        );
        let short = network().trace(&Array2::zeros((4, 4))).unwrap();
        assert!(
            network()
                .backward(&x, &short, &Array2::zeros((5, 2)))
                .is_err()
        );
    }
}
