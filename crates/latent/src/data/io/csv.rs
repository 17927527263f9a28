//! Tables as text: CSV with a header.
//!
//! ```text
//! time,cell 1,cell 2      names of the columns; separated by commas, semicolons or tabs
//! 0.00,0,3                numbers with a decimal point
//! 0.02,2,1
//! ```

use super::cell::{self, text};
use super::kind::Kind;
use super::lines::{line_at, survey};
use super::place::Place;
use super::table::Table;
use super::times::Times;
use crate::error::Result;
use crate::{interrupt, memory};
use csv::{ByteRecord, Position, ReaderBuilder};
use ndarray::{Array2, s};
use std::io::BufReader;
use std::path::Path;

/// Numbers between two looks at an interrupt.
const BETWEEN: usize = 100_000;

/// A table from a CSV file: names of the columns in the first line, numbers in all others.
///
/// ```
/// use latent::prelude::*;
/// # let file = std::env::temp_dir().join("latent-doc-read-csv.csv");
/// # std::fs::write(&file, "time,cell 1,cell 2\n0.00,0,3\n0.02,2,1\n").unwrap();
/// let table = latent::data::io::read_csv(&file)?; // in Python: frame.to_csv(file, index=False)
/// assert_eq!(table.names, ["time", "cell 1", "cell 2"]);
/// let counts = table.without(&["time"])?.values;
/// assert_eq!(counts, array![[0.0, 3.0], [2.0, 1.0]]);
/// # std::fs::remove_file(&file).ok();
/// # Ok::<(), latent::Error>(())
/// ```
///
/// The separator is the tab or the semicolon if the first line contains one, and the comma
/// otherwise. The mark that Excel writes before the first letter is passed over, and so is the `#`
/// before a header by `np.savetxt`. A first column that has no name and counts the rows (pandas
/// writes it unless it is told `index=False`) is left out.
///
/// [Which numbers are read](crate::data::io#which-numbers-are-read), and what becomes of them.
///
/// # Errors
/// [`Error::DataFile`](crate::Error::DataFile) if the file is missing or no text, if it has no
/// header, and with the line for rows of different lengths and for what is not a finite number;
/// [`Error::Memory`](crate::Error::Memory) if the table does not fit into the available memory;
/// [`Error::Io`](crate::Error::Io) if the system cannot read it.
pub fn read_csv(path: impl AsRef<Path>) -> Result<Table> {
    read(Place::file(path.as_ref()), true)
}

/// A table from a CSV file that has numbers in its first line too, as MATLAB's `writematrix` and
/// NumPy's `np.savetxt(file, x, delimiter=",")` write it. Its columns are named `0`, `1`, and so on.
///
/// ```
/// use latent::prelude::*;
/// # let file = std::env::temp_dir().join("latent-doc-read-csv-without-header.csv");
/// # std::fs::write(&file, "0,3\n2,1\n").unwrap();
/// let counts = latent::data::io::read_csv_without_header(&file)?.values;
/// assert_eq!(counts, array![[0.0, 3.0], [2.0, 1.0]]);
/// # std::fs::remove_file(&file).ok();
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`read_csv`].
pub fn read_csv_without_header(path: impl AsRef<Path>) -> Result<Table> {
    read(Place::file(path.as_ref()), false)
}

fn read(place: Place, has_header: bool) -> Result<Table> {
    let (mut file, _) = place.open(Kind::Text)?;
    let (separator, lines) = survey(&mut file).map_err(|source| place.io(source))?;
    let failed = |error: csv::Error| place.unusable(format!("it cannot be read as CSV ({error})"));
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(BufReader::new(file));
    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(failed)? {
        return Err(place.unusable("it holds nothing but empty lines"));
    }
    let columns = record.len();
    memory::check_matrix(&place.path.display().to_string(), lines, columns)?;
    let mut names = names(&record);
    if !has_header {
        names = (0..columns).map(|column| column.to_string()).collect();
        reader.seek(Position::new()).map_err(failed)?;
    } else if is_numbers(&names) {
        return Err(place.unusable(
            "expected the names of the columns in the first line, got numbers: write names there, or read the file with `read_csv_without_header`",
        ));
    }

    let mut values = Vec::with_capacity(lines * columns);
    let mut times = Times::new(columns);
    while reader.read_byte_record(&mut record).map_err(failed)? {
        let wrong = |at: String, problem: String| {
            let line = line_at(place, record.position().map_or(0, Position::byte))?;
            Err(place.unusable(format!("line {line}{at}: {problem}")))
        };
        if record.len() != columns {
            return wrong(String::new(), ragged(&record, columns, separator));
        }
        for (name, cell) in names.iter().zip(&record) {
            match cell::number(cell) {
                Ok((exact, rounded)) => {
                    times.see(exact, rounded);
                    values.push(rounded);
                }
                Err(problem) => return wrong(format!(", column `{name}`"), problem),
            }
        }
        if values.len() % BETWEEN < columns {
            interrupt::check()?;
        }
    }
    if values.is_empty() {
        return Err(place.unusable("it has a header, but no line of numbers below"));
    }
    if let Some((column, problem)) = times.lost() {
        return Err(place.unusable(format!("column `{}`: {problem}", names[column])));
    }
    let values = Array2::from_shape_vec((values.len() / columns, columns), values);
    let values = values.map_err(|error| place.unusable(error.to_string()))?;
    Ok(without_index(Table { names, values }))
}

/// The cells of the first line, as text.
fn names(record: &ByteRecord) -> Vec<String> {
    let mut names: Vec<String> = record.iter().map(text).collect();
    if let Some(rest) = names[0].strip_prefix('#') {
        names[0] = rest.trim().to_owned();
    }
    names
}

