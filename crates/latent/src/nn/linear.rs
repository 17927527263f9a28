//! The linear layer: a matrix multiplies the input, and a bias is added.
//!
//! ```text
//! y = x W^T + b        x (n, in)   W (out, in)   b (out)   y (n, out)
//! ```
//!
//! Row `j` of W holds what output unit `j` looks for in the input; this is PyTorch's layout.
//!
//! Backward: given G = dL/dy (n, out), how the loss L changes with each output,
//!
//! ```text
//! dL/dW = G^T x        (out, in)   each weight: its output's gradient times its input, summed
//! dL/db = sum_n G      (out)       the bias feeds all samples alike
//! dL/dx = G W          (n, in)     what is handed on to the layer before
//! ```

use super::{Init, matmul};
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::memory;
use crate::rng::random;
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis};
use rand::RngCore;

/// y = x W^T + b.
///
/// ```
/// use latent::nn::Linear;
/// use latent::ndarray::array;
/// let sum_and_difference = Linear {
///     weight: array![[1.0, 1.0], [1.0, -1.0]],
///     bias: array![0.0, 10.0],
/// };
/// assert_eq!(sum_and_difference.forward(&array![[5.0, 3.0]])?, array![[8.0, 12.0]]);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// W (out, in).
    pub weight: Array2<f32>,
    /// b (out).
    pub bias: Array1<f32>,
}

/// What [`Linear::backward`] finds: the gradient of the loss with respect to each thing that
/// went into the layer, in the shape of that thing.
///
/// ```
/// use latent::prelude::*;
/// let layer = Linear::new(4, 3, 1)?;
/// let gradients = layer.backward(&Array2::zeros((5, 4)), &Array2::ones((5, 3)))?;
/// assert_eq!(gradients.weight.dim(), layer.weight.dim());
/// assert_eq!(gradients.bias, array![5.0, 5.0, 5.0]); // summed over the samples
/// assert_eq!(gradients.input.dim(), (5, 4));
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LinearGradients {
    /// dL/dW (out, in).
    pub weight: Array2<f32>,
    /// dL/db (out).
    pub bias: Array1<f32>,
    /// dL/dx (n, in).
    pub input: Array2<f32>,
}

impl Linear {
    /// Random weights and biases, drawn as PyTorch draws them: uniform within
    /// 1 / sqrt(in), which is [`Init::Default`].
    ///
    /// ```
    /// use latent::prelude::*;
    /// let layer = Linear::new(784, 256, 1)?;
    /// assert_eq!((layer.in_features(), layer.out_features()), (784, 256));
    /// assert_eq!(layer.num_parameters(), 784 * 256 + 256);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::LayerSize`] if a size is 0, [`Error::Memory`] if the weights do not fit into the
    /// available memory.
    pub fn new(inputs: usize, outputs: usize, seed: u64) -> Result<Self> {
        Self::from_rng(inputs, outputs, &mut random(seed))
    }

    pub(crate) fn from_rng(inputs: usize, outputs: usize, rng: &mut impl RngCore) -> Result<Self> {
        if inputs == 0 || outputs == 0 {
            return Err(Error::LayerSize {
                sizes: vec![inputs, outputs],
            });
        }
        memory::check_matrix("the weights of a layer", outputs, inputs)?;
        let (weight, bias) = Init::Default.draw(inputs, outputs, rng);
        Ok(Self { weight, bias })
    }

    /// Draws weight and bias anew by `init`.
    pub(crate) fn initialise(&mut self, init: Init, rng: &mut impl RngCore) {
        let (outputs, inputs) = self.weight.dim();
        (self.weight, self.bias) = init.draw(inputs, outputs, rng);
    }

    /// Columns of the input.
    pub fn in_features(&self) -> usize {
        self.weight.ncols()
    }

    /// Columns of the output.
    pub fn out_features(&self) -> usize {
        self.weight.nrows()
    }

    /// Number of weights and biases, in * out + out.
    pub fn num_parameters(&self) -> usize {
        self.weight.len() + self.bias.len()
    }

    /// From x (n, in) to y (n, out).
    ///
    /// # Errors
    /// [`Error::Width`] if `input` is not `in` columns wide, [`Error::Count`] if the bias is not
    /// `out` long, [`Error::NotFinite`] if the input holds NaN or infinity, [`Error::Overflow`] if
    /// the output exceeds `f32`.
    pub fn forward(&self, input: &dyn Matrix) -> Result<Array2<f32>> {
        let input = input.view();
        self.check()?;
        check::width("the layer's input", &input, self.in_features())?;
        let mut output = Array2::zeros((input.nrows(), self.out_features()));
        self.multiply(input, output.view_mut());
        output += &self.bias;
        check::finite_result(output, "the layer's input", &input, "the layer's outputs")
    }

