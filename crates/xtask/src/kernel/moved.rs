//! Variables that a cell gives away. After `let y = data.labels;` the kernel drops all of `data`
//! without a word, since compiling the cell told it that the value is gone. The same message comes by
//! here, so it is written down, for the cell that misses `data` later.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The environment variable with the file.
const FILE: &str = "LATENT_MOVED";

/// How one variable went.
#[derive(Debug, PartialEq, Eq)]
pub struct Moved {
    pub name: String,
    /// What was taken of it, as `data.labels`; or all of it.
    pub what: String,
    /// The line that did it.
    pub line: String,
}

impl Moved {
    pub fn keep_in(run: &Path, evcxr: &mut Command) {
        evcxr.env(FILE, run.join("moved.txt"));
    }

    /// Adds a line to the kernel's list.
    pub fn write_down(&self) {
        if let Some(path) = file()
            && let Ok(mut file) = File::options().append(true).create(true).open(path)
        {
            let _ = file.write_all(self.as_line().as_bytes());
        }
    }

    /// How the variable went the last time.
    pub fn of(name: &str) -> Option<Self> {
        Self::find(name, &fs::read_to_string(file()?).ok()?)
    }

    fn as_line(&self) -> String {
        format!("{}\t{}\t{}\n", self.name, self.what, self.line)
    }

    fn find(name: &str, list: &str) -> Option<Self> {
        let mut moved = list.lines().filter_map(|line| {
            let mut fields = line.splitn(3, '\t').map(str::to_owned);
            Some(Self {
                name: fields.next()?,
                what: fields.next()?,
                line: fields.next()?,
            })
        });
        moved.rfind(|moved| moved.name == name)
    }
}

fn file() -> Option<PathBuf> {
    std::env::var_os(FILE).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_move_of_a_variable_is_found() {
        let moved = |line: &str| Moved {
            name: "data".to_owned(),
            what: "data.labels".to_owned(),
            line: line.to_owned(),
        };
        let list = [moved("let y = data.labels;"), moved("f(\tdata.labels);")];
        let text: String = list.iter().map(Moved::as_line).collect();
        assert_eq!(Moved::find("data", &text), Some(moved("f(\tdata.labels);")));
        assert_eq!(Moved::find("dat", &text), None);
    }
}
