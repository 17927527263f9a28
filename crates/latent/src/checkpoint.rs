//! Networks in a file, and back.
//!
//! The format is safetensors. Names and layouts are those of the `state_dict` of
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
//! tell is in the file's metadata under `latent`: the activations, and how many layers belong to
//! the encoder. A training adds its own state, in tensors whose names begin with `trainer.`, so
//! that it can be resumed.
//!
//! Only finite numbers are written and read. A file is written beside its name and then moved
//! there: an interruption leaves the one before.

use crate::error::Result;
use crate::nn::{Activation, Layer, Linear, Mlp};
use crate::signs;
use crate::tensors::{self, Numbers, Tensor, Tensors, take, take_matrix};
use ndarray::Array1;
use serde_json::{Value, json};
use std::path::Path;

/// What the names of a training's own tensors begin with.
pub(crate) const TRAINER: &str = "trainer.";

/// How many bits of each parameter are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    F32,
    Bf16,
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
    tensors::write(path, &tensors, &metadata)?;
    note(path);
    Ok(())
}

/// Tells the launcher where the last checkpoint is: should the kernel's process end, the notebook
/// says so.
pub(crate) fn note(path: &Path) {
    if let Ok(path) = std::path::absolute(path) {
        signs::tell("checkpoint", &path.to_string_lossy());
    }
}

/// Reads one network; what a training keeps beside it is left alone.
pub(crate) fn read_network(path: &Path) -> Result<(Mlp, Option<usize>)> {
    let (mut tensors, metadata) = tensors::read(path)?;
    tensors.retain(|name, _| !name.starts_with(TRAINER));
    network_of(&mut tensors, &metadata).map_err(|problem| tensors::unusable(path, problem))
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

/// The place of linear layer `i` in an `nn.Sequential`, with an activation after each.
fn name(prefix: &str, i: usize, what: &str) -> String {
    format!("{prefix}{}.{what}", 2 * i)
}

impl Mlp {
    /// Writes all parameters to a safetensors file; see [`crate::checkpoint`].
    ///
    /// ```
    /// use latent::prelude::*;
    /// # let file = std::env::temp_dir().join("latent-doc-mlp-save.safetensors");
    /// let network = Mlp::new(&[2, 3, 1], Activation::Tanh, Activation::Identity, 1)?;
    /// network.save(&file)?;
    /// assert_eq!(Mlp::load(&file)?, network);
    /// # std::fs::remove_file(&file).ok();
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the file cannot be written, [`Error::Checkpoint`](crate::Error::Checkpoint) if a parameter is NaN or
    /// infinite: then an older file is left as it is.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write_network(path.as_ref(), self, None, Precision::F32)
    }

    /// Reads what [`Mlp::save`] wrote. Of an autoencoder's file: encoder and decoder in a row.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the file cannot be read, [`Error::Checkpoint`](crate::Error::Checkpoint) if it is damaged or holds
    /// something else.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Ok(read_network(path.as_ref())?.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensors::{from_bytes, to_bytes};
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
