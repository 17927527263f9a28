//! Folders that belong to this user alone: what a user's kernels write lies in one of them, so that
//! no other user can put anything there that a kernel loads.
//!
//! A folder in the user's home is made with the rights of one user (0700). In a folder that users
//! share, such as `/tmp`, its name is new each time, so that nobody else can make it first; it is
//! found again by its owner.

use crate::command::{command, output};
use anyhow::{Context, Result, bail};
use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Whether this user may make files in the folder, or make the folder if it is not there.
pub fn may_write(folder: &Path) -> bool {
    let Some(there) = folder.ancestors().find(|folder| folder.exists()) else {
        return false;
    };
    let probe = there.join(format!(".may-write-{:016x}", random()));
    let made = fs::File::create_new(&probe).is_ok();
    let _ = fs::remove_file(&probe);
    made
}

/// A plain name for something in this folder.
pub fn name_of(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// What can be deleted at any time when nothing runs.
pub fn cache() -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        below_home("Library/Caches")
    } else {
        variable("XDG_CACHE_HOME").or_else(|| below_home(".cache"))
    };
    Some(folder?.join("latent"))
}

/// What should stay: logs, and what Jupyter remembers.
pub fn state() -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        below_home("Library/Application Support")
    } else {
        variable("XDG_STATE_HOME").or_else(|| below_home(".local/state"))
    };
    Some(folder?.join("latent"))
}

/// A folder that a variable names in full.
pub fn variable(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(std::env::var_os(name)?);
    path.is_absolute().then_some(path)
}

pub fn below_home(name: &str) -> Option<PathBuf> {
    Some(std::env::home_dir()?.join(name))
}

/// The folders for temporary files, which users share.
pub fn temporary() -> Vec<PathBuf> {
    let further = if cfg!(windows) {
        variable("PUBLIC")
    } else {
        Some(PathBuf::from("/tmp"))
    };
    [std::env::temp_dir()].into_iter().chain(further).collect()
}

/// Makes a folder of this user's own if it is not there. An error if it is somebody else's.
pub fn make(folder: &Path) -> Result<()> {
    private(true)
        .create(folder)
        .with_context(|| format!("could not make {}", folder.display()))?;
    if !is_ours(folder) {
        // One that an older version made may be open to the user's group.
        #[cfg(unix)]
        if owns(folder) {
            let rights = std::os::unix::fs::PermissionsExt::from_mode(0o700);
            let _ = fs::set_permissions(folder, rights);
        }
        if !is_ours(folder) {
            bail!("{} is not of this user alone", folder.display());
        }
    }
    Ok(())
}

/// A folder of this user's own in one that users share: the one that is there, or a new one.
pub fn make_below(shared: &Path) -> Result<PathBuf> {
    if let Some(folder) = below(shared) {
        return Ok(folder);
    }
    let folder = shared.join(format!("{}{:016x}", start_of_name(), random()));
    private(false)
        .create(&folder)
        .with_context(|| format!("could not make {}", folder.display()))?;
    Ok(folder)
}

/// The one that is there.
pub fn below(shared: &Path) -> Option<PathBuf> {
    let start = start_of_name();
    let is_named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(&start) && name.len() == start.len() + 16)
    };
    let there = fs::read_dir(shared).into_iter().flatten().flatten();
    let mut there: Vec<_> = there.map(|entry| entry.path()).filter(is_named).collect();
    there.sort();
    there.into_iter().find(|folder| is_ours(folder))
}

fn start_of_name() -> String {
    match user() {
        Some(user) => format!("latent-{user}-"),
        None => "latent-".to_owned(),
    }
}

fn private(recursive: bool) -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(recursive);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Rust seeds each such hasher from the system's random numbers.
fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

/// Whether the folder is a real one, belongs to this user and can be written to by nobody else.
#[cfg(unix)]
pub fn is_ours(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(folder).is_ok_and(|folder| folder.is_dir() && folder.mode() & 0o022 == 0)
        && owns(folder)
}

/// Folders of one's own are protected by the system there.
#[cfg(not(unix))]
pub fn is_ours(folder: &Path) -> bool {
    folder.is_dir()
}

/// Whether this user owns the folder. On Windows whoever may write to it counts as its owner.
pub fn owns(folder: &Path) -> bool {
    #[cfg(unix)]
    return owner(folder) == user();
    #[cfg(not(unix))]
    return may_write(folder);
}

#[cfg(unix)]
fn owner(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    Some(fs::symlink_metadata(folder).ok()?.uid())
}

/// The number of the user as whom this process runs. `None` on Windows.
pub fn user() -> Option<u32> {
    if cfg!(windows) {
        return None;
    }
    output(command("id").arg("-u"))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("latent-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_folder_that_is_not_there_yet_may_be_made_where_its_parent_allows_it() {
        let folder = scratch("may-write");
        assert!(may_write(&folder.join("a/b")));
        assert!(!may_write(Path::new("/proc/latent")));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_write_to_is_closed_or_not_taken() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let folder = scratch("ours");
        let mine = folder.join("mine");
        make(&mine).unwrap();
        assert_eq!(fs::metadata(&mine).unwrap().mode() & 0o777, 0o700);
        fs::set_permissions(&mine, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(!is_ours(&mine));
        make(&mine).unwrap();
        assert!(is_ours(&mine));
        symlink(&mine, folder.join("link")).unwrap();
        assert!(make(&folder.join("link")).is_err());
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn in_a_shared_folder_the_name_is_new_and_the_folder_is_found_again() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let shared = scratch("shared");
        let user = user().unwrap();
        // What somebody else could lay in the way.
        let open = shared.join(format!("latent-{user}-0000000000000000"));
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        symlink(
            "/etc",
            shared.join(format!("latent-{user}-0000000000000001")),
        )
        .unwrap();
        let mine = make_below(&shared).unwrap();
        assert!(mine != open && is_ours(&mine), "{}", mine.display());
        assert_eq!(make_below(&shared).unwrap(), mine);
        fs::remove_dir_all(shared).unwrap();
    }
}
