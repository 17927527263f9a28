//! `cargo xtask notebooks`: the lessons' copies, made from their sources.

use crate::browser;
use crate::command::run;
use crate::lab;
use crate::project::Project;
use anyhow::{Context, Result};

pub fn run_notebooks(project: &Project, args: &[String]) -> Result<()> {
    let environment = lab::set_up(project)?;
    if !args.iter().any(|arg| arg == "--check" || arg == "--text") {
        browser::step(&environment).ensure("1 of 1", &lab::log(project))?;
    }
    run(environment.script("lessons.py").args(args))
        .context("Not every lesson is as it should be; see above")
}
