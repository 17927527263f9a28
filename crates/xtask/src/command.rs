//! Other programs: finding them, running them, saying which one failed.

use crate::said;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What Cargo tells a program that it runs. Handed on to Jupyter and its kernels, these would
/// end in the builds that the kernels start.
const OF_CARGO_RUN: [&str; 4] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_",
];

/// A command that starts as if it had been typed in a terminal, not below `cargo run`.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    for (name, _) in std::env::vars_os() {
        if let Some(name) = name.to_str()
            && OF_CARGO_RUN.iter().any(|start| name.starts_with(start))
        {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command and lets it write to the terminal.
pub fn run(command: &mut Command) -> Result<()> {
    let status =
        said::status(command).with_context(|| format!("could not start {}", written(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", written(command));
    }
    Ok(())
}

/// What a command prints, trimmed; `None` when it cannot be started or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The program of this name in the folders of `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    all_on_path(name).into_iter().next()
}

/// All programs of this name in the folders of `PATH`.
pub fn all_on_path(name: &str) -> Vec<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(&file))
        .filter(|path| path.is_file())
        .collect()
}

fn written(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(
        command
            .get_args()
            .map(|argument| argument.to_string_lossy()),
    );
    format!("`{}`", words.join(" "))
}
