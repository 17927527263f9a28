//! Named tensors in a file, and back.
//!
//! The format is safetensors: a header in JSON (name, type, shape and place of each tensor), then
//! the plain numbers; nothing in it can run. Numbers are `F32`, `F64`, or `BF16`: an `f32` without
//! its lower 16 bits, which leaves 8 significant bits. What the tensors do not tell is in the
//! file's metadata, as JSON, under the key `latent`.
//!
//! Only finite numbers are written and read. A file is written whole or not at all.

use crate::error::{Error, Result};
use crate::file;
use ndarray::{Array2, ArrayView2};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

/// The key of the metadata.
const KEY: &str = "latent";

/// No file of this crate comes near: a larger one is something else.
const LARGEST: u64 = 4 << 30;

/// One tensor, its numbers row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor {
    pub shape: Vec<usize>,
    pub numbers: Numbers,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Numbers {
    F32(Vec<f32>),
    /// Read back as `F32`.
    Bf16(Vec<f32>),
    F64(Vec<f64>),
}

/// Tensors by their names.
pub(crate) type Tensors = BTreeMap<String, Tensor>;

impl Tensor {
    pub(crate) fn vector(numbers: Vec<f32>) -> Self {
        Self {
            shape: vec![numbers.len()],
            numbers: Numbers::F32(numbers),
        }
    }

    pub(crate) fn vector_f64(numbers: Vec<f64>) -> Self {
        Self {
            shape: vec![numbers.len()],
            numbers: Numbers::F64(numbers),
        }
    }

    pub(crate) fn matrix(matrix: ArrayView2<f32>) -> Self {
        Self {
            shape: matrix.shape().to_vec(),
            numbers: Numbers::F32(matrix.iter().copied().collect()),
        }
    }

    fn dtype(&self) -> Dtype {
        match self.numbers {
            Numbers::F32(_) => Dtype::F32,
            Numbers::Bf16(_) => Dtype::BF16,
            Numbers::F64(_) => Dtype::F64,
        }
    }

    /// The bytes of tensor `name`, or what is wrong with its numbers.
    fn bytes(&self, name: &str) -> Result<Vec<u8>, String> {
        self.check_finite(name)?;
        Ok(match &self.numbers {
            Numbers::F32(x) => x.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Numbers::F64(x) => x.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Numbers::Bf16(x) => {
                if let Some(x) = x.iter().find(|&&x| from_bf16(to_bf16(x)).is_infinite()) {
                    return Err(format!(
                        "{name} holds {x:e}, which rounds to infinity in bfloat16; write it as f32"
                    ));
                }
                x.iter().flat_map(|&x| to_bf16(x).to_le_bytes()).collect()
            }
        })
    }

    fn check_finite(&self, name: &str) -> Result<(), String> {
        let bad = match &self.numbers {
            Numbers::F32(x) | Numbers::Bf16(x) => x
                .iter()
                .position(|x| !x.is_finite())
                .map(|place| (place, f64::from(x[place]))),
            Numbers::F64(x) => x
                .iter()
                .position(|x| !x.is_finite())
                .map(|place| (place, x[place])),
        };
        match bad {
            None => Ok(()),
            Some((place, x)) => Err(format!("{name} holds {x} at place {place}")),
        }
    }
}

/// Writes tensors and metadata to `path`: all or nothing.
pub(crate) fn write(path: &Path, tensors: &Tensors, metadata: &Value) -> Result<()> {
    let bytes = to_bytes(tensors, metadata)
        .map_err(|problem| unusable(path, format!("nothing was written: {problem}")))?;
    file::write_whole(path, &bytes).map_err(|source| Error::Io {
        action: "write",
        path: path.to_path_buf(),
        source,
    })
}

/// Reads what [`write()`] wrote.
pub(crate) fn read(path: &Path) -> Result<(Tensors, Value)> {
    let io = |source| Error::Io {
        action: "read",
        path: path.to_path_buf(),
        source,
    };
    let length = fs::metadata(path).map_err(io)?.len();
    if length > LARGEST {
        return Err(unusable(
            path,
            format!("with {length} bytes it is too large"),
        ));
    }
    let bytes = fs::read(path).map_err(io)?;
    from_bytes(&bytes).map_err(|problem| unusable(path, problem))
}

