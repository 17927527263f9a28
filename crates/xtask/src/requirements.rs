//! What the set-up cannot bring itself: checked before its first step, all at once, with the one
//! command that brings it. README has the same commands.

use crate::command::{command, on_path, output};
use crate::project::Project;
use crate::python::{self, Environment};
use crate::toolchain;
use anyhow::{Result, bail};

/// A kind of computer, and what to type there.
struct System {
    name: &'static str,
    packages: &'static str,
}

const DEBIAN: System = System {
    name: "Debian and Ubuntu",
    packages: "sudo apt install git curl gcc libc6-dev python3-venv",
};
const FEDORA: System = System {
    name: "Fedora",
    packages: "sudo dnf install git curl gcc python3",
};
const MACOS: System = System {
    name: "macOS",
    packages: "xcode-select --install && brew install python",
};
const WINDOWS: System = System {
    name: "Windows",
    packages: "winget install Git.Git Python.Python.3.13; winget install Microsoft.VisualStudio.2022.BuildTools --override \"--wait --passive --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended\"",
};

/// GB that a set-up from nothing takes, Cargo's part in the user's home included.
const DISK: f64 = 4.0;

/// The packages that README names for Debian.
pub fn debian_packages() -> &'static str {
    let install = "sudo apt install ";
    DEBIAN.packages.strip_prefix(install).unwrap_or_default()
}

/// An error names everything that is missing.
pub fn check(project: &Project, environment: &Environment) -> Result<()> {
    let missing = missing(project, environment);
    if missing.is_empty() {
        return Ok(());
    }
    bail!("{}", told(&missing, system().as_ref()));
}

fn told(missing: &[String], system: Option<&System>) -> String {
    let list: String = missing.iter().map(|what| format!("  ✗ {what}\n")).collect();
    let advice = match system {
        Some(system) => format!(
            "On {} this installs it:\n\n  {}\n",
            system.name, system.packages
        ),
        None => "Install it with your system's packages.\n".to_owned(),
    };
    format!(
        "The set-up needs what is not on this computer:\n{list}\n{advice}\nThen run the same command again."
    )
}

fn missing(project: &Project, environment: &Environment) -> Vec<String> {
    let mut missing = Vec::new();
    if let Err(error) = toolchain::rustc_version() {
        missing.push(error.to_string());
    } else if toolchain::sources_missing().is_some() && on_path("rustup").is_none() {
        missing.push(
            "the sources of Rust's standard library: Rust from https://rustup.rs has them, and so does your system's package rust-src".to_owned(),
        );
    }
    if linker_is_missing() {
        missing.push("a C compiler, which Rust links programs with (`cc`)".to_owned());
    }
    if environment.missing().is_some()
        && let Err(error) = python::find()
    {
        missing.push(error.to_string());
    }
    if !crate::kernel::template::Home::of(project).has_template()
        && let Some(free) = free_gigabytes(project)
        && free < DISK
    {
        missing.push(format!(
            "{DISK} GB of free disk space for {}: only {free:.1} GB are free",
            project.lab().display()
        ));
    }
    missing
}

/// On Windows rustc looks for the linker by itself.
fn linker_is_missing() -> bool {
    if cfg!(target_os = "macos") {
        return output(command("xcode-select").arg("-p")).is_none();
    }
    cfg!(unix) && on_path("cc").is_none()
}

fn free_gigabytes(project: &Project) -> Option<f64> {
    let lab = project.lab();
    let there = lab.ancestors().find(|folder| folder.is_dir())?;
    let answer = output(command("df").arg("-Pk").arg(there))?;
    let kilobytes: f64 = answer
        .lines()
        .nth(1)?
        .split_whitespace()
        .nth(3)?
        .parse()
        .ok()?;
    Some(kilobytes / 1e6)
}

fn system() -> Option<System> {
    if cfg!(target_os = "macos") {
        return Some(MACOS);
    }
    if cfg!(windows) {
        return Some(WINDOWS);
    }
    of_linux(&std::fs::read_to_string("/etc/os-release").ok()?)
}

/// Which family a Linux belongs to, by its own description.
fn of_linux(os_release: &str) -> Option<System> {
    let names: Vec<&str> = os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")))
        .flat_map(|names| names.trim_matches('"').split(' '))
        .collect();
    if names.iter().any(|name| ["debian", "ubuntu"].contains(name)) {
        Some(DEBIAN)
    } else if names.iter().any(|name| ["fedora", "rhel"].contains(name)) {
        Some(FEDORA)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_readme_has_the_same_commands() {
        let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
        let readme = std::fs::read_to_string(readme).unwrap();
        for system in [DEBIAN, FEDORA, MACOS, WINDOWS] {
            let command = format!("`{}`", system.packages);
            assert!(readme.contains(&command), "{}: {command}", system.name);
        }
    }

    #[test]
    fn an_image_has_the_same_packages() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.devcontainer/Dockerfile");
        let file = std::fs::read_to_string(file).unwrap();
        assert!(file.contains(debian_packages()));
    }

    #[test]
    fn a_linux_is_known_by_its_family() {
        let name = |text| of_linux(text).map(|system| system.name);
        assert_eq!(name("ID=debian\n"), Some(DEBIAN.name));
        assert_eq!(
            name("NAME=Mint\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"),
            Some(DEBIAN.name)
        );
        assert_eq!(
            name("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"),
            Some(FEDORA.name)
        );
        assert_eq!(name("ID=arch\n"), None);
    }

    #[test]
    fn everything_that_is_missing_is_told_at_once() {
        let told = told(
            &["a compiler".to_owned(), "a snake".to_owned()],
            Some(&DEBIAN),
        );
        assert!(told.contains("a compiler") && told.contains("a snake"));
        assert!(told.contains("sudo apt install"));
    }
}
