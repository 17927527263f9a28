//! What a notebook says when the process that runs its cells has ended.
//!
//! evcxr then starts a new process and goes on, but it only says "Subprocess terminated with
//! status: signal: 9 (SIGKILL)", below the traces that the process left. A learner needs to know
//! what happened, what is gone, and how to get it back.

use std::path::PathBuf;

/// Why the launcher had the process ended, if it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The cell did not stop in time.
    DidNotStop,
    /// It was interrupted once more.
    AskedTwice,
}

/// The seconds that a cell has to stop.
pub const PATIENCE: u64 = 3;

/// What evcxr says of the process that is gone; `None` if it speaks of something else.
pub fn status(said: &str) -> Option<&str> {
    const SIGNS: [&str; 3] = [
        "Subprocess terminated with status: ",
        "Subprocess terminated with signal",
        "Subprocess didn't start",
    ];
    let (sign, start) = SIGNS
        .iter()
        .find_map(|sign| Some((sign, said.find(sign)?)))?;
    let rest = &said[start..];
    Some(if *sign == SIGNS[0] {
        rest[sign.len()..].trim()
    } else if *sign == SIGNS[1] {
        // evcxr on macOS says this of each process that was killed, with advice on Homebrew.
        "signal: 9 (SIGKILL)"
    } else {
        rest.trim()
    })
}

/// The lines that a dying process leaves on stderr: what it died of, and traces of the kernel's
/// insides, which tell a learner nothing.
#[derive(Default)]
pub struct LastWords {
    cause: Option<String>,
}

impl LastWords {
    /// Whether this text is to be kept from the notebook.
    pub fn hide(&mut self, text: &str) -> bool {
        const CAUSES: [&str; 7] = [
            "memory allocation of ",
            "has overflowed its stack",
            "Segmentation fault.",
            "Illegal instruction.",
            "Bus error.",
            "fatal runtime error",
            "non-unwinding panic. aborting",
        ];
        let line = text.trim();
        if CAUSES.iter().any(|cause| line.contains(cause)) {
            self.cause.get_or_insert_with(|| line.to_owned());
            return true;
        }
        self.cause.is_some() && is_of_a_trace(line)
    }

    fn says(&self, words: &str) -> bool {
        self.cause
            .as_ref()
            .is_some_and(|cause| cause.contains(words))
    }
}

fn is_of_a_trace(line: &str) -> bool {
    let numbered = line
        .split_once(':')
        .is_some_and(|(number, _)| number.parse::<u32>().is_ok());
    numbered
        || line.is_empty()
        || ["at ", "stack backtrace", "note: "]
            .iter()
            .any(|start| line.starts_with(start))
}

/// The whole message, one sentence or two a line.
pub fn message(
    status: &str,
    why: Option<Why>,
    last: &LastWords,
    checkpoint: Option<PathBuf>,
) -> Vec<String> {
    let mut lines = vec![
        what_happened(status, why, last),
        "All variables are gone; functions and `use` lines are kept. To make the variables again, select the cell where you were and choose Run > Run All Above Selected Cell in the menu.".to_owned(),
    ];
    if let Some(path) = checkpoint {
        lines.push(format!("The last checkpoint: {}", path.display()));
    }
    lines
}

