//! What a file is, by its first bytes, and what to do with one of another kind.

/// The kinds of files that learners are likely to have at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Npy,
    /// An `.npz` file, or another ZIP archive.
    Zip,
    Text,
    Empty,
    Matlab,
    /// HDF5: NWB files, and MATLAB's since version 7.3.
    Hdf5,
    Pickle,
    Gzip,
    Utf16,
    Excel,
    Parquet,
    Other,
}

use Kind::{Empty, Excel, Gzip, Hdf5, Matlab, Npy, Other, Parquet, Pickle, Text, Utf16, Zip};

const STARTS: [(&[u8], Kind); 14] = [
    (b"\x93NUMPY", Npy),
    (b"PK\x03\x04", Zip),
    (b"PK\x05\x06", Zip),
    (b"MATLAB 5.0 MAT-file", Matlab),
    (b"MATLAB 7.3 MAT-file", Matlab),
    (b"\x89HDF\r\n\x1a\n", Hdf5),
    (b"\x80\x02", Pickle),
    (b"\x80\x03", Pickle),
    (b"\x80\x04", Pickle),
    (b"\x80\x05", Pickle),
    (b"\x1f\x8b", Gzip),
    (b"\xff\xfe", Utf16),
    (b"\xd0\xcf\x11\xe0", Excel),
    (b"PAR1", Parquet),
];

impl Kind {
    /// So many bytes are looked at.
    pub(super) const BYTES: u64 = 512;

    pub(super) fn of(start: &[u8]) -> Self {
        if start.is_empty() {
            return Empty;
        }
        let known = STARTS.iter().find(|(bytes, _)| start.starts_with(bytes));
        match known {
            Some(&(_, kind)) => kind,
            // Text of any encoding has no zeros.
            None if start.contains(&0) => Other,
            None => Text,
        }
    }

    /// What this file is instead of the one that was expected, and what to do.
    pub(super) fn instead_of(self, expected: Self) -> String {
        let wanted = match expected {
            Npy => "an .npy file",
            Zip => "an .npz file",
            _ => "a table as text (CSV)",
        };
        let (found, advice) = match self {
            Npy => (
                "an .npy file",
                "read it with `latent::data::io::read_npy` (a vector with `read_npy_vector`)",
            ),
            Zip => (
                "a ZIP archive",
                "read an .npz file with `latent::data::io::read_npz(path, name)`; export an Excel workbook (.xlsx) as CSV",
            ),
            Text => (
                "text",
                "read a table with `latent::data::io::read_csv`, or save the array in Python with `np.save`",
            ),
            Empty => (
                "an empty file (0 bytes)",
                "the program that wrote it has stopped or still runs; save it again",
            ),
            Matlab | Hdf5 => {
                let found = if self == Matlab {
                    "a MATLAB file (.mat)"
                } else {
                    "an HDF5 file (.h5, .nwb, or .mat of version 7.3)"
                };
                (
                    found,
                    "export the matrix. In MATLAB: `writematrix(counts, 'counts.csv')`, then `latent::data::io::read_csv_without_header`. In Python: load it (scipy.io.loadmat, h5py or pynwb), then `np.save(\"counts.npy\", counts)`",
                )
            }
            Pickle => (
                "a Python pickle, which can be read by Python alone",
                "load it there, and save the array with `np.save`",
            ),
            Gzip => ("a compressed file (gzip)", "unpack it first, with `gunzip`"),
            Utf16 => (
                "text in UTF-16",
                "save it as UTF-8; in Excel as \"CSV UTF-8\"",
            ),
            Excel => ("an Excel workbook", "save it as CSV"),
            Parquet => (
                "a Parquet file",
                "in Python: `pandas.read_parquet(path).to_csv(\"counts.csv\", index=False)`",
            ),
            Other => (
                "a file of another format",
                "save the array in Python with `np.save`, or a table as CSV",
            ),
        };
        format!("expected {wanted}, got {found}: {advice}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_what_a_file_is_and_the_message_what_to_do() {
        for (start, kind, word) in [
            (&b""[..], Empty, "save it again"),
            (b"MATLAB 5.0 MAT-file, Platform", Matlab, "writematrix"),
            (b"\x89HDF\r\n\x1a\n\0\0", Hdf5, "pynwb"),
            (b"\x80\x04\x95", Pickle, "np.save"),
            (b"PK\x03\x04", Zip, "read_npz"),
            (b"a,b\n1,2\n", Text, "read_csv"),
            (b"\x1f\x8b\x08", Gzip, "gunzip"),
            (b"\xff\xfea\0", Utf16, "UTF-8"),
            (b"\0\x01", Other, "another format"),
        ] {
            assert_eq!(Kind::of(start), kind);
            let text = kind.instead_of(Npy);
            assert!(text.contains(word), "{text}");
        }
        assert!(Npy.instead_of(Zip).contains("read_npy"));
        assert_eq!(Kind::of(b"\xef\xbb\xbfa,b\n"), Text);
    }
}
