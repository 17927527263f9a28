//! How wrong a prediction is, as one number; and the gradient of the loss with respect to the
//! prediction.
//!
//! With p the prediction and t the target, both (n, d), and N = n d elements:
//!
//! | loss | formula | gradient dL/dp |
//! | --- | --- | --- |
//! | mean squared error | sum (p - t)^2 / N | 2 (p - t) / N |
//! | binary cross-entropy | -sum (t ln p + (1 - t) ln(1 - p)) / N | (p - t) / (p (1 - p)) / N |
//! | Poisson | sum (p - t ln(p + 1e-8)) / N | (1 - t / (p + 1e-8)) / N |
//!
//! All are means over all elements, as PyTorch's `MSELoss`, `BCELoss` and
//! `PoissonNLLLoss(log_input=False)`. The cross-entropy takes
//! targets in 0..=1 and predictions that a sigmoid made; as in PyTorch, no logarithm counts for
//! less than -100, and p (1 - p) for no less than 1e-12.

use super::Activation;
use super::simd::{ln, sum, wide};
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::threads::{PIECE, map_pieces};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

/// The loss that training minimises; see the formulas of [the module](self).
///
/// ```
/// use latent::nn::Loss;
/// use latent::ndarray::array;
/// let loss = Loss::MeanSquaredError;
/// assert_eq!(loss.value(&array![[1.0, 2.0]], &array![[1.0, 4.0]])?, 2.0);
/// assert_eq!(loss.gradient(&array![[1.0, 2.0]], &array![[1.0, 4.0]])?, array![[0.0, -2.0]]);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The mean of the squared differences.
    MeanSquaredError,
    /// The mean number of nats by which the prediction misjudges the target.
    BinaryCrossEntropy,
    /// The negative log likelihood of counts that follow a Poisson distribution with the predicted
    /// mean, without the term ln t!, which no parameter can change. For counts, such as spikes in
    /// a bin; targets must not be negative, and predictions are means, so the output activation
    /// must not go below 0 ([`Activation::Softplus`], [`Activation::Exp`]).
    Poisson,
}

