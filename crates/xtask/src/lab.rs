//! `cargo xtask lab`: from a fresh clone to an open JupyterLab.

use crate::command::{command, output, run};
use crate::kernel::template::Home;
use crate::kernel::{evcxr, registered, spec, trial};
use crate::project::Project;
use crate::python::{self, Environment};
use crate::step::Step;
use crate::{clean, lessons, requirements, start_page, toolchain};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

const TRIAL_FAILED: &str = "Every step is done, but a kernel does not work";

pub fn run_lab(project: &Project, args: &[String]) -> Result<()> {
    let (mut open, mut check, mut register) = (true, false, false);
    let mut project = project.clone();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match (arg.as_str(), args.as_slice().first()) {
            ("--no-open", _) => open = false,
            ("--check", _) => check = true,
            ("--register", _) => (open, register) = (false, true),
            ("--unregister", _) => return registered::unregister(),
            ("--in", Some(folder)) => {
                project = project.with_lab(&std::path::absolute(folder)?)?;
                args.next();
            }
            (other, _) => bail!(
                "`cargo xtask lab` has no option `{other}`; it has --no-open, --check, --register, --unregister and --in <folder>"
            ),
        }
    }
    let project = &project;
    let environment = Environment::of(project);
    if check {
        return report(project, &environment);
    }
    if project.may_set_up() {
        set_up(project)?;
    } else {
        ready(project, &environment)?;
    }
    lessons::bring(project)?;
    if register {
        registered::register(&environment)?;
    }
    if open {
        jupyterlab(project, &environment)
    } else {
        Ok(())
    }
}

/// Brings everything that is missing.
pub fn set_up(project: &Project) -> Result<Environment> {
    let environment = Environment::of(project);
    println!("Setting up the course in {}", told(project));
    requirements::check(project, &environment)?;
    project.check_lab()?;
    let steps = steps(project, &environment);
    for (index, step) in steps.iter().enumerate() {
        let number = format!("{} of {}", index + 1, steps.len());
        step.ensure(&number, &log(project))?;
    }
    drop(steps);
    Ok(environment)
}

/// Where the words of a step that failed stand.
pub fn log(project: &Project) -> PathBuf {
    project.lab().join("set-up.log")
}

fn report(project: &Project, environment: &Environment) -> Result<()> {
    println!("The course in {}", told(project));
    if !project.may_set_up() {
        ready(project, environment)?;
        println!("  ✓ {}", trial::attempt(environment).context(TRIAL_FAILED)?);
        clean::report(project);
        return Ok(());
    }
    requirements::check(project, environment)?;
    let mut steps = steps(project, environment);
    // The last one is the trial of a kernel, which is made here in any case.
    steps.pop();
    let missing = steps.iter().filter(|step| !step.report()).count();
    if missing > 0 {
        bail!("{missing} steps are missing; `cargo xtask lab` does them");
    }
    let went = trial::attempt(environment).context(TRIAL_FAILED)?;
    println!("  ✓ {went}");
    clean::report(project);
    Ok(())
}

fn told(project: &Project) -> String {
    let (root, lab) = (&project.root, project.lab());
    if lab == root.join(".lab") {
        root.display().to_string()
    } else {
        format!(
            "{}; what is called .lab here is {}",
            root.display(),
            lab.display()
        )
    }
}

/// Whether a course that this user may not set up can be used.
fn ready(project: &Project, environment: &Environment) -> Result<()> {
    let parts = [
        ("Python", environment.missing()),
        ("the kernel", spec::unusable(environment)),
        ("the kernel's crates", Home::of(project).unusable()),
    ];
    let missing: String = parts
        .into_iter()
        .filter_map(|(part, missing)| Some(format!("  ✗ {part}: {}\n", missing?)))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    bail!(
        "The course in {} cannot be used yet, and you may not write to {}:\n{missing}\nWho looks after this course runs `cargo xtask lab --no-open` there, with Rust in a place that all may read (docs/set-up.md says how).",
        project.root.display(),
        project.lab().display()
    );
}

