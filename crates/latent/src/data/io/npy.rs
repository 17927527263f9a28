//! `.npy`: one array of NumPy.

use super::header::{Header, Type};
use super::kind::Kind;
use super::number::{self, Number};
use super::place::Place;
use super::shape::Form;
use super::times::Times;
use crate::error::{Error, Result};
use crate::{interrupt, memory};
use ndarray::{Array1, Array2, ArrayD};
use ndarray_npy::{ReadNpyExt, ReadableElement};
use std::io::{Cursor, Read};
use std::path::Path;

/// A matrix from an `.npy` file, as NumPy's `np.save` writes it (n, d): one sample a row.
///
/// ```
/// use latent::prelude::*;
/// # let file = std::env::temp_dir().join("latent-doc-read-npy.npy");
/// # latent::data::io::write_npy(&file, &array![[1.0, 0.0], [2.0, 3.0], [0.0, 1.0]])?;
/// let counts = latent::data::io::read_npy(&file)?; // in Python: np.save(file, counts)
/// assert_eq!(counts.dim(), (3, 2)); // 3 bins, 2 cells
/// # std::fs::remove_file(&file).ok();
/// # Ok::<(), latent::Error>(())
/// ```
///
/// [Which numbers are read](crate::data::io#which-numbers-are-read), and what becomes of them.
///
/// # Errors
/// [`Error::DataFile`] if the file is missing, of another kind, not a matrix, or holds other things
/// than finite numbers; [`Error::Truncated`] and [`Error::TrailingBytes`] if it is damaged;
/// [`Error::Memory`] if it does not fit into the available memory; [`Error::Io`] if the system
/// cannot read it.
pub fn read_npy(path: impl AsRef<Path>) -> Result<Array2<f32>> {
    matrix_of(Place::file(path.as_ref()))
}

/// A vector from an `.npy` file (n): the heading in each bin, say. A matrix of one row or of one
/// column is a vector too, since MATLAB has no other.
///
/// ```
/// use latent::prelude::*;
/// # let file = std::env::temp_dir().join("latent-doc-read-npy-vector.npy");
/// # latent::data::io::write_npy_vector(&file, &[0.1_f32, 0.2, 0.4])?;
/// let heading = latent::data::io::read_npy_vector(&file)?; // in Python: np.save(file, heading)
/// assert_eq!(heading.len(), 3);
/// let labels = heading.mapv(|angle| (angle * 10.0) as usize); // whole numbers, as classes
/// assert_eq!(labels, array![1, 2, 4]);
/// # std::fs::remove_file(&file).ok();
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`read_npy`].
pub fn read_npy_vector(path: impl AsRef<Path>) -> Result<Array1<f32>> {
    vector_of(Place::file(path.as_ref()))
}

fn matrix_of(place: Place) -> Result<Array2<f32>> {
    let (file, length) = place.open(Kind::Npy)?;
    matrix(place, file, length)
}

fn vector_of(place: Place) -> Result<Array1<f32>> {
    let (file, length) = place.open(Kind::Npy)?;
    vector(place, file, length)
}

/// A matrix from `length` bytes in NumPy's format.
pub(super) fn matrix(place: Place, reader: impl Read, length: u64) -> Result<Array2<f32>> {
    let (shape, numbers) = read(place, Form::Matrix, reader, length)?;
    let array = Array2::from_shape_vec((shape[0], shape[1]), numbers);
    array.map_err(|error| place.unusable(error.to_string()))
}

/// The same for a vector.
pub(super) fn vector(place: Place, reader: impl Read, length: u64) -> Result<Array1<f32>> {
    let (_, numbers) = read(place, Form::Vector, reader, length)?;
    Ok(Array1::from_vec(numbers))
}

/// The shape, and all numbers row by row.
fn read(
    place: Place,
    form: Form,
    mut reader: impl Read,
    length: u64,
) -> Result<(Vec<usize>, Vec<f32>)> {
    let unusable = |problem| place.unusable(problem);
    let header = Header::read(&mut reader).map_err(unusable)?;
    let kind = header.numbers().map_err(unusable)?;
    form.check(&header.shape).map_err(unusable)?;
    let count = header.count().unwrap_or(u64::MAX);
    let body = count.saturating_mul(kind.size());
    check_length(
        place,
        (header.bytes.len() as u64).saturating_add(body),
        length,
    )?;
    let result = count.saturating_mul(size_of::<f32>() as u64);
    memory::check(
        || {
            let sizes: Vec<_> = header.shape.iter().map(ToString::to_string).collect();
            format!("{} ({})", place.path.display(), sizes.join(" x "))
        },
        body.saturating_add(result),
    )?;
    interrupt::check()?;

    // The one byte more makes the reader of an archive compare its checksum.
    let whole = Cursor::new(&header.bytes).chain(reader.take(body.saturating_add(1)));
    let shape = &header.shape;
    let numbers = match kind {
        Type::Bool => numbers::<bool>(place, form, shape, whole),
        Type::I8 => numbers::<i8>(place, form, shape, whole),
        Type::I16 => numbers::<i16>(place, form, shape, whole),
        Type::I32 => numbers::<i32>(place, form, shape, whole),
        Type::I64 => numbers::<i64>(place, form, shape, whole),
        Type::U8 => numbers::<u8>(place, form, shape, whole),
        Type::U16 => numbers::<u16>(place, form, shape, whole),
        Type::U32 => numbers::<u32>(place, form, shape, whole),
        Type::U64 => numbers::<u64>(place, form, shape, whole),
        Type::F32 => numbers::<f32>(place, form, shape, whole),
        Type::F64 => {
            let array = array::<f64>(place, whole)?;
            let numbers = number::convert(place, form, shape, array.iter().copied())?;
            let mut times = Times::new(if form == Form::Matrix { shape[1] } else { 1 });
            for (&exact, &rounded) in array.iter().zip(&numbers) {
                times.see(exact, rounded);
            }
            if let Some((column, problem)) = times.lost() {
                return Err(place.unusable(match form {
                    Form::Matrix => format!("column {column} (counted from 0): {problem}"),
                    Form::Vector => problem,
                }));
            }
            Ok(numbers)
        }
    }?;
    Ok((header.shape, numbers))
}

fn numbers<N: Number + ReadableElement>(
    place: Place,
    form: Form,
    shape: &[usize],
    reader: impl Read,
) -> Result<Vec<f32>> {
    let array = array::<N>(place, reader)?;
    number::convert(place, form, shape, array.iter().copied())
}

fn array<N: ReadableElement>(place: Place, reader: impl Read) -> Result<ArrayD<N>> {
    ArrayD::read_npy(reader).map_err(|error| {
        place.unusable(format!(
            "its numbers cannot be read ({error}): copy or save the file again"
        ))
    })
}

fn check_length(place: Place, expected: u64, found: u64) -> Result<()> {
    let path = place.path.to_path_buf();
    match found.cmp(&expected) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(Error::Truncated {
            path,
            expected,
            found,
        }),
        std::cmp::Ordering::Greater => Err(Error::TrailingBytes {
            path,
            expected,
            found,
        }),
    }
}
