//! What to do about a gradient g: a step of the parameters p that makes the loss smaller.
//!
//! ```text
//! SGD                 p <- p - lr g
//! SGD with momentum   m <- momentum m + g          p <- p - lr m
//! Adam                m <- b1 m + (1 - b1) g       mean of the gradients of late
//!                     v <- b2 v + (1 - b2) g^2     mean of their squares
//!                     p <- p - lr m' / (sqrt(v') + epsilon)
//!                     m' = m / (1 - b1^t),  v' = v / (1 - b2^t)  at step t = 1, 2, ...
//! ```
//!
//! m and v start at zero; m' and v' make up for it. Adam: Kingma & Ba, "Adam: a method for
//! stochastic optimization", ICLR 2015. Defaults and rounding are those of PyTorch.

use super::simd::wide;
use crate::check;
use crate::error::{Error, Result};
use crate::threads::{PIECE, map_pieces};

/// The rule for a step; see the formulas of [the module](self).
///
/// ```
/// use latent::nn::OptimizerConfig;
/// assert_eq!(
///     OptimizerConfig::adam(),
///     OptimizerConfig::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OptimizerConfig {
    /// Stochastic gradient descent.
    Sgd {
        /// Share of the last step that is kept: 0 (none) to below 1.
        momentum: f32,
    },
    /// Adaptive moments: steps of much the same length for each parameter.
    Adam {
        /// b1: the memory of the mean, 0 to below 1.
        beta1: f64,
        /// b2: the memory of the mean square, 0 to below 1.
        beta2: f64,
        /// Keeps the division from running away where gradients vanish.
        epsilon: f64,
    },
}

impl OptimizerConfig {
    /// Plain gradient descent.
    pub fn sgd() -> Self {
        Self::Sgd { momentum: 0.0 }
    }

    /// Gradient descent with momentum (0.9 is usual).
    pub fn sgd_with_momentum(momentum: f32) -> Self {
        Self::Sgd { momentum }
    }

    /// Adam with PyTorch's defaults: 0.9, 0.999 and 1e-8.
    pub fn adam() -> Self {
        Self::Adam {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
        }
    }

    /// Refuses settings with which the formulas make no sense.
    pub(crate) fn check(self) -> Result<()> {
        let share = |setting, value: f64| {
            if (0.0..1.0).contains(&value) {
                return Ok(());
            }
            Err(Error::Setting {
                setting,
                value: value.to_string(),
                expected: "a number from 0 to below 1",
            })
        };
        match self {
            Self::Sgd { momentum } => share("momentum", f64::from(momentum)),
            Self::Adam {
                beta1,
                beta2,
                epsilon,
            } => {
                share("beta1", beta1)?;
                share("beta2", beta2)?;
                if epsilon > 0.0 && epsilon.is_finite() {
                    return Ok(());
                }
                Err(Error::Setting {
                    setting: "epsilon",
                    value: epsilon.to_string(),
                    expected: "a small positive number",
                })
            }
        }
    }
}

/// What the optimizer remembers between steps: m, v and t of [the module's formulas](self).
///
/// ```
/// use latent::nn::{OptimizerConfig, Optimizer};
/// // Down the parabola L = p^2, whose gradient is 2 p.
/// let mut p = [1.0_f32];
/// let mut state = Optimizer::new(OptimizerConfig::sgd(), &[1])?;
/// for _ in 0..50 {
///     let gradient = [2.0 * p[0]];
///     state.step(0.1, &mut [&mut p], &[&gradient])?;
/// }
/// assert!(p[0].abs() < 1e-4);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Optimizer {
    optimizer: OptimizerConfig,
    steps: i32,
    mean: Vec<Vec<f32>>,
    square: Vec<Vec<f32>>,
}

impl Optimizer {
    /// Before the first step, for groups of parameters of these lengths.
    ///
    /// # Errors
    /// [`Error::Setting`] if the optimizer's settings make no sense.
    pub fn new(optimizer: OptimizerConfig, lengths: &[usize]) -> Result<Self> {
        optimizer.check()?;
        let zeros = |wanted: bool| -> Vec<Vec<f32>> {
            let length = |&n: &usize| vec![0.0; if wanted { n } else { 0 }];
            lengths.iter().map(length).collect()
        };
        let (mean, square) = match optimizer {
            OptimizerConfig::Sgd { momentum } => (zeros(momentum > 0.0), zeros(false)),
            OptimizerConfig::Adam { .. } => (zeros(true), zeros(true)),
        };
        Ok(Self {
            optimizer,
            steps: 0,
            mean,
            square,
        })
    }

    /// The rule it follows.
    pub fn optimizer(&self) -> OptimizerConfig {
        self.optimizer
    }

    /// Whether it can go on in the place of `other`.
    pub(crate) fn fits(&self, other: &Self) -> bool {
        let lengths = |state: &Self| -> Vec<usize> {
            let vectors = state.mean.iter().chain(&state.square);
            vectors.map(Vec::len).collect()
        };
        self.optimizer == other.optimizer && lengths(self) == lengths(other)
    }

