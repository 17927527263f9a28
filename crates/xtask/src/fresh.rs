//! `cargo xtask fresh`: the set-up as a newcomer meets it, on a system that has nothing but what
//! README asks for.

use crate::command::{command, run};
use crate::project::Project;
use crate::requirements;
use anyhow::{Context, Result};

pub fn run_fresh(project: &Project, args: &[String]) -> Result<()> {
    run(command("bash")
        .arg(project.root.join("tests/fresh/fresh.sh"))
        .arg(&project.root)
        .arg(requirements::debian_packages())
        .args(args))
    .context("the course did not work on a fresh system; see above")
}
