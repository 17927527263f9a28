//! The nonlinearities: applied to each number on its own, between the linear layers.
//!
//! Without them any stack of linear layers is one linear layer. With them a network that
//! is wide enough can approximate any continuous function on a bounded set of inputs.
//!
//! | name | f(x) | range | f'(x) |
//! | --- | --- | --- | --- |
//! | identity | x | all numbers | 1 |
//! | sigmoid | 1 / (1 + e^-x) | 0..1 | f (1 - f), at most 1/4 |
//! | tanh | (e^x - e^-x) / (e^x + e^-x) | -1..1 | 1 - f^2, at most 1 |
//! | ReLU | max(0, x) | 0.. | 0 if x <= 0, else 1 |
//! | leaky ReLU | x if x > 0, else 0.01 x | all numbers | 1 or 0.01 |
//! | ELU | x if x > 0, else e^x - 1 | -1.. | 1, or e^x |
//! | GELU | x Phi(x), Phi the normal distribution | -0.17.. | Phi(x) + x phi(x) |
//! | softplus | ln(1 + e^x) | 0.. | sigmoid(x) |
//! | exponential | e^x | 0.. | e^x |
//!
//! Slopes and constants are PyTorch's defaults. Softplus and the exponential are never negative, so
//! they serve as output activations for rates and counts; the exponential counts inputs beyond ±87
//! as ±87.

use super::simd::{exp, exp_m1, wide};
use std::f32::consts::{FRAC_1_SQRT_2, PI};

/// Slope of the leaky ReLU left of zero.
const LEAK: f32 = 0.01;

/// A nonlinearity; see the table of [the module](self).
///
/// ```
/// use latent::nn::Activation;
/// assert_eq!(Activation::Relu.apply(-2.0), 0.0);
/// assert_eq!(Activation::Tanh.derivative(0.0), 1.0);
/// for f in Activation::ALL {
///     println!("{:>10} at 1: {:.3}", f.name(), f.apply(1.0));
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activation {
    /// f(x) = x: no nonlinearity at all.
    Identity,
    /// f(x) = 1 / (1 + e^-x).
    Sigmoid,
    /// f(x) = tanh x.
    Tanh,
    /// f(x) = max(0, x).
    Relu,
    /// f(x) = x if x > 0, else 0.01 x.
    LeakyRelu,
    /// f(x) = x if x > 0, else e^x - 1.
    Elu,
    /// f(x) = x Phi(x). Hendrycks & Gimpel, "Gaussian error linear units", 2016.
    Gelu,
    /// f(x) = ln(1 + e^x).
    Softplus,
    /// f(x) = e^x: for the output of a model of rates or counts.
    Exp,
}

impl Activation {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Identity,
        Self::Sigmoid,
        Self::Tanh,
        Self::Relu,
        Self::LeakyRelu,
        Self::Elu,
        Self::Gelu,
        Self::Softplus,
        Self::Exp,
    ];

    /// The range of f, see the table of [the module](self): infinite where nothing bounds it.
    ///
    /// ```
    /// use latent::nn::Activation;
    /// assert_eq!(Activation::Sigmoid.range(), (0.0, 1.0));
    /// assert_eq!(Activation::Relu.range(), (0.0, f32::INFINITY));
    /// ```
    pub fn range(self) -> (f32, f32) {
        match self {
            Self::Sigmoid => (0.0, 1.0),
            Self::Tanh => (-1.0, 1.0),
            Self::Relu | Self::Softplus | Self::Exp => (0.0, f32::INFINITY),
            Self::Elu => (-1.0, f32::INFINITY),
            Self::Gelu => (-0.17, f32::INFINITY),
            Self::Identity | Self::LeakyRelu => (f32::NEG_INFINITY, f32::INFINITY),
        }
    }

    /// The name as one would say it: "sigmoid", "leaky ReLU".
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "ReLU",
            Self::LeakyRelu => "leaky ReLU",
            Self::Elu => "ELU",
            Self::Gelu => "GELU",
            Self::Softplus => "softplus",
            Self::Exp => "exponential",
        }
    }

    /// f(x).
    pub fn apply(self, x: f32) -> f32 {
        let mut out = [0.0];
        self.forward_row(&mut [x], &[0.0], &mut out);
        out[0]
    }

    /// f'(x). Where there is none (ReLU and leaky ReLU at 0) it is the slope on the left, as in
    /// PyTorch.
    pub fn derivative(self, x: f32) -> f32 {
        let mut slope = [1.0];
        self.backward_row(&[x], &[self.apply(x)], &mut slope);
        slope[0]
    }

    /// One row of a layer, forward: adds the bias to `pre`, then writes f(`pre`) to `out`.
    pub(crate) fn forward_row(self, pre: &mut [f32], bias: &[f32], out: &mut [f32]) {
        forward_row(self, pre, bias, out);
    }

    /// One row of a layer, backward: multiplies `gradient` = dL/df by f'(x), where `pre` is x and
    /// `out` is f(x), which often spares computing it again.
    pub(crate) fn backward_row(self, pre: &[f32], out: &[f32], gradient: &mut [f32]) {
        backward_row(self, pre, out, gradient);
    }
}

