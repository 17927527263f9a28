//! The one import of a lesson: `use latent::prelude::*;`.

pub use crate::codec::Codec;
pub use crate::data::{Dataset, Mnist};
pub use crate::error::{Error, Result};
pub use crate::{exercise, notebook};
pub use ndarray::{Array1, Array2, Axis, array, s};
