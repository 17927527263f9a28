//! The folders of running kernels, `<name>` with a locked file `<name>.lock` beside.
//! The lock lasts as long as the kernel, however it ends, so what is not locked can go.

use super::template::Home;
use anyhow::Result;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub struct Run {
    home: Home,
    pub folder: PathBuf,
    lock_file: PathBuf,
    lock: File,
}

impl Run {
    /// Clears what dead kernels left and makes a name for a new one.
    pub fn start(home: &Home) -> Result<Self> {
        // Between the making of a lock file and its locking no other launcher may come by.
        let turn = home.runs_lock()?;
        turn.lock()?;
        let runs = home.runs()?;
        sweep(&runs);
        let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        let name = format!("{}-{}", std::process::id(), time.as_millis());
        let lock_file = runs.join(format!("{name}.lock"));
        let lock = File::create(&lock_file)?;
        lock.lock()?;
        Ok(Self {
            home: home.clone(),
            folder: runs.join(name),
            lock_file,
            lock,
        })
    }

    /// The lock, for the kernel to hold as well: it lasts even if the launcher is killed.
    pub fn lock(&self) -> Result<File> {
        Ok(self.lock.try_clone()?)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_file(&self.lock_file);
        // Outside of the course nothing is left after the last kernel. No other may start meanwhile.
        let Some(runs) = self.lock_file.parent() else {
            return;
        };
        if let Ok(turn) = self.home.runs_lock()
            && turn.try_lock().is_ok()
        {
            let _ = fs::remove_dir(runs);
        }
    }
}

/// How many kernels run in this folder.
pub fn running(runs: &Path) -> usize {
    let entries = fs::read_dir(runs).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "lock"))
        .filter(|path| File::open(path).is_ok_and(|file| file.try_lock().is_err()))
        .count()
}

fn sweep(runs: &PathBuf) {
    for entry in fs::read_dir(runs).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "lock") {
            continue;
        }
        if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(path.with_extension(""));
            let _ = fs::remove_file(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_run_clears_dead_ones_and_leaves_live_ones() {
        let folder = std::env::temp_dir().join(format!("latent-runs-{}", std::process::id()));
        let home = Home::at(folder.clone());
        let live = Run::start(&home).unwrap();
        fs::create_dir(&live.folder).unwrap();
        let dead = home.runs().unwrap().join("1-1");
        fs::create_dir(&dead).unwrap();
        fs::write(home.runs().unwrap().join("1-1.lock"), "").unwrap();

        let held = live.lock().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2));
        let next = Run::start(&home).unwrap();
        assert!(!dead.exists());
        assert!(live.folder.exists());
        assert_ne!(live.folder, next.folder);
        drop((held, live));
        assert_eq!(fs::read_dir(home.runs().unwrap()).unwrap().count(), 1);
        drop(next);
        assert!(!folder.join("runs").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
