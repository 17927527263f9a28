//! What to do about a gradient g: a step of the parameters p that makes the loss smaller.
//!
//! ```text
//! weight decay        p <- p - lr decay p             (decoupled, before each of these steps)
//! SGD                 p <- p - lr g
//! SGD with momentum   m <- momentum m + g          p <- p - lr m
//! Adam                m <- b1 m + (1 - b1) g       running mean of the gradients
//!                     v <- b2 v + (1 - b2) g^2     running mean of their squares
//!                     p <- p - lr m' / (sqrt(v') + epsilon)
//!                     m' = m / (1 - b1^t),  v' = v / (1 - b2^t)  at step t = 1, 2, ...
//! ```
//!
//! m and v start at zero; m' and v' make up for it. Adam: Kingma & Ba, "Adam: a method for
//! stochastic optimization", ICLR 2015. Formulas and defaults are PyTorch's;
//! results differ from PyTorch's by rounding in the last digits.

use super::simd::wide;
use crate::check;
use crate::error::{Error, Result};
use crate::interrupt;
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
    ///
    /// ```
    /// use latent::nn::OptimizerConfig;
    /// assert_eq!(OptimizerConfig::sgd(), OptimizerConfig::Sgd { momentum: 0.0 });
    /// ```
    pub fn sgd() -> Self {
        Self::Sgd { momentum: 0.0 }
    }

    /// Gradient descent with momentum (0.9 is usual).
    ///
    /// ```
    /// use latent::nn::OptimizerConfig;
    /// assert_eq!(OptimizerConfig::sgd_with_momentum(0.9), OptimizerConfig::Sgd { momentum: 0.9 });
    /// ```
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

/// An optimizer with its state: the moment estimates m and v and the number of steps t of
/// [the module's formulas](self).
///
/// ```
/// use latent::nn::{OptimizerConfig, Optimizer};
/// // Down the parabola L = p^2, whose gradient is 2 p.
/// let mut p = [1.0_f32];
/// let mut optimizer = Optimizer::new(OptimizerConfig::sgd(), &[1])?;
/// for _ in 0..50 {
///     let gradient = [2.0 * p[0]];
///     optimizer.step(0.1, &mut [&mut p], &[&gradient])?;
/// }
/// assert!(p[0].abs() < 1e-4);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Optimizer {
    config: OptimizerConfig,
    weight_decay: f32,
    lengths: Vec<usize>,
    state: OptimizerState,
}

/// What an [`Optimizer`] carries from one step to the next, under the names of PyTorch's
/// `state_dict`: one vector for each group of parameters.
///
/// ```
/// use latent::prelude::*;
/// let mut optimizer = Optimizer::new(OptimizerConfig::adam(), &[2])?;
/// optimizer.step(0.1, &mut [&mut [1.0, 1.0]], &[&[3.0, -2.0]])?;
/// let state = optimizer.state();
/// assert_eq!(state.step, 1);
/// assert!((state.exp_avg[0][0] - 0.3).abs() < 1e-6); // (1 - 0.9) times the gradient
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptimizerState {
    /// Steps taken, t.
    pub step: usize,
    /// Adam's m, or the momentum of SGD (PyTorch's `momentum_buffer`); empty vectors for plain SGD.
    pub exp_avg: Vec<Vec<f32>>,
    /// Adam's v; empty vectors for SGD.
    pub exp_avg_sq: Vec<Vec<f32>>,
}

impl Optimizer {
    /// Before the first step, for groups of parameters of these lengths.
    ///
    /// # Errors
    /// [`Error::Setting`] if the optimizer's settings make no sense.
    pub fn new(config: OptimizerConfig, lengths: &[usize]) -> Result<Self> {
        config.check()?;
        let zeros = |wanted: bool| -> Vec<Vec<f32>> {
            let length = |&n: &usize| vec![0.0; if wanted { n } else { 0 }];
            lengths.iter().map(length).collect()
        };
        let (exp_avg, exp_avg_sq) = match config {
            OptimizerConfig::Sgd { momentum } => (zeros(momentum > 0.0), zeros(false)),
            OptimizerConfig::Adam { .. } => (zeros(true), zeros(true)),
        };
        Ok(Self {
            config,
            weight_decay: 0.0,
            lengths: lengths.to_vec(),
            state: OptimizerState {
                step: 0,
                exp_avg,
                exp_avg_sq,
            },
        })
    }

