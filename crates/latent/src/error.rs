//! Every error of the crate, in one enum.
//!
//! A message says what was expected, what was found, and what to do where that is certain. Sizes
//! are written as `rows x columns`. One enum serves all rooms: most variants occur in several of
//! them (a wrong width, an empty array, NaN), and a learner meets one type under one name.

use std::path::PathBuf;

/// The crate's result type.
///
/// ```
/// use latent::prelude::*;
/// fn first_share(samples: &Array2<f32>) -> Result<f64> {
///     Ok(Pca::fit(samples, 1)?.explained_variance_ratio()[0])
/// }
/// assert!(first_share(&array![[0.0, 0.0], [1.0, 1.0], [2.0, 2.1]])? > 0.99);
/// # Ok::<(), latent::Error>(())
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The default learning rate after a larger one, a tenth of any other.
fn smaller_rate(rate: f32) -> String {
    if rate > 1e-3 {
        "the default learning rate, 0.001".to_string()
    } else {
        format!("a learning rate of {}", rate / 10.0)
    }
}

/// Bytes as "1.2 GB".
fn gigabytes(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}

/// What can go wrong. The text of an error is written for the person who caused it.
///
/// ```
/// use latent::prelude::*;
/// let error = Pca::fit(&array![[1.0, 2.0], [3.0, 5.0]], 7).unwrap_err();
/// assert!(matches!(error, Error::Components { asked: 7, most: 2, .. }));
/// println!("{error}"); // what was expected, and what was found
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An array without rows or without columns.
    #[error("{what} is empty ({rows} x {columns}): expected at least one row and one column")]
    Empty {
        /// What the array is.
        what: &'static str,
        /// Its number of rows.
        rows: usize,
        /// Its number of columns.
        columns: usize,
    },

    /// Samples, or codes of samples, with another number of columns than is needed.
    #[error(
        "{what}: expected {}, got {columns} (rows are samples){}",
        counted(*expected, "column"),
        transposed(rows == expected, *rows, *columns)
    )]
    Width {
        /// What the array is.
        what: &'static str,
        /// Columns needed.
        expected: usize,
        /// Rows found.
        rows: usize,
        /// Columns found.
        columns: usize,
    },

    /// Labels and samples of different number.
    #[error("expected {} (one for each sample), got {labels}", counted(*samples, "label"))]
    LabelCount {
        /// Rows of the samples.
        samples: usize,
        /// Number of labels.
        labels: usize,
    },

    /// More samples asked for than there are.
    #[error("expected at most {}, got {asked}: there are no more", counted(*samples, "sample"))]
    Split {
        /// Samples asked for.
        asked: usize,
        /// Samples there are.
        samples: usize,
    },

    /// A batch of no samples, or of more than there are.
    #[error("expected a batch size between 1 and the number of samples ({samples}), got {asked}")]
    BatchSize {
        /// Batch size asked for.
        asked: usize,
        /// Samples there are.
        samples: usize,
    },

    /// NaN or infinity in the data.
    #[error(
        "expected finite values in {what}, got {value} at row {row}, column {column} (counted from 0)"
    )]
    NotFinite {
        /// What the array is.
        what: &'static str,
        /// The offending value.
        value: f64,
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
    },

    /// Fewer samples than something needs to make sense.
    #[error(
        "{} too few: at least {needed} are needed",
        if *samples == 1 { "1 sample is".to_owned() } else { format!("{samples} samples are") }
    )]
    TooFewSamples {
        /// Samples needed.
        needed: usize,
        /// Samples found.
        samples: usize,
    },

    /// A number of components that the data cannot give.
    #[error(
        "expected 1 to {most} components (the smaller of {} and {}), got {asked}",
        counted(*samples, "sample"),
        counted(*features, "feature")
    )]
    Components {
        /// Components asked for.
        asked: usize,
        /// Samples, n.
        samples: usize,
        /// Features, d.
        features: usize,
        /// The smaller of n and d.
        most: usize,
    },

    /// Points to draw in a plane that have other than two coordinates.
    #[error(
        "expected points with 2 columns (x and y), got {columns}: pick two columns with `points.select(Axis(1), &[0, 1])`, or encode the samples with 2 components"
    )]
    NotPlanar {
        /// Rows found.
        rows: usize,
        /// Columns found.
        columns: usize,
    },

    /// A figure of a two-dimensional latent space, called with a codec of other dimensions.
    #[error(
        "expected a latent space of 2 dimensions, got {found}: `figure::traversal` draws any number"
    )]
    LatentNotPlanar {
        /// Dimensions of the codec's latent space.
        found: usize,
    },

    /// A confusion matrix with another number of rows than of columns.
    #[error(
        "expected a square confusion matrix (a row and a column for each class), got {rows} x {columns}: make it with `KnnClassifier::confusion_matrix`"
    )]
    NotSquareTable {
        /// Rows found.
        rows: usize,
        /// Columns found.
        columns: usize,
    },

    /// A training that recorded nothing on its way.
    #[error(
        "this history has no snapshots: train with `TrainConfig {{ snapshots: Some(SnapshotPlan {{ samples, grid: 10, every: 1 }}), ..TrainConfig::default() }}`, where the samples are those whose codes you want to watch"
    )]
    NoSnapshots,

    /// Rows that are not square images.
    #[error(
        "expected a square number of columns, such as 784 = 28 x 28, got {columns} (rows are images){}",
        transposed(*rows > 1 && rows.isqrt().pow(2) == *rows, *rows, *columns)
    )]
    NotSquare {
        /// Rows found.
        rows: usize,
        /// Columns found.
        columns: usize,
    },

    /// Values too large or too small to decompose.
    #[error(
        "the {samples} x {features} data cannot be decomposed: the values are too large or too small to be squared; rescale them, for example to a variance near 1"
    )]
    NoDecomposition {
        /// Samples, n.
        samples: usize,
        /// Features, d.
        features: usize,
    },

    /// A data file that is not there.
    #[error("{path} is missing: check the name of the folder, and that all four files are in it")]
    MissingFile {
        /// The file looked for.
        path: PathBuf,
    },

    /// A data file that ends too early.
    #[error(
        "{path} is cut short: expected {expected} bytes, got {found}; copy or download it again"
    )]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Bytes that its header promises.
        expected: u64,
        /// Bytes that it has.
        found: u64,
    },

    /// A data file that goes on after its end.
    #[error(
        "{path} is too long: expected {expected} bytes, got {found}; it is damaged or of another format"
    )]
    TrailingBytes {
        /// The file.
        path: PathBuf,
        /// Bytes that its header promises.
        expected: u64,
        /// Bytes that it has.
        found: u64,
    },

    /// A file of another format.
    #[error(
        "{path} is not an IDX file of the right kind: expected it to start with {expected:#010x}, got {found:#010x} (are images and labels swapped, or is it still compressed?)"
    )]
    WrongMagic {
        /// The file.
        path: PathBuf,
        /// The format's magic number.
        expected: u32,
        /// The number found.
        found: u32,
    },

    /// Images that are not 28 x 28.
    #[error("{path}: expected images of 28 x 28 pixels, got {rows} x {columns}")]
    ImageSize {
        /// The file.
        path: PathBuf,
        /// Rows of an image.
        rows: u32,
        /// Columns of an image.
        columns: u32,
    },

    /// Images and labels of different number.
    #[error(
        "{images_file} has {images} images, but {labels_file} has {labels} labels: the files do not belong together"
    )]
    Counts {
        /// The file of images.
        images_file: &'static str,
        /// Its number of images.
        images: u32,
        /// The file of labels.
        labels_file: &'static str,
        /// Its number of labels.
        labels: u32,
    },

    /// Another number of entries than MNIST has.
    #[error("{path}: expected {expected} entries, as in MNIST, got {found}")]
    EntryCount {
        /// The file.
        path: PathBuf,
        /// Entries needed.
        expected: u32,
        /// Entries found.
        found: u32,
    },

    /// A compressed file that can't be unpacked.
    #[error("{path} cannot be unpacked ({source}): copy or download it again")]
    Compression {
        /// The file.
        path: PathBuf,
        /// What the decompressor says.
        source: std::io::Error,
    },

    /// A file of the course that was changed.
    #[error(
        "{path} is not the file that came with the course (SHA-256 {found}, expected {expected}): restore it with git"
    )]
    Checksum {
        /// The file.
        path: PathBuf,
        /// Its SHA-256 as released.
        expected: &'static str,
        /// Its SHA-256 now.
        found: String,
    },

    /// A folder whose name is not Unicode.
    #[error("{path} has characters that are not Unicode: rename the folder")]
    PathNotUnicode {
        /// The folder.
        path: PathBuf,
    },

    /// Another number of rows, values or layers than is needed.
    #[error("expected {expected} {what}, got {found}")]
    Count {
        /// What was counted, in the plural: "rows in the target".
        what: &'static str,
        /// How many are needed.
        expected: usize,
        /// How many were found.
        found: usize,
    },

    /// Layer sizes that do not make a network.
    #[error("expected at least two layer sizes above 0, the number of inputs first, got {sizes:?}")]
    LayerSize {
        /// The sizes found.
        sizes: Vec<usize>,
    },

    /// A learning rate that is not positive and finite.
    #[error("expected a positive, finite learning rate, got {value}: try the default, 0.001")]
    LearningRate {
        /// The learning rate found.
        value: f32,
    },

    /// Any other setting outside of its range.
    #[error("{setting}: expected {expected}, got {value}")]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// The value found.
        value: String,
        /// What it must be.
        expected: &'static str,
    },

    /// A target or a prediction where the loss has no value.
    #[error("{loss}: expected {needed} in the {what}, got {value} at row {row}, column {column}")]
    LossRange {
        /// The name of the loss.
        loss: &'static str,
        /// Target or prediction.
        what: &'static str,
        /// The range.
        needed: &'static str,
        /// The offending value.
        value: f32,
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
    },

    /// An output activation that leaves the range in which the loss has a value.
    #[error(
        "{loss}: expected {expected} as output activation, got {activation}; or use the mean squared error"
    )]
    LossOutput {
        /// The name of the loss.
        loss: &'static str,
        /// Activations that fit.
        expected: &'static str,
        /// The name of the output activation.
        activation: &'static str,
    },

    /// A training whose loss is no longer a number.
    #[error(
        "the loss became {loss} in epoch {epoch}, step {step}, so training stopped; the best weights so far are kept. Try {}, or data scaled to 0..=1",
        smaller_rate(*learning_rate)
    )]
    Diverged {
        /// Epoch, from 1.
        epoch: usize,
        /// Step within the epoch, from 1.
        step: usize,
        /// The loss there.
        loss: f64,
        /// The learning rate in use.
        learning_rate: f32,
    },

    /// A target that the output activation cannot reach.
    #[error(
        "the target at row {row}, column {column} is {value}, but the output activation, {activation}, gives only {range}: rescale the data, or choose another output activation (the identity reaches all numbers)"
    )]
    OutputRange {
        /// The offending value.
        value: f32,
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// The name of the output activation.
        activation: &'static str,
        /// What it can give.
        range: String,
    },

    /// Rows that should be linearly independent and are not.
    #[error(
        "{what}: expected linearly independent rows (directions), but in this {rows} x {columns} array some are combinations of the others"
    )]
    Dependent {
        /// What the array is.
        what: &'static str,
        /// Its number of rows.
        rows: usize,
        /// Its number of columns.
        columns: usize,
    },

    /// A decomposition that did not converge.
    #[error("the singular value decomposition of {what} ({rows} x {columns}) did not converge")]
    Svd {
        /// What the array is.
        what: &'static str,
        /// Its number of rows.
        rows: usize,
        /// Its number of columns.
        columns: usize,
    },

    /// linfa's solver did not find the components.
    #[error(
        "linfa's solver did not find {components} components of {features} features: {problem}; `Solver::Full` finds them"
    )]
    NotConverged {
        /// Components asked for.
        components: usize,
        /// Features that vary.
        features: usize,
        /// What went wrong.
        problem: &'static str,
    },

    /// A computation that needs more memory than there is.
    #[error(
        "{what} needs about {} of memory, but {} are available: use smaller sizes or fewer samples",
        gigabytes(*needed),
        gigabytes(*available)
    )]
    Memory {
        /// What needs the memory.
        what: String,
        /// Bytes needed.
        needed: u64,
        /// Bytes available.
        available: u64,
    },

    /// A result beyond the range of `f32`.
    #[error(
        "{what} exceed the range of f32, or their squares do: rescale the data, to a variance near 1 for example"
    )]
    Overflow {
        /// What was computed.
        what: &'static str,
    },

    /// An error of linfa's own.
    #[error("linfa: {0}")]
    Linfa(#[from] linfa::Error),

    /// A number of neighbours that is 0, or above the number of samples to choose them from.
    #[error("k must be between 1 and the number of samples ({codes}), got {asked}")]
    Neighbours {
        /// Neighbours asked for, k.
        asked: usize,
        /// Samples to choose them from.
        codes: usize,
    },

    /// A file that is not a checkpoint, or a damaged one.
    #[error("{path} cannot be used as a checkpoint: {problem}")]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        problem: String,
    },

    /// A file of a recording that cannot be read, or whose numbers cannot be used.
    #[error("cannot use {path}: {problem}")]
    DataFile {
        /// The file.
        path: PathBuf,
        /// What was expected, what is there, and what to do.
        problem: String,
    },

    /// A name that is not that of one column of a table.
    #[error("expected a column `{name}`: {problem}")]
    Column {
        /// The name looked for.
        name: String,
        /// The names that there are, or why this one does not suffice.
        problem: String,
    },

    /// Something that takes long was stopped by **Kernel > Interrupt**.
    #[error("interrupted: it was stopped before its result was there")]
    Interrupted,

    /// A file that can't be read or written.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried: read, write, create.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's own word.
        source: std::io::Error,
    },
}

