//! The lines of a table as text, which end as on any system.

use super::place::Place;
use crate::error::Result;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};

/// The signs that end a line: one of them, or both.
const BREAKS: [u8; 2] = [b'\n', b'\r'];

/// The separator, by the first line, and the number of lines.
pub(super) fn survey(file: &mut File) -> io::Result<(u8, usize)> {
    let mut reader = BufReader::with_capacity(1 << 16, &mut *file);
    let start = reader.fill_buf()?;
    let end = start.iter().position(|byte| BREAKS.contains(byte));
    let first = &start[..end.unwrap_or(start.len())];
    let separators = [b'\t', b';'];
    let separator = separators.into_iter().find(|byte| first.contains(byte));
    let mut breaks = [0; 2];
    loop {
        let part = reader.fill_buf()?;
        if part.is_empty() {
            break;
        }
        for (count, sign) in breaks.iter_mut().zip(BREAKS) {
            *count += part.iter().filter(|&&byte| byte == sign).count();
        }
        let length = part.len();
        reader.consume(length);
    }
    file.rewind()?;
    Ok((separator.unwrap_or(b','), 1 + breaks[0].max(breaks[1])))
}

/// In which line of the file, counted from 1, the record begins that `csv` found at the byte `start`.
/// (Its own count of lines is wrong after empty lines, and where lines end in `\r\n`.)
pub(super) fn line_at(place: Place, start: u64) -> Result<usize> {
    let file = File::open(place.path).map_err(|source| place.io(source))?;
    let (mut line, mut before) = (1, 0);
    for (at, byte) in (0..).zip(BufReader::new(file).bytes()) {
        let byte = byte.map_err(|source| place.io(source))?;
        let is_break = BREAKS.contains(&byte);
        if at >= start && !is_break {
            break;
        }
        if is_break && (before, byte) != (b'\r', b'\n') {
            line += 1;
        }
        before = byte;
    }
    Ok(line)
}
