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
//! | [`layer`] | a linear layer and the activation after it |
//! | [`mlp`] | layers in a row: the forward pass |
//! | `cache` | what the forward pass keeps for the backward pass, and the gradients |
//! | `backward` | the backward pass: the chain rule, from the last layer to the first |
//! | `blocked` | the forward pass of many samples in blocks |
//! | [`loss`] | how wrong a prediction is, and in which direction |
//! | [`optim`] | what to do about it: a step down the gradient |
//! | [`init`] | where the parameters start |
//! | `classes` | [`one_hot`] and [`argmax`]: classes as vectors, and back |
//! | `matmul` | the products of matrices, and the threads they share out their work to |
//! | `simd` | loops that use the processor's wide instructions |
//!
//! Words, layouts and defaults are those of PyTorch. One sample is one row, everywhere.

pub mod activation;
mod backward;
pub(crate) mod blocked;
mod cache;
mod classes;
pub mod init;
pub mod layer;
pub mod linear;
pub mod loss;
pub(crate) mod matmul;
pub mod mlp;
pub mod optim;
pub(crate) mod simd;

pub use activation::Activation;
pub use cache::{ForwardCache, Gradients};
pub use classes::{argmax, one_hot};
pub use init::Init;
pub use layer::Layer;
pub use linear::{Linear, LinearGradients};
pub use loss::Loss;
pub use mlp::Mlp;
pub use optim::{Optimizer, OptimizerConfig, OptimizerState};