wide! {
    fn forward_row(activation: Activation, pre: &mut [f32], bias: &[f32], out: &mut [f32]) {
        match activation {
            Activation::Identity => each(pre, bias, out, |x| x),
            Activation::Sigmoid => each(pre, bias, out, sigmoid),
            Activation::Tanh => each(pre, bias, out, tanh),
            Activation::Relu => each(pre, bias, out, |x| if x <= 0.0 { 0.0 } else { x }),
            Activation::LeakyRelu => each(pre, bias, out, |x| if x <= 0.0 { LEAK * x } else { x }),
            Activation::Elu => each(pre, bias, out, |x| if x <= 0.0 { exp_m1(x) } else { x }),
            Activation::Gelu => each(pre, bias, out, |x| x * normal_distribution(x)),
            Activation::Softplus => each(pre, bias, out, softplus),
            Activation::Exp => each(pre, bias, out, exp),
        }
    }
}

wide! {
    fn backward_row(activation: Activation, pre: &[f32], out: &[f32], gradient: &mut [f32]) {
        match activation {
            Activation::Identity => {}
            Activation::Sigmoid => slope(pre, out, gradient, |_, f| f * (1.0 - f)),
            Activation::Tanh => slope(pre, out, gradient, |_, f| 1.0 - f * f),
            Activation::Relu => slope(pre, out, gradient, |x, _| if x <= 0.0 { 0.0 } else { 1.0 }),
            Activation::LeakyRelu => {
                slope(pre, out, gradient, |x, _| if x <= 0.0 { LEAK } else { 1.0 });
            }
            Activation::Elu => slope(pre, out, gradient, |x, f| if x <= 0.0 { f + 1.0 } else { 1.0 }),
            Activation::Gelu => slope(pre, out, gradient, |x, _| {
                normal_distribution(x) + x * normal_density(x)
            }),
            Activation::Softplus => slope(pre, out, gradient, |x, _| sigmoid(x)),
            Activation::Exp => slope(pre, out, gradient, |_, f| f),
        }
    }
}

#[inline(always)]
fn each(pre: &mut [f32], bias: &[f32], out: &mut [f32], f: impl Fn(f32) -> f32) {
    for ((x, b), a) in pre.iter_mut().zip(bias).zip(out) {
        *x += b;
        *a = f(*x);
    }
}

#[inline(always)]
fn slope(pre: &[f32], out: &[f32], gradient: &mut [f32], f: impl Fn(f32, f32) -> f32) {
    for ((&x, &a), g) in pre.iter().zip(out).zip(gradient) {
        *g *= f(x, a);
    }
}

