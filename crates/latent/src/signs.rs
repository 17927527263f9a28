//! Files by which this crate and the kernel's launcher tell each other something.
//!
//! ```text
//! launcher  --  interrupt   -->  crate      the running cell is asked to stop
//! launcher  <-- stopped     --   crate      something in it has stopped, and the cell goes on
//! launcher  <-- checkpoint  --   crate      the path of the last checkpoint
//! launcher  <-- notebook    --   crate      `notebook::start()` has been called
//! launcher  <-- unfinished  --   crate      the best weights of a training that ended with an error
//! ```
//!
//! Statics would not do: each cell is a library with statics of its own. The folder of the files is
//! named by a variable; where it is not set (a program, another kernel) there is nobody to tell.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

const VARIABLE: &str = "LATENT_SIGNS";

/// The file of this name, if there is a launcher.
pub(crate) fn file(name: &str) -> Option<PathBuf> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| env::var_os(VARIABLE).map(PathBuf::from));
    folder.as_ref().map(|folder| folder.join(name))
}

/// Tells the launcher something. Whether it arrives decides over the words of a message alone, so
/// an error is none.
pub(crate) fn tell(name: &str, text: &str) {
    if let Some(file) = file(name) {
        let _ = fs::write(file, text);
    }
}
