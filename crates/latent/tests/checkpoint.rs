//! Files of checkpoints: what PyTorch would expect of them, and what can be wrong with them.

use latent::prelude::*;
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("latent-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The header of a safetensors file, as JSON.
fn header(path: &std::path::Path) -> serde_json::Value {
    let bytes = std::fs::read(path).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    serde_json::from_slice(&bytes[8..8 + length]).unwrap()
}

#[test]
fn names_shapes_and_types_are_those_of_a_sequential_state_dict() {
    let folder = folder("names");
    let path = folder.join("model.safetensors");
    let model = Autoencoder::new(&[784, 512, 256, 2], Activation::Relu, 1).unwrap();
    for (dtype, size) in [("F32", 4), ("BF16", 2)] {
        match dtype {
            "F32" => model.save(&path).unwrap(),
            _ => model.save_bf16(&path).unwrap(),
        }
        let mut header = header(&path);
        let tensors = header.as_object_mut().unwrap();
        assert!(tensors.remove("__metadata__").is_some());
        // nn.Sequential counts the activations too, so that linear layers have even numbers.
        let widths = [784, 512, 256, 2, 256, 512, 784];
        for (i, pair) in widths.windows(2).enumerate() {
            for (name, shape) in [("weight", vec![pair[1], pair[0]]), ("bias", vec![pair[1]])] {
                let tensor = tensors.remove(&format!("{}.{name}", 2 * i)).unwrap();
                assert_eq!(tensor["dtype"], dtype);
                assert_eq!(tensor["shape"], serde_json::json!(shape));
                let offsets = &tensor["data_offsets"];
                let bytes = offsets[1].as_u64().unwrap() - offsets[0].as_u64().unwrap();
                assert_eq!(bytes, size * shape.iter().product::<u64>());
            }
        }
        assert!(tensors.is_empty(), "nothing else is in the file");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_saved_model_comes_back_bit_by_bit() {
    let folder = folder("bits");
    let path = folder.join("model.safetensors");
    let model = Autoencoder::new(&[6, 5, 3], Activation::LeakyRelu, 1)
        .unwrap()
        .with_output_activation(Activation::Identity);
    model.save(&path).unwrap();
    assert_eq!(Autoencoder::load(&path).unwrap(), model);
    // And over an older file.
    let other = Autoencoder::new(&[4, 2], Activation::Relu, 2).unwrap();
    other.save(&path).unwrap();
    assert_eq!(Autoencoder::load(&path).unwrap(), other);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn files_that_are_no_checkpoint_are_named_with_the_reason() {
    let folder = folder("bad");
    let path = folder.join("model.safetensors");
    let text = |path: &PathBuf| Autoencoder::load(path).unwrap_err().to_string();
    assert!(text(&path).contains("cannot read") && text(&path).contains("model.safetensors"));
    assert!(text(&folder).contains("cannot read"), "a folder is no file");

    Autoencoder::new(&[6, 5, 3], Activation::Relu, 1)
        .unwrap()
        .save(&path)
        .unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for cut in [0, 7, 8, 100, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        assert!(text(&path).contains("cut short"), "{}", text(&path));
    }
    std::fs::write(&path, "a poem").unwrap();
    assert!(
        text(&path).contains("no safetensors file"),
        "{}",
        text(&path)
    );
    let nowhere = folder.join("no/such/folder/model.safetensors");
    let model = Autoencoder::new(&[6, 5, 3], Activation::Relu, 1).unwrap();
    assert!(
        model
            .save(&nowhere)
            .unwrap_err()
            .to_string()
            .contains("cannot write")
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_shipped_model_reconstructs_digits_it_has_never_seen() {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/checkpoints/mnist-2d.safetensors");
    assert!(std::fs::metadata(&path).unwrap().len() < 3_000_000);
    let model = Autoencoder::pretrained().unwrap();
    assert_eq!(
        (
            model.input_dim(),
            model.latent_dim(),
            model.num_parameters()
        ),
        (784, 2, 1_068_306)
    );
    let test = Mnist::load().unwrap().test;
    let error = model.reconstruction_error(&test.samples).unwrap();
    assert!(error < 0.0355, "{error}");
}
