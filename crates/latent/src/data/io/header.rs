//! The header of an array in NumPy's format: type, order and shape of the numbers after it.
//!
//! ```text
//! \x93NUMPY | version (2 bytes) | length of the text (2 bytes, or 4 since version 2) | text | numbers
//! text:  {'descr': '<f8', 'fortran_order': False, 'shape': (1000, 30), }
//! ```
//!
//! ndarray-npy reads the numbers. What the header promises is looked at first: a type that is no
//! number gets a sentence of its own, and memory is reserved only for what is there.

use super::kind::Kind;
use std::io::Read;

/// No header of a matrix comes near.
const LARGEST: usize = 1 << 20;

/// The types that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
}

impl Type {
    /// Bytes of a number.
    pub(super) fn size(self) -> u64 {
        match self {
            Type::Bool | Type::I8 | Type::U8 => 1,
            Type::I16 | Type::U16 => 2,
            Type::I32 | Type::U32 | Type::F32 => 4,
            Type::I64 | Type::U64 | Type::F64 => 8,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    /// The header as it is, for ndarray-npy.
    pub bytes: Vec<u8>,
    pub fortran: bool,
    pub shape: Vec<usize>,
    descr: String,
}

impl Header {
    /// Reads up to the first number.
    pub(super) fn read(reader: &mut impl Read) -> Result<Self, String> {
        let cut_short = |_| "it is cut short within its header: copy it again".to_owned();
        let mut bytes = vec![0; 10];
        reader.read_exact(&mut bytes).map_err(cut_short)?;
        if Kind::of(&bytes) != Kind::Npy {
            return Err("it is not in NumPy's format: save it again".to_owned());
        }
        let mut length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        if bytes[6] >= 2 {
            let mut rest = [0; 2];
            reader.read_exact(&mut rest).map_err(cut_short)?;
            bytes.extend(rest);
            length += usize::from(u16::from_le_bytes(rest)) << 16;
        }
        if length > LARGEST {
            return Err(format!("a header of {length} bytes: the file is damaged"));
        }
        let start = bytes.len();
        bytes.resize(start + length, 0);
        reader.read_exact(&mut bytes[start..]).map_err(cut_short)?;
        let text = String::from_utf8_lossy(&bytes[start..]).into_owned();
        let (descr, fortran, shape) = parse(&text)
            .ok_or_else(|| format!("its header cannot be understood: {}", text.trim()))?;
        Ok(Self {
            bytes,
            fortran,
            shape,
            descr,
        })
    }

    /// The number of values, unless it is beyond all sizes.
    pub(super) fn count(&self) -> Option<u64> {
        let sizes = self.shape.iter().map(|&size| size as u64);
        sizes.into_iter().try_fold(1_u64, u64::checked_mul)
    }

    /// The type of the numbers, or what is there instead and what to do.
    pub(super) fn numbers(&self) -> Result<Type, String> {
        let descr = self.descr.as_str();
        let code = descr.trim_start_matches(['<', '>', '=', '|']);
        Ok(match code {
            "b1" => Type::Bool,
            "i1" => Type::I8,
            "i2" => Type::I16,
            "i4" => Type::I32,
            "i8" => Type::I64,
            "u1" => Type::U8,
            "u2" => Type::U16,
            "u4" => Type::U32,
            "u8" => Type::U64,
            "f4" => Type::F32,
            "f8" => Type::F64,
            _ => return Err(other_type(descr, code)),
        })
    }
}

fn other_type(descr: &str, code: &str) -> String {
    let (found, advice) = match code.chars().next() {
        Some('[') => (
            format!(
                "a structured array with the fields {}",
                fields(descr).join(", ")
            ),
            "save one field, `x[\"name\"]`, or all side by side, `np.column_stack([x[name] for name in x.dtype.names])`",
        ),
        Some('O') => (
            "Python objects (often a list of rows of different lengths)".to_owned(),
            "they are stored as a pickle, which only Python reads. Count the spikes in bins of equal length first, then save one array of numbers: `np.array(rows, dtype=np.float32)`",
        ),
        Some('U' | 'S' | 'a') => (
            "strings".to_owned(),
            "save numbers; names of groups become numbers by `np.unique(x, return_inverse=True)[1]`",
        ),
        Some('M') => (
            "dates".to_owned(),
            "save seconds: `(x - x[0]) / np.timedelta64(1, \"s\")`",
        ),
        Some('m') => (
            "durations".to_owned(),
            "save seconds: `x / np.timedelta64(1, \"s\")`",
        ),
        Some('c') => (
            "complex numbers".to_owned(),
            "save `np.abs(x)`, or `x.real` and `x.imag`",
        ),
        Some('f') => (
            format!("numbers of another size ({descr})"),
            "save `x.astype(np.float32)`",
        ),
        _ => (
            format!("values of the type {descr}"),
            "save `x.astype(np.float32)`",
        ),
    };
    format!("expected numbers (float32, float64, whole numbers or bool), got {found}: {advice}")
}

/// The names in `[('time', '<f8'), ('rate', '<f4')]`.
fn fields(descr: &str) -> Vec<&str> {
    let starts = descr.split('(').skip(1);
    let names = starts.filter_map(|part| part.split(['\'', '"']).nth(1));
    names.collect()
}

/// Type, order and shape.
fn parse(text: &str) -> Option<(String, bool, Vec<usize>)> {
    let descr = after(text, "descr")?;
    let descr = match descr.chars().next()? {
        quote @ ('\'' | '"') => descr[1..].split(quote).next()?,
        // The last key but one of NumPy's order ends the list of fields.
        '[' => descr.rsplit_once(']')?.0,
        _ => return None,
    };
    let fortran = after(text, "fortran_order")?;
    let fortran = match fortran {
        _ if fortran.starts_with("True") => true,
        _ if fortran.starts_with("False") => false,
        _ => return None,
    };
    let shape = after(text, "shape")?.strip_prefix('(')?;
    let sizes = shape.split(')').next()?.split(',').map(str::trim);
    let sizes = sizes.filter(|size| !size.is_empty());
    let shape = sizes.map(|size| size.parse().ok()).collect::<Option<_>>()?;
    Some((descr.to_owned(), fortran, shape))
}

/// What stands after a key of the header. The last place counts: a field of a structured array may
/// have the same name.
fn after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let places = ['\'', '"'].map(|quote| format!("{quote}{key}{quote}:"));
    let place = |key: &String| text.rfind(key).map(|at| at + key.len());
    let at = places.iter().filter_map(place).max()?;
    Some(text[at..].trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Result<Header, String> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.as_bytes());
        Header::read(&mut &bytes[..])
    }

