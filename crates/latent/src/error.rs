//! Every error of the crate, in one enum.
//!
//! A message says what was expected, what came, and what to do. Sizes are written as
//! `rows x columns`, with one sample a row, as everywhere in the crate.

use std::path::PathBuf;

/// The crate's result type.
pub type Result<T, E = Error> = std::result::Result<T, E>;

fn gigabytes(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}

/// What can go wrong, in the learner's words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An array without rows or without columns.
    #[error("{what} is empty ({rows} x {columns}): it needs at least one row and one column")]
    Empty {
        /// What the array is.
        what: &'static str,
        /// Its number of rows.
        rows: usize,
        /// Its number of columns.
        columns: usize,
    },

    /// Samples whose number of columns does not match what they are handed to.
    #[error(
        "{what} must have {expected} columns, but the array is {rows} x {columns}: one sample a row; check that it is not transposed"
    )]
    Width {
        /// What the array is.
        what: &'static str,
        /// Columns needed.
        expected: usize,
        /// Rows that came.
        rows: usize,
        /// Columns that came.
        columns: usize,
    },

    /// Labels and samples of different number.
    #[error("{samples} samples came with {labels} labels: there must be one label for each row")]
    LabelCount {
        /// Rows of the samples.
        samples: usize,
        /// Number of labels.
        labels: usize,
    },

    /// More samples asked for than there are.
    #[error("cannot split off {asked} of {samples} samples: ask for at most {samples}")]
    Split {
        /// Samples asked for.
        asked: usize,
        /// Samples there are.
        samples: usize,
    },

    /// A batch of no samples, or of more than there are.
    #[error(
        "a batch of {asked} cannot be drawn from {samples} samples: choose a batch size from 1 to {samples}"
    )]
    BatchSize {
        /// Batch size asked for.
        asked: usize,
        /// Samples there are.
        samples: usize,
    },

    /// NaN or infinity in the data.
    #[error(
        "{what} holds {value} at row {row}, column {column}: remove or replace what is not a finite number first"
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
    #[error("{samples} samples are too few: at least {needed} are needed")]
    TooFewSamples {
        /// Samples needed.
        needed: usize,
        /// Samples that came.
        samples: usize,
    },

    /// A number of components that the data cannot give.
    #[error(
        "{asked} components asked of {samples} samples of {features} features: choose from 1 to {most}"
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

    /// Points that do not lie in a plane.
    #[error(
        "a plane has two axes, but the points are {rows} x {columns}: pick two columns with `points.select(Axis(1), &[0, 1])`, or encode them with two components first"
    )]
    NotPlanar {
        /// Rows that came.
        rows: usize,
        /// Columns that came.
        columns: usize,
    },

    /// A figure of a plane asked for codes of another number of dimensions.
    #[error(
        "this figure draws a latent space of 2 dimensions, but here the codes have {found}: use `figure::traversal`, which draws any number, or make a codec with 2"
    )]
    LatentNotPlanar {
        /// Dimensions of the codec's latent space.
        found: usize,
    },

    /// A table of classes with another number of rows than of columns.
    #[error(
        "a confusion matrix has a row and a column for each class, but this one is {rows} x {columns}: make it with `KnnClassifier::confusion_matrix`"
    )]
    NotSquareTable {
        /// Rows that came.
        rows: usize,
        /// Columns that came.
        columns: usize,
    },

    /// A training that recorded nothing on its way.
    #[error(
        "this history has no snapshots: train with `TrainConfig {{ snapshots: Some(SnapshotPlan {{ samples, grid: 10, every: 1 }}), ..TrainConfig::default() }}`, where the samples are those whose codes you want to watch"
    )]
    NoSnapshots,

    /// Rows that are no square images.
    #[error(
        "an image needs a square number of pixels, such as 784 = 28 x 28, but the array is {rows} x {columns}: one image a row; check that it is not transposed"
    )]
    NotSquare {
        /// Rows that came.
        rows: usize,
        /// Columns that came.
        columns: usize,
    },

    /// Numbers too large to decompose.
    #[error(
        "the {samples} x {features} data cannot be decomposed: its numbers are too large or too small for squares; rescale it, to a variance near 1 say"
    )]
    NoDecomposition {
        /// Samples, n.
        samples: usize,
        /// Features, d.
        features: usize,
    },

    /// A data file that is not there.
    #[error("{path} is missing: check the folder's name, and that all four files lie in it")]
    MissingFile {
        /// The file looked for.
        path: PathBuf,
    },

    /// A data file that ends too early.
    #[error(
        "{path} is cut short: {expected} bytes expected, {found} found; copy or download it again"
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
        "{path} is too long: {expected} bytes expected, {found} found; it is damaged or of another format"
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
        "{path} starts with {found:#010x} where {expected:#010x} was expected: it is no IDX file of this kind (images and labels swapped, or still compressed?)"
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
    #[error("{path} holds images of {rows} x {columns} pixels: only 28 x 28 can be read")]
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
        "{images_file} holds {images} images, but {labels_file} holds {labels} labels: the files do not belong together"
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
    #[error("{path} holds {found} entries: a data set in the format of MNIST has {expected} there")]
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

    /// Two arrays that belong together, but differ in their number of rows.
    #[error("{what} must number {expected}, but {found} came: there must be one for each")]
    Rows {
        /// What was counted.
        what: &'static str,
        /// How many are needed.
        expected: usize,
        /// How many came.
        found: usize,
    },

    /// Layer sizes that make no network.
    #[error(
        "the layer sizes {sizes:?} make no network: give at least two, the inputs first, and none of them 0"
    )]
    LayerSize {
        /// The sizes that came.
        sizes: Vec<usize>,
    },

    /// A learning rate that is no small positive number.
    #[error("a learning rate of {value} cannot train: it must be positive and finite; try 0.001")]
    LearningRate {
        /// The learning rate that came.
        value: f32,
    },

    /// Any other setting outside of its range.
    #[error("{setting} is {value}: it must be {expected}")]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// The value that came.
        value: String,
        /// What it must be.
        expected: &'static str,
    },

    /// A target of the binary cross-entropy outside of 0..=1.
    #[error(
        "the target at row {row}, column {column} is {value}: binary cross-entropy needs targets from 0 to 1; rescale the data, or use the mean squared error"
    )]
    TargetRange {
        /// The offending value.
        value: f32,
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
    },

    /// Binary cross-entropy behind something else than a sigmoid.
    #[error(
        "binary cross-entropy needs predictions between 0 and 1, but the last activation is {activation}: use a sigmoid there, or the mean squared error"
    )]
    CrossEntropyOutput {
        /// The name of the last activation.
        activation: &'static str,
    },

    /// A training whose loss is no longer a number.
    #[error(
        "the loss became {loss} in epoch {epoch}, step {step}, so training stopped; the best weights so far are kept. Try a learning rate of {}, or data scaled to 0..=1",
        learning_rate / 10.0
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
        /// The epochs before.
        history: Box<crate::training::History>,
    },

    /// Rows that should span a subspace, but some of them lie in the span of the others.
    #[error(
        "{what} ({rows} x {columns}) has rows that the others make up already: each must point into a direction of its own"
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
        "{what} needs about {} of memory, but {} are available: use fewer features or fewer samples",
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
    #[error("{what} exceed the range of f32: rescale the data, to a variance near 1 for example")]
    Overflow {
        /// What was computed.
        what: &'static str,
    },

    /// An error of linfa's own.
    #[error("linfa: {0}")]
    Linfa(#[from] linfa::Error),

    /// A vote of nobody, or of more than there are.
    #[error("{asked} neighbours cannot vote among {codes} codes: ask for 1 to {codes}")]
    Neighbours {
        /// Neighbours asked for.
        asked: usize,
        /// Codes there are.
        codes: usize,
    },

    /// A file that is no checkpoint, or a damaged one.
    #[error("{path} cannot be used as a checkpoint: {problem}")]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        problem: String,
    },

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