    /// The three gradients, from the input x (n, in) of the forward pass and
    /// `grad_output` = dL/dy (n, out).
    ///
    /// ```
    /// use latent::prelude::*;
    /// let layer = Linear { weight: array![[1.0, 2.0]], bias: array![0.0] }; // from 2 to 1
    /// let gradients = layer.backward(&array![[3.0, 4.0]], &array![[1.0]])?; // dL/dy = 1
    /// assert_eq!(gradients.weight, array![[3.0, 4.0]]); // the input
    /// assert_eq!(gradients.input, array![[1.0, 2.0]]); // the weight
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Width`] if the widths are not those of the layer, [`Error::Count`] if the two
    /// arrays differ in their number of rows.
    pub fn backward(
        &self,
        input: &dyn Matrix,
        grad_output: &dyn Matrix,
    ) -> Result<LinearGradients> {
        let (input, grad_output) = (input.view(), grad_output.view());
        self.check()?;
        check::width("the layer's input", &input, self.in_features())?;
        check::width(
            "the gradient of the layer's output",
            &grad_output,
            self.out_features(),
        )?;
        check::count("rows in the gradient", input.nrows(), grad_output.nrows())?;
        check::finite("the layer's input", &input)?;
        check::finite("the gradient of the layer's output", &grad_output)?;
        let mut gradients = LinearGradients {
            weight: Array2::zeros(self.weight.dim()),
            bias: grad_output.sum_axis(Axis(0)),
            input: Array2::zeros(input.dim()),
        };
        Self::weight_gradient(
            input.view(),
            grad_output.view(),
            gradients.weight.view_mut(),
        );
        self.input_gradient(grad_output.view(), gradients.input.view_mut());
        let [weight, input] = [&gradients.weight, &gradients.input];
        if weight.iter().chain(input).all(|g| g.is_finite()) {
            return Ok(gradients);
        }
        Err(Error::Overflow {
            what: "the gradients",
        })
    }

    /// x W^T, without the bias.
    pub(crate) fn multiply(&self, input: ArrayView2<f32>, output: ArrayViewMut2<f32>) {
        matmul::product(input, self.weight.t(), output);
    }

    /// G^T x.
    pub(crate) fn weight_gradient(
        input: ArrayView2<f32>,
        grad_output: ArrayView2<f32>,
        gradient: ArrayViewMut2<f32>,
    ) {
        matmul::product(grad_output.reversed_axes(), input, gradient);
    }

    /// G W.
    pub(crate) fn input_gradient(
        &self,
        grad_output: ArrayView2<f32>,
        gradient: ArrayViewMut2<f32>,
    ) {
        matmul::product(grad_output, self.weight.view(), gradient);
    }

    /// The fields are public, so they may have been set to shapes that do not belong together.
    pub(crate) fn check(&self) -> Result<()> {
        if self.bias.len() == self.out_features() {
            return Ok(());
        }
        Err(Error::Count {
            what: "values in the bias of a layer",
            expected: self.out_features(),
            found: self.bias.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn forward_is_the_sum_written_out() {
        let layer = Linear::new(3, 2, 5).unwrap();
        let x = array![[1.0, -2.0, 0.5], [0.0, 4.0, 3.0]];
        let y = layer.forward(&x).unwrap();
        for n in 0..2 {
            for o in 0..2 {
                let mut sum = layer.bias[o];
                for i in 0..3 {
                    sum += layer.weight[[o, i]] * x[[n, i]];
                }
                assert!((y[[n, o]] - sum).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn any_memory_layout_gives_the_same_result() {
        let layer = Linear::new(3, 2, 5).unwrap();
        let x = array![[1.0, -2.0, 0.5], [0.0, 4.0, 3.0]];
        let column_major = x.t().as_standard_layout().reversed_axes().to_owned();
        assert!(!column_major.is_standard_layout());
        let off = layer.forward(&x).unwrap() - layer.forward(&column_major).unwrap();
        assert!(off.iter().all(|e| e.abs() < 1e-6));
    }

    #[test]
    fn mistakes_are_named_with_their_numbers() {
        let mut layer = Linear::new(3, 2, 0).unwrap();
        let x = Array2::zeros((4, 5));
        let text = layer.forward(&x).unwrap_err().to_string();
        assert!(text.contains('3') && text.contains("got 5"), "{text}");
        let text = layer
            .backward(&Array2::zeros((4, 3)), &Array2::zeros((6, 2)))
            .unwrap_err()
            .to_string();
        assert!(text.contains('4') && text.contains('6'), "{text}");
        layer.bias = Array1::zeros(7);
        assert!(layer.forward(&Array2::zeros((4, 3))).is_err());
        let text = Linear::new(0, 3, 1).unwrap_err().to_string();
        assert!(text.contains("[0, 3]"), "{text}");
    }
}
