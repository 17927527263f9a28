//! MNIST: 70,000 handwritten digits, 28 x 28 pixels each.
//!
//! ```text
//! samples (n, 784): pixels row by row, 0 is paper and 1 is ink        labels (n): 0 to 9
//! training 50,000      validation 10,000      test 10,000
//! ```
//!
//! Source: Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to
//! document recognition", Proceedings of the IEEE 86 (1998).

use super::Dataset;
use super::idx::{self, Kind};
use crate::error::{Error, Result};
use crate::file;
use flate2::read::GzDecoder;
use ndarray::Array2;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Read;
use std::path::Path;
use tempfile::TempDir;

/// Pixels of one image: 28 rows of 28.
///
/// ```
/// use latent::prelude::*;
/// let images: Array2<f32> = Array2::zeros((10, latent::data::mnist::PIXELS)); // ten blank images
/// assert_eq!(images.ncols(), 784);
/// ```
pub const PIXELS: usize = 28 * 28;

const TRAIN: u32 = 50_000;
const VALIDATION: u32 = 10_000;
const TEST: u32 = 10_000;

/// One of the four files, with the SHA-256 of MNIST's own: compressed and plain.
struct Part {
    name: &'static str,
    kind: Kind,
    count: u32,
    packed_sum: &'static str,
    plain_sum: &'static str,
}

const PARTS: [Part; 4] = [
    Part {
        name: "train-images-idx3-ubyte",
        kind: Kind::Images,
        count: TRAIN + VALIDATION,
        packed_sum: "b466f6c12f8847b5b562b7303ad06e0ec073e1f5a8e74573b998ecb6972c9cfe",
        plain_sum: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    Part {
        name: "train-labels-idx1-ubyte",
        kind: Kind::Labels,
        count: TRAIN + VALIDATION,
        packed_sum: "a2478d3f9b3964e3825484b7fcff8505c7ec0d755a1e6ea8278df2a07657ece9",
        plain_sum: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    },
    Part {
        name: "t10k-images-idx3-ubyte",
        kind: Kind::Images,
        count: TEST,
        packed_sum: "ee482864c6d7caceab3f1b50f73d82e0bec6e8d37c9bc3a1c34ebd147fb300fc",
        plain_sum: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    },
    Part {
        name: "t10k-labels-idx1-ubyte",
        kind: Kind::Labels,
        count: TEST,
        packed_sum: "460e6d0c7b9fa27bc317f971d4352423d74525f4262d2ed02ee25c89b61b0df6",
        plain_sum: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
];

/// The data set in its three parts.
///
/// ```
/// use latent::prelude::*;
/// let mnist = Mnist::load()?;
/// assert_eq!(mnist.train.samples.dim(), (50_000, 784));
/// assert_eq!(mnist.test.labels[0], 7);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Mnist {
    /// 50,000 images to learn from.
    pub train: Dataset,
    /// 10,000 images to choose settings with.
    pub validation: Dataset,
    /// 10,000 images to judge the final choice with, once.
    pub test: Dataset,
}

impl Mnist {
    /// The digits that come with this crate; needs no network.
    ///
    /// They are unpacked once, into a cache folder beside the compressed files (or into a
    /// temporary folder, if that place is read-only), and checked at each call, so a damaged
    /// cache repairs itself.
    ///
    /// # Errors
    /// [`Error::Checksum`] or [`Error::MissingFile`] if the crate's own files were changed;
    /// [`Error::Io`] if there is no room for the unpacked files (55 MB).
    pub fn load() -> Result<Self> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        load_through(&data.join("mnist"), &data.join("cache"))
    }

    /// Another data set in the format of MNIST, such as Fashion-MNIST, from a folder of yours.
    ///
    /// The folder holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
    /// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, plain or with `.gz` at the end:
    /// 60,000 and 10,000 images of 28 x 28. The first 50,000 become the training part, the other
    /// 10,000 of the first file the validation part.
    ///
    /// ```
    /// use latent::prelude::*;
    /// # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mnist");
    /// let mnist = Mnist::from_dir(folder)?;
    /// assert_eq!(mnist.train.samples.dim(), (50_000, 784));
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// One for each way in which a file can be wrong: missing, truncated, another format, another
    /// image size, another number of entries, bytes too many, a broken compression.
    pub fn from_dir(folder: impl AsRef<Path>) -> Result<Self> {
        Self::from_folder(folder.as_ref())
    }

    fn from_folder(folder: &Path) -> Result<Self> {
        let packed = |part: &Part| folder.join(format!("{}.gz", part.name));
        if !PARTS
            .iter()
            .any(|part| !folder.join(part.name).exists() && packed(part).exists())
        {
            return read(folder);
        }
        let unpacked = temporary_folder()?;
        for part in &PARTS {
            let plain = folder.join(part.name);
            let bytes = if plain.exists() {
                read_file(&plain)?
            } else {
                gunzip(&packed(part))?
            };
            write(&unpacked.path().join(part.name), &bytes)?;
        }
        read(unpacked.path())
    }
}

