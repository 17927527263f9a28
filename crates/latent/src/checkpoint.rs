//! A network in a file, and back.
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
//! leaves 8 significant bits. Either is read. What the tensors do not tell stands in the file's
//! metadata under `latent`: the activations, and how many layers belong to the encoder.
//!
//! A file is written beside its name and then moved there: an interruption leaves the one before.

use crate::autoencoder::Autoencoder;
use crate::error::{Error, Result};
use crate::nn::{Activation, Layer, Linear, Mlp};
use ndarray::{Array1, Array2};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// The key of the metadata.
const KEY: &str = "latent";

/// No network of this crate comes near: a larger file is something else.
const LARGEST: u64 = 1 << 30;

/// How many bits of each number are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    F32,
    Bf16,
}

/// Writes `network` to `path`.
pub(crate) fn write(
    path: &Path,
    network: &Mlp,
    encoder_layers: Option<usize>,
    precision: Precision,
) -> Result<()> {
    let bytes = to_bytes(network, encoder_layers, precision)
        .map_err(|problem| checkpoint_error(path, problem))?;
    write_whole(path, &bytes).map_err(|source| Error::Io {
        action: "write",
        path: path.to_path_buf(),
        source,
    })
}

/// Reads an autoencoder from `path`.
pub(crate) fn read_autoencoder(path: &Path) -> Result<Autoencoder> {
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
    autoencoder_from_bytes(&bytes).map_err(|problem| checkpoint_error(path, problem))
}

fn autoencoder_from_bytes(bytes: &[u8]) -> Result<Autoencoder, String> {
    let (network, encoder_layers) = from_bytes(bytes)?;
    let layers = network.layers().len();
    match encoder_layers {
        Some(n) if n > 0 && n < layers => {
            Autoencoder::from_network(network, n).map_err(|error| error.to_string())
        }
        Some(n) => Err(format!("{n} of its {layers} layers cannot be the encoder")),
        None => Err("it holds a network that is no autoencoder".to_string()),
    }
}

fn to_bytes(
    network: &Mlp,
    encoder_layers: Option<usize>,
    precision: Precision,
) -> Result<Vec<u8>, String> {
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (i, Layer { linear, .. }) in network.layers().iter().enumerate() {
        let weight = encode(linear.weight.iter(), precision);
        let bias = encode(linear.bias.iter(), precision);
        tensors.push((name(i, "weight"), linear.weight.shape().to_vec(), weight));
        tensors.push((name(i, "bias"), linear.bias.shape().to_vec(), bias));
    }
    let dtype = match precision {
        Precision::F32 => Dtype::F32,
        Precision::Bf16 => Dtype::BF16,
    };
    let activations: Vec<&str> = network
        .layers()
        .iter()
        .map(|l| l.activation.name())
        .collect();
    let about = json!({ "activations": activations, "encoder_layers": encoder_layers });
    let views = tensors
        .iter()
        .map(|(name, shape, data)| Ok((name, TensorView::new(dtype, shape.clone(), data)?)));
    let views: Vec<_> = views
        .collect::<Result<_, safetensors::SafeTensorError>>()
        .map_err(|error| error.to_string())?;
    // One key alone: a map of several would be written in another order each time.
    let metadata = HashMap::from([(KEY.to_string(), about.to_string())]);
    serialize(views, Some(metadata)).map_err(|error| error.to_string())
}

fn from_bytes(bytes: &[u8]) -> Result<(Mlp, Option<usize>), String> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| {
        format!("it is damaged, cut short, or no safetensors file ({error}); copy it again")
    })?;
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| error.to_string())?;
    let about = header.metadata().as_ref().and_then(|map| map.get(KEY));
    let about =
        about.ok_or("it was not written by this crate: its metadata has no key \"latent\"")?;
    let about: Value = serde_json::from_str(about).map_err(|error| error.to_string())?;

    let names = about["activations"]
        .as_array()
        .ok_or("its metadata name no activations")?;
    if names.len() * 2 != tensors.len() {
        let (activations, tensors) = (names.len(), tensors.len());
        return Err(format!(
            "it names {activations} layers, but holds {tensors} tensors"
        ));
    }
    let layers = names.iter().enumerate().map(|(i, wanted)| {
        let wanted = wanted.as_str().unwrap_or_default();
        let activation = Activation::ALL.into_iter().find(|a| a.name() == wanted);
        let activation = activation.ok_or(format!("there is no activation \"{wanted}\""))?;
        let (shape, weight) = tensor(&tensors, &name(i, "weight"))?;
        let [rows, columns] = shape[..] else {
            return Err(format!(
                "{} has the shape {shape:?}, not two sizes",
                name(i, "weight")
            ));
        };
        let (_, bias) = tensor(&tensors, &name(i, "bias"))?;
        let weight = Array2::from_shape_vec((rows, columns), weight);
        let weight = weight.map_err(|error| error.to_string())?;
        let bias = Array1::from(bias);
        Ok(Layer {
            linear: Linear { weight, bias },
            activation,
        })
    });
    let layers = layers.collect::<Result<Vec<_>, String>>()?;
    let encoder_layers = about["encoder_layers"]
        .as_u64()
        .and_then(|n| usize::try_from(n).ok());
    let network = Mlp::from_layers(layers).map_err(|error| error.to_string())?;
    Ok((network, encoder_layers))
}

