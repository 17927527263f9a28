//! A browser for what is drawn at build time and looked at in tests. Learners use their own.

use crate::command::{command, on_path, output, run};
use crate::python::Environment;
use crate::step::Step;
use anyhow::Result;
use std::path::PathBuf;

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

pub fn step(environment: &Environment) -> Step<'_> {
    Step {
        title: "a Chromium for stills and tests",
        takes: "1 minute (500 MB)",
        missing: Box::new(|| missing(environment)),
        run: Box::new(|| install(environment)),
        advice: "install Chromium by hand (on Debian: `apt install chromium`), so that `chromium` is on the PATH.",
    }
}

fn missing(environment: &Environment) -> Option<String> {
    let there = NAMES.iter().any(|name| on_path(name).is_some())
        || playwrights_own(environment).is_some_and(|path| path.exists());
    (!there).then(|| "there is none".to_owned())
}

/// Where Playwright would look for the browser that it brings along.
fn playwrights_own(environment: &Environment) -> Option<PathBuf> {
    let program = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)";
    output(environment.command().args(["-c", program])).map(PathBuf::from)
}

fn install(environment: &Environment) -> Result<()> {
    if on_path("apt-get").is_none() {
        return run(environment
            .command()
            .args(["-m", "playwright", "install", "chromium"]));
    }
    let apt = |words: &[&str]| {
        let is_root = output(command("id").arg("-u")).as_deref() == Some("0");
        let mut apt = command(if is_root { "apt-get" } else { "sudo" });
        if !is_root {
            apt.arg("apt-get");
        }
        apt.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    run(&mut apt(&["update", "--quiet", "--quiet"]))?;
    run(&mut apt(&[
        "install",
        "--quiet",
        "--quiet",
        "--yes",
        "--no-install-recommends",
        "chromium",
        "fonts-liberation",
    ]))
}