fn what_happened(status: &str, why: Option<Why>, last: &LastWords) -> String {
    match why {
        Some(Why::DidNotStop) => {
            return format!(
                "Interrupted: this cell did not stop within {PATIENCE} seconds, so the process that runs the cells was ended."
            );
        }
        Some(Why::AskedTwice) => {
            return "Interrupted twice: the process that runs the cells was ended at once."
                .to_owned();
        }
        None => {}
    }
    let memory = last.cause.as_deref().and_then(bytes_asked_for);
    if let Some(bytes) = memory {
        return format!(
            "The process that runs the cells has ended: this cell asked for {:.1} GB of memory at once, and there is not so much (SIGABRT).",
            bytes / 1e9
        );
    }
    let end = "The process that runs the cells has ended";
    let cause = if last.says("overflowed its stack") {
        STACK.to_owned()
    } else if last.says("Segmentation fault") || last.says("Bus error") {
        "code marked `unsafe` used memory that is not its own (a segmentation fault)".to_owned()
    } else if last.says("Illegal instruction") {
        "it met an instruction that this processor does not have".to_owned()
    } else if status.contains("SIGSEGV") || status.contains("SIGBUS") || status.contains("c00000fd")
    {
        STACK.to_owned()
    } else if status.contains("SIGKILL") {
        "the system killed it (SIGKILL). Most often this means that the computer's memory was full"
            .to_owned()
    } else if status.contains("SIGABRT") {
        "it aborted itself (SIGABRT), by `abort()` or by a panic that could not be caught"
            .to_owned()
    } else if let Some(code) = status
        .strip_prefix("exit status: ")
        .or(status.strip_prefix("exit code: "))
    {
        if code == "99" {
            "this cell could not be loaded".to_owned()
        } else {
            format!("this cell called `exit({code})`, which ends the process and not only the cell")
        }
    } else {
        status.to_owned()
    };
    format!("{end}: {cause}.")
}

const STACK: &str =
    "its stack overflowed (SIGSEGV). Most often a function calls itself without end";

/// The number in Rust's own "memory allocation of 160000000000 bytes failed".
fn bytes_asked_for(cause: &str) -> Option<f64> {
    let (_, rest) = cause.split_once("memory allocation of ")?;
    rest.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(said: &str, why: Option<Why>, stderr: &[&str]) -> String {
        let mut last = LastWords::default();
        for line in stderr {
            last.hide(line);
        }
        message(status(said).unwrap(), why, &last, None).join("\n")
    }

    #[test]
    fn each_end_is_told_in_words() {
        let said = |status: &str| format!("Subprocess terminated with status: {status}");
        for (status, why, stderr, words) in [
            (
                "signal: 9 (SIGKILL)",
                Some(Why::DidNotStop),
                "",
                "within 3 seconds",
            ),
            (
                "signal: 9 (SIGKILL)",
                Some(Why::AskedTwice),
                "",
                "Interrupted twice",
            ),
            ("signal: 9 (SIGKILL)", None, "", "memory was full"),
            (
                "signal: 11 (SIGSEGV) (core dumped)",
                None,
                "",
                "stack overflowed",
            ),
            (
                "signal: 6 (SIGABRT)",
                None,
                "Segmentation fault.",
                "`unsafe`",
            ),
            (
                "signal: 6 (SIGABRT)",
                None,
                "memory allocation of 160000000000 bytes failed",
                "160.0 GB",
            ),
            ("signal: 6 (SIGABRT)", None, "", "aborted itself"),
            ("exit status: 1", None, "", "`exit(1)`"),
            ("signal: 4 (SIGILL)", None, "", "signal: 4 (SIGILL)"),
        ] {
            let told = told(&said(status), why, &[stderr]);
            assert!(told.contains(words), "{told}");
            assert!(told.contains("All variables are gone"), "{told}");
            assert!(told.contains("Run All Above Selected Cell"), "{told}");
        }
        let mac = "Subprocess terminated with signal 9. This is known to happen when evcxr";
        assert!(told(mac, None, &[]).contains("memory was full"));
        assert_eq!(status("mismatched types"), None);
    }

    #[test]
    fn traces_are_hidden_and_other_words_are_not() {
        let mut last = LastWords::default();
        assert!(!last.hide("  12: a table of mine"));
        assert!(last.hide("Segmentation fault."));
        assert!(last.hide("   0: evcxr::runtime::Runtime::install_crash_handlers"));
        assert!(last.hide("             at /rust/library/std/src/rt.rs:5"));
        assert!(!last.hide("what the cell said"));
    }

    #[test]
    fn the_last_checkpoint_is_named() {
        let path = Some(PathBuf::from("/home/me/net.safetensors"));
        let lines = message("exit status: 0", None, &LastWords::default(), path);
        assert_eq!(lines[2], "The last checkpoint: /home/me/net.safetensors");
    }
}
