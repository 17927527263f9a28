//! The proof of the set-up: a kernel is started, a cell runs, and a figure shows.
//!
//! `cargo xtask lab` tries this once after each change of what a kernel is made of, so that the next
//! start stays quick; `--check` tries it every time.

use super::evcxr;
use super::template::Home;
use crate::project::Project;
use crate::python::Environment;
use anyhow::{Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

fn stamp_file(home: &Home) -> PathBuf {
    home.folder.join("tried.txt")
}

/// What the last trial was a trial of.
fn stamp(project: &Project, environment: &Environment) -> Option<String> {
    let home = Home::of(project);
    let evcxr = evcxr::find()?;
    let time = |path: &PathBuf| fs::metadata(path).ok()?.modified().ok();
    Some(format!(
        "{}{}\n{}\n{:?}\n{}\n",
        home.built_from(),
        fs::read_to_string(super::spec::file(environment)).ok()?,
        evcxr.display(),
        time(&evcxr)?,
        project.root.display(),
    ))
}

pub fn missing(project: &Project, environment: &Environment) -> Option<String> {
    let tried = fs::read_to_string(stamp_file(&Home::of(project))).ok();
    (tried.is_none() || tried != stamp(project, environment)).then(|| "not tried yet".to_owned())
}

pub fn run(project: &Project, environment: &Environment) -> Result<()> {
    let _ = fs::remove_file(stamp_file(&Home::of(project)));
    println!("    {}", attempt(environment)?);
    if let Some(stamp) = stamp(project, environment) {
        fs::write(stamp_file(&Home::of(project)), stamp)?;
    }
    Ok(())
}

/// Starts a kernel as Jupyter would. Returns how it went, in one line.
pub fn attempt(environment: &Environment) -> Result<String> {
    let mut trial = environment.script("try_kernel.py");
    let answer = trial.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    // evcxr says where its settings come from; that is no news here.
    let said = String::from_utf8_lossy(&answer.stdout)
        .lines()
        .filter(|line| !line.starts_with("Loading startup configuration"))
        .collect::<Vec<_>>()
        .join("\n");
    if !answer.status.success() {
        bail!("{said}");
    }
    Ok(said)
}
