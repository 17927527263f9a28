//! Why a kernel did not start: one sentence and one thing to do for the learner, and all that the
//! kernel said in a log file.

use super::template::Home;
use std::fs;
use std::path::PathBuf;

pub struct Failure {
    pub cause: String,
    pub advice: &'static str,
    /// Where the kernel's own words stand, if they could be written down.
    pub log: Option<PathBuf>,
}

const LAB: &str =
    "close JupyterLab and run `cargo xtask lab` in a terminal in the course's folder.";

/// What the kernel's words contain, what that means, and what to do.
const KNOWN: [(&[&str], &str, &str); 8] = [
    (
        &["No space left on device", "Disk quota exceeded"],
        "The disk is full.",
        "free 2 GB, then restart the kernel.",
    ),
    (
        &["linker `cc` not found", "linker `link.exe` not found"],
        "There is no C compiler, which Rust links each cell with.",
        "install one (the README says how), then restart the kernel.",
    ),
    (
        &["cannot open output file"],
        "The linker cannot write to the folder of the kernel.",
        "move the course to a folder whose path has letters and digits only, then run `cargo xtask lab` there.",
    ),
    (
        &["dlopen failed", "LOAD_AND_RUN", "LoadLibrary"],
        "A cell was compiled, but the system could not load it.",
        LAB,
    ),
    (
        &[
            "Permission denied",
            "Access is denied",
            "Read-only file system",
        ],
        "The kernel may not write to one of its folders.",
        "see in the log which one, and give yourself the right to write to it.",
    ),
    (
        &[
            "failed to download",
            "Could not resolve host",
            "you're offline",
        ],
        "A crate is missing on this computer, and there is no network.",
        "connect this computer to the internet, close JupyterLab and run `cargo xtask lab` in a terminal in the course's folder.",
    ),
    (
        &[
            "Failed to run rustc",
            "default toolchain",
            "is not installed for the toolchain",
        ],
        "Rust is not complete on this computer.",
        "run `rustup update stable`, then `cargo xtask lab` in a terminal in the course's folder.",
    ),
    (
        &[
            "No such file or directory",
            "does not run",
            "cannot find the file",
        ],
        "A part of the kernel is missing.",
        LAB,
    ),
];

impl Failure {
    pub fn of(home: &Home, said: &str) -> Self {
        let log = home.own.join("kernel-failure.log");
        let written = fs::create_dir_all(&home.own).and_then(|()| fs::write(&log, said));
        let known = KNOWN
            .iter()
            .find(|(signs, _, _)| signs.iter().any(|sign| said.contains(sign)));
        let (cause, advice) = match known {
            Some((_, cause, advice)) => ((*cause).to_owned(), *advice),
            None => (
                "The Rust kernel ended as soon as it was started.".to_owned(),
                LAB,
            ),
        };
        let own_words = essence(said);
        Self {
            cause: if own_words.is_empty() {
                cause
            } else {
                format!("{cause} ({own_words})")
            },
            advice,
            log: written.is_ok().then_some(log),
        }
    }

    pub fn told(&self) -> String {
        let mut told = format!("{}\n\nWhat to do: {}", self.cause, self.advice);
        if let Some(log) = &self.log {
            told.push_str(&format!("\nAll that the kernel said: {}", log.display()));
        }
        told
    }
}

/// The line that says most. The reason is in the line that begins with "Error: "; other parts of the
/// kernel that end with it may have complained before, each with a trace of its own.
fn essence(said: &str) -> String {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines()
        .find(|line| line.starts_with("Error: "))
        .or_else(|| lines().find(|line| line.starts_with("error")))
        .or_else(|| lines().next())
        .unwrap_or_default();
    line.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_becomes_a_sentence_and_goes_into_the_log() {
        let folder = std::env::temp_dir().join(format!("latent-failure-{}", std::process::id()));
        let said = "evcxr_jupyter ended with exit status: 1.\nError: While processing instruction `Ok(\"LOAD_AND_RUN a b\")`, got error: Message(\"dlopen failed\")\n\nStack backtrace:\n   0: anyhow::error\n";
        let failure = Failure::of(&Home::at(folder.clone()), said);
        let told = failure.told();
        assert!(told.starts_with("A cell was compiled"), "{told}");
        assert!(!told.contains("anyhow"), "{told}");
        assert!(told.contains("kernel-failure.log"));
        assert_eq!(fs::read_to_string(failure.log.unwrap()).unwrap(), said);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_reason_counts_and_not_what_broke_after_it() {
        let said = "evcxr_jupyter ended with exit status: 1.\nhb error: Codec Error: Connection reset by peer (os error 104)\n\nStack backtrace:\n   0: anyhow::error\nError: mismatched types\n\nStack backtrace:\n   0: anyhow::error\n";
        assert_eq!(essence(said), "Error: mismatched types");
    }
}
