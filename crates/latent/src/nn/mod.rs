//! Neural networks with the gradients written out: no automatic differentiation, nothing hidden.
//!
//! ```text
//! x (n, d) -> [Linear] -> z -> [Activation] -> a -> [Linear] -> ... -> prediction (n, k)
//!                                                                           |
//!                                            target (n, k) ------------> [Loss] -> one number
//! ```
//!
//! Read the files in this order; each holds one idea, its formula first:
//!
//! | file | idea |
//! | --- | --- |
//! | [`linear`] | a matrix times the input, plus a bias; and its three gradients |
//! | [`activation`] | the nonlinearities, their ranges and derivatives |
//! | [`mlp`] | layers in a row: forward, then the chain rule backward |
//! | [`loss`] | how wrong a prediction is, and in which direction |
//! | [`optim`] | what to do about it: a step down the gradient |
//! | [`init`] | where the parameters start |
//! | `classes` | [`one_hot`] and [`argmax`]: classes as vectors, and back |
//! | `matmul` | the products of matrices, and the threads they share out their work to |
//! | `simd` | loops that use the processor's wide instructions |
//!
//! Words, layouts and defaults are those of PyTorch. One sample is one row, everywhere.

pub mod activation;
mod classes;
pub mod init;
pub mod linear;
pub mod loss;
pub(crate) mod matmul;
pub mod mlp;
pub mod optim;
pub(crate) mod simd;

pub use activation::Activation;
pub use classes::{argmax, one_hot};
pub use linear::{Linear, LinearGradients};
pub use loss::Loss;
pub use mlp::{Gradients, Layer, Mlp, Trace};
pub use optim::{Optimizer, OptimizerConfig, OptimizerState};
