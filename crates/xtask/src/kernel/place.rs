//! Where running kernels keep their folders: in `.lab/kernel/runs`, unless a cell cannot be loaded
//! from there, or the folder is not this user's to write to.
//!
//! evcxr tells its child process `LOAD_AND_RUN path function` and splits that line at spaces, so no
//! space may stand in the path of a cell's library. A link with a plain name does not help: Cargo
//! reports the real path. "My Documents" and "OneDrive - University" are ordinary folders, so for a
//! course below such a folder the kernels run elsewhere: in the user's cache folder, or if its path
//! has a space too, in the folder for temporary files (`own.rs`). Only the folders of running
//! kernels lie there; the built crates stay in the course's folder.

use super::template::Home;
use crate::own;
use crate::project::real;
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder for running kernels, made if it is not there. No other user can write to it.
pub fn of_runs(home: &Home) -> Result<PathBuf> {
    let near_is_ours = home.own == home.folder && own::make(&home.folder.join("runs")).is_ok();
    let near = near(home);
    if near_is_ours && can_be_loaded_from(&near) {
        return Ok(near);
    }
    let name = own::name_of(&near);
    let cached = own::cache().and_then(|folder| made(&folder, &name));
    let shared = own::temporary();
    let temporary = shared
        .iter()
        .filter(|folder| can_be_loaded_from(folder))
        .filter_map(|folder| made(&own::make_below(folder).ok()?, &name));
    let usable: Vec<_> = cached.into_iter().chain(temporary).collect();
    // Hard links to the built crates do not reach another file system.
    let near_by = usable
        .iter()
        .find(|runs| same_file_system(runs, &home.folder))
        .or(usable.first());
    let Some(runs) = near_by else {
        bail!(
            "no folder was found for running kernels. You may not write to the one in the course ({}), or its path contains a space or a special character. Your cache folder and the folder for temporary files cannot be used either. Move the course to a folder whose path has letters and digits only",
            near.display()
        );
    };
    Ok(runs.clone())
}

/// Where this user's kernels of the course may have had folders, outside of the course.
pub fn outside(home: &Home) -> Vec<PathBuf> {
    let name = own::name_of(&near(home));
    let temporary = own::temporary();
    let temporary = temporary.iter().filter_map(|folder| own::below(folder));
    let mut folders: Vec<_> = own::cache()
        .into_iter()
        .chain(temporary)
        .map(|folder| folder.join(&name))
        .collect();
    folders.dedup();
    folders.retain(|folder| own::is_ours(folder));
    folders
}

/// The same, and the one in the course.
pub fn all(home: &Home) -> Vec<PathBuf> {
    let mut folders = outside(home);
    folders.push(near(home));
    folders
}

fn near(home: &Home) -> PathBuf {
    real(&home.folder).join("runs")
}

/// The folder of this name in one of the user's own, if cells can be loaded from there.
fn made(folder: &Path, name: &str) -> Option<PathBuf> {
    let runs = folder.join(name);
    if !can_be_loaded_from(&runs) || own::make(folder).is_err() || own::make(&runs).is_err() {
        return None;
    }
    let runs = real(&runs);
    can_be_loaded_from(&runs).then_some(runs)
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
            let home = Home::at(folder.join(name).join(".lab/kernel"));
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
        let runs = of_runs(&Home::at(folder.join("plain/.lab/kernel"))).unwrap();
        assert!(!runs.starts_with(real(&folder)), "{}", runs.display());
        fs::remove_dir(runs).unwrap();
        fs::remove_dir_all(folder).unwrap();
    }
}