#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// (e^2x - 1) / (e^2x + 1), exact near 0 too, where e^2x - 1 would lose its digits.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    let e = exp_m1(2.0 * x);
    e / (e + 2.0)
}

/// ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), which cannot overflow.
#[inline(always)]
fn softplus(x: f32) -> f32 {
    let positive = if x <= 0.0 { 0.0 } else { x };
    positive + exp(-x.abs()).ln_1p()
}

/// phi(x), the density of the standard normal distribution.
#[inline(always)]
fn normal_density(x: f32) -> f32 {
    exp(-0.5 * x * x) / (2.0 * PI).sqrt()
}

/// Phi(x) = (1 + erf(x / sqrt 2)) / 2, the share of a standard normal distribution below x.
///
/// erf by formula 7.1.26 of Abramowitz & Stegun, "Handbook of mathematical functions":
/// within 1.5e-7, about the precision of an f32.
#[inline(always)]
fn normal_distribution(x: f32) -> f32 {
    let z = x.abs() * FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let polynomial = t
        * (0.254_829_6
            + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152_1 + t * 1.061_405_4))));
    let tail = 0.5 * polynomial * exp(-z * z);
    if x <= 0.0 { tail } else { 1.0 - tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> impl Iterator<Item = f32> {
        (-4000..=4000).map(|i| i as f32 / 400.0)
    }

    fn exact(f: Activation, x: f64) -> f64 {
        match f {
            Activation::Identity => x,
            Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Activation::Tanh => x.tanh(),
            Activation::Relu => x.max(0.0),
            Activation::LeakyRelu => x.max(0.01 * x),
            Activation::Elu => x.max(0.0) + x.min(0.0).exp_m1(),
            Activation::Softplus => x.exp().ln_1p(),
            Activation::Exp => x.exp(),
            // Simpson's rule for the integral of the density from 0 to x.
            Activation::Gelu => {
                let n = 2000;
                let h = x / f64::from(n);
                let density = |t: f64| (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
                let inner: f64 = (1..n)
                    .map(|i| f64::from(2 + 2 * (i % 2)) * density(f64::from(i) * h))
                    .sum();
                x * (0.5 + h / 3.0 * (density(0.0) + inner + density(x)))
            }
        }
    }

    #[test]
    fn values_match_the_formulas_in_double_precision() {
        for f in Activation::ALL {
            for x in grid() {
                let expected = exact(f, f64::from(x));
                let found = f64::from(f.apply(x));
                let tolerance = 2e-6 * expected.abs().max(0.5);
                assert!(
                    (found - expected).abs() <= tolerance,
                    "{f:?}({x}) = {found}, not {expected}"
                );
            }
        }
    }

    #[test]
    fn derivatives_match_differences_in_double_precision() {
        let h = 1e-5;
        for f in Activation::ALL {
            for x in grid().filter(|x| x.abs() > 1e-3) {
                let x64 = f64::from(x);
                let expected = (exact(f, x64 + h) - exact(f, x64 - h)) / (2.0 * h);
                let found = f64::from(f.derivative(x));
                assert!(
                    (found - expected).abs() < 2e-6 * expected.abs().max(1.0),
                    "{f:?}'({x}) = {found}, not {expected}"
                );
            }
        }
    }

    #[test]
    fn far_out_nothing_overflows_and_nan_stays_nan() {
        for f in Activation::ALL {
            for x in [-1e30, -200.0, 200.0, 1e30] {
                assert!(f.apply(x).is_finite(), "{f:?}({x})");
                assert!(f.derivative(x).is_finite(), "{f:?}'({x})");
            }
            assert!(f.apply(f32::NAN).is_nan(), "{f:?}");
        }
    }

    #[test]
    fn small_numbers_keep_their_digits() {
        for x in [1e-3_f32, 1e-5, 1e-10] {
            assert!((Activation::Tanh.apply(x) / x - 1.0).abs() < 1e-6);
            assert!((Activation::Elu.apply(-x) / -x - 1.0).abs() < 1e-3);
        }
    }
}