/// Whether a first line is one of the data. Column numbers from 0 are names: pandas gives them to
/// an array.
fn is_numbers(names: &[String]) -> bool {
    let counted = names.iter().enumerate();
    let is_counted = names.len() > 2 && { counted }.all(|(i, name)| *name == i.to_string());
    !is_counted && names.iter().all(|name| name.parse::<f64>().is_ok())
}

fn ragged(record: &ByteRecord, columns: usize, separator: u8) -> String {
    let found = record.len();
    let advice = if separator == b',' && found == 2 * columns {
        "are these decimal commas? Write decimal points"
    } else if found == columns + 1 && record.iter().next_back().is_some_and(<[u8]>::is_empty) {
        "the line ends in a separator: remove it"
    } else {
        "write one value for each column in every line"
    };
    format!("the number of values is {found}, expected {columns} as in the first line: {advice}")
}

/// Without a column of row numbers.
fn without_index(mut table: Table) -> Table {
    let numbers = table.values.column(0);
    let counts_from = |first: f32| {
        let mut rows = numbers.iter().enumerate();
        rows.all(|(row, &number)| number == row as f32 + first)
    };
    let is_index = table.names[0].is_empty() && (counts_from(0.0) || counts_from(1.0));
    if is_index && table.names.len() > 1 {
        table.names.remove(0);
        table.values = table.values.slice(s![.., 1..]).to_owned();
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn read_text(text: &[u8], has_header: bool) -> Result<Table> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        read(Place::file(file.path()), has_header)
    }

    fn refusal(text: &str) -> String {
        read_text(text.as_bytes(), true).unwrap_err().to_string()
    }

    #[test]
    fn usual_tables_are_read() {
        let expected = array![[0.5, 3.0], [2.0, -1.0]];
        for text in [
            "a,b\n0.5,3\n2,-1\n",
            "a,b\r\n0.5,3\r\n2,-1",
            "a,b\r0.5,3\r2,-1\r",
            "\u{feff}a,b\n0.5,3\n2,-1\n",
            "a;b\n0.5;3\n2;-1\n",
            "a\tb\n0.5\t3\n2\t-1\n",
            "\"a\",\"b\"\n\"0.5\",\"3\"\n2,-1\n",
            "# a,b\n 5e-1 , +3\n2., -1.0\n\n",
            ",a,b\n0,0.5,3\n1,2,-1\n",
            "\"\",\"a\",\"b\"\n\"1\",0.5,3\n\"2\",2,-1\n",
        ] {
            let table = read_text(text.as_bytes(), true).unwrap();
            assert_eq!(table.names, ["a", "b"], "{text:?}");
            assert_eq!(table.values, expected, "{text:?}");
        }
        for text in ["0.5,3\n2,-1\n", "\u{feff}0.5;3\r\n2;-1\r\n"] {
            let table = read_text(text.as_bytes(), false).unwrap();
            assert_eq!(
                (table.names.join(" "), table.values),
                ("0 1".into(), expected.clone())
            );
        }
    }

    #[test]
    fn a_first_column_with_a_name_or_with_other_numbers_is_kept() {
        for (text, names) in [
            ("i,a\n0,5\n1,6\n", ["i", "a"]),
            (",a\n0,5\n2,6\n", ["", "a"]),
        ] {
            let table = read_text(text.as_bytes(), true).unwrap();
            assert_eq!(table.names, names);
            assert_eq!(table.values.ncols(), 2);
        }
        let alone = read_text(b"\"\"\n0\n1\n", true).unwrap();
        assert_eq!(alone.values.ncols(), 1);
    }

    #[test]
    fn column_numbers_of_pandas_are_names_and_other_numbers_are_not() {
        let table = read_text(b"0,1,2\n5,6,7\n", true).unwrap();
        assert_eq!(table.values, array![[5.0, 6.0, 7.0]]);
        for text in [
            "0.5,3\n2,-1\n",
            "0,1\n1,0\n",
            "7\n8\n",
            "0,1,2,0\n1,1,1,1\n",
        ] {
            assert!(refusal(text).contains("read_csv_without_header"));
        }
    }

    #[test]
    fn ragged_rows_are_named_with_their_line() {
        for end in ["\n", "\r\n", "\r"] {
            let text = refusal(&"a,b\n1,2\n\n3\n".replace('\n', end));
            assert!(
                text.contains("line 4: the number of values is 1, expected 2"),
                "{text}"
            );
        }
        let text = refusal("a,b\n1,2,\n");
        assert!(text.contains("ends in a separator"), "{text}");
        let text = refusal("a,b\n1,5,2,5\n");
        assert!(text.contains("decimal commas"), "{text}");
    }

    #[test]
    fn what_is_no_number_is_named_with_line_and_column() {
        let text = refusal("a,rate\r\n1,2\r\n3,left\r\n");
        let words = "line 3, column `rate`: expected a number, got \"left\"";
        assert!(text.contains(words), "{text}");
        assert!(refusal("a;b\n1;2,5\n").contains("write decimal points"));
        let text = refusal("time,a\n1764172800.25,1\n1764172800.75,0\n");
        assert!(
            text.contains("column `time`: the values increase"),
            "{text}"
        );
        let latin = read_text(b"h\xf6he,b\n1,\xb0\n", true).unwrap_err();
        assert!(latin.to_string().contains("column `b`: expected a number"));
    }

    #[test]
    fn files_without_numbers_are_refused() {
        assert!(refusal("").contains("an empty file (0 bytes)"));
        assert!(refusal("\n\n").contains("nothing but empty lines"));
        assert!(refusal("a,b\n").contains("no line of numbers"));
        let text = read_text(b"\xff\xfea\0,\0b\0", true)
            .unwrap_err()
            .to_string();
        assert!(text.contains("CSV UTF-8"), "{text}");
    }
}
