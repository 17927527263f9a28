//! `cargo xtask clean` gives back the disk: what the set-up made and what kernels left elsewhere.
//! `cargo xtask lab --check` says how much that is.

use crate::kernel::template::Home;
use crate::kernel::{place, registered, runs, spec};
use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

/// Folders of this course that can be made again, with what they hold.
fn folders(project: &Project, all: bool) -> Vec<(&'static str, PathBuf)> {
    let home = Home::of(project);
    let mut folders = Vec::new();
    if project.may_set_up() {
        folders.push(("what the set-up made", project.lab()));
        let unpacked = project.root.join("crates/latent/data/cache");
        folders.push(("MNIST, unpacked", unpacked));
    }
    if project.own() != project.lab() {
        folders.push(("your Jupyter's settings, and logs", project.own()));
    }
    for folder in place::outside(&home) {
        folders.push(("folders of running kernels", folder));
    }
    if all {
        folders.push(("Cargo's own builds", project.root.join("target")));
    }
    folders.retain(|(_, folder)| folder.is_dir());
    folders
}

/// Says what takes how much.
pub fn report(project: &Project) {
    println!("Disk space in use:");
    for (what, folder) in folders(project, true) {
        println!("{}", line(used(&folder), what, &folder));
    }
}

pub fn run_clean(project: &Project, args: &[String]) -> Result<()> {
    let all = match args {
        [] => false,
        [option] if option == "--all" => true,
        _ => bail!("`cargo xtask clean` has one option, --all, which removes target/ as well"),
    };
    let running = place::all(&Home::of(project))
        .iter()
        .map(|folder| runs::running(folder))
        .sum::<usize>();
    if running > 0 {
        bail!(
            "{running} kernels of this course are running. Close JupyterLab, then run the same command again"
        );
    }
    project.check_lab()?;
    if project.may_set_up() && registered::forget(&spec::launcher(project))? {
        println!("  The kernel is no longer registered for VS Code and other programs.");
    }
    let mut together = 0;
    for (what, folder) in folders(project, all) {
        let size = used(&folder);
        if let Err(error) = fs::remove_dir_all(&folder)
            && folder.exists()
            // Windows does not remove a program that runs, such as this one.
            && !(cfg!(windows) && folder.ends_with("target"))
        {
            return Err(error).with_context(|| format!("could not remove {}", folder.display()));
        }
        println!("{}", line(size, what, &folder));
        together += size;
    }
    println!(
        "{} given back. Your notebooks and your progress are untouched; `cargo xtask lab` sets up again.",
        told(together)
    );
    Ok(())
}

fn line(size: u64, what: &str, folder: &Path) -> String {
    format!("  {:>7}  {what}: {}", told(size), folder.display())
}

fn told(size: u64) -> String {
    let megabytes = size as f64 / 1e6;
    if megabytes < 1000.0 {
        format!("{megabytes:.0} MB")
    } else {
        format!("{:.1} GB", megabytes / 1000.0)
    }
}

/// Bytes on the disk. A file with two names counts once, as the disk sees it.
fn used(folder: &Path) -> u64 {
    let (mut size, mut seen, mut next) = (0, HashSet::new(), vec![folder.to_owned()]);
    while let Some(path) = next.pop() {
        let Ok(metadata) = fs::symlink_metadata(&path) else {
            continue;
        };
        if metadata.is_dir() {
            let entries = fs::read_dir(&path).into_iter().flatten().flatten();
            next.extend(entries.map(|entry| entry.path()));
        }
        if identity(&metadata).is_none_or(|file| seen.insert(file)) {
            size += on_disk(&metadata);
        }
    }
    size
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    (metadata.nlink() > 1 && metadata.is_file()).then(|| (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(unix)]
fn on_disk(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::blocks(metadata) * 512
}

#[cfg(not(unix))]
fn on_disk(metadata: &Metadata) -> u64 {
    metadata.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::runs::Run;

    #[test]
    fn what_can_be_made_again_goes_and_the_learners_work_stays() {
        let root = std::env::temp_dir().join(format!("latent-clean-{}", std::process::id()));
        let project = Project::at(root.clone(), root.join(".lab"));
        let (cache, target) = (root.join("crates/latent/data/cache"), root.join("target"));
        for folder in [&project.notebooks(), &cache, &target, &project.lab()] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join("file"), vec![1; 100_000]).unwrap();
        }
        assert!(used(&cache) >= 100_000 && used(&cache) < 200_000);
        fs::hard_link(cache.join("file"), cache.join("again")).unwrap();
        assert!(used(&cache) < 200_000 || cfg!(windows));

        let kernel = Run::start(&Home::of(&project)).unwrap();
        let refused = run_clean(&project, &[]).unwrap_err();
        assert!(refused.to_string().contains("Close JupyterLab"));
        drop(kernel);

        run_clean(&project, &[]).unwrap();
        assert!(!project.lab().exists() && !cache.exists() && target.exists());
        run_clean(&project, &["--all".to_owned()]).unwrap();
        assert!(!target.exists() && project.notebooks().join("file").exists());
        fs::remove_dir_all(root).unwrap();
    }
}