/// Hands four checked files to the crate `mnist`.
fn read(folder: &Path) -> Result<Mnist> {
    let mut counts = [0; 4];
    for (part, count) in PARTS.iter().zip(&mut counts) {
        *count = idx::check(&folder.join(part.name), part.kind)?;
    }
    for pair in [0, 2] {
        if counts[pair] != counts[pair + 1] {
            return Err(Error::Counts {
                images_file: PARTS[pair].name,
                images: counts[pair],
                labels_file: PARTS[pair + 1].name,
                labels: counts[pair + 1],
            });
        }
    }
    for (part, &found) in PARTS.iter().zip(&counts) {
        if found != part.count {
            return Err(Error::EntryCount {
                path: folder.join(part.name),
                expected: part.count,
                found,
            });
        }
    }
    let base_path = folder.to_str().ok_or_else(|| Error::PathNotUnicode {
        path: folder.to_path_buf(),
    })?;
    let raw = mnist::MnistBuilder::new()
        .base_path(base_path)
        .label_format_digit()
        .training_set_length(TRAIN)
        .validation_set_length(VALIDATION)
        .test_set_length(TEST)
        .finalize();
    Ok(Mnist {
        train: dataset(raw.trn_img, &raw.trn_lbl)?,
        validation: dataset(raw.val_img, &raw.val_lbl)?,
        test: dataset(raw.tst_img, &raw.tst_lbl)?,
    })
}

/// The bytes go when they are converted: a part in bytes is a quarter of the same part in f32.
fn dataset(pixels: Vec<u8>, labels: &[u8]) -> Result<Dataset> {
    let ink = pixels.iter().map(|&byte| f32::from(byte) / 255.0).collect();
    drop(pixels);
    let samples = Array2::from_shape_vec((labels.len(), PIXELS), ink)
        .expect("the files hold a label for each image");
    Dataset::new(
        samples,
        labels.iter().map(|&label| usize::from(label)).collect(),
    )
}

/// Reads MNIST from `packed`, with the plain files in `cache`, or in a temporary folder if the
/// cache can't be written.
fn load_through(packed: &Path, cache: &Path) -> Result<Mnist> {
    let unpack_all = |folder: &Path| {
        PARTS
            .iter()
            .try_for_each(|part| unpack(part, packed, folder))
    };
    match unpack_all(cache) {
        Ok(()) => read(cache),
        Err(Error::Io { .. }) => {
            let folder = temporary_folder()?;
            unpack_all(folder.path())?;
            read(folder.path())
        }
        Err(error) => Err(error),
    }
}

