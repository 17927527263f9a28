//! Where running kernels keep their folders: in `.lab/kernel/runs`, unless a cell cannot be loaded
//! from there.
//!
//! evcxr tells its child process `LOAD_AND_RUN path function` and splits that line at spaces, so no
//! space may stand in the path of a cell's library. A link with a plain name does not help: Cargo
//! reports the real path. "My Documents" and "OneDrive - University" are ordinary folders, so for a
//! course below such a folder the kernels run elsewhere: in the user's cache folder, or if its path
//! has a space too, in the folder for temporary files. Only the folders of running
//! kernels lie there; the built crates stay in the course's folder.

use super::template::Home;
use crate::project::real;
use anyhow::{Context, Result, bail};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The folder for running kernels, made if it is not there.
pub fn of_runs(home: &Home) -> Result<PathBuf> {
    let near = home.0.join("runs");
    make(&near, false)?;
    let near = real(&near);
    if can_be_loaded_from(&near) {
        return Ok(near);
    }
    let name = name_of(&near);
    let mut usable = Vec::new();
    for (folder, is_shared) in candidates() {
        let folder = folder.join(if is_shared { user() } else { "latent".into() });
        let runs = folder.join(&name);
        if !can_be_loaded_from(&runs) || make(&folder, is_shared).is_err() {
            continue;
        }
        // What a shared folder holds under our name may belong to somebody else.
        if make(&runs, is_shared).is_ok() && (!is_shared || is_ours(&folder, home)) {
            let runs = real(&runs);
            if can_be_loaded_from(&runs) {
                usable.push(runs);
            }
        }
    }
    // Hard links to the built crates do not reach another file system, where they are copied.
    let near_by = usable
        .iter()
        .find(|runs| same_file_system(runs, &near))
        .or(usable.first());
    let Some(runs) = near_by else {
        bail!(
            "the path of the course's folder contains a space or a special character ({}), and no other folder was found for running kernels. Move the course to a folder whose path has letters and digits only",
            near.display()
        );
    };
    Ok(runs.clone())
}

/// Whether evcxr can build a cell's library in this folder and load it from there: with letters of
/// any language, and with the usual signs between them. Others may work, but `$ORIGIN` is replaced
/// by the system's loader and `%` by the linker, so nothing is left to chance.
fn can_be_loaded_from(folder: &Path) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "/\\:._-+~@,".contains(c);
    folder
        .to_str()
        .is_some_and(|path| path.chars().all(is_plain))
}

/// A plain name for this course among the courses of one user.
fn name_of(near: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    near.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Folders to try, and whether other users can write to them as well.
fn candidates() -> Vec<(PathBuf, bool)> {
    let variable = |name: &str| {
        let path = PathBuf::from(std::env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    let below_home = |name: &str| Some(std::env::home_dir()?.join(name));
    let own = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        below_home("Library/Caches")
    } else {
        variable("XDG_CACHE_HOME").or_else(|| below_home(".cache"))
    };
    let shared = if cfg!(windows) {
        [Some(std::env::temp_dir()), variable("PUBLIC")]
    } else {
        [Some(std::env::temp_dir()), Some(PathBuf::from("/tmp"))]
    };
    let own = own.into_iter().map(|folder| (folder, false));
    own.chain(shared.into_iter().flatten().map(|folder| (folder, true)))
        .collect()
}

/// A name in a folder that users share.
fn user() -> String {
    let name = std::env::var(if cfg!(windows) { "USERNAME" } else { "USER" });
    let home = std::env::home_dir().unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    (name.unwrap_or_default(), home).hash(&mut hasher);
    format!("latent-{:016x}", hasher.finish())
}

fn make(folder: &Path, is_private: bool) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    if is_private {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    }
    #[cfg(not(unix))]
    let _ = is_private;
    builder
        .create(folder)
        .with_context(|| format!("could not make {}", folder.display()))
}

/// Whether the folder is a real one, belongs to this user and can be written to by nobody else.
#[cfg(unix)]
fn is_ours(folder: &Path, home: &Home) -> bool {
    use std::os::unix::fs::MetadataExt;
    // Whoever this process runs as owns the files that it makes.
    let probe = home.0.join(format!("owner-{}", std::process::id()));
    let owner = fs::write(&probe, "").and_then(|()| fs::metadata(&probe));
    let _ = fs::remove_file(&probe);
    let (Ok(owner), Ok(folder)) = (owner, fs::symlink_metadata(folder)) else {
        return false;
    };
    folder.is_dir() && folder.uid() == owner.uid() && folder.mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn is_ours(_: &Path, _: &Home) -> bool {
    true
}

#[cfg(unix)]
fn same_file_system(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path| fs::metadata(path).ok().map(|metadata| metadata.dev());
    device(a).is_some() && device(a) == device(b)
}

#[cfg(not(unix))]
fn same_file_system(a: &Path, b: &Path) -> bool {
    a.components().next() == b.components().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_run_in_the_course_where_its_path_allows_it_and_elsewhere_where_not() {
        let folder = std::env::temp_dir().join(format!("latent-place-{}", std::process::id()));
        for (name, stays) in [
            ("plain", true),
            ("Übung", true),
            ("it's 100% #1 [a]", false),
            ("two words", false),
            ("$ORIGIN", false),
            ("tab\there", false),
        ] {
            let home = Home(folder.join(name).join(".lab/kernel"));
            let runs = of_runs(&home).unwrap();
            assert!(runs.is_dir());
            assert!(can_be_loaded_from(&runs), "{}", runs.display());
            assert_eq!(
                runs.starts_with(real(&folder).join(name)),
                stays,
                "{}",
                runs.display()
            );
            assert_eq!(of_runs(&home).unwrap(), runs);
            if !stays {
                fs::remove_dir(runs).unwrap();
            }
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_with_a_plain_name_is_followed() {
        let folder = std::env::temp_dir().join(format!("latent-link-{}", std::process::id()));
        fs::create_dir_all(folder.join("two words")).unwrap();
        std::os::unix::fs::symlink(folder.join("two words"), folder.join("plain")).unwrap();
        let runs = of_runs(&Home(folder.join("plain/.lab/kernel"))).unwrap();
        assert!(!runs.starts_with(real(&folder)), "{}", runs.display());
        fs::remove_dir(runs).unwrap();
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_write_to_is_not_ours() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("latent-ours-{}", std::process::id()));
        let home = Home(folder.clone());
        make(&folder, true).unwrap();
        assert!(is_ours(&folder, &home));
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(!is_ours(&folder, &home));
        fs::remove_dir_all(folder).unwrap();
    }
}
