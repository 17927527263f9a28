//! Networks and other tensors in a file, and back.
//!
//! The format is safetensors: a header in JSON (name, type, shape and place of each tensor), then
//! the plain numbers; nothing in it can run. Names and layouts are those of the `state_dict` of
//! PyTorch's `nn.Sequential`, in which each linear layer is followed by its activation, an
//! `nn.Identity` where there is none:
//!
//! ```text
//! 0.weight (512, 784)  0.bias (512)      2.weight (256, 512)  2.bias (256)     4.weight ...
//! ```
//!
//! So the weights of the course's autoencoder load as they are:
//!
//! ```python
//! net = nn.Sequential(
//!     nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 2), nn.Identity(),
//!     nn.Linear(2, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 784), nn.Sigmoid())
//! net.load_state_dict(safetensors.torch.load_file("mnist-2d.safetensors"))
//! ```
//!
//! Numbers are `F32`, or `BF16` to save half the space: an `f32` without its lower 16 bits, which
//! leaves 8 significant bits. Either is read; sums and losses are `F64`. What the tensors do not
//! tell stands in the file's metadata under `latent`: the activations, and how many layers belong
//! to the encoder. A training adds its own state, in tensors whose names begin with `trainer.`, so
//! that it can be resumed.
//!
//! Only finite numbers are written and read. A file is written beside its name and then moved
//! there: an interruption leaves the one before.

use crate::error::{Error, Result};
use crate::nn::{Activation, Layer, Linear, Mlp};
use ndarray::{Array1, Array2, ArrayView2};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// The key of the metadata.
const KEY: &str = "latent";

/// What the names of a training's own tensors begin with.
pub(crate) const TRAINER: &str = "trainer.";

/// No file of this crate comes near: a larger one is something else.
const LARGEST: u64 = 4 << 30;

/// How many bits of each parameter are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    F32,
    Bf16,
}

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
        .map_err(|problem| checkpoint_error(path, format!("nothing was written: {problem}")))?;
    write_whole(path, &bytes).map_err(|source| Error::Io {
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
        return Err(checkpoint_error(
            path,
            format!("with {length} bytes it is too large"),
        ));
    }
    let bytes = fs::read(path).map_err(io)?;
    from_bytes(&bytes).map_err(|problem| checkpoint_error(path, problem))
}

/// Writes one network, and how many of its layers are an encoder.
pub(crate) fn write_network(
    path: &Path,
    network: &Mlp,
    encoder_layers: Option<usize>,
    precision: Precision,
) -> Result<()> {
    let mut tensors = Tensors::new();
    add_network(&mut tensors, "", network, precision);
    let metadata = json!({
        "activations": activations(network),
        "encoder_layers": encoder_layers,
    });
    write(path, &tensors, &metadata)
}

/// Reads one network; what a training keeps beside it is left alone.
pub(crate) fn read_network(path: &Path) -> Result<(Mlp, Option<usize>)> {
    let (mut tensors, metadata) = read(path)?;
    tensors.retain(|name, _| !name.starts_with(TRAINER));
    network_of(&mut tensors, &metadata).map_err(|problem| checkpoint_error(path, problem))
}

fn network_of(tensors: &mut Tensors, metadata: &Value) -> Result<(Mlp, Option<usize>), String> {
    let names = &metadata["activations"];
    let layers = names
        .as_array()
        .ok_or("its metadata name no activations")?
        .len();
    if layers * 2 != tensors.len() {
        let tensors = tensors.len();
        return Err(format!(
            "it names {layers} layers, but holds {tensors} tensors"
        ));
    }
    let network = take_network(tensors, "", names)?;
    let encoder_layers = metadata["encoder_layers"]
        .as_u64()
        .and_then(|n| usize::try_from(n).ok());
    Ok((network, encoder_layers))
}

/// The names of a network's activations, for the metadata.
pub(crate) fn activations(network: &Mlp) -> Vec<&'static str> {
    let layers = network.layers().iter();
    layers.map(|l| l.activation.name()).collect()
}

