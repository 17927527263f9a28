//! The file, or the array within it, that an error is about.

use super::kind::Kind;
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{ErrorKind, Read, Seek};
use std::path::Path;

#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub path: &'a Path,
    /// The name of the array in an `.npz` file.
    pub array: Option<&'a str>,
}

impl<'a> Place<'a> {
    pub(super) fn file(path: &'a Path) -> Self {
        Self { path, array: None }
    }

    /// An error that names this place.
    pub(super) fn unusable(self, problem: impl Into<String>) -> Error {
        let problem = problem.into();
        Error::DataFile {
            path: self.path.to_path_buf(),
            problem: match self.array {
                Some(name) => format!("array `{name}`: {problem}"),
                None => problem,
            },
        }
    }

    /// What the system said while the file was read.
    pub(super) fn io(self, source: std::io::Error) -> Error {
        Error::Io {
            action: "read",
            path: self.path.to_path_buf(),
            source,
        }
    }

    /// Opens the file, if it begins like one of this kind, and gives its length.
    pub(super) fn open(self, expected: Kind) -> Result<(File, u64)> {
        let mut file = File::open(self.path).map_err(|source| match source.kind() {
            ErrorKind::NotFound => self.missing(),
            _ => self.io(source),
        })?;
        let about = file.metadata().map_err(|source| self.io(source))?;
        if about.is_dir() {
            return Err(self.unusable("it is a folder: give the name of a file in it"));
        }
        let mut start = Vec::new();
        let few = file.by_ref().take(Kind::BYTES).read_to_end(&mut start);
        few.map_err(|source| self.io(source))?;
        let found = Kind::of(&start);
        if found != expected {
            return Err(self.unusable(found.instead_of(expected)));
        }
        file.rewind().map_err(|source| self.io(source))?;
        Ok((file, about.len()))
    }

    fn missing(self) -> Error {
        let folder = std::env::current_dir().unwrap_or_default();
        let relative = self.path.is_relative() && !folder.as_os_str().is_empty();
        self.unusable(if relative {
            format!(
                "there is no such file. The name is looked up from the folder {}: put the file there, or give its whole path",
                folder.display()
            )
        } else {
            "there is no such file: check the path".to_owned()
        })
    }
}