impl Loss {
    /// "mean squared error", "binary cross-entropy" or "Poisson loss".
    ///
    /// ```
    /// use latent::nn::Loss;
    /// assert_eq!(Loss::BinaryCrossEntropy.name(), "binary cross-entropy");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::MeanSquaredError => "mean squared error",
            Self::BinaryCrossEntropy => "binary cross-entropy",
            Self::Poisson => "Poisson loss",
        }
    }

    /// The loss of a prediction (n, d) for a target (n, d).
    ///
    /// # Errors
    /// If the shapes differ or the arrays are empty; if a target or a prediction of the
    /// cross-entropy is outside 0..=1, or one of the Poisson loss below 0. [`Error::NotFinite`] for
    /// NaN or infinity, [`Error::Overflow`] if the result exceeds `f32`.
    pub fn value(self, prediction: &dyn Matrix, target: &dyn Matrix) -> Result<f64> {
        check::finite("the prediction", prediction)?;
        let value = self.value_in_training(prediction, target)?;
        if value.is_finite() {
            return Ok(value);
        }
        Err(Error::Overflow { what: "the losses" })
    }

    /// The same, where a prediction may be NaN: a training that diverges reports it in words of its
    /// own.
    pub(crate) fn value_in_training(
        self,
        prediction: &dyn Matrix,
        target: &dyn Matrix,
    ) -> Result<f64> {
        Ok(self.both(prediction, target)?.0)
    }

    /// dL/dp (n, d).
    ///
    /// # Errors
    /// As [`Loss::value`].
    pub fn gradient(self, prediction: &dyn Matrix, target: &dyn Matrix) -> Result<Array2<f32>> {
        check::finite("the prediction", prediction)?;
        let gradient = self.both(prediction, target)?.1;
        check::finite_result(gradient, "the prediction", prediction, "the gradients")
    }

    fn both(self, prediction: &dyn Matrix, target: &dyn Matrix) -> Result<(f64, Array2<f32>)> {
        let (prediction, target) = (prediction.view(), target.view());
        check::width("the target", &target, prediction.ncols())?;
        check::count("rows in the target", prediction.nrows(), target.nrows())?;
        check::not_empty("the prediction", &prediction)?;
        self.check_targets(&target)?;
        self.check_range("prediction", &prediction)?;
        let mut gradient = Array2::zeros(prediction.dim());
        let value = self.value_and_gradient(
            prediction.as_standard_layout().view(),
            target.as_standard_layout().view(),
            gradient.view_mut(),
        );
        Ok((value, gradient))
    }

    /// A cross-entropy asks for targets in 0..=1, the Poisson loss for counts from 0 on.
    pub(crate) fn check_targets(self, targets: &dyn Matrix) -> Result<()> {
        check::finite("the target", targets)?;
        self.check_range("target", targets)
    }

    /// NaN passes here: a training that diverges reports it in words of its own.
    fn check_range(self, what: &'static str, array: &dyn Matrix) -> Result<()> {
        let (high, needed) = match self {
            Self::MeanSquaredError => return Ok(()),
            Self::BinaryCrossEntropy => (1.0, "values from 0 to 1"),
            Self::Poisson => (f32::INFINITY, "values of 0 or more"),
        };
        let array = array.view();
        let outside = |&(_, &x): &(_, &f32)| x < 0.0 || x > high;
        match array.indexed_iter().find(outside) {
            None => Ok(()),
            Some(((row, column), &value)) => Err(Error::LossRange {
                loss: self.name(),
                what,
                needed,
                value,
                row,
                column,
            }),
        }
    }

    /// The output activation must keep predictions where the loss has a value.
    pub(crate) fn check_output(self, activation: Activation) -> Result<()> {
        use Activation::{Exp, Relu, Sigmoid, Softplus};
        let (fits, expected) = match self {
            Self::MeanSquaredError => return Ok(()),
            Self::BinaryCrossEntropy => (activation == Sigmoid, "a sigmoid"),
            Self::Poisson => (
                matches!(activation, Exp | Relu | Sigmoid | Softplus),
                "softplus or exponential",
            ),
        };
        if fits {
            return Ok(());
        }
        Err(Error::LossOutput {
            loss: self.name(),
            expected,
            activation: activation.name(),
        })
    }

    /// The loss, and its gradient written to `gradient`: one pass over the data for both. All
    /// three (n, d), in standard layout.
    pub(crate) fn value_and_gradient(
        self,
        prediction: ArrayView2<f32>,
        target: ArrayView2<f32>,
        mut gradient: ArrayViewMut2<f32>,
    ) -> f64 {
        let n = prediction.len();
        let scale = 1.0 / n as f32;
        let prediction = prediction.to_slice().expect("standard layout");
        let target = target.to_slice().expect("standard layout");
        let gradient = gradient.as_slice_mut().expect("standard layout");
        let pieces = prediction
            .chunks(PIECE)
            .zip(target.chunks(PIECE))
            .zip(gradient.chunks_mut(PIECE));
        let sums = map_pieces(pieces, |((p, t), g)| match self {
            Self::MeanSquaredError => mean_squared_error(p, t, g, scale),
            Self::BinaryCrossEntropy => binary_cross_entropy(p, t, g, scale),
            Self::Poisson => poisson(p, t, g, scale),
        });
        sums.iter().sum::<f64>() / n as f64
    }
}

wide! {
    fn mean_squared_error(
        prediction: &[f32],
        target: &[f32],
        gradient: &mut [f32],
        scale: f32,
    ) -> f64 {
        for ((&p, &t), g) in prediction.iter().zip(target).zip(gradient) {
            *g = 2.0 * scale * (p - t);
        }
        sum(prediction, target, |p, t| (p - t) * (p - t))
    }
}

wide! {
    fn binary_cross_entropy(
        prediction: &[f32],
        target: &[f32],
        gradient: &mut [f32],
        scale: f32,
    ) -> f64 {
        for ((&p, &t), g) in prediction.iter().zip(target).zip(gradient) {
            let variance = p * (1.0 - p);
            let variance = if variance < 1e-12 { 1e-12 } else { variance };
            *g = scale * (p - t) / variance;
        }
        sum(prediction, target, |p, t| -(t * ln_at_least(p) + (1.0 - t) * ln_at_least(1.0 - p)))
    }
}

