//! `cargo xtask progress`: which exercises are done, by one learner or by a class.

use crate::project::Project;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

// The reader of the file is the library's own, so that a lesson and this command say the same. It
// is compiled in, since the library as a whole takes minutes to build.
#[path = "../../latent/src/exercise/progress.rs"]
#[allow(dead_code, reason = "only the kernel writes progress")]
mod library;

use library::{FILE, Progress};

/// What is done in the course's own folder of lessons.
pub fn of(project: &Project) -> Result<Progress> {
    read(&project.notebooks().join(FILE))
}

pub fn run_progress(project: &Project, files: &[String]) -> Result<()> {
    if files.is_empty() {
        println!("{}", of(project)?);
        return Ok(());
    }
    for file in files.iter().map(PathBuf::from) {
        anyhow::ensure!(
            file.is_file(),
            "{} is not there. A learner's file is called {FILE} and lies beside the notebooks",
            file.display()
        );
        println!("── {}\n{}\n", file.display(), read(&file)?);
    }
    Ok(())
}

fn read(file: &Path) -> Result<Progress> {
    Progress::read(file).with_context(|| format!("{} cannot be read", file.display()))
}
