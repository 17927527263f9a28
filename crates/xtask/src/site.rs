//! `cargo xtask site`: the course as pages to read, with solutions, figures and the library's documentation.
//!
//! Sphinx makes the pages from what the course has anyway; `site/` holds its settings. All of it is
//! built anew each time, in seconds:
//!
//! ```text
//! docs, solved lessons, the learners' lessons -> .lab/site-build -> .lab/site
//! cargo doc                                                      -> .lab/site/api
//! ```

use crate::command::{command, run};
use crate::lab;
use crate::project::Project;
use crate::python;
use crate::step::{Step, seconds};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

pub fn run_site(project: &Project, args: &[String]) -> Result<()> {
    let open = match args {
        [] => false,
        [option] if option == "--open" => true,
        _ => bail!("`cargo xtask site` has one option, --open"),
    };
    let site = Site::of(project);
    site.environment().ensure("1 of 1", &lab::log(project))?;
    let start = Instant::now();
    site.gather()?;
    site.pages()?;
    site.library()?;
    let front = site.out.join("index.html");
    println!("  ✓ the site ({}): {}", seconds(start), front.display());
    if open {
        run(site
            .python()
            .args(["-m", "webbrowser"])
            .arg(address(&front)))?;
    }
    Ok(())
}

struct Site {
    root: PathBuf,
    /// The Python environment with Sphinx: no part of what a learner installs.
    venv: PathBuf,
    /// What Sphinx reads and writes, until it is done.
    build: PathBuf,
    out: PathBuf,
    /// Where Cargo puts the documentation of the library.
    target: PathBuf,
}

impl Site {
    fn of(project: &Project) -> Self {
        let lab = project.lab();
        Self {
            root: project.root.clone(),
            venv: lab.join("site-venv"),
            build: lab.join("site-build"),
            out: lab.join("site"),
            target: lab.join("site-target"),
        }
    }

    fn python(&self) -> Command {
        let mut python = command(if cfg!(windows) {
            self.venv.join("Scripts").join("python.exe")
        } else {
            self.venv.join("bin").join("python")
        });
        python.env_remove("PYTHONPATH").env_remove("PYTHONHOME");
        // No .pyc files beside the settings.
        python.env("PYTHONDONTWRITEBYTECODE", "1");
        python
    }

    fn list(&self) -> PathBuf {
        self.root.join("site/environment.txt")
    }

    fn environment(&self) -> Step<'_> {
        // The list is copied into the environment last, so a copy says that all of it is installed.
        let installed = self.venv.join("environment.txt");
        let copy = installed.clone();
        Step {
            title: "Sphinx, in a Python environment of its own",
            takes: "2 minutes (300 MB)",
            missing: Box::new(move || {
                let same = fs::read(&installed).ok() == fs::read(self.list()).ok();
                (!same).then(|| "it is not what site/environment.txt asks for".to_owned())
            }),
            run: Box::new(move || {
                let _ = fs::remove_dir_all(&self.venv);
                run(command(python::find()?)
                    .args(["-m", "venv"])
                    .arg(&self.venv))?;
                run(self
                    .python()
                    .args(["-m", "pip", "install", "--quiet", "--no-input"])
                    .args(["--disable-pip-version-check", "--requirement"])
                    .arg(self.list()))?;
                fs::copy(self.list(), &copy)?;
                Ok(())
            }),
            advice: "is this computer connected to the internet, and is its Python 3.11 or newer? Then run the same command again.",
        }
    }

    /// Brings together what Sphinx reads: it wants one folder.
    fn gather(&self) -> Result<()> {
        let _ = fs::remove_dir_all(&self.build);
        for (from, to, endings) in [
            ("site", "source", &["md"][..]),
            ("docs", "source/docs", &["md", "png"]),
            ("notebooks/solutions", "source/lessons", &["ipynb"]),
            ("notebooks", "source/lessons/learner", &["ipynb"]),
        ] {
            let is_wanted = |path: &Path| {
                path.extension()
                    .is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted))
            };
            copy(&self.root.join(from), &self.build.join(to), &is_wanted)?;
        }
        Ok(())
    }

    fn pages(&self) -> Result<()> {
        let pages = self.build.join("pages");
        run(self
            .python()
            .args(["-m", "sphinx", "--quiet", "--jobs", "auto"])
            .args(["--fail-on-warning", "--keep-going", "--conf-dir"])
            .arg(self.root.join("site"))
            .arg("--doctree-dir")
            .arg(self.build.join("doctrees"))
            .args([&self.build.join("source"), &pages]))
        .context("Sphinx could not make the site; what it says is above")?;
        let _ = fs::remove_dir_all(&self.out);
        fs::rename(&pages, &self.out)?;
        Ok(())
    }

    fn library(&self) -> Result<()> {
        run(command("cargo")
            // Only the pages are its own; what was built for the tests is not built again.
            .env("CARGO_BUILD_BUILD_DIR", self.root.join("target"))
            .args([
                "doc",
                "--quiet",
                "--locked",
                "--package",
                "latent",
                "--no-deps",
            ])
            .arg("--target-dir")
            .arg(&self.target)
            .current_dir(&self.root))?;
        copy(&self.target.join("doc"), &self.out.join("api"), &|path| {
            path.file_name().is_some_and(|name| name != ".lock")
        })
    }
}

/// Copies the files of a folder that are wanted, and those of the folders in it if all are.
fn copy(from: &Path, to: &Path, is_wanted: &dyn Fn(&Path) -> bool) -> Result<()> {
    fs::create_dir_all(to)?;
    let entries =
        fs::read_dir(from).with_context(|| format!("could not read {}", from.display()))?;
    for entry in entries {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if is_wanted(&path) {
            if path.is_dir() {
                copy(&path, &target, is_wanted)?;
            } else {
                fs::copy(&path, &target)?;
            }
        }
    }
    Ok(())
}

/// The address of a file, as a browser takes it.
fn address(file: &Path) -> String {
    let path = file.display().to_string().replace('\\', "/");
    format!(
        "file:///{}",
        path.trim_start_matches('/')
            .replace('%', "%25")
            .replace('#', "%23")
            .replace(' ', "%20")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_character_that_a_browser_reads_in_another_way() {
        assert_eq!(
            address(Path::new("/home/me/my course/50%#1/index.html")),
            "file:///home/me/my%20course/50%25%231/index.html"
        );
    }

    #[test]
    fn unwanted_files_are_left_where_they_are() {
        let folder = std::env::temp_dir().join(format!("latent-site-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::create_dir_all(from.join("deep")).unwrap();
        for file in ["page.html", ".lock", "deep/page.html"] {
            fs::write(from.join(file), file).unwrap();
        }
        copy(&from, &to, &|path| !path.ends_with(".lock")).unwrap();
        let found = ["page.html", ".lock", "deep/page.html"].map(|file| to.join(file).exists());
        fs::remove_dir_all(folder).unwrap();
        assert_eq!(found, [true, false, true]);
    }
}
