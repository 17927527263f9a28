//! `.npy` files of results, for NumPy: codes, reconstructions, components.

use super::place::Place;
use crate::error::{Error, Result};
use crate::matrix::{Matrix, Values};
use crate::{check, file, memory};
use ndarray::Array1;
use ndarray_npy::WriteNpyExt;
use std::io;
use std::path::Path;

/// Room for the header of a matrix or a vector.
const HEADER: usize = 128;

/// Writes a matrix (n, d) to an `.npy` file, as `float32`, for NumPy's `np.load`: codes,
/// reconstructions, components. The file is written whole or not at all; an older file of the same
/// name is replaced.
///
/// ```
/// use latent::prelude::*;
/// # let file = std::env::temp_dir().join("latent-doc-write-npy.npy");
/// let codes = array![[0.5, -1.0], [2.0, 0.25]];
/// latent::data::io::write_npy(&file, &codes)?;
/// assert_eq!(latent::data::io::read_npy(&file)?, codes);
/// # std::fs::remove_file(&file).ok();
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Empty`] and [`Error::NotFinite`] for a matrix that is empty or not finite;
/// [`Error::Memory`] if its bytes do not fit into the available memory; [`Error::DataFile`] if the
/// folder is missing; [`Error::Io`] if the file cannot be written, and then an older file is left as
/// it is.
pub fn write_npy(path: impl AsRef<Path>, matrix: &dyn Matrix) -> Result<()> {
    write_matrix(path.as_ref(), matrix)
}

fn write_matrix(path: &Path, matrix: &dyn Matrix) -> Result<()> {
    check::not_empty("the matrix to write", matrix)?;
    check::finite("the matrix to write", matrix)?;
    let view = matrix.view();
    // The copy of another order, and the bytes.
    memory::check_matrix("a file of a matrix", 2 * view.nrows(), view.ncols())?;
    let by_rows = view.as_standard_layout();
    write(path, &by_rows, size_of::<f32>() * view.len())
}

/// Writes a vector (n) to an `.npy` file, as `float64`: a decoded heading, say, or the explained
/// variance. An array with more dimensions is written as one vector, row by row.
///
/// ```
/// use latent::prelude::*;
/// # let file = std::env::temp_dir().join("latent-doc-write-npy-vector.npy");
/// let heading = array![0.5_f32, 2.0, 3.25];
/// latent::data::io::write_npy_vector(&file, &heading)?;
/// assert_eq!(latent::data::io::read_npy_vector(&file)?, heading);
/// # std::fs::remove_file(&file).ok();
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`write_npy`].
pub fn write_npy_vector(path: impl AsRef<Path>, values: &dyn Values) -> Result<()> {
    write_vector(path.as_ref(), values)
}

fn write_vector(path: &Path, values: &dyn Values) -> Result<()> {
    let what = "the vector to write";
    let values = Array1::from_vec(values.values());
    if values.is_empty() {
        let (rows, columns) = (0, 1);
        return Err(Error::Empty {
            what,
            rows,
            columns,
        });
    }
    if let Some(row) = values.iter().position(|value| !value.is_finite()) {
        let (value, column) = (values[row], 0);
        return Err(Error::NotFinite {
            what,
            value,
            row,
            column,
        });
    }
    write(path, &values, size_of::<f64>() * values.len())
}

fn write(path: &Path, array: &impl WriteNpyExt, size: usize) -> Result<()> {
    let failed = |source| Error::Io {
        action: "write",
        path: path.to_path_buf(),
        source,
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    if folder != Path::new("") && !folder.exists() {
        return Err(Place::file(path).unusable(format!(
            "there is no folder {0}: make it with `std::fs::create_dir_all({1:?})?`",
            folder.display(),
            folder
        )));
    }
    let mut bytes = Vec::with_capacity(size + HEADER);
    let written = array.write_npy(&mut bytes);
    written.map_err(|error| failed(io::Error::other(error)))?;
    file::write_whole(path, &bytes).map_err(failed)
}
