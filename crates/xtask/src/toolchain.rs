//! What the kernel needs of Rust: the sources of the standard library, from which it learns the
//! types of variables, and the crates of the course on this disk.

use crate::command::{command, output, run};
use crate::project::Project;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Where the toolchain has its parts.
pub struct Folders {
    pub sysroot: PathBuf,
    /// The libraries that a program compiled with `prefer-dynamic` loads when it starts.
    pub libraries: PathBuf,
}

impl Folders {
    /// Cargo itself, without the detour through rustup's stand-in, which costs the kernel a second
    /// at each start.
    pub fn cargo(&self) -> PathBuf {
        let name = format!("cargo{}", std::env::consts::EXE_SUFFIX);
        self.sysroot.join("bin").join(name)
    }

    /// What belongs at the beginning of `PATH`: rustc and Cargo, and on Windows the libraries too.
    pub fn on_path(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.sysroot.join("bin")];
        if cfg!(windows) {
            folders.push(self.libraries.clone());
        }
        folders
    }
}

/// The toolchain that `rustc` on the PATH belongs to.
pub fn folders() -> Option<Folders> {
    folders_of(Path::new("rustc"))
}

/// The toolchain in this folder.
pub fn folders_in(sysroot: &Path) -> Option<Folders> {
    let rustc = format!("rustc{}", std::env::consts::EXE_SUFFIX);
    folders_of(&sysroot.join("bin").join(rustc))
}

fn folders_of(rustc: &Path) -> Option<Folders> {
    let asked = ["--print", "sysroot", "--print", "target-libdir"];
    let answer = output(command(rustc).args(asked))?;
    let (sysroot, libraries) = answer.split_once('\n')?;
    let folders = Folders {
        sysroot: PathBuf::from(sysroot.trim()),
        libraries: PathBuf::from(libraries.trim()),
    };
    folders.cargo().is_file().then_some(folders)
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
        .args(["fetch", "--quiet", "--locked"])
        .current_dir(&project.root))?;
    if let Some(library) = library_sources() {
        // The standard library's manifest uses features that only its own build may use.
        run(command("cargo")
            .args(["fetch", "--quiet", "--locked", "--manifest-path"])
            .arg(library.join("Cargo.toml"))
            .env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}