/// The place of linear layer `i` in an `nn.Sequential`, with an activation behind each.
fn name(i: usize, what: &str) -> String {
    format!("{}.{what}", 2 * i)
}

/// The shape and the numbers of one tensor.
fn tensor(tensors: &SafeTensors, name: &str) -> Result<(Vec<usize>, Vec<f32>), String> {
    let view = tensors
        .tensor(name)
        .map_err(|_| format!("{name} is missing"))?;
    let data = view.data();
    let numbers: Vec<f32> = match view.dtype() {
        Dtype::F32 => {
            let four = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
            data.chunks_exact(4).map(four).collect()
        }
        Dtype::BF16 => {
            let two = |b: &[u8]| f32::from_le_bytes([0, 0, b[0], b[1]]);
            data.chunks_exact(2).map(two).collect()
        }
        other => return Err(format!("{name} has the type {other:?}, not F32 or BF16")),
    };
    if let Some(place) = numbers.iter().position(|x| !x.is_finite()) {
        return Err(format!("{name} holds {} at place {place}", numbers[place]));
    }
    Ok((view.shape().to_vec(), numbers))
}

fn encode<'a>(numbers: impl Iterator<Item = &'a f32>, precision: Precision) -> Vec<u8> {
    match precision {
        Precision::F32 => numbers.flat_map(|x| x.to_le_bytes()).collect(),
        Precision::Bf16 => numbers.flat_map(|&x| to_bf16(x).to_le_bytes()).collect(),
    }
}

/// The upper half of an `f32`, rounded to the nearest, ties to even.
fn to_bf16(x: f32) -> u16 {
    let bits = x.to_bits();
    let even = (bits >> 16) & 1;
    (bits.wrapping_add(0x7fff + even) >> 16) as u16
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

fn checkpoint_error(path: &Path, problem: String) -> Error {
    Error::Checkpoint {
        path: path.to_path_buf(),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small() -> Autoencoder {
        Autoencoder::new(&[5, 4, 2], Activation::Gelu, 1).unwrap()
    }

    fn bytes(precision: Precision) -> Vec<u8> {
        to_bytes(small().network(), Some(2), precision).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(
            autoencoder_from_bytes(&bytes(Precision::F32)).unwrap(),
            small()
        );
        assert_eq!(bytes(Precision::F32), bytes(Precision::F32));
        let rounded = autoencoder_from_bytes(&bytes(Precision::Bf16)).unwrap();
        for (a, b) in rounded
            .network()
            .layers()
            .iter()
            .zip(small().network().layers())
        {
            for (a, b) in a.linear.weight.iter().zip(&b.linear.weight) {
                assert!((a - b).abs() <= b.abs() / 256.0);
            }
        }
    }

    #[test]
    fn bf16_rounds_to_the_nearest() {
        for (x, expected) in [(1.0, 1.0), (1.003, 1.0), (1.0059, 1.0078125), (-3.0, -3.0)] {
            let found = f32::from_bits(u32::from(to_bf16(x)) << 16);
            assert_eq!(found, expected, "{x}");
        }
        assert!(f32::from_bits(u32::from(to_bf16(f32::INFINITY)) << 16).is_infinite());
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
        assert_eq!(autoencoder_from_bytes(&same).unwrap(), small());
        let cases: [(&str, Vec<u8>); 8] = [
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
            (
                "of its 4 layers",
                with_header(|h| h.replace("encoder_layers\\\":2", "encoder_layers\\\":9")),
            ),
            ("I32", with_header(|h| h.replacen("F32", "I32", 4))),
        ];
        for (reason, bytes) in cases {
            let problem = autoencoder_from_bytes(&bytes).unwrap_err();
            assert!(
                problem.contains(reason),
                "{problem:?} does not tell {reason:?}"
            );
        }
        let mut broken = small();
        broken.network_mut().layers_mut()[0].linear.bias[2] = f32::NAN;
        let bytes = to_bytes(broken.network(), Some(2), Precision::F32).unwrap();
        assert!(
            autoencoder_from_bytes(&bytes)
                .unwrap_err()
                .contains("0.bias holds NaN at place 2")
        );
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
            if let Ok(read) = autoencoder_from_bytes(&bytes) {
                prop_assert!(read.num_parameters() < 1000);
            }
        }

        #[test]
        fn any_bytes_at_all_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(autoencoder_from_bytes(&bytes).is_err());
        }
    }
}
