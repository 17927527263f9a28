//! The recording that comes with the crate, in a file as a laboratory would send it.
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
