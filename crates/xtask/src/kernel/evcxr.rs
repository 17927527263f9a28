//! evcxr's Jupyter kernel: found, or installed with Cargo.

use crate::command::{command, on_path, output, run};
use crate::project::Project;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// The version that the course was made with. Any 0.22 will do.
const VERSION: &str = "0.22.0";
const SUITABLE: &str = "0.22.";

/// The kernel's program, if one is installed.
pub fn find() -> Option<PathBuf> {
    on_path("evcxr_jupyter").or_else(|| {
        let file = format!("evcxr_jupyter{}", std::env::consts::EXE_SUFFIX);
        Some(cargo_home()?.join("bin").join(file)).filter(|path| path.is_file())
    })
}

pub fn missing() -> Option<String> {
    let Some(path) = find() else {
        return Some("evcxr_jupyter is not installed".to_owned());
    };
    match version(&path) {
        Some(version) if version.starts_with(SUITABLE) => None,
        Some(version) => Some(format!(
            "{} is {version}, {VERSION} is needed",
            path.display()
        )),
        // A program that neither Cargo nor conda knows of: the kernel's trial will tell.
        None => None,
    }
}

/// What is built lies in `.lab` until all is there, so that an interrupted build goes on where it
/// stopped.
pub fn install(project: &Project) -> Result<()> {
    let building = project.lab().join("evcxr");
    run(command("cargo")
        .args(["install", "--locked", "evcxr_jupyter", "--version", VERSION])
        .arg("--target-dir")
        .arg(&building))?;
    let _ = fs::remove_dir_all(building);
    Ok(())
}

/// evcxr_jupyter does not tell its version; whoever installed it does.
fn version(path: &Path) -> Option<String> {
    let prefix = path.parent()?.parent()?;
    if let Ok(records) = fs::read_dir(prefix.join("conda-meta")) {
        return records.flatten().find_map(|record| {
            let name = record.file_name().into_string().ok()?;
            Some(name.strip_prefix("evcxr-")?.split('-').next()?.to_owned())
        });
    }
    let installed = output(
        command("cargo")
            .args(["install", "--list", "--root"])
            .arg(prefix),
    )?;
    installed.lines().find_map(|line| {
        let version = line.strip_prefix("evcxr_jupyter v")?;
        Some(version.trim_end_matches(':').to_owned())
    })
}

pub fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}