    fn of_type(descr: &str) -> Result<Type, String> {
        let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (3, 4), }}   \n");
        header(&text).unwrap().numbers()
    }

    #[test]
    fn order_and_shape_are_those_of_the_header() {
        let found =
            header("{'descr': '>i2', 'fortran_order': True, 'shape': (3,), }    \n").unwrap();
        assert_eq!((found.fortran, &found.shape[..]), (true, &[3][..]));
        assert_eq!(found.numbers(), Ok(Type::I16));
        // As other programs write it.
        let found = header("{\"shape\":(2,5),\"descr\":\"<f4\",\"fortran_order\":False}").unwrap();
        assert_eq!((found.fortran, &found.shape[..]), (false, &[2, 5][..]));
        assert_eq!(found.numbers(), Ok(Type::F32));
        let found = header("{'descr': '|b1', 'fortran_order': False, 'shape': (), }").unwrap();
        assert!(found.shape.is_empty());
        assert_eq!(found.count(), Some(1));
    }

    #[test]
    fn what_is_no_number_gets_its_own_advice() {
        for (descr, words) in [
            ("'<U7'", ["strings", "np.unique"]),
            ("'|S3'", ["strings", "np.unique"]),
            ("'|O'", ["Python objects", "bins of equal length"]),
            ("'<M8[ns]'", ["dates", "timedelta64"]),
            ("'<c16'", ["complex", "np.abs"]),
            ("'<f2'", ["<f2", "astype(np.float32)"]),
            (
                "[('time', '<f8'), ('shape', '<f4', (2,))]",
                ["time, shape", "column_stack"],
            ),
        ] {
            let text = of_type(descr).unwrap_err();
            assert!(words.iter().all(|word| text.contains(word)), "{text}");
        }
    }

    #[test]
    fn a_damaged_header_is_an_error() {
        for text in [
            "",
            "{'descr': '<f4', 'shape': (3, 4), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, -4), }",
            "{'descr': <f4, 'fortran_order': False, 'shape': (3, 4), }",
            "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (3, 4), }",
        ] {
            let error = header(text).unwrap_err();
            assert!(error.contains("cannot be understood"), "{error}");
        }
        let error = Header::read(&mut &b"\x93NUMPY\x01\x00\xff\xff{"[..]).unwrap_err();
        assert!(error.contains("cut short"), "{error}");
        let error = Header::read(&mut &b"\x93NUMPY\x02\x00\xff\xff\xff\xff{"[..]).unwrap_err();
        assert!(error.contains("damaged"), "{error}");
        let huge =
            "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999, 9999999999), }";
        assert_eq!(header(huge).unwrap().count(), None);
    }
}
