//! `cargo xtask bench explorer` and `bench playground`: how fast interactive figures are in a browser.

use crate::command::{command, run};
use crate::lab;
use crate::project::Project;
use anyhow::Result;

pub fn run_bench(project: &Project, name: &str) -> Result<()> {
    let environment = lab::set_up(project)?;
    let pages = project.lab().join("widgets");
    let example = [
        "run",
        "--locked",
        "--package",
        "latent",
        "--example",
        "widgets",
        "--",
    ];
    run(command("cargo")
        .args(example)
        .arg(&pages)
        .current_dir(&project.root))?;
    run(environment
        .script(&format!("bench_{name}.py"))
        .arg(pages.join(name).with_extension("html")))
}
