//! Recordings of your own: matrices and vectors from files of NumPy and from tables as text, and
//! results in files that NumPy reads.
//!
//! ```text
//! counts.npy       one array               read_npy, read_npy_vector; write_npy, write_npy_vector
//! recording.npz    several, by name        npz_names, read_npz, read_npz_vector
//! counts.csv       a table with a header   read_csv, read_csv_without_header -> Table
//! ```
//!
//! A matrix has one sample a row: bins x cells, not cells x bins.
//!
//! ```
//! use latent::prelude::*;
//! # let folder = std::env::temp_dir().join(format!("latent-doc-io-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! # std::env::set_current_dir(&folder).unwrap();
//! # latent::data::io::write_npy("counts.npy", &random::uniform(50, 6, 0.0, 9.0, 1)?)?;
//! let counts = latent::data::io::read_npy("counts.npy")?; // np.save("counts.npy", counts) in Python
//! let pca = Pca::fit(&counts.mapv(f32::sqrt), 2)?;
//! let codes = pca.encode(&counts.mapv(f32::sqrt))?;
//! latent::data::io::write_npy("codes.npy", &codes)?; // np.load("codes.npy") in Python
//! latent::data::io::write_npy("components.npy", pca.components())?;
//! # assert_eq!(latent::data::io::read_npy("codes.npy")?, codes);
//! # std::fs::remove_dir_all(&folder).ok();
//! # Ok::<(), latent::Error>(())
//! ```
//!
//! # Which numbers are read
//!
//! | in the file | here |
//! | --- | --- |
//! | `float32` | as it is |
//! | `bool` | 0 and 1 |
//! | whole numbers (`int8` to `int64`, `uint8` to `uint64`, and whole numbers stored as `float64` or in a table) | exact. One that `f32` cannot hold exactly is an error: this can only happen above 2^24 = 16,777,216, for example with time stamps in microseconds |
//! | other `float64` numbers | rounded to the nearest `f32`, which keeps about 7 digits. A number beyond the range of `f32` is an error, and so are times, that is increasing numbers in a vector or a column, of which two would become equal |
//! | NaN and infinity, empty cells of a table | an error that names the row and the column |
//!
//! Files may be in the byte order of any processor, and in the order of C or Fortran (MATLAB); the
//! result always has its rows one after another. Whether the numbers fit into memory is asked
//! before they are read. Nothing in a file is ever run: an array of Python objects is refused.

mod cell;
mod csv;
mod header;
mod kind;
mod lines;
mod npy;
mod npz;
mod number;
mod place;
mod shape;
mod table;
mod times;
mod write;

pub use csv::{read_csv, read_csv_without_header};
pub use npy::{read_npy, read_npy_vector};
pub use npz::{npz_names, read_npz, read_npz_vector};
pub use table::Table;
pub use write::{write_npy, write_npy_vector};
