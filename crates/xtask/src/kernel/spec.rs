//! The kernelspec `rust`, in the environment and nowhere else, and the launcher that it names.

use super::rust::Rust;
use super::template::Home;
use super::{analyser, evcxr};
use crate::project::Project;
use crate::python::Environment;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// A copy of this program, since `cargo clean` must not break the kernels.
pub fn launcher(project: &Project) -> PathBuf {
    let name = format!("latent-kernel{}", std::env::consts::EXE_SUFFIX);
    Home::of(project).folder.join(name)
}

pub fn file(environment: &Environment) -> PathBuf {
    environment
        .prefix
        .join("share/jupyter/kernels/rust/kernel.json")
}

fn text(project: &Project, environment: &Environment) -> Result<String> {
    let evcxr = evcxr::find().context("evcxr_jupyter is not installed")?;
    let mut argv = json!([
        launcher(project),
        "kernel",
        "--root",
        project.root,
        "--lab",
        project.lab(),
        "--evcxr",
        evcxr,
        "--python",
        environment.python(),
    ]);
    let words = argv.as_array_mut().context("it is an array")?;
    words.extend(Rust::now().options());
    words.push("{connection_file}".into());
    let spec = json!({
        "argv": argv,
        "display_name": "Rust",
        "language": "rust",
        // The launcher takes the message (`relay.rs`): evcxr would end the process of the cells.
        "interrupt_mode": "message",
    });
    Ok(serde_json::to_string_pretty(&spec)? + "\n")
}

pub fn missing(project: &Project, environment: &Environment) -> Option<String> {
    let registered = fs::read_to_string(file(environment)).unwrap_or_default();
    if text(project, environment).ok()? != registered {
        return Some("not registered in the environment".to_owned());
    }
    let this = std::env::current_exe().and_then(fs::read).ok();
    let copies = [launcher(project), Home::of(project).analyser_cargo()];
    (this.is_none() || copies.iter().any(|copy| fs::read(copy).ok() != this))
        .then(|| "its launcher is of another version".to_owned())
}

/// Why a user who may not register it cannot use it.
pub fn unusable(environment: &Environment) -> Option<String> {
    let text = match fs::read_to_string(file(environment)) {
        Ok(text) => text,
        Err(_) => return Some("it is not registered, or you may not read it".to_owned()),
    };
    let spec: Value = serde_json::from_str(&text).ok()?;
    let words = spec["argv"].as_array()?.iter().filter_map(Value::as_str);
    // All that it names: programs and folders.
    let closed = words
        .filter(|word| Path::new(word).is_absolute())
        .find(|path| fs::metadata(path).is_err())?;
    Some(format!("{closed} is not there, or you may not read it"))
}

pub fn register(project: &Project, environment: &Environment) -> Result<()> {
    let file = file(environment);
    let this = std::env::current_exe()?;
    let copies = [launcher(project), Home::of(project).analyser_cargo()];
    for path in copies.iter().chain([&file]) {
        fs::create_dir_all(path.parent().context("all of them lie in folders")?)?;
    }
    for copy in &copies {
        // A program that runs cannot be written to, but another can take its name.
        let new = copy.with_extension("new");
        fs::copy(&this, &new)?;
        fs::rename(&new, copy).with_context(|| format!("could not write {}", copy.display()))?;
    }
    analyser::set_up(&Home::of(project))?;
    fs::write(&file, text(project, environment)?)
        .with_context(|| format!("could not write {}", file.display()))
}