/// Keeps the logarithm finite where a count of 0 is predicted; PyTorch's.
const POISSON_EPSILON: f32 = 1e-8;

wide! {
    fn poisson(prediction: &[f32], target: &[f32], gradient: &mut [f32], scale: f32) -> f64 {
        for ((&p, &t), g) in prediction.iter().zip(target).zip(gradient) {
            *g = scale * (1.0 - t / (p + POISSON_EPSILON));
        }
        sum(prediction, target, |p, t| p - t * ln(p + POISSON_EPSILON))
    }
}

#[inline(always)]
fn ln_at_least(x: f32) -> f32 {
    let y = ln(x);
    if y < -100.0 { -100.0 } else { y }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn cross_entropy_is_the_formula() {
        let p = array![[0.9_f32, 0.2], [0.5, 0.01]];
        let t = array![[1.0_f32, 0.0], [0.3, 0.5]];
        let mut expected = 0.0;
        for (&p, &t) in p.iter().zip(&t) {
            let (p, t) = (f64::from(p), f64::from(t));
            expected -= (t * p.ln() + (1.0 - t) * (1.0 - p).ln()) / 4.0;
        }
        let found = Loss::BinaryCrossEntropy.value(&p, &t).unwrap();
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }

    #[test]
    fn a_prediction_that_is_certain_and_wrong_costs_a_hundred() {
        let loss = Loss::BinaryCrossEntropy;
        assert_eq!(loss.value(&array![[0.0]], &array![[1.0]]).unwrap(), 100.0);
        assert_eq!(loss.value(&array![[1.0]], &array![[1.0]]).unwrap(), 0.0);
        assert!(loss.gradient(&array![[0.0]], &array![[1.0]]).unwrap()[[0, 0]].is_finite());
    }

    #[test]
    fn any_memory_layout_gives_the_same_result() {
        let p = array![[0.9_f32, 0.2, 0.3], [0.5, 0.01, 0.6]];
        let t = array![[1.0_f32, 0.0, 0.5], [0.3, 0.5, 0.4]];
        let turned = t.t().as_standard_layout().reversed_axes().to_owned();
        for loss in [
            Loss::MeanSquaredError,
            Loss::BinaryCrossEntropy,
            Loss::Poisson,
        ] {
            assert_eq!(
                loss.value(&p, &t).unwrap(),
                loss.value(&p, &turned).unwrap()
            );
        }
    }

    #[test]
    fn poisson_is_lowest_where_the_prediction_is_the_count() {
        let (loss, count) = (Loss::Poisson, array![[3.0_f32]]);
        let at = |p: f32| loss.value(&array![[p]], &count).unwrap();
        assert!((at(3.0) - (3.0 - 3.0 * 3.0_f64.ln())).abs() < 1e-6);
        assert!(at(2.9) > at(3.0) && at(3.1) > at(3.0));
        assert_eq!(loss.gradient(&count, &count).unwrap(), array![[0.0]]);
        assert!(at(0.0).is_finite());
        let text = loss.value(&count, &array![[-2.0]]).unwrap_err().to_string();
        assert!(text.contains("-2") && text.contains("target"), "{text}");
        assert!(loss.value(&array![[-2.0]], &count).is_err());
        assert!(loss.check_output(Activation::Identity).is_err());
        assert!(loss.check_output(Activation::Exp).is_ok());
    }

    #[test]
    fn mistakes_are_named_with_their_numbers() {
        let loss = Loss::BinaryCrossEntropy;
        let text = loss
            .value(&array![[0.5, 0.5]], &array![[0.5, 1.5]])
            .unwrap_err()
            .to_string();
        assert!(text.contains("1.5") && text.contains("column 1"), "{text}");
        assert!(loss.value(&array![[0.5]], &array![[f32::NAN]]).is_err());
        assert!(loss.value(&array![[0.5]], &array![[0.5, 0.5]]).is_err());
        assert!(loss.value(&array![[0.5]], &array![[0.5], [0.5]]).is_err());
        assert!(
            loss.value(&Array2::zeros((0, 3)), &Array2::zeros((0, 3)))
                .is_err()
        );
    }
}
