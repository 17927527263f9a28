//! `cargo xtask train`: makes the trained network that comes with the course anew.

use crate::command::{command, run};
use crate::project::Project;
use anyhow::Result;

pub fn run_training(project: &Project) -> Result<()> {
    let train = [
        "run",
        "--locked",
        "--release",
        "--package",
        "latent",
        "--example",
    ];
    run(command("cargo")
        .args(train)
        .arg("train_mnist_2d")
        .current_dir(&project.root))
}
