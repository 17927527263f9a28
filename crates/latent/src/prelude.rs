//! The one import of a lesson: `use latent::prelude::*;`.

pub use crate::codec::Codec;
pub use crate::data::{Dataset, Mnist};
pub use crate::error::{Error, Result};
pub use ndarray::{Array1, Array2, Axis, array, s};