    /// As [`Optimizer::new`], going on from the state that another one had reached.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let mut p = [1.0_f32];
    /// let mut optimizer = Optimizer::new(OptimizerConfig::adam(), &[1])?;
    /// optimizer.step(0.1, &mut [&mut p], &[&[2.0]])?;
    /// let state = optimizer.state().clone(); // kept in a file, say
    /// let again = Optimizer::from_state(optimizer.config(), &[1], state)?;
    /// assert_eq!(again, optimizer);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// Also if the state has not the lengths that these settings need, or holds NaN or infinity.
    pub fn from_state(
        config: OptimizerConfig,
        lengths: &[usize],
        state: OptimizerState,
    ) -> Result<Self> {
        let mut optimizer = Self::new(config, lengths)?;
        let expected = optimizer
            .state
            .exp_avg
            .iter()
            .chain(&optimizer.state.exp_avg_sq);
        let found = state.exp_avg.iter().chain(&state.exp_avg_sq);
        for part in [&state.exp_avg, &state.exp_avg_sq] {
            check::count("groups in the optimizer's state", lengths.len(), part.len())?;
        }
        for (expected, found) in expected.zip(found) {
            check::count(
                "values in the optimizer's state",
                expected.len(),
                found.len(),
            )?;
            if let Some(value) = found.iter().find(|value| !value.is_finite()) {
                return Err(Error::Setting {
                    setting: "a moment estimate of the optimizer",
                    value: value.to_string(),
                    expected: "a finite number",
                });
            }
        }
        optimizer.state = state;
        Ok(optimizer)
    }

