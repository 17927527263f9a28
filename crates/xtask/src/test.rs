//! `cargo xtask test`: all checks, the cheapest first, each run even if one before it failed.

use crate::browser;
use crate::command::{command, run};
use crate::lab;
use crate::project::Project;
use crate::python::Environment;
use crate::step::seconds;
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Instant;

pub fn run_tests(project: &Project, args: &[String]) -> Result<()> {
    let checks = match args {
        [] => checks,
        [option] if option == "--quick" => quick_checks,
        [option] if option == "--long" => long_checks,
        _ => bail!("`cargo xtask test` has two options, --quick and --long, of which it takes one"),
    };
    let quick = args == ["--quick"];
    let start = Instant::now();
    let mut results = Vec::new();
    let set_up = lab::set_up(project).and_then(|environment| {
        if !quick {
            browser::step(&environment).ensure("1 of 1", &lab::log(project))?;
        }
        Ok(environment)
    });
    let environment = match set_up {
        Ok(environment) => {
            results.push(("set-up", true, seconds(start)));
            environment
        }
        Err(error) => {
            eprintln!("\n{error:#}");
            results.push(("set-up", false, seconds(start)));
            Environment::of(project)
        }
    };
    for (name, mut check) in checks(project, &environment) {
        println!("\n── {name}");
        let start = Instant::now();
        let result = run(check.current_dir(&project.root));
        if let Err(error) = &result {
            eprintln!("{error:#}");
        }
        results.push((name, result.is_ok(), seconds(start)));
    }
    println!("\n── summary");
    for (name, passed, time) in &results {
        println!(
            "{} {name:28} {time:>12}",
            if *passed { "  passed" } else { "  FAILED" }
        );
    }
    println!("  all of it {:>37}", seconds(start));
    let failed = results.iter().filter(|(_, passed, _)| !passed).count();
    println!("{} passed, {failed} failed", results.len() - failed);
    if failed > 0 {
        bail!("{failed} of {} checks failed", results.len());
    }
    Ok(())
}

/// What takes a minute and needs no browser.
fn quick_checks(project: &Project, environment: &Environment) -> Vec<(&'static str, Command)> {
    let mut quick = checks(project, environment);
    let mut kernel = environment.command();
    kernel.args(["-m", "pytest", "tests/test_folders.py"]);
    quick.retain(|(name, _)| {
        [
            "format",
            "Python: format",
            "Python: lints",
            "lessons match their sources",
        ]
        .contains(name)
    });
    quick.push(("kernel", kernel));
    quick
}

/// What the whole command leaves out because it takes too long for every day.
fn long_checks(_: &Project, environment: &Environment) -> Vec<(&'static str, Command)> {
    let mut long = environment.command();
    long.args(["-m", "pytest", "-m", "long"]);
    vec![("site", site()), ("what runs on request", long)]
}

/// The site is built once, for all tests that look at it.
fn site() -> Command {
    let mut site = command(std::env::current_exe().unwrap_or_default());
    site.arg("site");
    site
}

fn checks(project: &Project, environment: &Environment) -> Vec<(&'static str, Command)> {
    let cargo = |args: &[&str]| {
        let mut cargo = command("cargo");
        cargo.args(args);
        cargo
    };
    let python = |args: &[&str]| {
        let mut python = environment.command();
        python.args(args);
        python
    };
    let mut doc = cargo(&[
        "doc",
        "--locked",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    let mut notebooks = environment.command();
    notebooks.arg(project.script("lessons.py")).arg("--check");
    vec![
        ("format", cargo(&["fmt", "--all", "--check"])),
        (
            "Python: format",
            python(&["-m", "ruff", "format", "--check", "."]),
        ),
        ("Python: lints", python(&["-m", "ruff", "check", "."])),
        ("lessons match their sources", notebooks),
        (
            "lints",
            cargo(&[
                "clippy",
                "--locked",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]),
        ),
        ("documentation", doc),
        (
            "Rust tests",
            cargo(&[
                "test",
                "--locked",
                "--workspace",
                "--lib",
                "--bins",
                "--tests",
                "--examples",
                "--no-fail-fast",
            ]),
        ),
        (
            "documentation's examples",
            cargo(&["test", "--locked", "--workspace", "--doc"]),
        ),
        ("kernel, lessons, browser", python(&["-m", "pytest"])),
    ]
}
