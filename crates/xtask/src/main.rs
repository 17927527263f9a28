//! `cargo xtask …`: set-up, lessons, tests and benchmarks of the course.

mod bench_kernel;
mod bench_pca;
mod bench_train;
mod bench_widget;
mod browser;
mod clean;
mod command;
mod fresh;
mod kernel;
mod lab;
mod lessons;
mod notebooks;
mod own;
mod packages;
mod peers;
mod pictures;
mod progress;
mod project;
mod python;
mod requirements;
mod said;
mod site;
mod start_page;
mod step;
mod test;
mod toolchain;
mod train;

use anyhow::Result;
use project::Project;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  lab                 set up whatever is missing and open JupyterLab
    --no-open           set up, but do not open JupyterLab
    --check             say what is missing, try the kernel, and change nothing
    --register          make the kernel known to VS Code and other Jupyter programs
    --unregister        undo that
    --in <folder>       what the set-up makes lies there, and not in .lab
  clean               give back the disk: what the set-up made and kernels left
    --all               what Cargo built for these commands, too
  notebooks [lesson…] make the lessons from notebooks/source, and run the solutions
    --check             fail if a lesson is not what its source gives
    --text              only the text has changed: keep the outputs, run nothing
  progress [file…]    which exercises are done: here, or in files collected from a class
  test                everything: format, lints, docs, tests, lessons
    --quick             formats, sources of the lessons, and one kernel: about a minute
    --long              what it leaves out: the three-hour path, the site, a class on one server
  fresh               the set-up on a fresh Debian with an ordinary user (as root on Debian, with
                      debootstrap and a network; about 20 minutes)
    --image             the steps of .devcontainer/Dockerfile instead, without Docker
    --evcxr <file>      do not build the Rust kernel; take this one
    --keep              leave the system where it is, to look around in
  site                the course as pages to read, in .lab/site
    --open              and open them in the browser
  pictures            README's pictures anew: a lesson, the explorer and the playground in motion
  train               make the trained network that comes with the course anew
  bench explorer      how long a browser takes to decode one image
  bench kernel        how long a learner waits: from the kernel's start to the first figure
  bench playground    images and frames a second while an autoencoder trains in a browser
  bench pca           PCA beside scikit-learn and linfa as it is
    --install-peers     fetch scikit-learn first
  bench train         training in a notebook, in --release, and in PyTorch
    --install-peers     fetch PyTorch first
    --quality [KIND]    what is learned, instead of how fast: plain, denoising, variational, or all
    --quick             784-512-256-2 at batches of 128 alone
  help                this text
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let result = if kernel::analyser::is_asked() {
        kernel::analyser::answer()
    } else if kernel::compiler::is_asked(&args) {
        kernel::compiler::run()
    } else {
        dispatch(&args)
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<ExitCode> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["kernel", ..] => return kernel::launcher::run(&args[1..]),
        ["lab", ..] => lab::run_lab(&Project::find()?, &args[1..])?,
        ["notebooks", ..] => notebooks::run_notebooks(&Project::find()?, &args[1..])?,
        ["progress", ..] => progress::run_progress(&Project::find()?, &args[1..])?,
        ["clean", ..] => clean::run_clean(&Project::find()?, &args[1..])?,
        ["site", ..] => site::run_site(&Project::find()?, &args[1..])?,
        ["pictures"] => pictures::run_pictures(&Project::find()?)?,
        ["train"] => train::run_training(&Project::find()?)?,
        ["test", ..] => test::run_tests(&Project::find()?, &args[1..])?,
        ["fresh", ..] => fresh::run_fresh(&Project::find()?, &args[1..])?,
        ["bench", name @ ("explorer" | "playground")] => {
            bench_widget::run_bench(&Project::find()?, name)?;
        }
        ["bench", "pca", ..] => bench_pca::run_bench(&Project::find()?, &args[2..])?,
        ["bench", "train", ..] => bench_train::run_bench(&Project::find()?, &args[2..])?,
        ["bench", "kernel", ..] => bench_kernel::run_bench(&Project::find()?, &args[2..])?,
        [] | ["help" | "--help" | "-h", ..] => print!("{HELP}"),
        _ => {
            eprintln!(
                "There is no command `cargo xtask {}`.\n\n{HELP}",
                words.join(" ")
            );
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
