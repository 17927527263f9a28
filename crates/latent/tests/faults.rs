//! A disk that is full, and what is too large for the memory: nothing of the learner's work is lost.
//!
//! The tests of the full disk run themselves again, as another process on a disk of 64 kB that only
//! this process sees. Where the system does not allow that they say so and pass.

mod small;

use latent::exercise::pca::check_centre;
use latent::exercise::training::{Design, check_design_on};
use latent::prelude::*;
use small::{autoencoder, config, samples};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// What the test `name` said on a small disk; `signs` is the folder that the launcher would name.
fn on_a_small_disk(name: &str, signs: &Path) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let run = |program: &str, args: &[&str]| {
        Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
            .arg("mount -t tmpfs -o size=64k tmpfs \"$1\" && cd \"$1\" && shift && exec \"$@\"")
            .args(["sh", folder.path().to_str().unwrap(), program])
            .args(args)
            .env("LATENT_SIGNS", signs)
            .env("LATENT_SMALL_DISK", "1")
            .output()
    };
    if !run("true", &[]).is_ok_and(|output| output.status.success()) {
        println!("not run: this system gives us no disk of our own");
        return None;
    }
    let this = std::env::current_exe().unwrap();
    let options = ["--exact", name, "--ignored", "--nocapture"];
    let output = run(this.to_str().unwrap(), &options).unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
    Some(said)
}

fn is_on_a_small_disk() -> bool {
    std::env::var_os("LATENT_SMALL_DISK").is_some()
}

/// Writes until nothing more fits.
fn fill() {
    let mut file = fs::File::create("filler").unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(".").unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_full_disk_leaves_the_last_checkpoint_and_the_network() {
    let signs = tempfile::tempdir().unwrap();
    if on_a_small_disk("checkpoints_on_a_full_disk", signs.path()).is_some() {
        // What the launcher names in the notebook, since the `?` drops what its cell defined.
        Autoencoder::load(signs.path().join("unfinished.safetensors")).unwrap();
    }
}

#[test]
#[ignore = "run on a small disk by the test above"]
fn checkpoints_on_a_full_disk() {
    if !is_on_a_small_disk() {
        return;
    }
    let path = Path::new("net.safetensors");
    let (data, mut net) = (samples(64, 1), autoencoder());
    net.save(path).unwrap();
    let saved = fs::read(path).unwrap();
    fill();
    let full = |error: Error| {
        let text = error.to_string();
        assert!(text.starts_with("cannot write"), "{text}");
        assert!(text.contains("No space left"), "{text}");
        assert_eq!(fs::read(path).unwrap(), saved);
        assert_eq!(names(), ["filler", "net.safetensors"]);
    };
    full(net.save(path).unwrap_err());
    full(Pca::fit(&data, 2).unwrap().save(path).unwrap_err());
    full(latent::data::io::write_npy(path, &data).unwrap_err());

    let before = net.reconstruction_error(&data).unwrap();
    let plan = CheckpointPlan {
        path: path.into(),
        every: 2,
    };
    let training = TrainConfig {
        checkpoint: Some(plan),
        ..config(4)
    };
    full(net.fit(&data, &data, &training).unwrap_err());
    let after = net.reconstruction_error(&data).unwrap();
    assert!(after < before, "two epochs have been learned: {after}");
    fs::remove_file("filler").unwrap();
    net.fit(&data, &data, &training).unwrap();
    assert_ne!(fs::read(path).unwrap(), saved);
}

#[test]
fn a_full_disk_leaves_progress_and_board() {
    let signs = tempfile::tempdir().unwrap();
    if let Some(said) = on_a_small_disk("progress_on_a_full_disk", signs.path()) {
        assert!(said.contains("Passed"), "{said}");
        let told = "The result of the check is valid, but it could not be written to progress.tsv";
        assert!(said.contains(told), "{said}");
        assert!(said.contains("No space left"), "{said}");
    }
}

#[test]
#[ignore = "run on a small disk by the test above"]
fn progress_on_a_full_disk() {
    if !is_on_a_small_disk() {
        return;
    }
    // Whole blocks, so that the next line needs one more.
    let line = "02-pca\tcovariance\tpassed\n";
    let progress = format!("{}{line}", "\n".repeat(4096 - line.len()));
    fs::write("progress.tsv", &progress).unwrap();
    let board = format!("0.026500\ta design\n{}", "a note\n".repeat(1000));
    fs::write("board.tsv", &board).unwrap();
    fill();
    check_centre(|points| points - &points.mean_axis(Axis(0)).unwrap()).evcxr_display();
    assert_eq!(fs::read_to_string("progress.tsv").unwrap(), progress);

    let design = Design {
        sizes: vec![784, 8],
        activation: Activation::Identity,
        learning_rate: 0.004,
        batch_size: 500,
    };
    let feedback = check_design_on(Path::new("board.tsv"), &Some(design));
    assert!(
        feedback.message().contains("board could not be saved"),
        "{feedback}"
    );
    assert_eq!(fs::read_to_string("board.tsv").unwrap(), board);
    assert_eq!(names(), ["board.tsv", "filler", "progress.tsv"]);
}

#[test]
fn what_is_too_large_for_the_memory_is_an_error_before_it_is_made() {
    let labels = Array1::from_elem(1_000_000, 1_usize);
    let tall = Array2::<f32>::zeros((30_000_000, 1));
    let wide = Mlp::new(&[1, 1_000_000], Activation::Relu, Activation::Identity, 1).unwrap();
    let errors = [
        random::uniform(200_000, 20_000_000, 0.0, 1.0, 1).err(),
        random::normal(200_000, 20_000_000, 0.0, 1.0, 1).err(),
        latent::nn::one_hot(&labels, 1_000_000_000).err(),
        Autoencoder::new(&[5_000_000, 5_000_000], Activation::Relu, 1).err(),
        HeadDirection::evenly_spaced(1_000_000)
            .simulate(1_000_000, 0.1, 1)
            .err(),
        wide.forward(&tall).err(),
    ];
    for (index, error) in errors.into_iter().enumerate() {
        let error = error.unwrap_or_else(|| panic!("{index} was made"));
        assert!(matches!(error, Error::Memory { .. }), "{index}: {error}");
        assert!(error.to_string().contains("GB are available"), "{error}");
    }
}
