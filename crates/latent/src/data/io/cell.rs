//! A cell of a table: a number, or what it is instead and what to do.

use super::number::{Number, Problem};

/// The text of a cell. Letters that are not UTF-8 become question marks.
pub(super) fn text(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).trim().to_owned()
}

/// The number of a cell, as it is written and as `f32`.
pub(super) fn number(cell: &[u8]) -> Result<(f64, f32), String> {
    let parsed = std::str::from_utf8(cell).ok();
    let exact = parsed.and_then(|cell| cell.trim().parse::<f64>().ok());
    let problem = match exact.map(|exact| (exact, exact.to_f32())) {
        Some((exact, Ok(rounded))) => return Ok((exact, rounded)),
        Some((_, Err(problem))) => Some(problem),
        None => None,
    };
    let cell = text(cell);
    let are_numbers = |text: &str| {
        text.split_whitespace()
            .all(|part| part.parse::<f64>().is_ok())
    };
    let advice = match problem {
        Some(Problem::Inexact) => {
            "f32, the type of all data here, holds whole numbers exactly up to 16777216. Subtract the smallest value, use larger units, or leave the column out"
        }
        Some(Problem::BeyondRange) => "it is beyond the range of f32 (3.4e38): rescale the data",
        _ if problem.is_some() || is_missing(&cell) => {
            "the value is missing. Leave this line out (and the same row of all that belongs to it), in Python `frame.dropna()`, or fill it in"
        }
        _ if are_numbers(&cell.replace(',', ".")) && cell.contains(',') => {
            "write decimal points: in Python, `pandas.read_csv(path, sep=\";\", decimal=\",\")`, then `to_csv(path, index=False)`"
        }
        _ if are_numbers(&cell) => {
            "separate the numbers by commas, in Python `np.savetxt(path, x, delimiter=\",\")`"
        }
        _ => "leave columns of text out, in Python `frame.select_dtypes(\"number\")`",
    };
    Err(format!("expected a number, got {cell:?}: {advice}"))
}

fn is_missing(cell: &str) -> bool {
    const MISSING: [&str; 9] = ["", "na", "n/a", "#n/a", "null", "none", "-", "?", "."];
    MISSING.contains(&cell.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_are_no_number_are_told_with_advice() {
        for (cell, words) in [
            ("", "the value is missing"),
            ("NaN", "the value is missing"),
            ("NA", "dropna"),
            ("inf", "the value is missing"),
            ("left", "select_dtypes"),
            ("2024-01-05 10:00", "select_dtypes"),
            ("1 2 3", "delimiter"),
            ("16777217", "larger units"),
            ("1e300", "rescale"),
            ("1,5", "decimal points"),
        ] {
            let text = number(cell.as_bytes()).unwrap_err();
            assert!(text.starts_with(&format!("expected a number, got {cell:?}: ")));
            assert!(text.contains(words), "{cell}: {text}");
        }
        assert_eq!(number(b" 1e-1 "), Ok((0.1, 0.1)));
        assert!(number(b"\xb0").is_err());
    }
}
