//! evcxr's Jupyter kernel: found, or installed with Cargo.

use crate::command::{all_on_path, command, output, run};
use crate::project::Project;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// The version that the course was made with. Any 0.22 will do.
const VERSION: &str = "0.22.0";
/// What the versions that will do begin with: those that the tests of the kernel have run with.
const SUITABLE: [&str; 1] = ["0.22."];

/// The kernel's program, if one is installed: the first on `PATH` that will do, then Cargo's own. If
/// none will do, the first.
pub fn find() -> Option<PathBuf> {
    let mut found = all_on_path("evcxr_jupyter");
    let file = format!("evcxr_jupyter{}", std::env::consts::EXE_SUFFIX);
    found.extend(cargo_home().map(|home| home.join("bin").join(file)));
    found.retain(|path| path.is_file());
    found.dedup();
    let first = found.first().cloned();
    match found.as_slice() {
        [] | [_] => first,
        _ => found.into_iter().find(|path| will_do(path)).or(first),
    }
}

fn will_do(path: &Path) -> bool {
    version(path).is_none_or(|version| is_suitable(&version))
}

fn is_suitable(version: &str) -> bool {
    SUITABLE.iter().any(|start| version.starts_with(start))
}

pub fn missing() -> Option<String> {
    let Some(path) = find() else {
        return Some("evcxr_jupyter is not installed".to_owned());
    };
    match version(&path) {
        Some(version) if is_suitable(&version) => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_were_tried_will_do_and_others_not() {
        for (version, will_do) in [(VERSION, true), ("0.22.3", true), ("0.21.1", false)] {
            assert_eq!(is_suitable(version), will_do, "{version}");
        }
    }

    #[test]
    fn conda_tells_the_version_of_what_it_installed() {
        let prefix = std::env::temp_dir().join(format!("latent-conda-{}", std::process::id()));
        let records = prefix.join("conda-meta");
        fs::create_dir_all(&records).unwrap();
        for name in ["evcxr-0.21.1-h1234567_0.json", "rust-1.95.0-h0.json"] {
            fs::write(records.join(name), "{}").unwrap();
        }
        let program = prefix.join("bin/evcxr_jupyter");
        assert_eq!(version(&program).as_deref(), Some("0.21.1"));
        fs::remove_dir_all(prefix).unwrap();
    }

    #[test]
    fn images_are_built_with_the_same_version() {
        let root = Project::find().unwrap().root;
        let image = fs::read_to_string(root.join(".devcontainer/Dockerfile")).unwrap();
        assert!(image.contains(&format!("evcxr_jupyter --version {VERSION} ")));
    }
}
