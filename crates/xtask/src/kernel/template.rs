//! The template: a folder in which evcxr would find all the crates of a lesson built already.
//!
//! ```text
//! template/Cargo.toml   a workspace, so that cells and crates are built with one profile
//! template/Cargo.lock   the course's own, so that a lesson gets the versions that were tested
//! template/lock/        a crate that depends on `latent` on no platform. Cargo removes from a lock
//!                       file what nothing depends on, and a kernel starts with no dependency:
//!                       without this crate the versions would be chosen anew, over the network
//! template/ctx/         what evcxr takes for its temporary folder: the crate that a cell becomes
//! ```

use super::{analyser, environment, place};
use crate::command::{command, run};
use crate::project::{self, Project};
use crate::toolchain;
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const WORKSPACE: &str = r#"[workspace]
resolver = "3"
members = ["ctx", "lock"]

# A cell is small: parts to compile side by side cost more than they save.
[profile.dev.package.ctx]
codegen-units = 1
"#;

/// The folders of the kernel.
#[derive(Clone)]
pub struct Home {
    /// The template and all that is built. The user may not be allowed to write there.
    pub folder: PathBuf,
    /// What this user's kernels write beside their clones of the template.
    pub own: PathBuf,
}

impl Home {
    pub fn of(project: &Project) -> Self {
        Self {
            folder: project.lab().join("kernel"),
            own: project.own().join("kernel"),
        }
    }

    #[cfg(test)]
    pub fn at(folder: PathBuf) -> Self {
        Self {
            own: folder.clone(),
            folder,
        }
    }

    pub fn template(&self) -> PathBuf {
        self.folder.join("template")
    }

    /// The folder in which running kernels have theirs.
    pub fn runs(&self) -> Result<PathBuf> {
        place::of_runs(self)
    }

    /// What the analyser takes for Cargo's home.
    pub fn analyser(&self) -> PathBuf {
        self.folder.join("analyser")
    }

    /// The launcher once more, under the name that the analyser asks for.
    pub fn analyser_cargo(&self) -> PathBuf {
        let name = format!("cargo{}", std::env::consts::EXE_SUFFIX);
        self.analyser().join("bin").join(name)
    }

    /// The standard library's sources for the analyser.
    pub fn library(&self) -> PathBuf {
        self.folder.join("standard-library")
    }

    /// A file to be locked by the launchers of this user.
    pub fn runs_lock(&self) -> Result<File> {
        fs::create_dir_all(&self.own)?;
        lock_file(&self.own.join("runs.lock"))
    }

    /// A file to be locked: shared by who reads the template, exclusive for who builds it.
    pub fn template_lock(&self) -> Result<File> {
        let path = self.folder.join("template.lock");
        if self.own != self.folder {
            return File::open(&path).with_context(|| format!("could not open {}", path.display()));
        }
        fs::create_dir_all(&self.folder)?;
        lock_file(&path)
    }

    /// Written last, when all is built: what the template was built from.
    fn stamp_file(&self) -> PathBuf {
        self.template().join("built-from.txt")
    }

    /// Nothing if the template is not complete.
    pub fn built_from(&self) -> String {
        fs::read_to_string(self.stamp_file()).unwrap_or_default()
    }

    /// Whether there is a template to clone. It may be of older sources, or its build may have
    /// stopped half-way: Cargo then builds in the clone what is not there or not fresh.
    pub fn has_template(&self) -> bool {
        self.template().join("ctx").join("target").is_dir()
    }

    /// Why a user who may not build them cannot use them.
    pub fn unusable(&self) -> Option<String> {
        self.built_from()
            .is_empty()
            .then(|| "they are not built, or you may not read them".to_owned())
    }

    pub fn missing(&self, project: &Project) -> Option<String> {
        let built_from = self.built_from();
        if built_from.is_empty() || !self.library().is_dir() {
            return Some("they are not all there".to_owned());
        }
        match Stamp::now(project) {
            Ok(now) if now.to_string() == built_from => None,
            Ok(now) if built_from.starts_with(&now.compiler_line()) => {
                Some("the crates changed since".to_owned())
            }
            Ok(_) => Some("the compiler or its settings changed since".to_owned()),
            Err(error) => Some(error.to_string()),
        }
    }