fn steps<'a>(project: &'a Project, environment: &'a Environment) -> Vec<Step<'a>> {
    let home = Home::of(project);
    let building = home.clone();
    let fetched = project.lab().join("crates-fetched.txt");
    let lock = project.root.join("Cargo.lock");
    let fetching = (fetched.clone(), lock.clone());
    vec![
        Step {
            title: "the sources of Rust's standard library",
            takes: "half a minute",
            missing: Box::new(toolchain::sources_missing),
            run: Box::new(toolchain::add_sources),
            advice: "run `rustup component add rust-src`. If Rust did not come from rustup, install your system's package of the standard library's sources (rust-src).",
        },
        Step {
            title: "the course's crates on this disk",
            takes: "half a minute",
            missing: Box::new(move || {
                let same = std::fs::read(&fetched).ok() == std::fs::read(&lock).ok();
                (!same).then(|| "they are not downloaded yet".to_owned())
            }),
            run: Box::new(move || {
                toolchain::fetch_crates(project)?;
                std::fs::create_dir_all(project.lab())?;
                std::fs::copy(&fetching.1, &fetching.0)?;
                Ok(())
            }),
            advice: "is this computer connected to the internet? Then run the same command again.",
        },
        Step {
            title: if environment.is_conda {
                "Python from the activated conda environment"
            } else {
                "a Python environment in .lab/venv"
            },
            takes: "10 seconds",
            missing: Box::new(|| environment.missing()),
            run: Box::new(|| environment.create()),
            advice: "see Python's message above. If it makes no sense, delete the folder .lab/venv and run the same command again.",
        },
        Step {
            title: "JupyterLab and the other Python packages",
            takes: "1 to 2 minutes (450 MB)",
            missing: Box::new(|| environment.packages_missing()),
            run: Box::new(|| environment.install_packages()),
            advice: "is this computer connected to the internet? Then run the same command again. In a conda environment: `conda env update -f environment.yml`.",
        },
        Step {
            title: "Jupyter's settings: no news, no update checks, pages that stand alone",
            takes: "a second",
            missing: Box::new(|| python::settings_missing(environment)),
            run: Box::new(|| python::write_settings(environment)),
            advice: "may you write to the environment's folder?",
        },
        Step {
            title: "the Rust kernel, evcxr_jupyter",
            takes: "8 minutes, once on a computer",
            missing: Box::new(evcxr::missing),
            run: Box::new(|| evcxr::install(project)),
            advice: "is this computer connected to the internet? Then run the same command again: what is built stays.",
        },
        Step {
            title: "the kernel known to Jupyter",
            takes: "a second",
            missing: Box::new(|| spec::missing(project, environment)),
            run: Box::new(|| spec::register(project, environment)),
            advice: "may you write to the environment's folder?",
        },
        Step {
            title: "the kernel's crates, built",
            takes: "5 minutes (900 MB)",
            missing: Box::new(move || home.missing(project)),
            run: Box::new(move || building.build(project)),
            advice: "the compiler's message above says what is wrong. If it makes no sense, delete the folder .lab/kernel and run the same command again.",
        },
        Step {
            title: "a kernel that starts, runs a cell and shows a figure",
            takes: "10 seconds",
            missing: Box::new(|| trial::missing(project, environment)),
            run: Box::new(|| trial::run(project, environment)),
            advice: "do what the kernel says here, or delete the folder .lab/kernel, and run the same command again",
        },
    ]
}

fn jupyterlab(project: &Project, environment: &Environment) -> Result<()> {
    start_page::write(project)?;
    println!("Starting JupyterLab; it opens in your browser. To end it, press Ctrl-C twice here.");
    let mut lab = environment.command();
    lab.args(["-m", "jupyterlab"])
        .arg(format!(
            "--ServerApp.root_dir={}",
            project.notebooks().display()
        ))
        .arg(format!(
            "--LabApp.default_url=/lab/tree/{}",
            start_page::FILE
        ))
        .current_dir(project.notebooks());
    if output(command("id").arg("-u")).as_deref() == Some("0") {
        // In a container one is often root, where Jupyter asks to be told that this is meant.
        lab.arg("--allow-root");
    }
    run(&mut lab)
}
