//! Files that come with the crate for lessons 11 and 12: maps that other programs made, and a
//! recording as a laboratory would send it.
//!
//! ```text
//! counts (bins, cells), whole numbers      heading (bins), radians      time (bins), seconds
//! ```
//!
//! It is simulated, by `examples/make_recording.rs`, since the course needs no network; a file of a
//! learner's own takes its place.

use std::path::{Path, PathBuf};

/// Where the recording of lesson 12 lies: an `.npz` file of NumPy with `counts`, `heading` and
/// `time`. It is a simulation.
///
/// ```
/// use latent::data::{example_recording, io};
/// let path = example_recording();
/// assert_eq!(io::npz_names(&path)?, ["counts", "heading", "time"]);
/// let counts = io::read_npz(&path, "counts")?; // (bins, cells)
/// assert_eq!(counts.nrows(), io::read_npz_vector(&path, "heading")?.len());
/// # Ok::<(), latent::Error>(())
/// ```
pub fn example_recording() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/recording/head-direction.npz")
}

/// The folder with the maps of lesson 11, which t-SNE and UMAP made: `groups.csv`, `noise.csv` and
/// `digits.csv`, with the columns `NAME_x` and `NAME_y` for each map, and the script that made them.
///
/// ```
/// use latent::data::{example_embeddings, io};
/// let groups = io::read_csv(example_embeddings().join("groups.csv"))?;
/// assert_eq!(groups.column("true_x")?.len(), 300);
/// # Ok::<(), latent::Error>(())
/// ```
pub fn example_embeddings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/embeddings")
}
