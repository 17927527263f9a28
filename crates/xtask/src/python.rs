//! Python, which only drives Jupyter: the environment that holds JupyterLab and the kernel.
//!
//! An activated conda environment that holds JupyterLab is used as it is; otherwise a virtual
//! environment is made in `.lab/venv`.

use crate::command::{command, on_path, output, run};
use crate::packages;
use crate::project::{LAB, Project};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const OLDEST: (u32, u32) = (3, 10);

/// A conda environment or a virtual one.
pub struct Environment {
    project: Project,
    pub prefix: PathBuf,
    pub is_conda: bool,
}

impl Environment {
    pub fn of(project: &Project) -> Self {
        let conda = std::env::var_os("CONDA_PREFIX")
            .map(PathBuf::from)
            .filter(|prefix| holds_jupyterlab(prefix));
        Self {
            project: project.clone(),
            is_conda: conda.is_some(),
            prefix: conda.unwrap_or_else(|| project.lab().join("venv")),
        }
    }

    pub fn python(&self) -> PathBuf {
        match (cfg!(windows), self.is_conda) {
            (true, true) => self.prefix.join("python.exe"),
            (true, false) => self.prefix.join("Scripts").join("python.exe"),
            (false, _) => self.prefix.join("bin").join("python"),
        }
    }

    /// Python with all that Jupyter writes kept inside `.lab/`, out of the user's home.
    pub fn command(&self) -> Command {
        let jupyter = self.project.own().join("jupyter");
        let mut python = command(self.python());
        python
            .env(LAB, self.project.lab())
            .env("JUPYTER_CONFIG_DIR", jupyter.join("config"))
            .env("JUPYTER_DATA_DIR", jupyter.join("data"))
            .env("JUPYTER_RUNTIME_DIR", jupyter.join("runtime"))
            .env("JUPYTERLAB_WORKSPACES_DIR", jupyter.join("workspaces"))
            .env("JUPYTERLAB_SETTINGS_DIR", jupyter.join("settings"))
            .env("IPYTHONDIR", jupyter.join("ipython"))
            .env("JUPYTER_PLATFORM_DIRS", "1")
            .env("PYTHONPYCACHEPREFIX", jupyter.join("pycache"))
            // A Rust kernel of the user's own has the same name.
            .env_remove("JUPYTER_PATH")
            .env_remove("PYTHONPATH")
            .env_remove("PYTHONHOME");
        python
    }

    /// A Python program of the course, such as `lessons.py`.
    pub fn script(&self, name: &str) -> Command {
        let mut python = self.command();
        python.arg(self.project.script(name));
        python
    }

    pub fn missing(&self) -> Option<String> {
        if !self.is_conda && self.unfinished().exists() {
            return Some("the last attempt was interrupted".to_owned());
        }
        if output(command(self.python()).args(["-c", "import pip"])).is_some() {
            return None;
        }
        Some("there is none yet".to_owned())
    }

    /// Makes the virtual environment, also where Python comes without `ensurepip` (Debian).
    pub fn create(&self) -> Result<()> {
        let python = find()?;
        if self.is_conda {
            bail!(
                "the conda environment {} has no pip; `conda install pip` brings it",
                self.prefix.display()
            );
        }
        fs::create_dir_all(self.project.lab())?;
        fs::write(self.unfinished(), "")?;
        let _ = fs::remove_dir_all(&self.prefix);
        if run(command(&python).args(["-m", "venv"]).arg(&self.prefix)).is_err() {
            println!("    Python's own pip is not there: trying with the pip that is installed");
            let _ = fs::remove_dir_all(&self.prefix);
            run(command(&python)
                .args(["-m", "venv", "--without-pip"])
                .arg(&self.prefix))?;
            run(command(&python)
                .args(["-m", "pip", "--python"])
                .arg(self.python())
                .args(["install", "--quiet", "--disable-pip-version-check", "pip"]))?;
        }
        fs::remove_file(self.unfinished())?;
        Ok(())
    }

    pub fn packages_missing(&self) -> Option<String> {
        let wanted = match self.requirements() {
            Ok(wanted) => wanted,
            Err(error) => return Some(error.to_string()),
        };
        // pip's own list is not asked: starting it takes a second, reading a file none.
        let installed: Vec<String> = self.site_packages().map_or_else(Vec::new, |folder| {
            fs::read_dir(folder)
                .into_iter()
                .flatten()
                .flatten()
                .filter_map(|entry| {
                    let name = entry.file_name().into_string().ok()?;
                    Some(name.strip_suffix(".dist-info")?.to_lowercase())
                })
                .collect()
        });
        let missing: Vec<&str> = wanted
            .iter()
            .filter(|requirement| {
                let folder = requirement.replace("==", "-").to_lowercase();
                let (name, version) = folder.rsplit_once('-').unwrap_or((&folder, ""));
                !installed.contains(&format!("{}-{version}", name.replace(['-', '.'], "_")))
            })
            .map(String::as_str)
            .collect();
        (!missing.is_empty()).then(|| format!("not installed: {}", missing.join(", ")))
    }

