//! Files of NumPy come in, and results load in NumPy with equal values.
//!
//! `tests/io` holds files that NumPy wrote (`make_numpy.py`). Where there is a Python with NumPy
//! (`python3`, or the one that `LATENT_PYTHON` names), arrays are exchanged with it as well.

use latent::data::io;
use latent::prelude::*;
use std::path::{Path, PathBuf};
use std::process::Command;

fn stored(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/io")
        .join(name)
}

fn six() -> Array2<f32> {
    array![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
}

/// The text of an error, which must hold all words.
fn refused<T>(result: Result<T>, words: &[&str]) {
    let Err(error) = result else {
        panic!("no error with {words:?}");
    };
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "no {word:?} in: {text}");
    }
}

#[test]
fn every_type_and_order_of_numbers_is_read_exactly() {
    assert_eq!(io::read_npy(stored("counts.npy")).unwrap(), six());
    let numbers = stored("numbers.npz");
    let names = io::npz_names(&numbers).unwrap();
    assert_eq!(names.len(), 19, "{names:?}");
    for name in names {
        let found = io::read_npz(&numbers, &name).unwrap();
        let odd = |x: f32| if name == "b1" { x % 2.0 } else { x };
        assert_eq!(found, six().mapv(odd), "{name}");
        assert!(found.is_standard_layout(), "{name}");
    }
}

#[test]
fn vectors_are_read_from_rows_and_columns_too() {
    let half = Array1::from_iter(six().iter().map(|x| x / 2.0));
    assert_eq!(io::read_npy_vector(stored("vector.npy")).unwrap(), half);
    for name in ["vector", "column", "row", "row.npy"] {
        assert_eq!(
            io::read_npz_vector(stored("others.npz"), name).unwrap(),
            half
        );
    }
    let column = io::read_npz(stored("others.npz"), "column").unwrap();
    assert_eq!(column.dim(), (6, 1));
}

/// Header and numbers of a small `.npy` file. NumPy writes one comma more.
fn parts(path: &Path) -> (String, Vec<u8>) {
    let bytes = std::fs::read(path).unwrap();
    let (header, numbers) = bytes.split_at(128);
    let header = String::from_utf8_lossy(header).replace(' ', "");
    (header.replace(",}", "}"), numbers.to_vec())
}

#[test]
fn what_is_written_is_what_numpy_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    let half = six() / 2.0;
    let by_columns = half.t().as_standard_layout().into_owned().reversed_axes();
    for matrix in [half.view(), by_columns.view()] {
        io::write_npy(&path, &matrix).unwrap();
        assert_eq!(parts(&path), parts(&stored("matrix.npy")));
    }
    io::write_npy_vector(&path, &half).unwrap();
    assert_eq!(parts(&path), parts(&stored("vector.npy")));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    refused(io::write_npy(&path, &(half / 0.0)), &["finite values"]);
    refused(
        io::write_npy_vector(&path, &[1.0, f64::NAN]),
        &["NaN at row 1"],
    );
    refused(io::write_npy_vector(&path, &[0.0_f32; 0]), &["empty"]);
    assert_eq!(
        parts(&path),
        parts(&stored("vector.npy")),
        "the file before is kept"
    );
}

#[test]
fn what_is_no_matrix_of_numbers_is_named_with_what_to_do() {
    let path = stored("others.npz");
    for (name, words) in [
        ("vector", ["shape (6,)", "read_npz_vector"]),
        ("number", ["a single number of shape ()", "whole array"]),
        (
            "cube",
            ["3 dimensions of shape (2, 3, 4)", "x.reshape(-1, 4)"],
        ),
        ("no_rows", ["empty array of shape (0, 3)", "at least one"]),
        ("missing", ["NaN at row 1, column 1", "np.isfinite(x)"]),
        ("microseconds", ["1764172800000001 at row 0", "Subtract"]),
        ("half", ["<f2", "astype(np.float32)"]),
        ("complex", ["complex numbers", "np.abs(x)"]),
        ("strings", ["strings", "np.unique"]),
        ("fields", ["the fields time, count", "column_stack"]),
        ("objects", ["Python objects", "bins of equal length"]),
        (
            "Column",
            ["expected an array `Column`", "`vector`, `column`, `row`"],
        ),
    ] {
        refused(io::read_npz(&path, name), &words);
    }
    refused(io::read_npz(&path, "cube"), &["others.npz: array `cube`: "]);
    for (name, words) in [
        ("cube", ["expected a vector", "3 dimensions"]),
        ("missing", ["a matrix of shape (2, 2)", "column(0)"]),
        ("seconds", ["1764172800.25 and 1764172800.75", "x - x[0]"]),
        ("dates", ["dates", "timedelta64"]),
    ] {
        refused(io::read_npz_vector(&path, name), &words);
    }
}

#[test]
fn files_of_another_kind_are_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counts");
    for (bytes, word) in [
        (&b""[..], "0 bytes"),
        (b"MATLAB 5.0 MAT-file, Platform: GLNXA64", "writematrix"),
        (b"\x89HDF\r\n\x1a\n\0", "pynwb"),
        (b"\x80\x04\x95", "pickle"),
        (b"a,b\n1,2\n", "read_csv"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        refused(io::read_npy(&path), &["an .npy file", word]);
        refused(io::read_npz(&path, "x"), &["an .npz file", word]);
    }
    refused(io::read_csv(stored("counts.npy")), &["as text", "read_npy"]);
    refused(io::read_npy(stored("numbers.npz")), &["read_npz"]);
    refused(io::npz_names(stored("counts.npy")), &["read_npy"]);
    refused(io::read_npy(folder.path()), &["a folder"]);
    refused(
        io::read_npy("no-such.npy"),
        &["no such file", "from the folder"],
    );
    refused(
        io::write_npy(folder.path().join("results/codes.npy"), &six()),
        &["no folder", "create_dir_all"],
    );
}