/// Takes the shape and the numbers of an f32 tensor.
pub(crate) fn take(tensors: &mut Tensors, name: &str) -> Result<(Vec<usize>, Vec<f32>), String> {
    match tensors.remove(name) {
        None => Err(format!("{name} is missing")),
        Some(Tensor {
            shape,
            numbers: Numbers::F32(x) | Numbers::Bf16(x),
        }) => Ok((shape, x)),
        Some(_) => Err(format!("{name} has the type F64, not F32 or BF16")),
    }
}

/// Takes an f32 tensor of two axes.
pub(crate) fn take_matrix(tensors: &mut Tensors, name: &str) -> Result<Array2<f32>, String> {
    let (shape, numbers) = take(tensors, name)?;
    let [rows, columns] = shape[..] else {
        return Err(format!("{name} has the shape {shape:?}, not two sizes"));
    };
    Array2::from_shape_vec((rows, columns), numbers).map_err(|error| error.to_string())
}

/// Takes the numbers of an f64 tensor.
pub(crate) fn take_f64(tensors: &mut Tensors, name: &str) -> Result<Vec<f64>, String> {
    match tensors.remove(name) {
        None => Err(format!("{name} is missing")),
        Some(Tensor {
            numbers: Numbers::F64(x),
            ..
        }) => Ok(x),
        Some(_) => Err(format!("{name} does not have the type F64")),
    }
}

/// An error that names the file.
pub(crate) fn unusable(path: &Path, problem: String) -> Error {
    Error::Checkpoint {
        path: path.to_path_buf(),
        problem,
    }
}

pub(crate) fn to_bytes(tensors: &Tensors, metadata: &Value) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(tensors.len());
    for (name, tensor) in tensors {
        bytes.push((name, tensor, tensor.bytes(name)?));
    }
    let views = bytes.iter().map(|(name, tensor, bytes)| {
        let view = TensorView::new(tensor.dtype(), tensor.shape.clone(), bytes)?;
        Ok((name.as_str(), view))
    });
    let views: Vec<_> = views
        .collect::<Result<_, safetensors::SafeTensorError>>()
        .map_err(|error| error.to_string())?;
    // One key alone: a map of several would be written in another order each time.
    let metadata = HashMap::from([(KEY.to_string(), metadata.to_string())]);
    serialize(views, Some(metadata)).map_err(|error| error.to_string())
}

pub(crate) fn from_bytes(bytes: &[u8]) -> Result<(Tensors, Value), String> {
    let stored = SafeTensors::deserialize(bytes).map_err(|error| {
        format!("it is damaged, cut short, or no safetensors file ({error}); copy it again")
    })?;
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| error.to_string())?;
    let about = header.metadata().as_ref().and_then(|map| map.get(KEY));
    let about =
        about.ok_or("it was not written by this crate: its metadata has no key \"latent\"")?;
    let about: Value = serde_json::from_str(about).map_err(|error| error.to_string())?;

    let mut tensors = Tensors::new();
    for (name, view) in stored.tensors() {
        let data = view.data();
        let numbers = match view.dtype() {
            Dtype::F32 => {
                let four = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
                Numbers::F32(data.chunks_exact(4).map(four).collect())
            }
            Dtype::BF16 => {
                let two = |b: &[u8]| from_bf16(u16::from_le_bytes([b[0], b[1]]));
                Numbers::Bf16(data.chunks_exact(2).map(two).collect())
            }
            Dtype::F64 => {
                let eight =
                    |b: &[u8]| f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
                Numbers::F64(data.chunks_exact(8).map(eight).collect())
            }
            other => return Err(format!("{name} has the type {other:?}, not F32 or BF16")),
        };
        let tensor = Tensor {
            shape: view.shape().to_vec(),
            numbers,
        };
        tensor.check_finite(&name)?;
        tensors.insert(name, tensor);
    }
    Ok((tensors, about))
}

/// The upper half of an `f32`, rounded to the nearest, ties to even.
fn to_bf16(x: f32) -> u16 {
    let bits = x.to_bits();
    let even = (bits >> 16) & 1;
    (bits.wrapping_add(0x7fff + even) >> 16) as u16
}

fn from_bf16(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bf16_rounds_to_the_nearest() {
        for (x, expected) in [(1.0, 1.0), (1.003, 1.0), (1.0059, 1.0078125), (-3.0, -3.0)] {
            let found = from_bf16(to_bf16(x));
            assert_eq!(found, expected, "{x}");
        }
        assert!(from_bf16(to_bf16(f32::INFINITY)).is_infinite());
    }
}
