//! Where things are. What the set-up makes lies in `.lab`, or where the user wants it.
//!
//! | folder | holds | is |
//! | --- | --- | --- |
//! | `root` | the course as it was cloned | read, if need be |
//! | `lab()` | what the set-up makes: deleting it starts over | `LATENT_LAB`; else what a file `.lab` names; else the folder `.lab` |
//! | `own()` | what one user's kernels and Jupyter write | `lab()`, or a folder in the user's home |
//! | `notebooks()` | the lessons to work in | `notebooks`, or copies in the user's home |
//!
//! The second of the two counts where the first is not this user's to write to: then the course is
//! one that somebody else has set up, for several users.

use crate::own;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Names the folder for what the set-up makes.
pub const LAB: &str = "LATENT_LAB";
/// The copies of the lessons in the home of a user who may not write to the course.
const COPIES: &str = "latent-course";

/// The path without links. A lesson names the crate by a path that evcxr resolves, and Cargo takes two
/// paths for two crates. On Windows the real path would begin with `\\\\?\\`, which not every program
/// understands.
pub fn real(folder: &Path) -> PathBuf {
    if cfg!(windows) {
        return folder.to_owned();
    }
    std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())
}

/// The folders of the course.
#[derive(Clone, Debug)]
pub struct Project {
    pub root: PathBuf,
    lab: PathBuf,
    own: PathBuf,
    may_set_up: bool,
    notebooks: PathBuf,
}

impl Project {
    /// Finds the course through Cargo, which says where `xtask` lies. Without Cargo this program is
    /// the copy in `lab/kernel`.
    pub fn find() -> Result<Self> {
        let by_cargo = std::env::var("CARGO_MANIFEST_DIR").ok();
        let copy = std::env::current_exe().ok().filter(|_| by_cargo.is_none());
        let xtask = by_cargo.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&xtask)
            .ancestors()
            .nth(2)
            .context("crates/xtask lies two folders below the course's own")?;
        let root = real(root);
        let lab = std::env::var_os(LAB)
            .filter(|name| !name.is_empty())
            .map(|name| root.join(name))
            .or_else(|| lab_of(&copy?))
            .or_else(|| Some(root.join(std::fs::read_to_string(root.join(".lab")).ok()?.trim())))
            .unwrap_or_else(|| root.join(".lab"));
        Ok(Self::at(root, lab))
    }

    /// The course in `root` with what its set-up makes in `lab`.
    pub fn at(root: PathBuf, lab: PathBuf) -> Self {
        let may_set_up = own::may_write(&lab);
        let own = if may_set_up && (!lab.exists() || own::owns(&lab)) {
            Some(lab.clone())
        } else {
            own::state().map(|folder| folder.join(own::name_of(&lab)))
        };
        let lessons = root.join("notebooks");
        let notebooks = std::env::home_dir()
            .filter(|_| lessons.is_dir() && !own::may_write(&lessons))
            .map_or(lessons, |home| home.join(COPIES));
        Self {
            own: own.unwrap_or_else(|| lab.clone()),
            root,
            lab,
            may_set_up,
            notebooks,
        }
    }

    /// The same course with what its set-up makes in another folder, which a file `.lab` names from
    /// now on.
    pub fn with_lab(&self, lab: &Path) -> Result<Self> {
        let named = self.root.join(".lab");
        anyhow::ensure!(
            !named.is_dir(),
            "{} is there already. Delete it, then run the same command again",
            named.display()
        );
        let text = lab.to_str().context("the folder's name is no text")?;
        let project = Self::at(self.root.clone(), lab.to_owned());
        project.check_lab()?;
        std::fs::write(&named, format!("{text}\n"))
            .with_context(|| format!("could not write {}", named.display()))?;
        Ok(project)
    }

    /// A folder outside of the course could be named by mistake, such as the home folder: it is taken
    /// only if it is new or empty, or was taken before.
    pub fn check_lab(&self) -> Result<()> {
        let mark = self.lab.join("made-by-latent.txt");
        let is_empty = std::fs::read_dir(&self.lab).is_ok_and(|mut files| files.next().is_none());
        if self.lab == self.root.join(".lab") || mark.is_file() || !self.may_set_up {
            return Ok(());
        }
        anyhow::ensure!(
            is_empty || !self.lab.exists(),
            "{} holds other things. Name a new or an empty folder: everything in it goes with `cargo xtask clean`",
            self.lab.display()
        );
        std::fs::create_dir_all(&self.lab)
            .and_then(|()| {
                std::fs::write(&mark, "Made by `cargo xtask lab` of the course latent.\n")
            })
            .with_context(|| format!("could not make {}", self.lab.display()))
    }

    pub fn lab(&self) -> PathBuf {
        self.lab.clone()
    }

    pub fn own(&self) -> PathBuf {
        self.own.clone()
    }

    /// Whether this user may set the course up, and does not only use it.
    pub fn may_set_up(&self) -> bool {
        self.may_set_up
    }

    pub fn notebooks(&self) -> PathBuf {
        self.notebooks.clone()
    }

    /// The lessons as they came with the course.
    pub fn lessons(&self) -> PathBuf {
        self.root.join("notebooks")
    }

    /// The Python programs that drive Jupyter.
    pub fn script(&self, name: &str) -> PathBuf {
        self.root.join("crates/xtask/python").join(name)
    }
}