#[test]
fn damaged_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let write = |bytes: &[u8]| std::fs::write(&path, bytes).unwrap();
    let whole = std::fs::read(stored("counts.npy")).unwrap();
    for length in 1..whole.len() {
        write(&whole[..length]);
        assert!(io::read_npy(&path).is_err(), "{length} bytes");
    }
    refused(io::read_npy(&path), &["cut short", "176 bytes, got 175"]);
    write(&[&whole[..], b"more"].concat());
    refused(io::read_npy(&path), &["too long"]);

    let whole = std::fs::read(stored("others.npz")).unwrap();
    for length in (1..whole.len()).step_by(7) {
        write(&whole[..length]);
        assert!(io::read_npz(&path, "column").is_err(), "{length} bytes");
    }
    // The numbers are changed in the archive: only its checksum tells.
    let mut changed = std::fs::read(stored("numbers.npz")).unwrap();
    let one = 1.0_f64.to_le_bytes();
    let at = changed.windows(8).position(|bytes| bytes == one).unwrap();
    changed[at + 6] ^= 1;
    write(&changed);
    refused(io::read_npz(&path, "f8"), &["array `f8`", "cannot be read"]);
}

#[test]
fn what_is_too_large_for_the_memory_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.npy");
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000), }\n";
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((text.len() as u16).to_le_bytes());
    bytes.extend(text.as_bytes());
    std::fs::write(&path, &bytes).unwrap();
    refused(io::read_npy(&path), &["cut short"]);
    // A file with a hole takes no room on most disks.
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    if file.set_len(bytes.len() as u64 + 8_000_000_000_000).is_ok() {
        let error = io::read_npy(&path).unwrap_err();
        assert!(matches!(error, Error::Memory { .. }), "{error}");
        let words = ["huge.npy (1000000000 x 1000) needs about 12000.0 GB"];
        refused::<()>(Err(error), &words);
    }
}

#[test]
fn the_page_for_learners_names_functions_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let (page, room) = (
        text("../../docs/your-own-recording.md"),
        text("src/data/io/mod.rs"),
    );
    let exports: String = room
        .lines()
        .filter(|line| line.starts_with("pub use"))
        .collect();
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.map(str::to_owned).collect()
    };
    let exports = words(&exports);
    let calls = page.split("data::io::").skip(1);
    let names: Vec<_> = calls.map(|call| words(call).swap_remove(0)).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(exports.contains(&name), "{name}");
    }
}

/// Runs a program of NumPy in `folder`; `None` if there is no NumPy.
fn numpy(folder: &Path, program: &str) -> Option<()> {
    let python = std::env::var("LATENT_PYTHON").unwrap_or("python3".to_owned());
    let run = |program: &str| {
        let mut command = Command::new(&python);
        command.current_dir(folder).args(["-c", program]).output()
    };
    if !run("import numpy").is_ok_and(|output| output.status.success()) {
        println!("not run: {python} has no NumPy");
        return None;
    }
    let output = run(&format!("import numpy as np\n{program}")).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    Some(())
}

#[test]
fn an_array_of_numpy_comes_in_and_its_codes_load_in_numpy_with_equal_values() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let made = numpy(
        folder.path(),
        "
random = np.random.default_rng(1)
counts = random.poisson(2.0, (200, 12))
np.save('counts.npy', counts)
np.savez_compressed('recording.npz', counts=counts.astype('u1'), heading=random.uniform(0, 6, 200))
np.savetxt('counts.csv', counts, delimiter=',', header=','.join(f'cell {i}' for i in range(12)))
",
    );
    if made.is_none() {
        return;
    }
    let counts = io::read_npy(path("counts.npy")).unwrap();
    assert_eq!(
        io::read_npz(path("recording.npz"), "counts").unwrap(),
        counts
    );
    let table = io::read_csv(path("counts.csv")).unwrap();
    assert_eq!(
        (table.names[0].as_str(), &table.values),
        ("cell 0", &counts)
    );
    let heading = io::read_npz_vector(path("recording.npz"), "heading").unwrap();

    let pca = Pca::fit(&counts, 3).unwrap();
    let codes = pca.encode(&counts).unwrap();
    io::write_npy(path("codes.npy"), &codes).unwrap();
    io::write_npy(path("components.npy"), pca.components()).unwrap();
    io::write_npy_vector(path("mean.npy"), pca.mean()).unwrap();
    io::write_npy_vector(path("heading.npy"), &heading).unwrap();
    // The bits of each number, as text, from here to there.
    let bits: Vec<String> = codes.iter().map(|x| x.to_bits().to_string()).collect();
    std::fs::write(path("bits.txt"), bits.join("\n")).unwrap();
    numpy(
        folder.path(),
        "
codes = np.load('codes.npy')
assert codes.shape == (200, 3) and codes.dtype == np.float32
assert (codes.view(np.uint32).ravel() == np.loadtxt('bits.txt', np.uint32)).all()
components, mean = np.load('components.npy'), np.load('mean.npy')
assert np.allclose((np.load('counts.npy') - mean) @ components.T, codes, atol=1e-4)
assert (np.load('heading.npy') == np.load('recording.npz')['heading'].astype(np.float32)).all()
",
    )
    .expect("NumPy was there a moment ago");
}
