//! `cargo xtask lab --register`: the kernel for programs that the course does not start itself.
//!
//! `cargo xtask lab` keeps its kernel in an environment of its own. VS Code, JupyterLab Desktop and any
//! other Jupyter look in a folder of the user's:
//!
//! ```text
//! kernels/rust                 the course's kernel, under the name that the lessons ask for
//! kernels/rust-before-latent   a Rust kernel that was there before, until `--unregister`
//! ```

use super::spec;
use crate::own::{below_home, variable};
use crate::python::Environment;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const NAME: &str = "rust";
const BEFORE: &str = "rust-before-latent";

pub fn register(environment: &Environment) -> Result<()> {
    let kernels = kernels_of_user().context("there is no home folder")?;
    let text = fs::read_to_string(spec::file(environment))?;
    let is_kept = put(&kernels, &text)
        .with_context(|| format!("could not write to {}", kernels.display()))?;
    println!(
        "The kernel is registered for VS Code, JupyterLab Desktop and other Jupyter programs, in\n  {}",
        kernels.join(NAME).display()
    );
    if is_kept {
        println!("The Rust kernel that was there is now called {BEFORE}.");
    }
    println!("To undo it: cargo xtask lab --unregister");
    Ok(())
}

pub fn unregister() -> Result<()> {
    let kernels = kernels_of_user().context("there is no home folder")?;
    let was_there =
        take_away(&kernels).with_context(|| format!("could not write to {}", kernels.display()))?;
    println!(
        "{} {}",
        if was_there {
            "The kernel is no longer registered in"
        } else {
            "No kernel of the course is registered in"
        },
        kernels.display()
    );
    Ok(())
}

/// Takes the kernel away if it starts through this launcher, which is about to be removed.
pub fn forget(launcher: &Path) -> Result<bool> {
    kernels_of_user().map_or(Ok(false), |kernels| forget_in(&kernels, launcher))
}

fn forget_in(kernels: &Path, launcher: &Path) -> Result<bool> {
    let is_this = program(&kernels.join(NAME)).as_deref() == Some(launcher);
    Ok(is_this && take_away(kernels)?)
}

/// Where Jupyter keeps what belongs to a user and not to one environment.
fn kernels_of_user() -> Option<PathBuf> {
    let data = variable("JUPYTER_DATA_DIR").or_else(|| {
        if cfg!(windows) {
            Some(variable("APPDATA")?.join("jupyter"))
        } else if cfg!(target_os = "macos") {
            below_home("Library/Jupyter")
        } else {
            let data = variable("XDG_DATA_HOME").or_else(|| below_home(".local/share"))?;
            Some(data.join("jupyter"))
        }
    })?;
    Some(data.join("kernels"))
}

/// Whether a kernel that was there had to make way.
fn put(kernels: &Path, spec: &str) -> Result<bool> {
    let folder = kernels.join(NAME);
    let makes_way = folder.exists() && !is_ours(&folder);
    if makes_way {
        let before = kernels.join(BEFORE);
        if before.exists() {
            fs::remove_dir_all(&before)?;
        }
        fs::rename(&folder, before)?;
    }
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("kernel.json"), spec)?;
    Ok(makes_way)
}

/// Whether there was something to take away.
fn take_away(kernels: &Path) -> Result<bool> {
    let folder = kernels.join(NAME);
    if !is_ours(&folder) {
        return Ok(false);
    }
    fs::remove_dir_all(&folder)?;
    let before = kernels.join(BEFORE);
    if before.exists() {
        fs::rename(before, folder)?;
    }
    Ok(true)
}

/// Whether a kernel starts through a launcher of the course, in whatever folder.
fn is_ours(folder: &Path) -> bool {
    program(folder)
        .as_deref()
        .and_then(Path::file_stem)
        .is_some_and(|name| name == "latent-kernel")
}

/// What Jupyter starts for this kernel.
fn program(folder: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(folder.join("kernel.json")).ok()?;
    let spec: Value = serde_json::from_str(&text).ok()?;
    Some(PathBuf::from(spec["argv"][0].as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = r#"{"argv": ["/home/me/latent/.lab/kernel/latent-kernel", "kernel"]}"#;
    const OTHER: &str = r#"{"argv": ["/home/me/.cargo/bin/evcxr_jupyter", "--control_file"]}"#;

    #[test]
    fn a_kernel_that_was_there_before_comes_back() {
        let kernels = std::env::temp_dir().join(format!("latent-kernels-{}", std::process::id()));
        let (rust, before) = (kernels.join(NAME), kernels.join(BEFORE));
        let read = |folder: &Path| fs::read_to_string(folder.join("kernel.json")).unwrap();
        assert!(!take_away(&kernels).unwrap());
        assert!(!put(&kernels, OURS).unwrap(), "nothing was there");
        assert!(take_away(&kernels).unwrap() && !rust.exists());

        fs::create_dir_all(&rust).unwrap();
        fs::write(rust.join("kernel.json"), OTHER).unwrap();
        assert!(!take_away(&kernels).unwrap(), "it is not ours");
        assert!(put(&kernels, OURS).unwrap());
        assert!(
            !put(&kernels, OURS).unwrap(),
            "the second time ours is there"
        );
        assert_eq!((read(&rust), read(&before)), (OURS.into(), OTHER.into()));
        assert!(!forget_in(&kernels, Path::new("/another/course/latent-kernel")).unwrap());
        let launcher = Path::new("/home/me/latent/.lab/kernel/latent-kernel");
        assert!(forget_in(&kernels, launcher).unwrap());
        assert_eq!(read(&rust), OTHER);
        assert!(!before.exists());
        fs::remove_dir_all(kernels).unwrap();
    }
}
