//! Representations, PCA and autoencoders, written to be read.
//!
//! ```text
//! input data -> [encoder] -> representation -> [decoder] -> reconstruction
//!                                   |
//!                                   +-> downstream task
//! ```
//!
//! One diagram runs through the lecture that this crate teaches: the same box, with different
//! contents. [`codec::Codec`] is the box. [`pca::Pca`], [`autoencoder::Autoencoder`] and
//! [`autoencoder::Vae`] go in it. All that draws, measures an error or solves a downstream task
//! takes the box and not its contents.
//!
//! A lesson needs one import:
//!
//! ```
//! use latent::prelude::*;
//! ```

#![warn(missing_docs)]

pub mod autoencoder;
pub mod bench;
mod check;
pub mod checkpoint;
pub mod codec;
pub mod data;
pub mod error;
pub mod exercise;
pub mod figure;
pub mod matrix;
pub mod nn;
pub mod notebook;
mod pack;
pub mod pca;
pub mod prelude;
mod quantise;
pub mod random;
pub mod readout;
mod rng;
mod threads;
pub mod training;

pub use error::{Error, Result};
pub use {linfa, linfa_reduction, ndarray, plotly};

/// The examples of the page for users of NumPy, so that they are run with the others.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/rust-for-numpy-users.md")]
struct RustForNumpyUsers;
