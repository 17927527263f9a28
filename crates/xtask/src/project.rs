//! Where things are. All that the set-up makes lies in `.lab/`: deleting it starts over.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The path without links. A lesson names the crate by a path that evcxr resolves, and Cargo takes two
/// paths for two crates. On Windows the real path would begin with `\\\\?\\`, which not every program
/// understands.
pub fn real(folder: &Path) -> PathBuf {
    if cfg!(windows) {
        return folder.to_owned();
    }
    std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())
}

/// The folder of the course.
#[derive(Clone, Debug)]
pub struct Project {
    pub root: PathBuf,
}

impl Project {
    /// Finds the course through Cargo, which says where `xtask` lies.
    pub fn find() -> Result<Self> {
        let xtask = std::env::var("CARGO_MANIFEST_DIR")
            .unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&xtask)
            .ancestors()
            .nth(2)
            .context("crates/xtask lies two folders below the course's own")?
            .to_owned();
        Ok(Self { root: real(&root) })
    }

    pub fn lab(&self) -> PathBuf {
        self.root.join(".lab")
    }

    pub fn notebooks(&self) -> PathBuf {
        self.root.join("notebooks")
    }

    /// The Python programs that drive Jupyter.
    pub fn script(&self, name: &str) -> PathBuf {
        self.root.join("crates/xtask/python").join(name)
    }
}
