//! `.npz`: several arrays of NumPy in a ZIP archive, compressed or not, each by its name.

use super::kind::Kind;
use super::npy;
use super::place::Place;
use crate::error::Result;
use ndarray::{Array1, Array2};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use zip::ZipArchive;
use zip::read::ZipFile;

/// What NumPy adds to the name of each array.
const ENDING: &str = ".npy";

type Archive = ZipArchive<BufReader<File>>;

/// The names of the arrays in an `.npz` file, in their order.
///
/// ```
/// use latent::prelude::*;
/// # let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/io/numbers.npz");
/// let names = latent::data::io::npz_names(file)?; // in Python: np.load(file).files
/// assert!(names.contains(&"f8".to_owned()));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::DataFile`](crate::Error::DataFile) if the file is missing, damaged or of another kind;
/// [`Error::Io`](crate::Error::Io) if the system cannot read it.
pub fn npz_names(path: impl AsRef<Path>) -> Result<Vec<String>> {
    list(path.as_ref())
}

/// One matrix by its name from an `.npz` file, as NumPy's `np.savez` and `np.savez_compressed` write
/// it (n, d): one sample a row.
///
/// ```
/// use latent::prelude::*;
/// # let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/io/numbers.npz");
/// let counts = latent::data::io::read_npz(file, "u1")?; // in Python: np.savez(file, u1=counts)
/// assert_eq!(counts.dim(), (2, 3)); // 2 bins, 3 cells
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`read_npy`](crate::data::io::read_npy), and [`Error::DataFile`](crate::Error::DataFile) with the
/// names that there are if there is no such array.
pub fn read_npz(path: impl AsRef<Path>, name: &str) -> Result<Array2<f32>> {
    matrix(path.as_ref(), name)
}

/// One vector by its name from an `.npz` file (n).
///
/// ```
/// use latent::prelude::*;
/// # let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/io/others.npz");
/// let vector = latent::data::io::read_npz_vector(file, "vector")?; // in Python: np.load(file)["vector"]
/// assert_eq!(vector.len(), 6);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`read_npz`] and [`read_npy_vector`](crate::data::io::read_npy_vector).
pub fn read_npz_vector(path: impl AsRef<Path>, name: &str) -> Result<Array1<f32>> {
    vector(path.as_ref(), name)
}

fn list(path: &Path) -> Result<Vec<String>> {
    Ok(names(&open(Place::file(path))?))
}

fn matrix(path: &Path, name: &str) -> Result<Array2<f32>> {
    let mut archive = open(Place::file(path))?;
    let (place, array) = find(path, &mut archive, name)?;
    let length = array.size();
    npy::matrix(place, array, length)
}

fn vector(path: &Path, name: &str) -> Result<Array1<f32>> {
    let mut archive = open(Place::file(path))?;
    let (place, array) = find(path, &mut archive, name)?;
    let length = array.size();
    npy::vector(place, array, length)
}

fn open(place: Place) -> Result<Archive> {
    let (file, _) = place.open(Kind::Zip)?;
    let archive = ZipArchive::new(BufReader::new(file));
    let archive = archive.map_err(|error| {
        place.unusable(format!(
            "the archive is damaged or cut short ({error}): copy or save it again"
        ))
    })?;
    if archive.index_for_name("xl/workbook.xml").is_some() {
        return Err(place.unusable(Kind::Excel.instead_of(Kind::Zip)));
    }
    Ok(archive)
}

fn names(archive: &Archive) -> Vec<String> {
    let names = archive.file_names();
    let arrays = names.filter_map(|name| name.strip_suffix(ENDING));
    arrays.map(str::to_owned).collect()
}

fn find<'a, 'b>(
    path: &'a Path,
    archive: &'b mut Archive,
    name: &'a str,
) -> Result<(Place<'a>, ZipFile<'b, BufReader<File>>)> {
    let name = name.strip_suffix(ENDING).unwrap_or(name);
    let Some(index) = archive.index_for_name(&format!("{name}{ENDING}")) else {
        let there = match names(archive).as_slice() {
            [] => "it holds no arrays of NumPy".to_owned(),
            names => format!("its arrays are `{}`", names.join("`, `")),
        };
        return Err(Place::file(path).unusable(format!("expected an array `{name}`: {there}")));
    };
    let place = Place {
        path,
        array: Some(name),
    };
    let array = archive.by_index(index);
    let array =
        array.map_err(|error| place.unusable(format!("it cannot be unpacked ({error})")))?;
    Ok((place, array))
}
