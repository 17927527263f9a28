//! What the kernel needs of Rust: the sources of the standard library, from which it learns the
//! types of variables, and the crates of the course on this disk.

use crate::command::{command, output, run};
use crate::project::Project;
use anyhow::{Result, bail};
use std::path::PathBuf;

/// The folder of rustc and cargo themselves, without the detour through rustup's stand-ins,
/// which costs the kernel a second at each start.
pub fn bin_folder() -> Option<PathBuf> {
    let sysroot = output(command("rustc").args(["--print", "sysroot"]))?;
    let bin = PathBuf::from(sysroot).join("bin");
    let cargo = bin.join(format!("cargo{}", std::env::consts::EXE_SUFFIX));
    cargo.is_file().then_some(bin)
}

/// rustc's version and the machine it compiles for.
pub fn rustc_version() -> Result<String> {
    let Some(version) = output(command("rustc").arg("-vV")) else {
        bail!("`rustc -vV` does not run: is Rust installed? See https://rustup.rs");
    };
    Ok(version)
}

/// The machine that rustc compiles for, as `x86_64-unknown-linux-gnu`.
pub fn host(rustc_version: &str) -> Option<&str> {
    rustc_version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
}

/// The folder of the standard library's sources, if they are installed.
pub fn library_sources() -> Option<PathBuf> {
    let sysroot = output(command("rustc").args(["--print", "sysroot"]))?;
    let library = PathBuf::from(sysroot).join("lib/rustlib/src/rust/library");
    library.join("Cargo.toml").is_file().then_some(library)
}

pub fn sources_missing() -> Option<String> {
    library_sources()
        .is_none()
        .then(|| "the component rust-src is not installed".to_owned())
}

pub fn add_sources() -> Result<()> {
    run(command("rustup").args(["component", "add", "rust-src"]))
}

/// Downloads the course's crates, for every platform, since the kernel's first look at a crate
/// asks for all of them; and those of the standard library, which the kernel reads as well.
pub fn fetch_crates(project: &Project) -> Result<()> {
    run(command("cargo")
        .args(["fetch", "--locked"])
        .current_dir(&project.root))?;
    if let Some(library) = library_sources() {
        // The standard library's manifest uses features that only its own build may use.
        run(command("cargo")
            .args(["fetch", "--locked", "--manifest-path"])
            .arg(library.join("Cargo.toml"))
            .env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}