    /// One step with the learning rate `lr`: moves each group of parameters by its gradient.
    ///
    /// # Errors
    /// [`Error::Count`] if the number of groups, or the length of one, is not that given to
    /// [`Optimizer::new`].
    pub fn step(
        &mut self,
        lr: f32,
        parameters: &mut [&mut [f32]],
        gradients: &[&[f32]],
    ) -> Result<()> {
        check::count("groups of parameters", self.mean.len(), parameters.len())?;
        check::count("groups of gradients", self.mean.len(), gradients.len())?;
        for (group, (p, g)) in parameters.iter().zip(gradients).enumerate() {
            check::count("values in a group of gradients", p.len(), g.len())?;
            if !self.mean[group].is_empty() {
                check::count(
                    "values in a group of parameters",
                    self.mean[group].len(),
                    p.len(),
                )?;
            }
        }
        self.steps = self.steps.saturating_add(1);
        match self.optimizer {
            OptimizerConfig::Sgd { momentum: 0.0 } => {
                let pieces = parameters.iter_mut().zip(gradients);
                let pieces = pieces.flat_map(|(p, g)| p.chunks_mut(PIECE).zip(g.chunks(PIECE)));
                map_pieces(pieces, |(p, g)| sgd(p, g, lr));
            }
            OptimizerConfig::Sgd { momentum } => {
                let pieces = parameters.iter_mut().zip(gradients).zip(&mut self.mean);
                let pieces = pieces.flat_map(|((p, g), m)| {
                    (p.chunks_mut(PIECE).zip(g.chunks(PIECE))).zip(m.chunks_mut(PIECE))
                });
                map_pieces(pieces, |((p, g), m)| {
                    sgd_with_momentum(p, g, m, lr, momentum)
                });
            }
            OptimizerConfig::Adam {
                beta1,
                beta2,
                epsilon,
            } => {
                let rates = AdamRates {
                    keep_mean: beta1 as f32,
                    new_mean: (1.0 - beta1) as f32,
                    keep_square: beta2 as f32,
                    new_square: (1.0 - beta2) as f32,
                    step: (f64::from(lr) / (1.0 - beta1.powi(self.steps))) as f32,
                    root: (1.0 / (1.0 - beta2.powi(self.steps)).sqrt()) as f32,
                    epsilon: epsilon as f32,
                };
                let moments = self.mean.iter_mut().zip(&mut self.square);
                let pieces = parameters.iter_mut().zip(gradients).zip(moments);
                let pieces = pieces.flat_map(|((p, g), (m, v))| {
                    (p.chunks_mut(PIECE).zip(g.chunks(PIECE)))
                        .zip(m.chunks_mut(PIECE).zip(v.chunks_mut(PIECE)))
                });
                map_pieces(pieces, |((p, g), (m, v))| adam(p, g, m, v, rates));
            }
        }
        Ok(())
    }
}

/// Adam's constants at one step, the same for all parameters.
#[derive(Clone, Copy)]
struct AdamRates {
    keep_mean: f32,
    new_mean: f32,
    keep_square: f32,
    new_square: f32,
    /// lr / (1 - b1^t).
    step: f32,
    /// 1 / sqrt(1 - b2^t).
    root: f32,
    epsilon: f32,
}

wide! {
    fn sgd(p: &mut [f32], g: &[f32], lr: f32) {
        for (p, &g) in p.iter_mut().zip(g) {
            *p -= lr * g;
        }
    }
}

wide! {
    fn sgd_with_momentum(p: &mut [f32], g: &[f32], m: &mut [f32], lr: f32, momentum: f32) {
        for ((p, &g), m) in p.iter_mut().zip(g).zip(m) {
            *m = momentum * *m + g;
            *p -= lr * *m;
        }
    }
}

wide! {
    // All of Adam in one pass: the time goes into fetching the four arrays from memory.
    fn adam(p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], rates: AdamRates) {
        for (((p, &g), m), v) in p.iter_mut().zip(g).zip(m).zip(v) {
            *m = rates.keep_mean * *m + rates.new_mean * g;
            *v = rates.keep_square * *v + rates.new_square * g * g;
            *p -= rates.step * *m / (v.sqrt() * rates.root + rates.epsilon);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_step_of_adam_is_the_learning_rate_against_the_sign() {
        let mut p = [1.0_f32, 1.0];
        let mut state = Optimizer::new(OptimizerConfig::adam(), &[2]).unwrap();
        state.step(0.01, &mut [&mut p], &[&[5.0, -0.001]]).unwrap();
        assert!(
            (p[0] - 0.99).abs() < 1e-6 && (p[1] - 1.01).abs() < 1e-6,
            "{p:?}"
        );
    }

    #[test]
    fn momentum_adds_up() {
        let mut p = [0.0_f32];
        let mut state = Optimizer::new(OptimizerConfig::sgd_with_momentum(0.5), &[1]).unwrap();
        for expected in [-1.0, -2.5, -4.25] {
            state.step(1.0, &mut [&mut p], &[&[1.0]]).unwrap();
            assert_eq!(p[0], expected);
        }
    }

    #[test]
    fn mistakes_are_named_with_their_numbers() {
        let text = Optimizer::new(OptimizerConfig::sgd_with_momentum(1.5), &[1])
            .unwrap_err()
            .to_string();
        assert!(text.contains("momentum") && text.contains("1.5"), "{text}");
        let mut state = Optimizer::new(OptimizerConfig::adam(), &[2]).unwrap();
        assert!(state.step(0.1, &mut [&mut [0.0; 3]], &[&[0.0; 3]]).is_err());
        assert!(state.step(0.1, &mut [&mut [0.0; 2]], &[&[0.0; 3]]).is_err());
        assert!(state.step(0.1, &mut [], &[]).is_err());
        let adam = OptimizerConfig::Adam {
            beta1: 0.9,
            beta2: f64::NAN,
            epsilon: 1e-8,
        };
        assert!(Optimizer::new(adam, &[]).is_err());
    }
}
