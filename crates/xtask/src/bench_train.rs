//! `cargo xtask bench train`: this crate in a notebook, in `--release`, and PyTorch, in one run.
//!
//! The three programs stay alive for the whole run and are asked in turn, so that all of them see
//! the machine in the same moods.

use crate::command::{command, run};
use crate::lab;
use crate::peers;
use crate::project::Project;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const NETWORKS: [&str; 2] = ["784,512,256,2", "784,128,32"];
const BATCHES: [usize; 3] = [32, 128, 512];
/// What `--quality` trains, and what it reports of each on the test images.
const TRAININGS: [(&str, &str, &str); 4] = [
    ("plain", NETWORKS[0], "error"),
    ("plain", NETWORKS[1], "error"),
    ("denoising", NETWORKS[1], "error"),
    ("variational", NETWORKS[0], "ELBO, nats"),
];
const SEEDS: [usize; 3] = [1, 2, 3];
/// Which of the programs tells the peak of the machine.
const RELEASE: usize = 1;
const USAGE: &str = "usage: cargo xtask bench train [--install-peers] [--quality [KIND]] [--quick] [--rounds N] [--threads N]";

struct Options {
    install: bool,
    /// `Some`: what is learned, of all kinds of training or of this one.
    quality: Option<String>,
    quick: bool,
    rounds: usize,
    threads: usize,
}

pub fn run_bench(project: &Project, args: &[String]) -> Result<()> {
    let options = options(args)?;
    let python = peers::python(project, &["torch==2.15.0", "numpy"], options.install)?;
    let build = [
        "build",
        "--locked",
        "--release",
        "--package",
        "latent",
        "--example",
    ];
    run(command("cargo")
        .args(build)
        .arg("bench_train")
        .current_dir(&project.root))?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project.root.join("target"), PathBuf::from);
    let mut pytorch = command(python);
    pytorch
        .arg(project.root.join("tests/peers/train_pytorch.py"))
        .arg(project.root.join("crates/latent/data/mnist"));
    let mut release = Program::start(
        "latent, --release",
        &mut command(target.join("release/examples/bench_train")),
    )?;
    let mut pytorch = Program::start("PyTorch", &mut pytorch)?;

    if let Some(kind) = &options.quality {
        quality(kind, &mut release, &mut pytorch, options.threads)?;
        if !kind.is_empty() && kind != TRAININGS[0].0 {
            return Ok(());
        }
        let linear = [
            "run",
            "--locked",
            "--release",
            "--package",
            "latent",
            "--example",
        ];
        return run(command("cargo")
            .args(linear)
            .arg("linear_autoencoder")
            .current_dir(&project.root));
    }
    let environment = lab::set_up(project)?;
    let notebook = Program::start(
        "latent, notebook",
        &mut environment.script("bench_train.py"),
    )?;
    speed(&mut [notebook, release, pytorch], &options)
}

fn options(args: &[String]) -> Result<Options> {
    let mut options = Options {
        install: false,
        quality: None,
        quick: false,
        rounds: 3,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    };
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|n| n.parse().ok()).context(USAGE);
        match word.as_str() {
            "--install-peers" => options.install = true,
            "--quality" => options.quality = Some(String::new()),
            kind if options.quality.is_some() && TRAININGS.iter().any(|known| known.0 == kind) => {
                options.quality = Some(kind.to_owned());
            }
            "--quick" => options.quick = true,
            "--rounds" => options.rounds = number()?,
            "--threads" => options.threads = number()?,
            _ => bail!(USAGE),
        }
    }
    Ok(options)
}

