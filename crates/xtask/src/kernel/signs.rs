//! The files by which the launcher and the crate in the cells tell each other something.
//!
//! ```text
//! launcher  --  interrupt   -->  crate      the running cell is asked to stop
//! launcher  <-- stopped     --   crate      something in it has stopped, and the cell goes on
//! launcher  <-- checkpoint  --   crate      the path of the last checkpoint
//! launcher  <-- notebook    --   crate      `notebook::start()` has been called
//! launcher  <-- failed      --   cell       the error of the `?` that ended the cell
//! launcher  <-- unfinished  --   crate      the best weights of a training that ended with an error
//! ```
//!
//! Each cell is a library with statics of its own, and the process of the cells may die: files are
//! seen by all of them. They lie in a folder that the variable [`VARIABLE`] names. The crate's side
//! is its room `signs`.

use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

pub const VARIABLE: &str = "LATENT_SIGNS";

pub struct Signs(PathBuf);

impl Signs {
    pub fn new(run: &Path) -> Result<Self> {
        let folder = run.join("signs");
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    pub fn folder(&self) -> &Path {
        &self.0
    }

    pub fn ask_to_stop(&self) {
        let _ = fs::write(self.0.join("interrupt"), "");
    }

    /// Whether nothing in the cell has stopped yet. What has stopped renames the file.
    pub fn is_unanswered(&self) -> bool {
        self.0.join("interrupt").exists()
    }

    pub fn take_back(&self) {
        for name in ["interrupt", "stopped"] {
            let _ = fs::remove_file(self.0.join(name));
        }
    }

    /// The last checkpoint of this kernel that is still there.
    pub fn checkpoint(&self) -> Option<PathBuf> {
        let path = fs::read_to_string(self.0.join("checkpoint")).ok()?;
        Some(PathBuf::from(path)).filter(|path| path.is_file())
    }

    /// The error of a `?` that has ended the cell. It is told once.
    pub fn failed(&self) -> Option<String> {
        let path = self.0.join("failed");
        let error = fs::read(&path).ok()?;
        let _ = fs::remove_file(path);
        Some(String::from_utf8_lossy(&error).into_owned())
    }

    /// The network of a training that ended with an error in this cell, under a name that stays until
    /// the next one.
    pub fn unfinished(&self) -> Option<PathBuf> {
        let path = self.0.join("best-weights.safetensors");
        fs::rename(self.0.join("unfinished.safetensors"), &path).ok()?;
        Some(path)
    }

    /// Before a cell: what an earlier one left.
    pub fn forget(&self) {
        for name in ["failed", "unfinished.safetensors"] {
            let _ = fs::remove_file(self.0.join(name));
        }
    }

    pub fn has_started_notebook(&self) -> bool {
        self.0.join("notebook").is_file()
    }
}