    /// Builds what is not built, keeping what is.
    pub fn build(&self, project: &Project) -> Result<()> {
        let lock = self.template_lock()?;
        lock.lock()?;
        let template = self.template();
        let stamp = Stamp::now(project)?;
        let built_from = self.built_from();
        if !built_from.is_empty() && !built_from.starts_with(&stamp.compiler_line()) {
            // The stamp lies in the template, so that goes last: after an interrupted clearing
            // no library of the old compiler is left.
            remove(&self.library())?;
            remove(&template)?;
        }
        if !self.library().is_dir()
            && let Some(sources) = toolchain::library_sources()
        {
            analyser::copy_library(&sources, &self.library())?;
        }
        if !built_from.is_empty() {
            let _ = fs::remove_file(self.stamp_file());
        }
        scaffold(&template, &project.root)?;
        for action in ["build", "check"] {
            // evcxr builds each cell, and checks it when it has an error to explain.
            cargo(action, &template.join("ctx"))?;
        }
        fs::write(self.stamp_file(), stamp.to_string())?;
        Ok(())
    }
}

fn lock_file(path: &Path) -> Result<File> {
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .with_context(|| format!("could not open {}", path.display()))
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Makes the workspace without building anything.
pub fn scaffold(folder: &Path, root: &Path) -> Result<()> {
    let latent = project::real(&root.join("crates").join("latent"));
    // A JSON string is a TOML string as well. Rust's own quoting is not: it writes `\u{308}`.
    let path = serde_json::to_string(&latent.display().to_string())?;
    let dependency = format!("latent = {{ path = {path} }}\n");
    let files = [
        ("Cargo.toml", WORKSPACE.to_owned()),
        (
            "lock/Cargo.toml",
            format!(
                "[package]\nname = \"lock\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\n[target.'cfg(any())'.dependencies]\n{dependency}"
            ),
        ),
        ("lock/lib.rs", String::new()),
        (
            "ctx/Cargo.toml",
            format!(
                "[package]\nname = \"ctx\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\n{dependency}"
            ),
        ),
        ("ctx/src/lib.rs", String::new()),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(&path, text).with_context(|| format!("could not write {}", path.display()))?;
    }
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))
        .context("could not copy the course's Cargo.lock")?;
    Ok(())
}

/// Cargo, run as evcxr runs it.
fn cargo(action: &str, ctx: &Path) -> Result<()> {
    let version = toolchain::rustc_version()?;
    let target = toolchain::host(&version).context("rustc does not say what it compiles for")?;
    let mut cargo = command("cargo");
    environment::prepare(&mut cargo, toolchain::folders());
    run(cargo
        .args([action, "--target", target])
        .current_dir(ctx)
        .env("CARGO_TARGET_DIR", "target")
        .env("CARGO_BUILD_BUILD_DIR", "target"))
}

/// What a template is built from. With another compiler all is built anew, and so it is with other
/// flags or settings: Cargo would keep what it built before beside the new.
struct Stamp {
    compiler: String,
    sources: u64,
}

impl Stamp {
    fn now(project: &Project) -> Result<Self> {
        let version = toolchain::rustc_version()?;
        let mut settings = DefaultHasher::new();
        (WORKSPACE, environment::PROFILE, environment::flags_now()).hash(&mut settings);
        let compiler = version
            .lines()
            .filter(|line| line.starts_with("rustc ") || line.starts_with("host: "))
            .map(str::to_owned)
            .chain([format!("settings {:016x}", settings.finish())])
            .collect::<Vec<_>>()
            .join(", ");
        let mut hasher = DefaultHasher::new();
        project.root.hash(&mut hasher);
        for name in ["Cargo.lock", "Cargo.toml", "crates/latent/Cargo.toml"] {
            fs::read(project.root.join(name))?.hash(&mut hasher);
        }
        hash_folder(&project.root.join("crates/latent/src"), &mut hasher)?;
        Ok(Self {
            compiler,
            sources: hasher.finish(),
        })
    }

    fn compiler_line(&self) -> String {
        format!("{}\n", self.compiler)
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}sources {:016x}", self.compiler_line(), self.sources)
    }
}

fn hash_folder(folder: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            hash_folder(&path, hasher)?;
        } else {
            path.hash(hasher);
            fs::read(&path)?.hash(hasher);
        }
    }
    Ok(())
}