/// Puts one plain file into `folder`, unless it lies there whole already.
fn unpack(part: &Part, from: &Path, folder: &Path) -> Result<()> {
    let plain = folder.join(part.name);
    if fs::read(&plain).is_ok_and(|bytes| sum(&bytes) == part.plain_sum) {
        return Ok(());
    }
    let path = from.join(format!("{}.gz", part.name));
    verify(&path, &read_file(&path)?, part.packed_sum)?;
    let bytes = gunzip(&path)?;
    verify(&path, &bytes, part.plain_sum)?;
    write(&plain, &bytes)
}

fn verify(path: &Path, bytes: &[u8], expected: &'static str) -> Result<()> {
    let found = sum(bytes);
    if found == expected {
        return Ok(());
    }
    Err(Error::Checksum {
        path: path.to_path_buf(),
        expected,
        found,
    })
}

fn sum(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => Error::MissingFile {
            path: path.to_path_buf(),
        },
        _ => Error::Io {
            action: "read",
            path: path.to_path_buf(),
            source,
        },
    })
}

fn gunzip(path: &Path) -> Result<Vec<u8>> {
    let packed = read_file(path)?;
    let mut plain = Vec::new();
    GzDecoder::new(packed.as_slice())
        .read_to_end(&mut plain)
        .map_err(|source| Error::Compression {
            path: path.to_path_buf(),
            source,
        })?;
    Ok(plain)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| file::write_whole(path, bytes));
    written.map_err(|source| Error::Io {
        action: "write",
        path: path.to_path_buf(),
        source,
    })
}