/// Adds a network's tensors; `prefix` is "" or such as "encoder.".
pub(crate) fn add_network(
    tensors: &mut Tensors,
    prefix: &str,
    network: &Mlp,
    precision: Precision,
) {
    let numbers = |numbers: Vec<f32>| match precision {
        Precision::F32 => Numbers::F32(numbers),
        Precision::Bf16 => Numbers::Bf16(numbers),
    };
    for (i, Layer { linear, .. }) in network.layers().iter().enumerate() {
        let weight = Tensor {
            shape: linear.weight.shape().to_vec(),
            numbers: numbers(linear.weight.iter().copied().collect()),
        };
        let bias = Tensor {
            shape: linear.bias.shape().to_vec(),
            numbers: numbers(linear.bias.to_vec()),
        };
        tensors.insert(name(prefix, i, "weight"), weight);
        tensors.insert(name(prefix, i, "bias"), bias);
    }
}

/// Takes the network out of `tensors` whose names begin with `prefix` and whose layers have these
/// activations.
pub(crate) fn take_network(
    tensors: &mut Tensors,
    prefix: &str,
    activations: &Value,
) -> Result<Mlp, String> {
    let activations = activations
        .as_array()
        .ok_or("its metadata name no activations")?;
    let layers = activations.iter().enumerate().map(|(i, wanted)| {
        let wanted = wanted.as_str().unwrap_or_default();
        let activation = Activation::ALL.into_iter().find(|a| a.name() == wanted);
        let activation = activation.ok_or(format!("there is no activation \"{wanted}\""))?;
        let weight = take_matrix(tensors, &name(prefix, i, "weight"))?;
        let (_, bias) = take(tensors, &name(prefix, i, "bias"))?;
        let bias = Array1::from(bias);
        Ok(Layer {
            linear: Linear { weight, bias },
            activation,
        })
    });
    let layers = layers.collect::<Result<Vec<_>, String>>()?;
    Mlp::from_layers(layers).map_err(|error| error.to_string())
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

fn to_bytes(tensors: &Tensors, metadata: &Value) -> Result<Vec<u8>, String> {
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

fn from_bytes(bytes: &[u8]) -> Result<(Tensors, Value), String> {
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

/// The place of linear layer `i` in an `nn.Sequential`, with an activation after each.
fn name(prefix: &str, i: usize, what: &str) -> String {
    format!("{prefix}{}.{what}", 2 * i)
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

/// All or nothing: into a file beside `path`, which then takes its name.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = OsString::from(path);
    beside.push(format!(".{}.part", std::process::id()));
    let written = (|| {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // The first error is the one to tell; there may be nothing to remove.
        let _ = fs::remove_file(&beside);
    }
    written
}

pub(crate) fn checkpoint_error(path: &Path, problem: String) -> Error {
    Error::Checkpoint {
        path: path.to_path_buf(),
        problem,
    }
}

impl Mlp {
    /// Writes all parameters to a safetensors file; see [`crate::checkpoint`].
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written, [`Error::Checkpoint`] if a parameter is NaN or
    /// infinite: then an older file is left as it is.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write_network(path.as_ref(), self, None, Precision::F32)
    }

    /// Reads what [`Mlp::save`] wrote. Of an autoencoder's file: encoder and decoder in a row.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, [`Error::Checkpoint`] if it is damaged or holds
    /// something else.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Ok(read_network(path.as_ref())?.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small() -> Mlp {
        Mlp::new(&[5, 4, 2, 4, 5], Activation::Gelu, Activation::Sigmoid, 1).unwrap()
    }

    fn bytes(precision: Precision) -> Vec<u8> {
        try_bytes(&small(), precision).unwrap()
    }

    fn try_bytes(network: &Mlp, precision: Precision) -> Result<Vec<u8>, String> {
        let mut tensors = Tensors::new();
        add_network(&mut tensors, "", network, precision);
        let metadata = json!({ "activations": activations(network), "encoder_layers": 2 });
        to_bytes(&tensors, &metadata)
    }

    fn network_from_bytes(bytes: &[u8]) -> Result<Mlp, String> {
        let (mut tensors, metadata) = from_bytes(bytes)?;
        Ok(network_of(&mut tensors, &metadata)?.0)
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(network_from_bytes(&bytes(Precision::F32)).unwrap(), small());
        assert_eq!(bytes(Precision::F32), bytes(Precision::F32));
        let rounded = network_from_bytes(&bytes(Precision::Bf16)).unwrap();
        for (a, b) in rounded.layers().iter().zip(small().layers()) {
            for (a, b) in a.linear.weight.iter().zip(&b.linear.weight) {
                assert!((a - b).abs() <= b.abs() / 256.0);
            }
        }
    }

    #[test]
    fn bf16_rounds_to_the_nearest() {
        for (x, expected) in [(1.0, 1.0), (1.003, 1.0), (1.0059, 1.0078125), (-3.0, -3.0)] {
            let found = from_bf16(to_bf16(x));
            assert_eq!(found, expected, "{x}");
        }
        assert!(from_bf16(to_bf16(f32::INFINITY)).is_infinite());
    }

    /// The header of a file is JSON and can be edited; its length stands in front.
    fn with_header(edit: impl Fn(String) -> String) -> Vec<u8> {
        let bytes = bytes(Precision::F32);
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        let header = edit(String::from_utf8(bytes[8..8 + length].to_vec()).unwrap());
        let mut edited = (header.len() as u64).to_le_bytes().to_vec();
        edited.extend(header.as_bytes());
        edited.extend(&bytes[8 + length..]);
        edited
    }

    #[test]
    fn files_of_another_kind_are_refused_with_the_reason() {
        let same = with_header(|h| h);
        assert_eq!(network_from_bytes(&same).unwrap(), small());
        let cases: [(&str, Vec<u8>); 7] = [
            ("safetensors", b"PK\x03\x04 not at all".to_vec()),
            ("safetensors", Vec::new()),
            ("safetensors", bytes(Precision::F32)[..300].to_vec()),
            (
                "not written by this crate",
                with_header(|h| h.replace("\"latent\"", "\"potent\"")),
            ),
            ("\"GULP\"", with_header(|h| h.replacen("GELU", "GULP", 1))),
            (
                "2.weight is missing",
                with_header(|h| h.replace("2.weight", "1.weight")),
            ),
            ("I32", with_header(|h| h.replacen("F32", "I32", 4))),
        ];
        for (reason, bytes) in cases {
            let problem = network_from_bytes(&bytes).unwrap_err();
            assert!(
                problem.contains(reason),
                "{problem:?} does not tell {reason:?}"
            );
        }
        let mut nan = bytes(Precision::F32);
        let last = nan.len();
        nan[last - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
        assert!(
            network_from_bytes(&nan)
                .unwrap_err()
                .contains("NaN at place")
        );
    }

    #[test]
    fn what_is_not_finite_is_not_written() {
        let mut broken = small();
        broken.layers_mut()[0].linear.bias[2] = f32::NAN;
        let problem = try_bytes(&broken, Precision::F32).unwrap_err();
        assert!(problem.contains("0.bias holds NaN at place 2"), "{problem}");

        let mut large = small();
        large.layers_mut()[0].linear.bias[2] = f32::MAX;
        assert!(try_bytes(&large, Precision::F32).is_ok());
        let problem = try_bytes(&large, Precision::Bf16).unwrap_err();
        assert!(problem.contains("infinity in bfloat16"), "{problem}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn damage_is_an_error_or_harmless_never_a_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            keep in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let mut bytes = bytes(Precision::F32);
            let length = bytes.len();
            // Half of the changes hit the header, where most can go wrong.
            for (i, (place, value)) in changes.iter().enumerate() {
                let range = if i % 2 == 0 { length } else { length.min(500) };
                bytes[place.index(range)] = *value;
            }
            if let Some(keep) = keep {
                bytes.truncate(keep.index(length));
            }
            if let Ok(read) = network_from_bytes(&bytes) {
                prop_assert!(read.num_parameters() < 1000);
            }
        }

        #[test]
        fn any_bytes_at_all_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(network_from_bytes(&bytes).is_err());
        }
    }
}
