//! Backpropagation by hand: the gradient of the encoder's weights in an autoencoder of two layers.
//!
//! ```text
//! x (n, d) -> [W1 (k, d)] -> z -> [tanh] -> code (n, k) -> [W2 (d, k)] -> y (n, d)
//! L = mean of (y - x)^2 over all n d elements
//! dL/dy = 2 (y - x) / (n d)     dL/dcode = dL/dy W2
//! dL/dz = dL/dcode * (1 - code^2)     dL/dW1 = (dL/dz)^T x
//! ```
//!
//! The check does not use these formulas: it compares with finite differences of the loss.

use crate::exercise::Feedback;
use crate::exercise::check::Check;
use crate::exercise::value::{named, table};
use ndarray::{Array2, array};

/// What the learner writes in [`check_encoder_gradient`]: samples (n, d), encoder (k, d), decoder
/// (d, k); it returns dL/d(encoder) (k, d).
pub type EncoderGradient = fn(&Array2<f32>, &Array2<f32>, &Array2<f32>) -> Array2<f32>;

/// Samples, encoder, decoder.
type Input = (Array2<f32>, Array2<f32>, Array2<f32>);

/// The loss, in f64.
fn loss(x: &Array2<f64>, encoder: &Array2<f64>, decoder: &Array2<f64>) -> f64 {
    let code = x.dot(&encoder.t()).mapv(f64::tanh);
    let error = code.dot(&decoder.t()) - x;
    error.mapv(|e| e * e).mean().unwrap_or(0.0)
}

/// dL/d(encoder) (k, d), each element by a finite difference.
fn by_finite_differences((x, encoder, decoder): &Input) -> Array2<f32> {
    let [x, encoder, decoder] = [x, encoder, decoder].map(|array| array.mapv(f64::from));
    let step = 1e-5;
    Array2::from_shape_fn(encoder.dim(), |place| {
        let with = |change: f64| {
            let mut changed = encoder.clone();
            changed[place] += change;
            loss(&x, &changed, &decoder)
        };
        ((with(step) - with(-step)) / (2.0 * step)) as f32
    })
}

/// The code (n, k), the error y - x (n, d) and dL/dy (n, d).
fn forward((x, encoder, decoder): &Input) -> (Array2<f32>, Array2<f32>, Array2<f32>) {
    let code = x.dot(&encoder.t()).mapv(f32::tanh);
    let error = code.dot(&decoder.t()) - x;
    let d_reconstruction = &error * (2.0 / x.len() as f32);
    (code, error, d_reconstruction)
}

/// (dL/dcode * slope)^T x, with the slope made from the code.
fn with_slope(input: &Input, slope: fn(f32) -> f32) -> Array2<f32> {
    let (code, _, d_reconstruction) = forward(input);
    let d_sum = d_reconstruction.dot(&input.2) * code.mapv(slope);
    d_sum.t().dot(&input.0)
}

fn right(input: &Input) -> Array2<f32> {
    with_slope(input, |code| 1.0 - code * code)
}

