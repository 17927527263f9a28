//! `cargo xtask bench kernel`: how long a learner waits.

use crate::command::run;
use crate::lab;
use crate::project::Project;
use anyhow::Result;

pub fn run_bench(project: &Project, args: &[String]) -> Result<()> {
    let environment = lab::set_up(project)?;
    run(environment.script("bench_kernel.py").args(args))
}
