//! The files by which the launcher and the crate in the cells tell each other something.
//!
//! ```text
//! launcher  --  interrupt   -->  crate      the running cell is asked to stop
//! launcher  <-- stopped     --   crate      something in it has stopped, and the cell goes on
//! launcher  <-- checkpoint  --   crate      the path of the last checkpoint
//! launcher  <-- notebook    --   crate      `notebook::start()` has been called
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

    pub fn has_started_notebook(&self) -> bool {
        self.0.join("notebook").is_file()
    }
}