fn speed(programs: &mut [Program], options: &Options) -> Result<()> {
    let Options {
        rounds, threads, ..
    } = *options;
    println!(
        "50,000 images an epoch, {threads} threads; each program {rounds} times in turn, one epoch to \
         warm up and two to measure; the best of all"
    );
    println!(
        "network        batch  program            images/s  GFLOP/s  of peak  times PyTorch's"
    );
    let (networks, batches) = match options.quick {
        true => (&NETWORKS[..1], &BATCHES[1..2]),
        false => (&NETWORKS[..], &BATCHES[..]),
    };
    for &network in networks {
        for &batch in batches {
            let mut best = vec![(0.0_f64, 0.0_f64); programs.len()];
            let mut peak = 0.0_f64;
            for round in 0..rounds {
                let answer = programs[RELEASE].ask(&format!("peak {threads}"))?;
                peak = peak.max(number(&answer, "peak_gflops")?);
                for (program, best) in programs.iter_mut().zip(&mut best) {
                    let request = format!("plain {network} {batch} 3 {threads} {round}");
                    let answer = program.ask(&request)?;
                    best.0 = best.0.max(number(&answer, "images_per_second")?);
                    best.1 = best.1.max(number(&answer, "gflops")?);
                    peak = peak.max(answer["peak_gflops"].as_f64().unwrap_or(0.0));
                }
            }
            let pytorch = best.last().map_or(f64::NAN, |best| best.0);
            for (program, (images, gflops)) in programs.iter().zip(best) {
                println!(
                    "{network:13} {batch:6}  {:17} {images:9.0} {gflops:8.1} {:7.0}%  {:16.2}",
                    program.name,
                    100.0 * gflops / peak,
                    images / pytorch,
                );
            }
        }
    }
    Ok(())
}

fn quality(kind: &str, latent: &mut Program, pytorch: &mut Program, threads: usize) -> Result<()> {
    println!(
        "20 epochs on 50,000 images, batches of 128, Adam at 0.001; the seeds 1, 2 and 3 in turn"
    );
    println!(
        "training     network        of the test images  program            seeds 1, 2, 3                        mean      times PyTorch's  s/epoch"
    );
    let asked = |&(name, _, _): &(&str, &str, &str)| kind.is_empty() || kind == name;
    for (kind, network, what) in TRAININGS.into_iter().filter(asked) {
        let mut found = [const { Vec::new() }; 2];
        let mut images = [0.0_f64; 2];
        for seed in SEEDS {
            for (program, (found, images)) in [&mut *pytorch, &mut *latent]
                .into_iter()
                .zip(found.iter_mut().zip(&mut images))
            {
                let answer = program.ask(&format!("{kind} {network} 128 20 {threads} {seed}"))?;
                found.push(number(&answer, "test")?);
                *images = images.max(number(&answer, "images_per_second")?);
            }
        }
        let means = [0, 1].map(|i| found[i].iter().sum::<f64>() / SEEDS.len() as f64);
        for (i, name) in [pytorch.name, latent.name].into_iter().enumerate() {
            let written: Vec<String> = found[i].iter().map(|test| format!("{test:11.6}")).collect();
            println!(
                "{kind:11}  {network:13}  {what:18}  {name:17}  {}  {:11.6}  {:15.3}  {:7.2}",
                written.join(" "),
                means[i],
                means[i] / means[0],
                50_000.0 / images[i],
            );
        }
    }
    Ok(())
}

fn number(answer: &Value, key: &str) -> Result<f64> {
    answer[key]
        .as_f64()
        .with_context(|| format!("{key} is missing in {answer}"))
}

/// A program that answers each line with a line.
struct Program {
    name: &'static str,
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Program {
    fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.with_context(|| format!("could not start {name}"))?;
        let to = child.stdin.take();
        let from = child.stdout.take().context("its output is piped")?;
        Ok(Self {
            name,
            child,
            to,
            from: BufReader::new(from),
        })
    }

    fn ask(&mut self, request: &str) -> Result<Value> {
        let to = self.to.as_mut().context("open until it is dropped")?;
        writeln!(to, "{request}").with_context(|| format!("{} has ended", self.name))?;
        // Anything else is news from the kernel's start.
        let mut lines = self.from.by_ref().lines();
        let answer = lines.find(|line| line.as_ref().is_ok_and(|line| line.starts_with('{')));
        let answer = answer.with_context(|| format!("{} ended without an answer", self.name))??;
        serde_json::from_str(&answer).with_context(|| format!("{} answered `{answer}`", self.name))
    }
}

impl Drop for Program {
    /// Without input a program ends by itself.
    fn drop(&mut self) {
        self.to = None;
        let _ = self.child.wait();
    }
}