/// "1 column", "2 columns".
fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// A hint for an array that would fit if its axes were swapped.
fn transposed(fits: bool, rows: usize, columns: usize) -> String {
    if !fits {
        return String::new();
    }
    format!("; this array is {rows} x {columns}: is it transposed?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_plain_english_in_singular_and_plural() {
        let width = |expected, rows, columns| Error::Width {
            what: "the input of PCA",
            expected,
            rows,
            columns,
        };
        let few = |samples| Error::TooFewSamples { needed: 2, samples };
        for (error, text) in [
            (
                width(784, 20, 10),
                "the input of PCA: expected 784 columns, got 10 (rows are samples)",
            ),
            (
                width(784, 784, 10),
                "the input of PCA: expected 784 columns, got 10 (rows are samples); this array is 784 x 10: is it transposed?",
            ),
            (
                width(1, 3, 10),
                "the input of PCA: expected 1 column, got 10 (rows are samples)",
            ),
            (few(1), "1 sample is too few: at least 2 are needed"),
            (few(0), "0 samples are too few: at least 2 are needed"),
            (
                Error::Neighbours { asked: 0, codes: 7 },
                "k must be between 1 and the number of samples (7), got 0",
            ),
            (
                Error::LabelCount {
                    samples: 1,
                    labels: 2,
                },
                "expected 1 label (one for each sample), got 2",
            ),
            (
                Error::Count {
                    what: "values in the bias of a layer",
                    expected: 5,
                    found: 3,
                },
                "expected 5 values in the bias of a layer, got 3",
            ),
        ] {
            assert_eq!(error.to_string(), text);
        }
    }

    #[test]
    fn only_an_array_that_fits_the_other_way_round_is_called_transposed() {
        for (rows, columns, hint) in [(784, 10, true), (1, 10, false), (12, 10, false)] {
            let text = Error::NotSquare { rows, columns }.to_string();
            assert_eq!(text.contains("transposed"), hint, "{text}");
        }
    }
}
