//! `cargo xtask bench explorer`: how long a browser takes to decode one image.

use crate::command::{command, run};
use crate::lab;
use crate::project::Project;
use anyhow::Result;

pub fn run_bench(project: &Project) -> Result<()> {
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
        .script("bench_explorer.py")
        .arg(pages.join("explorer.html")))
}
