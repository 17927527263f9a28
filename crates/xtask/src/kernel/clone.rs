//! A copy of the template for one kernel. The large files that nobody rewrites are linked; all
//! that evcxr and Cargo write to is copied, for else kernels would run each other's cells.

use anyhow::{Context, Result};
use std::fs::{self, File, FileTimes};
use std::path::Path;

pub fn clone(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("could not make {}", to.display()))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let (source, target) = (entry.path(), to.join(&name));
        let name = name.to_string_lossy();
        if is_of_a_cell(&name) || name == "incremental" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            clone(&source, &target)?;
        } else if !is_never_rewritten(&source) || link(&source, &target).is_err() {
            copy(&source, &target)
                .with_context(|| format!("could not copy to {}", target.display()))?;
        }
    }
    Ok(())
}

/// Another name for the file; or, where that cannot be (another file system, a file of another
/// user), a link to it.
fn link(source: &Path, target: &Path) -> std::io::Result<()> {
    let linked = fs::hard_link(source, target);
    #[cfg(unix)]
    if linked.is_err() {
        return std::os::unix::fs::symlink(source, target);
    }
    linked
}

/// What was built of the crate `ctx`: each kernel builds its own. And what rustc keeps to compile a
/// crate faster the next time (`incremental`) is no use to a kernel: it compiles `latent` only if its
/// sources have changed since the set-up.
fn is_of_a_cell(name: &str) -> bool {
    name.starts_with("ctx-") || name.starts_with("libctx")
}

/// A compiled crate of the registry. `latent` is not one: its sources may change.
fn is_never_rewritten(path: &Path) -> bool {
    let in_deps = path.parent().is_some_and(|folder| folder.ends_with("deps"));
    let extension = path.extension().and_then(|extension| extension.to_str());
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    in_deps
        && matches!(extension, Some("rlib" | "rmeta" | "so" | "dylib" | "dll"))
        && !name.starts_with("liblatent-")
}

/// Cargo tells what is fresh by the files' times, so they are copied too.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)?;
    let modified = fs::metadata(from)?.modified()?;
    File::options()
        .append(true)
        .open(to)?
        .set_times(FileTimes::new().set_modified(modified))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_shares_no_file_that_is_rewritten() {
        let folder = std::env::temp_dir().join(format!("latent-clone-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        let deps = from.join("target/deps");
        fs::create_dir_all(from.join("target/incremental/ctx-1")).unwrap();
        fs::create_dir_all(&deps).unwrap();
        for name in [
            "librand-1.rlib",
            "liblatent-1.rlib",
            "libctx-1.so",
            "rand-1.d",
        ] {
            fs::write(deps.join(name), "old").unwrap();
        }
        clone(&from, &to).unwrap();
        let cloned = to.join("target/deps");
        assert!(!cloned.join("libctx-1.so").exists());
        assert!(!to.join("target/incremental/ctx-1").exists());
        for name in ["liblatent-1.rlib", "rand-1.d"] {
            let time = |folder: &Path| fs::metadata(folder.join(name)).unwrap().modified().unwrap();
            assert_eq!(time(&cloned), time(&deps));
            fs::write(cloned.join(name), "new").unwrap();
            assert_eq!(fs::read_to_string(deps.join(name)).unwrap(), "old");
        }
        assert_eq!(
            fs::read_to_string(cloned.join("librand-1.rlib")).unwrap(),
            "old"
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
