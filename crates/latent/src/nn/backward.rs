//! The backward pass: the gradients of all parameters, from the last layer to the first.
//!
//! ```text
//! G_i = dL/dz_i (n, out_i):   G_last = dL/da_last * f'(z_last)     G_i = (G_(i+1) W_(i+1)) * f'(z_i)
//! dL/dW_i = G_i^T a_(i-1)     dL/db_i = the sum of G_i over its rows     dL/dx = G_1 W_1
//! ```

use super::cache::{ForwardCache, Gradients};
use super::linear::Linear;
use super::matmul::Cut;
use super::mlp::Mlp;
use super::simd::wide;
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::threads::{self, PIECE, map_pieces};
use ndarray::{Array2, ArrayView2, Axis};

impl Mlp {
    /// All gradients, from the cache of `input` and `grad_output` = dL/d(prediction).
    ///
    /// ```
    /// use latent::prelude::*;
    /// let network = Mlp::new(&[2, 3, 1], Activation::Tanh, Activation::Identity, 1)?;
    /// let (input, target) = (array![[0.0, 1.0], [1.0, 0.0]], array![[1.0], [0.0]]);
    /// let cache = network.forward_cached(&input)?;
    /// let grad_output = Loss::MeanSquaredError.gradient(cache.output(), &target)?;
    /// let gradients = network.backward(&input, &cache, &grad_output)?;
    /// assert_eq!(gradients.weights[0].dim(), network.layers()[0].linear.weight.dim());
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Width`] or [`Error::Count`] if the three do not belong together.
    pub fn backward(
        &self,
        input: &dyn Matrix,
        cache: &ForwardCache,
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
        for found in [cache.pre_activations.len(), cache.activations.len()] {
            check::count("layers in the forward cache", self.layers().len(), found)?;
        }
        for (layer, (pre, out)) in self
            .layers()
            .iter()
            .zip(cache.pre_activations.iter().zip(&cache.activations))
        {
            for array in [pre, out] {
                check::width(
                    "a layer of the forward cache",
                    array,
                    layer.linear.out_features(),
                )?;
                check::count("rows in the forward cache", input.nrows(), array.nrows())?;
            }
        }
        let cache = ForwardCache {
            pre_activations: cache.pre_activations.iter().map(standard).collect(),
            activations: cache.activations.iter().map(standard).collect(),
        };
        let mut gradients = Gradients::new(self.layers(), input.nrows());
        gradients.last_mut().assign(&grad_output);
        self.backward_into(input, &cache, &mut gradients);
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

    /// Expects dL/d(prediction) in the last of `gradients.pre_activations`, and multiplies each G
    /// by f' in place. The gradient with respect to the input is of no use in training and is not
    /// computed here ([`Mlp::input_gradient`] does): that saves an eighth of all the work.
    pub(crate) fn backward_into(
        &self,
        input: ArrayView2<f32>,
        cache: &ForwardCache,
        gradients: &mut Gradients,
    ) {
        self.backward_output(cache, gradients);
        self.backward_layers(0..self.layers().len(), input, cache, gradients);
    }

    /// From dL/d(prediction) to the G of the last layer, in place.
    pub(crate) fn backward_output(&self, cache: &ForwardCache, gradients: &mut Gradients) {
        let last = self.layers().len() - 1;
        let outputs = &cache.activations[last];
        let rows = Axis(0);
        let height = (PIECE / outputs.ncols()).max(1);
        let pieces = cache.pre_activations[last]
            .axis_chunks_iter(rows, height)
            .zip(outputs.axis_chunks_iter(rows, height))
            .zip(gradients.last_mut().axis_chunks_iter_mut(rows, height));
        map_pieces(pieces, |((pre, out), grad)| {
            self.layers()[last].backward_into(pre, out, grad);
        });
    }

    /// The gradients of the parameters of some layers, last to first, from the G of the last of
    /// them; and the G of the layer below.
    pub(crate) fn backward_layers(
        &self,
        layers: std::ops::Range<usize>,
        input: ArrayView2<f32>,
        cache: &ForwardCache,
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
                    .map_or_else(|| input.reborrow(), |i| cache.activations[i].view());
                Linear::weight_gradient(below, grad.view(), weight);
                column_sums(grad.as_slice().expect("standard layout"), bias);
            };
            let to_the_layer_below = || {
                if let Some(grad_below) = before.last_mut() {
                    self.propagate(i, grad, cache, grad_below);
                }
            };
            threads::both(to_the_parameters, to_the_layer_below);
        }
    }

    /// dL/dx = G_1 W_1, after [`Mlp::backward_into`].
    pub(crate) fn input_gradient(&self, gradients: &Gradients) -> Array2<f32> {
        let grad = &gradients.pre_activations[0];
        let mut input = Array2::zeros((grad.nrows(), self.in_features()));
        let first = &self.layers()[0].linear;
        first.input_gradient(grad.view(), input.view_mut());
        input
    }

    /// From layer i to the one below: G_below = (G W) * f'(z_below), panel by panel.
    fn propagate(
        &self,
        i: usize,
        grad: &Array2<f32>,
        cache: &ForwardCache,
        grad_below: &mut Array2<f32>,
    ) {
        let below = &self.layers()[i - 1];
        let cut = Cut::new(grad.view(), self.layers()[i].linear.weight.view());
        let pre = cut.panels(&cache.pre_activations[i - 1]);
        let panels = pre.zip(cut.panels(&cache.activations[i - 1]));
        let panels = panels.zip(cut.panels_mut(grad_below));
        map_pieces(panels.enumerate(), |(index, ((pre, out), mut grad))| {
            cut.multiply(index, grad.view_mut());
            below.backward_into(pre, out, grad);
        });
    }
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
