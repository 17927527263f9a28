//! What the programs of a step say: shown as it comes, and kept in a file until the step is done.
//!
//! After a failure in the middle of a thousand lines the terminal has often lost the first error;
//! the file has it.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The file of the step that runs now.
static FILE: Mutex<Option<File>> = Mutex::new(None);

fn file() -> MutexGuard<'static, Option<File>> {
    FILE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// While it lives, what programs say goes into its file as well.
pub struct Said {
    path: PathBuf,
}

impl Said {
    /// Begins the file. Without one (a full disk, no rights) a step runs as well.
    pub fn keep(path: &Path) -> Self {
        let folder = path.parent().unwrap_or(path);
        *file() = fs::create_dir_all(folder)
            .and_then(|()| File::create(path))
            .ok();
        Self {
            path: path.to_owned(),
        }
    }

    /// After a failure: where it stands, if anything was said.
    pub fn place(&self) -> Option<&Path> {
        let size = fs::metadata(&self.path).ok()?.len();
        (size > 0).then_some(&self.path)
    }

    /// After a success.
    pub fn forget(self) {
        *file() = None;
        let _ = fs::remove_file(&self.path);
    }
}

impl Drop for Said {
    fn drop(&mut self) {
        *file() = None;
    }
}

/// Runs a program to its end. Outside of a step it has the terminal for itself.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    if file().is_none() {
        return Ok(command.status()?);
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let out = child.stdout.take().context("it is piped")?;
    let err = child.stderr.take().context("it is piped")?;
    let readers = [
        thread::spawn(move || pass_on(out, std::io::stdout())),
        thread::spawn(move || pass_on(err, std::io::stderr())),
    ];
    let status = child.wait()?;
    // A program in the background that was left behind may hold its end for ever.
    let end = Instant::now();
    while !readers.iter().all(thread::JoinHandle::is_finished)
        && end.elapsed() < Duration::from_secs(2)
    {
        thread::sleep(Duration::from_millis(5));
    }
    Ok(status)
}

fn pass_on(mut from: impl Read, mut to: impl Write) {
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        let _ = to.write_all(&bytes[..count]).and_then(|()| to.flush());
        if let Some(file) = file().as_mut() {
            let _ = file.write_all(&bytes[..count]);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_a_failed_step_said_stands_in_its_file_and_a_good_one_leaves_none() {
        let path = std::env::temp_dir().join(format!("latent-said-{}/log", std::process::id()));
        let mut fails = Command::new("sh");
        fails.args(["-c", "echo first; echo second >&2; exit 3"]);
        let said = Said::keep(&path);
        assert_eq!(status(&mut fails).unwrap().code(), Some(3));
        let text = fs::read_to_string(said.place().unwrap()).unwrap();
        assert!(text.contains("first") && text.contains("second"), "{text}");
        drop(said);
        let said = Said::keep(&path);
        assert!(said.place().is_none(), "nothing was said yet");
        said.forget();
        assert!(!path.exists());
        fs::remove_dir(path.parent().unwrap()).unwrap();
    }
}
