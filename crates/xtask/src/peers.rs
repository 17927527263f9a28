//! The programs that benchmarks compare with, in a virtual environment of their own.
//!
//! Nothing but a benchmark needs them, so they are installed only when asked for.

use crate::command::{command, output, run};
use crate::project::Project;
use anyhow::{Result, bail};
use std::path::PathBuf;

/// An interpreter that has `packages`, such as `scikit-learn==1.9.1`.
pub fn python(project: &Project, packages: &[&str], install: bool) -> Result<PathBuf> {
    let environment = project.lab().join("peers");
    let python = environment.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    if install {
        if !python.exists() {
            run(command(crate::python::find()?)
                .args(["-m", "venv"])
                .arg(&environment))?;
        }
        run(command(&python)
            .args(["-m", "pip", "install", "--quiet"])
            .arg("--disable-pip-version-check")
            .args(packages))?;
    }
    let imports: Vec<String> = packages.iter().map(|package| module(package)).collect();
    let program = format!("import {}", imports.join(", "));
    if output(command(&python).args(["-c", &program])).is_none() {
        bail!(
            "this comparison needs {} in {}: add --install-peers, which fetches them (network, up to 1 GB)",
            packages.join(" and "),
            environment.display()
        );
    }
    Ok(python)
}

/// The name under which a package is imported.
fn module(package: &str) -> String {
    match package.split("==").next().unwrap_or(package) {
        "scikit-learn" => "sklearn".to_owned(),
        name => name.replace('-', "_"),
    }
}
