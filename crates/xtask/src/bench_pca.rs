//! `cargo xtask bench pca`: this crate, scikit-learn and linfa as it is, in one run.

use crate::command::{command, run};
use crate::peers;
use crate::project::Project;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

const SAMPLES: &str = "60000";
const COMPONENTS: [&str; 3] = ["2", "32", "784"];
const ROUNDS: usize = 5;

/// linfa as it is does not come back in minutes from all of MNIST: it gets this much of it.
const FEWER_SAMPLES: &str = "1000";
const FEWER_COMPONENTS: [&str; 2] = ["2", "32"];

/// What one program measured, by number of components: (seconds, megabytes, error) a round.
type Rounds = BTreeMap<u64, Vec<[f64; 3]>>;

pub fn run_bench(project: &Project, args: &[String]) -> Result<()> {
    let install = match args {
        [] => false,
        [flag] if flag == "--install-peers" => true,
        _ => bail!("usage: cargo xtask bench pca [--install-peers]"),
    };
    let data = project.root.join("crates/latent/data/mnist");
    let python = peers::python(project, &["scikit-learn==1.9.1"], install)?;
    let sklearn = |samples: &str, components: &[&str]| {
        let mut script = command(&python);
        script
            .arg(project.root.join("tests/peers/pca_sklearn.py"))
            .arg(&data)
            .arg(samples)
            .args(components);
        script
    };
    let build = [
        "build",
        "--locked",
        "--release",
        "--package",
        "latent",
        "--example",
        "bench_pca",
    ];
    run(command("cargo").args(build).current_dir(&project.root))?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project.root.join("target"), PathBuf::from);
    let ours = |method: &str, samples: &str, components: &[&str]| {
        let mut program = command(target.join("release/examples/bench_pca"));
        program.arg(method).arg(samples).args(components);
        program
    };

    println!("{SAMPLES} x 784, the programs in turn, medians of {ROUNDS} rounds");
    let mut rounds = [Rounds::new(), Rounds::new()];
    for _ in 0..ROUNDS {
        // A process for each k: what one fit has left to the allocator, the next does not ask for.
        for k in COMPONENTS {
            measure(&mut ours("ours", SAMPLES, &[k]), &mut rounds[0])?;
            measure(&mut sklearn(SAMPLES, &[k]), &mut rounds[1])?;
        }
    }
    table(&["latent", "scikit-learn"], &rounds);

    println!("\n{FEWER_SAMPLES} x 784, one round, with linfa-reduction as it is");
    let mut rounds = [Rounds::new(), Rounds::new(), Rounds::new()];
    for k in FEWER_COMPONENTS {
        measure(&mut ours("ours", FEWER_SAMPLES, &[k]), &mut rounds[0])?;
        measure(&mut sklearn(FEWER_SAMPLES, &[k]), &mut rounds[1])?;
        measure(&mut ours("linfa", FEWER_SAMPLES, &[k]), &mut rounds[2])?;
    }
    table(&["latent", "scikit-learn", "linfa"], &rounds);
    Ok(())
}

fn measure(program: &mut Command, rounds: &mut Rounds) -> Result<()> {
    let output = program.output().context("could not start a benchmark")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let row: Value = serde_json::from_str(line)?;
        let number = |key: &str| row[key].as_f64().context("a benchmark prints numbers");
        rounds.entry(number("k")? as u64).or_default().push([
            number("seconds")?,
            number("megabytes")?,
            number("error")?,
        ]);
    }
    Ok(())
}

fn table(names: &[&str], rounds: &[Rounds]) {
    println!("    k  program       seconds  times latent's  MB over the data  test error");
    for k in rounds[0].keys() {
        let seconds = |program: usize| median(&rounds[program][k], 0);
        for (program, name) in names.iter().enumerate() {
            println!(
                "{k:5}  {name:12} {:8.3}  {:14.2}  {:16.0}  {:10.3e}",
                seconds(program),
                seconds(program) / seconds(0),
                median(&rounds[program][k], 1),
                median(&rounds[program][k], 2),
            );
        }
    }
}

fn median(rounds: &[[f64; 3]], column: usize) -> f64 {
    let mut values: Vec<f64> = rounds.iter().map(|round| round[column]).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