/// The folder whose `kernel/latent-kernel` this program is.
fn lab_of(program: &Path) -> Option<PathBuf> {
    let kernel = program.parent()?;
    let is_copy = program.file_stem()? == "latent-kernel" && kernel.ends_with("kernel");
    is_copy.then(|| kernel.parent().map(Path::to_owned))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_of_this_program_knows_where_it_lies() {
        let lab = |path: &str| lab_of(Path::new(path));
        assert_eq!(
            lab("/srv/lab/kernel/latent-kernel"),
            Some(PathBuf::from("/srv/lab"))
        );
        assert_eq!(lab("/srv/latent/target/debug/xtask"), None);
    }

    /// An ordinary user; root may write everywhere.
    #[cfg(unix)]
    #[test]
    fn a_course_that_may_only_read_leaves_all_to_the_users_own_folders() {
        use std::os::unix::fs::PermissionsExt;
        if own::user() == Some(0) {
            return;
        }
        let root = std::env::temp_dir().join(format!("latent-read-only-{}", std::process::id()));
        let folders = [root.join("notebooks"), root.join(".lab"), root.clone()];
        let set = |mode: u32| {
            for folder in &folders {
                let rights = std::fs::Permissions::from_mode(mode);
                std::fs::set_permissions(folder, rights).unwrap();
            }
        };
        std::fs::create_dir_all(&folders[0]).unwrap();
        std::fs::create_dir_all(&folders[1]).unwrap();
        set(0o555);
        let project = Project::at(root.clone(), root.join(".lab"));
        set(0o755);
        assert!(!project.may_set_up());
        assert!(!project.own().starts_with(&root), "{project:?}");
        assert!(!project.notebooks().starts_with(&root), "{project:?}");
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_course_that_may_be_written_to_is_used_where_it_lies() {
        let root = std::env::temp_dir().join(format!("latent-project-{}", std::process::id()));
        std::fs::create_dir_all(root.join("notebooks")).unwrap();
        let project = Project::at(root.clone(), root.join("elsewhere"));
        assert!(project.may_set_up());
        assert_eq!(project.own(), root.join("elsewhere"));
        assert_eq!(project.notebooks(), root.join("notebooks"));
        project.check_lab().unwrap();
        project.check_lab().unwrap();
        let full = Project::at(root.clone(), root.clone()).check_lab();
        assert!(full.unwrap_err().to_string().contains("holds other things"));
        std::fs::remove_dir_all(root).unwrap();
    }
}
