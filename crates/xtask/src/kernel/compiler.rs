//! The compiler of a cell's code, with this program in front: it passes on all that rustc says and
//! adds a sentence of the course's own to the errors that `advice.rs` knows.
//!
//! ```text
//! evcxr -> cargo -> latent-kernel rustc <arguments> -> rustc
//! ```
//!
//! Cargo calls it for the cells alone (`RUSTC_WORKSPACE_WRAPPER`), and not for the crates that they
//! use, so nothing else is built anew. Whatever it does not understand, it passes on as it came.

use super::advice::Advice;
use super::moved::Moved;
use super::{early_end, untouched, variables};
use anyhow::{Context, Result};
use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// What Cargo calls instead of rustc.
const WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";

/// The variable by which `cargo xtask bench kernel` names a file: a line for each run of rustc, with
/// the seconds that it took.
const COMPILES: &str = "LATENT_COMPILES";

/// Puts this program in front of the compiler of the cells.
pub fn apply(run: &Path, evcxr: &mut Command) {
    if let Ok(this) = std::env::current_exe() {
        evcxr.env(WRAPPER, this);
        // A wrapper of the user's own (sccache) would not know this program for a compiler. Empty, the
        // variable counts for more than what Cargo's configuration names.
        evcxr.env("RUSTC_WRAPPER", "");
        Moved::keep_in(run, evcxr);
    }
}

/// Whether Cargo has started this program: it hands over the path of the compiler.
pub fn is_asked(args: &[String]) -> bool {
    let first = args.first().map(Path::new);
    let stem = first.and_then(Path::file_stem);
    stem.is_some_and(|stem| stem == "rustc") && std::env::var_os(WRAPPER).is_some()
}

/// Runs the compiler.
pub fn run() -> Result<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    let mut rustc = Command::new(args.next().context("Cargo names no compiler")?);
    rustc.args(in_one_go(args));
    let compiles = rustc.get_args().any(|arg| arg == "--error-format=json");
    if !compiles {
        // Cargo only asks what this compiler is.
        return Ok(super::exit_code(rustc.status()?));
    }
    change_source(rustc.get_args());
    // evcxr shows every warning as an error as soon as there is an error.
    rustc.arg("-Awarnings");
    let start = Instant::now();
    let mut rustc = rustc.stderr(Stdio::piped()).spawn()?;
    if let Some(said) = rustc.stderr.take() {
        pass_on(BufReader::new(said), std::io::stderr().lock())?;
    }
    let status = rustc.wait()?;
    if let Some(file) = std::env::var_os(COMPILES) {
        let mut file = File::options().create(true).append(true).open(file)?;
        writeln!(file, "{}", start.elapsed().as_secs_f64())?;
    }
    Ok(super::exit_code(status))
}

/// The arguments without those by which rustc writes down a cell for the next time. Each cell is new,
/// so that costs more than it saves. The profile cannot say so: evcxr takes a crate that is not
/// incremental for one of the registry, and keeps it in its cache.
fn in_one_go(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut kept: Vec<OsString> = Vec::new();
    for arg in args {
        if arg.as_encoded_bytes().starts_with(b"incremental=")
            && kept.last().is_some_and(|last| last == "-C")
        {
            kept.pop();
        } else {
            kept.push(arg);
        }
    }
    kept
}

/// Changes what evcxr has generated around the learner's code of a cell.
fn change_source(args: impl Iterator<Item = impl AsRef<OsStr>>) {
    for arg in args {
        let path = Path::new(arg.as_ref());
        if path.file_name().is_some_and(|name| name == "lib.rs")
            && let Ok(code) = fs::read_to_string(path)
        {
            let mut better = code.clone();
            for changed in [early_end::changed, variables::changed, untouched::changed] {
                better = changed(&better).unwrap_or(better);
            }
            if better != code {
                let _ = fs::write(path, better);
            }
        }
    }
}

/// Line by line, since Cargo waits for some of them.
fn pass_on(mut from: impl BufRead, mut to: impl Write) -> Result<()> {
    let mut advice = Advice::default();
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        // A fault in here must never hide what the compiler said.
        let better =
            catch_unwind(AssertUnwindSafe(|| with_advice(&line, &mut advice))).unwrap_or_default();
        to.write_all(better.as_deref().unwrap_or(&line))?;
        to.flush()?;
        line.clear();
    }
    Ok(())
}

/// The same line with a sentence of ours. `None`: there is none.
fn with_advice(line: &[u8], advice: &mut Advice) -> Option<Vec<u8>> {
    if !line.starts_with(b"{") {
        return None;
    }
    let mut message: Value = serde_json::from_slice(line).ok()?;
    if message["$message_type"] != "diagnostic" || message["level"] != "error" {
        return None;
    }
    advice
        .add_to(&mut message)
        .then(|| format!("{message}\n").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_error_of_the_table_passes_as_it_came() {
        let lines: [&[u8]; 6] = [
            b"no JSON at all\n",
            b"{ broken JSON\n",
            b"\xff\xfe not even a text\n",
            br#"{"$message_type":"artifact","artifact":"libctx.so","emit":"link"}"#,
            b"\n",
            br#"{"$message_type":"diagnostic","level":"error","message":5,"spans":{}}"#,
        ];
        let said = lines.concat();
        let mut passed = Vec::new();
        pass_on(said.as_slice(), &mut passed).unwrap();
        assert_eq!(passed, said);
    }

    #[test]
    fn a_cell_is_compiled_in_one_go() {
        let args = [
            "-C",
            "opt-level=3",
            "-C",
            "incremental=folder",
            "-C",
            "rpath",
        ];
        let kept = in_one_go(args.iter().map(OsString::from));
        assert_eq!(kept, ["-C", "opt-level=3", "-C", "rpath"]);
    }

    #[test]
    fn a_wrapper_of_the_users_own_does_not_stand_in_front_of_this_one() {
        let mut evcxr = Command::new("true");
        apply(Path::new("run"), &mut evcxr);
        let value = |name: &str| evcxr.get_envs().find(|(key, _)| *key == name).unwrap().1;
        assert_eq!(value("RUSTC_WRAPPER").unwrap(), "");
        assert!(Path::new(value(WRAPPER).unwrap()).is_file());
    }

    #[test]
    fn an_error_of_the_table_gets_its_sentence_and_stays_one_line() {
        let said = br#"{"$message_type":"diagnostic","level":"error","code":{"code":"E0425"},"message":"cannot find value `x` in this scope","spans":[],"children":[]}"#;
        let mut passed = Vec::new();
        pass_on([said, &b"\nnext\n"[..]].concat().as_slice(), &mut passed).unwrap();
        let passed = String::from_utf8(passed).unwrap();
        let lines: Vec<_> = passed.lines().collect();
        assert_eq!((lines.len(), lines[1]), (2, "next"));
        assert!(lines[0].contains("Nothing is called `x` here"), "{passed}");
    }
}
