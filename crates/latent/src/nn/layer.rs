//! A layer of a network: a linear layer and the activation after it.
//!
//! ```text
//! forward    z = a W^T + b      a' = f(z)         a (n, in)   z, a' (n, out)
//! backward   dL/dz = dL/da' * f'(z)               `*` multiplies element by element
//! ```
//!
//! The products are made in panels, and what follows a product (bias and activation on the way
//! forward, the slope of the activation on the way backward) is applied to a panel while it is in
//! the processor's cache.

use super::matmul::Cut;
use super::{Activation, Linear};
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::threads::map_pieces;
use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};

/// A linear layer and the activation after it.
///
/// ```
/// use latent::prelude::*;
/// let layer = Layer {
///     linear: Linear { weight: array![[1.0, -1.0]], bias: array![0.0] },
///     activation: Activation::Relu,
/// };
/// assert_eq!(layer.forward(&array![[3.0, 1.0], [1.0, 3.0]])?, array![[2.0], [0.0]]);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// z = a W^T + b.
    pub linear: Linear,
    /// f, applied to each z.
    pub activation: Activation,
}

impl Layer {
    /// f(a W^T + b): from (n, in) to (n, out).
    ///
    /// # Errors
    /// As [`Linear::forward`].
    pub fn forward(&self, input: &dyn Matrix) -> Result<Array2<f32>> {
        self.linear.check()?;
        check::width("the layer's input", input, self.linear.in_features())?;
        // A ReLU turns NaN into 0, so the result alone would not tell.
        check::finite("the layer's input", input)?;
        let output = self.output(input.view());
        check::finite_result(output, "the layer's input", input, "the layer's outputs")
    }

    /// The same without a look at the numbers: a training may have diverged.
    pub(super) fn output(&self, input: ArrayView2<f32>) -> Array2<f32> {
        let mut pre = Array2::zeros((input.nrows(), self.linear.out_features()));
        let mut out = pre.clone();
        self.forward_into(input, &mut pre, &mut out);
        out
    }

    /// The same, into arrays that are already there. Whoever makes a panel of z = x W^T adds the
    /// bias and applies f at once, while the panel is in the processor's cache.
    pub(super) fn forward_into(
        &self,
        input: ArrayView2<f32>,
        pre: &mut Array2<f32>,
        out: &mut Array2<f32>,
    ) {
        let bias = self.linear.bias.as_standard_layout();
        let bias = bias.broadcast(out.dim()).expect("a bias for each output");
        let cut = Cut::new(input.reborrow(), self.linear.weight.t());
        let panels = (cut.panels_mut(pre).zip(cut.panels(&bias))).zip(cut.panels_mut(out));
        map_pieces(panels.enumerate(), |(index, ((mut pre, bias), mut out))| {
            cut.multiply(index, pre.view_mut());
            let rows = pre.rows_mut().into_iter().zip(bias.rows());
            for ((pre, bias), out) in rows.zip(out.rows_mut()) {
                self.activation
                    .forward_row(whole_mut(pre), whole(bias), whole_mut(out));
            }
        });
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

/// Refuses layers that do not fit together: their fields are public.
pub(super) fn check_layers(layers: &[Layer]) -> Result<()> {
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

/// The numbers of a row, or of a panel's part of one, which lie side by side in our arrays.
fn whole(row: ArrayView1<'_, f32>) -> &[f32] {
    row.to_slice().expect("standard layout")
}

fn whole_mut(row: ArrayViewMut1<'_, f32>) -> &mut [f32] {
    row.into_slice().expect("standard layout")
}
