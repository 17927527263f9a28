//! The IDX format of the MNIST files, checked before anything reads them.
//!
//! ```text
//! images: 00 00 08 03 | count | rows | columns | count * rows * columns bytes
//! labels: 00 00 08 01 | count | count bytes            (numbers: 32 bits, big-endian)
//! ```
//!
//! Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits". The crate
//! `mnist` reads the files but panics on anything unexpected, so each file is checked here first.

use crate::error::{Error, Result};
use std::fs::File;
use std::io::Read;
use std::path::Path;

const SIDE: u32 = 28;

/// What a file holds, as the last byte of its magic number tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Images,
    Labels,
}

impl Kind {
    fn magic(self) -> u32 {
        match self {
            Kind::Images => 0x0803,
            Kind::Labels => 0x0801,
        }
    }

    fn header_len(self) -> u64 {
        match self {
            Kind::Images => 16,
            Kind::Labels => 8,
        }
    }
}

/// Checks header and length of an uncompressed IDX file and returns the number of its entries.
pub(crate) fn check(path: &Path, kind: Kind) -> Result<u32> {
    let io = |source| Error::Io {
        action: "read",
        path: path.to_path_buf(),
        source,
    };
    let mut file = File::open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => Error::MissingFile {
            path: path.to_path_buf(),
        },
        _ => io(source),
    })?;
    let length = file.metadata().map_err(io)?.len();
    if length < kind.header_len() {
        return Err(Error::Truncated {
            path: path.to_path_buf(),
            expected: kind.header_len(),
            found: length,
        });
    }
    let mut header = [0; 16];
    let header = &mut header[..kind.header_len() as usize];
    file.read_exact(header).map_err(io)?;
    let number = |at: usize| u32::from_be_bytes([0, 1, 2, 3].map(|byte| header[4 * at + byte]));

    if number(0) != kind.magic() {
        return Err(Error::WrongMagic {
            path: path.to_path_buf(),
            expected: kind.magic(),
            found: number(0),
        });
    }
    let count = number(1);
    let mut body = u64::from(count);
    if kind == Kind::Images {
        let (rows, columns) = (number(2), number(3));
        if (rows, columns) != (SIDE, SIDE) {
            return Err(Error::ImageSize {
                path: path.to_path_buf(),
                rows,
                columns,
            });
        }
        body *= u64::from(SIDE * SIDE);
    }
    let expected = kind.header_len() + body;
    if length < expected {
        return Err(Error::Truncated {
            path: path.to_path_buf(),
            expected,
            found: length,
        });
    }
    if length > expected {
        return Err(Error::TrailingBytes {
            path: path.to_path_buf(),
            expected,
            found: length,
        });
    }
    Ok(count)
}
