//! Every error of the crate, in one enum.
//!
//! A message says what was expected, what came, and what to do. Sizes are written as
//! `rows x columns`, with one sample a row, as everywhere in the crate.

use std::path::PathBuf;

/// The crate's result type.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong, in the learner's words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An array without rows or without columns.
    #[error("{what} is empty ({rows} x {columns}): it needs at least one row and one column")]
    Empty {
        /// What the array is.
        what: &'static str,
        /// Its number of rows.
        rows: usize,
        /// Its number of columns.
        columns: usize,
    },

    /// Samples whose number of columns does not match what they are handed to.
    #[error(
        "{what} must have {expected} columns, but the array is {rows} x {columns}: one sample a row; check that it is not transposed"
    )]
    Width {
        /// What the array is.
        what: &'static str,
        /// Columns needed.
        expected: usize,
        /// Rows that came.
        rows: usize,
        /// Columns that came.
        columns: usize,
    },

    /// Labels and samples of different number.
    #[error("{samples} samples came with {labels} labels: there must be one label for each row")]
    LabelCount {
        /// Rows of the samples.
        samples: usize,
        /// Number of labels.
        labels: usize,
    },

    /// More samples asked for than there are.
    #[error("cannot split off {asked} of {samples} samples: ask for at most {samples}")]
    Split {
        /// Samples asked for.
        asked: usize,
        /// Samples there are.
        samples: usize,
    },

    /// A batch of no samples, or of more than there are.
    #[error(
        "a batch of {asked} cannot be drawn from {samples} samples: choose a batch size from 1 to {samples}"
    )]
    BatchSize {
        /// Batch size asked for.
        asked: usize,
        /// Samples there are.
        samples: usize,
    },

    /// NaN or infinity in the data.
    #[error(
        "{what} holds {value} at row {row}, column {column}: remove or replace what is not a finite number first"
    )]
    NotFinite {
        /// What the array is.
        what: &'static str,
        /// The offending value.
        value: f64,
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
    },

    /// A file that can't be read or written.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried: read, write, create.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's own word.
        source: std::io::Error,
    },
}