/// `encoder_gradient(x, encoder, decoder)`: how the loss of the autoencoder
/// tanh(x W1^T) W2^T changes with each weight of its encoder W1.
pub fn check_encoder_gradient(encoder_gradient: EncoderGradient) -> Feedback {
    Check {
        exercise: "backpropagation by hand",
        arguments: |(x, encoder, decoder): &Input| {
            vec![
                named("x", x),
                named("encoder", encoder),
                named("decoder", decoder),
            ]
        },
        answer: by_finite_differences,
        mistakes: vec![
            (
                |input| with_slope(input, |_| 1.0),
                "The slope of tanh is missing. After the decoder, multiply the signal by 1 - code², element by element.",
            ),
            (
                |input| with_slope(input, |code| code),
                "You multiplied by the code itself. The slope of tanh is 1 - code².",
            ),
            (
                |input| with_slope(input, |code| code * (1.0 - code)),
                "code (1 - code) is the slope of a sigmoid. The slope of tanh is 1 - code².",
            ),
            (
                |input| with_slope(input, |code| 1.0 - code),
                "You multiplied by 1 - code. The slope of tanh is 1 - code², with a square.",
            ),
            (
                |input| with_slope(input, |code| 1.0 - code.tanh().powi(2)),
                "You applied tanh twice. The code is already the output of tanh, so the slope of tanh is 1 - code².",
            ),
            (
                |input| right(input) * input.0.len() as f32,
                "The direction is right, but the size is not. The loss is a mean over all elements of x, so divide by `x.len()`.",
            ),
            (
                |input| right(input) * input.0.ncols() as f32,
                "You divided by the number of samples. The loss is a mean over all elements, samples times features: divide by `x.len()`.",
            ),
            (
                |input| right(input) * input.0.nrows() as f32,
                "You divided by the number of features. The loss is a mean over all elements, samples times features: divide by `x.len()`.",
            ),
            (
                |input| right(input) * 0.5,
                "Your gradient is half of what it should be: the derivative of error² is 2 · error, and the error is reconstruction - x.",
            ),
            (
                |input| right(input) * (input.0.len() as f32 / 2.0),
                "Your gradient is right, except for a constant factor. The derivative of error² is 2 · error, and the loss is a mean: begin with 2 (reconstruction - x) / (n d).",
            ),
            (
                |input| {
                    let slope = forward(input).0.mapv(|c| 1.0 - c * c);
                    slope.t().dot(&input.0)
                },
                "You used the slope of tanh alone. Multiply it, element by element, by the signal that comes back through the decoder, `d_code`.",
            ),
            (
                |input| -right(input),
                "The sign is the wrong way round. The error is the reconstruction minus x, not x minus the reconstruction.",
            ),
            (
                |input| right(input).reversed_axes(),
                "Right, but transposed: (d, k) in place of (k, d). The gradient has the shape of the encoder: `d_sum.t().dot(x)`.",
            ),
            (
                |input| {
                    let (code, _, d_reconstruction) = forward(input);
                    d_reconstruction.t().dot(&code)
                },
                "That is the gradient of the decoder's weights, from the cell above. For the encoder, the signal has to go back through the decoder and through tanh first.",
            ),
            (
                |input| {
                    let (code, _, d_reconstruction) = forward(input);
                    code.t().dot(&d_reconstruction)
                },
                "That is the gradient of the decoder's weights, transposed. For the encoder, the signal has to go back through the decoder and through tanh first.",
            ),
            (
                |input| {
                    let (code, _, d_reconstruction) = forward(input);
                    let d_sum = d_reconstruction.dot(&input.1.t()) * code.mapv(|c| 1.0 - c * c);
                    d_sum.t().dot(&input.0)
                },
                "You sent the signal back through the encoder. It comes from the reconstruction, so it goes back through the decoder: `d_reconstruction.dot(decoder)`.",
            ),
            (
                |input| {
                    let (_, error, _) = forward(input);
                    let d_reconstruction = error.mapv(|e| e * e / error.len() as f32);
                    let (code, ..) = forward(input);
                    let d_sum = d_reconstruction.dot(&input.2) * code.mapv(|c| 1.0 - c * c);
                    d_sum.t().dot(&input.0)
                },
                "You began with the loss, (reconstruction - x)². Begin with its derivative, 2 (reconstruction - x).",
            ),
            (
                |input| {
                    let (code, _, d_reconstruction) = forward(input);
                    let d_sum = d_reconstruction.dot(&input.2) * code.mapv(|c| 1.0 - c * c);
                    d_sum.t().dot(&code.dot(&input.2.t()))
                },
                "The last product uses the reconstruction. A layer's weight gradient uses the input of that layer, and the input of the encoder is x.",
            ),
            (
                |input| input.1.clone(),
                "That is the encoder itself. The question is how the loss changes with each of its weights.",
            ),
        ],
        shapes_clash: Some(
            "The shapes in a product do not fit: (n, d) times (d, k) is (n, k). Write the shape of each array beside its name. `.t()` transposes an array.",
        ),
        inputs: inputs(),
        passed: "It agrees with a finite difference for every weight. You have written backpropagation: with more layers, the two steps in the middle are repeated for each of them.",
    }
    .run(move |(x, encoder, decoder)| encoder_gradient(x, encoder, decoder))
}

/// The smallest case first; in the others no two of n, d and k are equal.
fn inputs() -> Vec<Input> {
    let scaled = |rows, columns, seed| table(rows, columns, seed) * 0.1;
    vec![
        (
            array![[1.0, 0.5], [-0.5, 1.0], [0.0, 2.0]],
            array![[0.5, -0.25]],
            array![[1.0], [0.5]],
        ),
        (scaled(5, 3, 131), scaled(2, 3, 132), scaled(3, 2, 133)),
        (scaled(2, 4, 134), -scaled(3, 4, 135), scaled(4, 3, 136)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::value::difference;

    #[test]
    fn formula_and_finite_differences_agree() {
        for input in inputs() {
            assert_eq!(
                difference(&by_finite_differences(&input), &right(&input)),
                None
            );
        }
    }

    /// An input on which some formula happens to agree with another would hide a mistake.
    #[test]
    fn no_gradient_is_nearly_zero() {
        for input in inputs() {
            let largest = right(&input)
                .iter()
                .fold(0.0_f32, |max, g| max.max(g.abs()));
            assert!(largest > 0.01, "{largest}");
        }
    }
}