    /// The same with decoupled weight decay (default: 0): each step first multiplies all
    /// parameters by 1 - lr * `weight_decay`, which does not enter the moment estimates. With Adam
    /// this is PyTorch's `AdamW`; SGD decays in the same decoupled way here.
    ///
    /// Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR 2019.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let mut p = [1.0_f32];
    /// let mut optimizer = Optimizer::new(OptimizerConfig::sgd(), &[1])?.with_weight_decay(0.5)?;
    /// assert_eq!(optimizer.weight_decay(), 0.5);
    /// optimizer.step(0.1, &mut [&mut p], &[&[0.0]])?; // no gradient: the decay alone
    /// assert!((p[0] - 0.95).abs() < 1e-6);
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Setting`] if it is negative or not finite.
    pub fn with_weight_decay(mut self, weight_decay: f32) -> Result<Self> {
        if !(weight_decay.is_finite() && weight_decay >= 0.0) {
            return Err(Error::Setting {
                setting: "weight_decay",
                value: weight_decay.to_string(),
                expected: "0 or a small positive number",
            });
        }
        self.weight_decay = weight_decay;
        Ok(self)
    }

    /// The settings it was made with.
    pub fn config(&self) -> OptimizerConfig {
        self.config
    }

    /// The decoupled weight decay (default: 0).
    pub fn weight_decay(&self) -> f32 {
        self.weight_decay
    }

    /// The moment estimates and the number of steps taken.
    pub fn state(&self) -> &OptimizerState {
        &self.state
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
        interrupt::check()?;
        let groups = self.lengths.len();
        check::count("groups of parameters", groups, parameters.len())?;
        check::count("groups of gradients", groups, gradients.len())?;
        for (&length, (p, g)) in self.lengths.iter().zip(parameters.iter().zip(gradients)) {
            check::count("parameters in a group", length, p.len())?;
            check::count("gradients in a group", length, g.len())?;
        }
        let OptimizerState {
            step,
            exp_avg,
            exp_avg_sq,
        } = &mut self.state;
        *step = step.saturating_add(1);
        let keep = (1.0 - f64::from(lr) * f64::from(self.weight_decay)) as f32;
        match self.config {
            OptimizerConfig::Sgd { momentum: 0.0 } => {
                let chunks = parameters.iter_mut().zip(gradients);
                let chunks = chunks.flat_map(|(p, g)| p.chunks_mut(PIECE).zip(g.chunks(PIECE)));
                map_pieces(chunks, |(p, g)| {
                    decay(p, keep);
                    sgd(p, g, lr);
                });
            }
            OptimizerConfig::Sgd { momentum } => {
                let chunks = parameters.iter_mut().zip(gradients).zip(exp_avg);
                let chunks = chunks.flat_map(|((p, g), m)| {
                    (p.chunks_mut(PIECE).zip(g.chunks(PIECE))).zip(m.chunks_mut(PIECE))
                });
                map_pieces(chunks, |((p, g), m)| {
                    decay(p, keep);
                    sgd_with_momentum(p, g, m, lr, momentum);
                });
            }
            OptimizerConfig::Adam {
                beta1,
                beta2,
                epsilon,
            } => {
                let t = i32::try_from(*step).unwrap_or(i32::MAX);
                let rates = AdamRates {
                    keep_mean: beta1 as f32,
                    new_mean: (1.0 - beta1) as f32,
                    keep_square: beta2 as f32,
                    new_square: (1.0 - beta2) as f32,
                    step: (f64::from(lr) / (1.0 - beta1.powi(t))) as f32,
                    root: (1.0 / (1.0 - beta2.powi(t)).sqrt()) as f32,
                    epsilon: epsilon as f32,
                };
                let moments = exp_avg.iter_mut().zip(exp_avg_sq);
                let chunks = parameters.iter_mut().zip(gradients).zip(moments);
                let chunks = chunks.flat_map(|((p, g), (m, v))| {
                    (p.chunks_mut(PIECE).zip(g.chunks(PIECE)))
                        .zip(m.chunks_mut(PIECE).zip(v.chunks_mut(PIECE)))
                });
                map_pieces(chunks, |((p, g), (m, v))| {
                    decay(p, keep);
                    adam(p, g, m, v, rates);
                });
            }
        }
        Ok(())
    }
}

/// p <- keep p, while the chunk is about to be fetched anyway.
fn decay(p: &mut [f32], keep: f32) {
    if keep != 1.0 {
        p.iter_mut().for_each(|p| *p *= keep);
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
    fn weight_decay_shrinks_the_parameters_and_not_the_moments() {
        for config in [OptimizerConfig::sgd(), OptimizerConfig::adam()] {
            let optimizer = Optimizer::new(config, &[1]).unwrap();
            let mut optimizer = optimizer.with_weight_decay(0.5).unwrap();
            let mut p = [2.0_f32];
            optimizer.step(0.1, &mut [&mut p], &[&[0.0]]).unwrap();
            assert!((p[0] - 1.9).abs() < 1e-6, "{p:?}");
            assert!(optimizer.state().exp_avg[0].iter().all(|&m| m == 0.0));
        }
    }

    #[test]
    fn from_its_state_it_goes_on_with_the_same_bits() {
        let settings = [
            OptimizerConfig::sgd(),
            OptimizerConfig::sgd_with_momentum(0.9),
            OptimizerConfig::adam(),
        ];
        for config in settings {
            let run = |interrupted: bool| {
                let mut p = [1.0_f32, -2.0];
                let mut optimizer = Optimizer::new(config, &[2]).unwrap();
                for step in 0..6 {
                    if interrupted && step == 3 {
                        let state = optimizer.state().clone();
                        optimizer = Optimizer::from_state(config, &[2], state).unwrap();
                    }
                    let g = [2.0 * p[0], 0.5 * p[1]];
                    optimizer.step(0.01, &mut [&mut p], &[&g]).unwrap();
                }
                p
            };
            assert_eq!(run(false), run(true));
        }
        let adam = OptimizerConfig::adam();
        assert!(Optimizer::from_state(adam, &[2], OptimizerState::default()).is_err());
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
        // Plain SGD has no moment estimates whose lengths could be compared.
        let mut sgd = Optimizer::new(OptimizerConfig::sgd(), &[2]).unwrap();
        assert!(sgd.step(0.1, &mut [&mut [0.0; 3]], &[&[0.0; 3]]).is_err());
        let negative = Optimizer::new(OptimizerConfig::adam(), &[2]).unwrap();
        assert!(negative.with_weight_decay(-0.1).is_err());
        let adam = OptimizerConfig::Adam {
            beta1: 0.9,
            beta2: f64::NAN,
            epsilon: 1e-8,
        };
        assert!(Optimizer::new(adam, &[]).is_err());
    }
}