    pub fn install_packages(&self) -> Result<()> {
        fs::write(self.unfinished(), "")?;
        run(self
            .command()
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .arg("--disable-pip-version-check")
            .args(self.requirements()?))?;
        fs::remove_file(self.unfinished())?;
        Ok(())
    }

    /// There while something is put into the environment. pip takes a package that it unpacked only
    /// in part for an installed one, so after an interruption the environment is made anew.
    fn unfinished(&self) -> PathBuf {
        self.project.lab().join("venv-unfinished.txt")
    }

    fn requirements(&self) -> Result<Vec<String>> {
        packages::read(&self.project.root.join("environment.yml"))
    }

    fn site_packages(&self) -> Option<PathBuf> {
        site_packages(&self.prefix)
    }
}

fn site_packages(prefix: &Path) -> Option<PathBuf> {
    if cfg!(windows) {
        return Some(prefix.join("Lib").join("site-packages"));
    }
    fs::read_dir(prefix.join("lib"))
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("site-packages"))
        .find(|folder| folder.is_dir())
}

fn holds_jupyterlab(prefix: &Path) -> bool {
    site_packages(prefix).is_some_and(|folder| folder.join("jupyterlab").is_dir())
}

/// The first Python on `PATH` that is new enough and can make a virtual environment with pip.
pub fn find() -> Result<PathBuf> {
    let names = [
        "python3",
        "python",
        "python3.14",
        "python3.13",
        "python3.12",
        "python3.11",
        "python3.10",
    ];
    let mut found = Vec::new();
    for path in names.iter().filter_map(|name| on_path(name)) {
        let Some(version) = version(&path) else {
            continue;
        };
        let without = if version < OLDEST {
            ""
        } else if can_make_environments(&path) {
            return Ok(path);
        } else {
            " without venv and pip"
        };
        found.push(format!(
            "{} is {}.{}{without}",
            path.display(),
            version.0,
            version.1
        ));
    }
    let found = if found.is_empty() {
        "none".to_owned()
    } else {
        found.join(", ")
    };
    bail!(
        "Python {}.{} or newer with its modules venv and pip (found: {found})",
        OLDEST.0,
        OLDEST.1
    )
}

/// Debian has `ensurepip`, which puts pip into an environment, in a package of its own. An installed
/// pip does as well.
fn can_make_environments(python: &Path) -> bool {
    let has = |modules: &str| {
        output(command(python).args(["-c", &format!("import {modules}")])).is_some()
    };
    has("venv, ensurepip") || has("venv, pip")
}

fn version(python: &Path) -> Option<(u32, u32)> {
    let program = "import sys; print(*sys.version_info[:2])";
    let text = output(command(python).args(["-c", program]))?;
    let (major, minor) = text.split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Settings for every Jupyter program of the environment: nothing asks the network, no question
/// pops up in the middle of a lesson, Markdown opens as a page, and `nbconvert --to html` makes pages that stand alone.
pub fn write_settings(environment: &Environment) -> Result<()> {
    for (path, text) in settings(environment) {
        let folder = path.parent().context("a settings file lies in a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&path, text).with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(())
}

pub fn settings_missing(environment: &Environment) -> Option<String> {
    settings(environment)
        .into_iter()
        .find(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(text))
        .map(|(path, _)| format!("{} is not as it should be", path.display()))
}

fn settings(environment: &Environment) -> [(PathBuf, String); 3] {
    let prefix = &environment.prefix;
    let plotly = environment
        .site_packages()
        .unwrap_or_default()
        .join("plotly/package_data");
    let lab = json!({
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": false
        },
        // The start page is a text to read, not to edit.
        "@jupyterlab/docmanager-extension:plugin": {
            "defaultViewers": { "markdown": "Markdown Preview" }
        }
    });
    let no_announcements = json!({
        "disabledExtensions": { "@jupyterlab/apputils-extension:announcements": true }
    });
    let pages = json!({
        "HTMLExporter": {
            "template_name": "latent",
            "extra_template_basedirs": [environment.project.script("nbconvert")],
            "extra_template_paths": [plotly]
        },
        "NbConvertBase": {
            "display_data_priority": [
                "application/vnd.plotly.v1+json",
                "text/html",
                "image/svg+xml",
                "image/png",
                "text/plain"
            ]
        }
    });
    [
        ("share/jupyter/lab/settings/overrides.json", lab),
        ("etc/jupyter/labconfig/page_config.json", no_announcements),
        ("etc/jupyter/jupyter_nbconvert_config.json", pages),
    ]
    .map(|(path, value)| (prefix.join(path), format!("{value:#}\n")))
}