/// A folder that only this user can read, and that goes when the value goes.
fn temporary_folder() -> Result<TempDir> {
    tempfile::tempdir().map_err(|source| Error::Io {
        action: "create",
        path: std::env::temp_dir(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn crate_data() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mnist")
    }

    /// Four small files of the right form: 60,000 and 10,000 empty images would take 55 MB, so
    /// what is wrong with them shows before the counts are compared.
    fn small_files(folder: &Path) {
        for part in &PARTS {
            fs::write(folder.join(part.name), idx_bytes(part.kind, 3, 28)).unwrap();
        }
    }

    fn idx_bytes(kind: Kind, count: u32, side: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        match kind {
            Kind::Images => {
                for number in [0x0803, count, side, side] {
                    bytes.extend(number.to_be_bytes());
                }
                bytes.resize(16 + (count * side * side) as usize, 7);
            }
            Kind::Labels => {
                for number in [0x0801, count] {
                    bytes.extend(number.to_be_bytes());
                }
                bytes.resize(8 + count as usize, 1);
            }
        }
        bytes
    }

    /// The error for three-image files of which one is replaced.
    fn error_with(name: &str, bytes: Option<&[u8]>) -> Error {
        let folder = tempfile::tempdir().unwrap();
        small_files(folder.path());
        let path = folder.path().join(name);
        match bytes {
            Some(bytes) => fs::write(path, bytes).unwrap(),
            None => fs::remove_file(path).unwrap(),
        }
        Mnist::from_dir(folder.path()).unwrap_err()
    }

    #[test]
    fn the_digits_come_in_three_parts_with_pixels_between_paper_and_ink() {
        let mnist = Mnist::load().unwrap();
        for (part, n) in [
            (&mnist.train, 50_000),
            (&mnist.validation, 10_000),
            (&mnist.test, 10_000),
        ] {
            assert_eq!(part.samples.dim(), (n, PIXELS));
            assert_eq!(part.labels.len(), n);
            assert!(part.labels.iter().all(|&label| label < 10));
        }
        let (low, high) = mnist
            .train
            .samples
            .iter()
            .fold((f32::MAX, f32::MIN), |(low, high), &x| {
                (low.min(x), high.max(x))
            });
        assert_eq!((low, high), (0.0, 1.0));
        assert_eq!(mnist.train.labels.to_vec()[..5], [5, 0, 4, 1, 9]);
        assert_eq!(mnist.test.labels.to_vec()[..5], [7, 2, 1, 0, 4]);
    }

    #[test]
    fn a_damaged_cache_repairs_itself_even_with_two_readers_at_once() {
        let cache = tempfile::tempdir().unwrap();
        let plain = cache.path().join(PARTS[2].name);
        fs::write(&plain, b"damaged").unwrap();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| load_through(&crate_data(), cache.path()).unwrap());
            }
        });
        assert_eq!(sum(&fs::read(&plain).unwrap()), PARTS[2].plain_sum);
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 4);
    }

    #[test]
    fn without_a_writable_cache_the_digits_load_all_the_same() {
        let blocked = tempfile::tempdir().unwrap();
        let not_a_folder = blocked.path().join("file");
        fs::write(&not_a_folder, b"").unwrap();
        assert!(load_through(&crate_data(), &not_a_folder).is_ok());
    }

    #[test]
    fn a_changed_compressed_file_is_named_with_both_sums() {
        let folder = tempfile::tempdir().unwrap();
        let name = format!("{}.gz", PARTS[3].name);
        fs::write(folder.path().join(&name), b"something else").unwrap();
        let error = unpack(&PARTS[3], folder.path(), folder.path()).unwrap_err();
        assert!(matches!(error, Error::Checksum { .. }), "{error}");
        assert!(error.to_string().contains(&name), "{error}");
    }

    #[test]
    fn compressed_files_of_ones_own_are_read_too() {
        let mnist = Mnist::from_dir(crate_data()).unwrap();
        assert_eq!(mnist.test.labels[0], 7);
        assert_eq!(mnist.validation.len(), 10_000);
    }

    #[test]
    fn each_fault_of_a_file_has_its_own_error() {
        let images = PARTS[0].name;
        let whole = idx_bytes(Kind::Images, 3, 28);

        assert!(matches!(
            error_with(images, None),
            Error::MissingFile { .. }
        ));
        for cut in [0, 7, 15, whole.len() - 1] {
            let error = error_with(images, Some(&whole[..cut]));
            assert!(matches!(error, Error::Truncated { .. }), "{cut}: {error}");
        }
        let longer = [whole.as_slice(), b"x"].concat();
        let error = error_with(images, Some(&longer));
        assert!(matches!(error, Error::TrailingBytes { .. }), "{error}");

        let labels = idx_bytes(Kind::Labels, 60_000, 0);
        let error = error_with(images, Some(&labels));
        assert!(matches!(error, Error::WrongMagic { .. }), "{error}");

        let error = error_with(images, Some(&idx_bytes(Kind::Images, 3, 32)));
        assert!(
            matches!(error, Error::ImageSize { rows: 32, .. }),
            "{error}"
        );

        let error = error_with(PARTS[1].name, Some(&idx_bytes(Kind::Labels, 4, 0)));
        assert!(
            matches!(
                error,
                Error::Counts {
                    images: 3,
                    labels: 4,
                    ..
                }
            ),
            "{error}"
        );
        let error = error_with(images, Some(&whole));
        assert!(
            matches!(error, Error::EntryCount { found: 3, .. }),
            "{error}"
        );
    }

    #[test]
    fn a_header_that_promises_too_much_is_refused_without_reserving_memory() {
        let mut bytes = idx_bytes(Kind::Images, 1, 28);
        bytes[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
        let error = error_with(PARTS[0].name, Some(&bytes));
        assert!(matches!(error, Error::Truncated { .. }), "{error}");
    }

    #[test]
    fn a_broken_compression_is_told_from_a_broken_file() {
        let folder = tempfile::tempdir().unwrap();
        small_files(folder.path());
        let plain = folder.path().join(PARTS[0].name);
        fs::remove_file(&plain).unwrap();
        fs::write(
            folder.path().join(format!("{}.gz", PARTS[0].name)),
            b"no gzip",
        )
        .unwrap();
        let error = Mnist::from_dir(folder.path()).unwrap_err();
        assert!(matches!(error, Error::Compression { .. }), "{error}");
    }
}
