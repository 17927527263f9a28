//! `cargo xtask pictures`: README's pictures, drawn anew.

use crate::browser;
use crate::command::run;
use crate::lab;
use crate::project::Project;
use anyhow::Result;

pub fn run_pictures(project: &Project) -> Result<()> {
    let environment = lab::set_up(project)?;
    browser::step(&environment).ensure("1 of 1", &lab::log(project))?;
    run(&mut environment.script("pictures.py"))
}
