//! Whether what a function is about to make fits into memory, asked before it begins: an error keeps
//! all variables, and an allocation that fails ends the process.

use crate::error::{Error, Result};

/// Where the system does not tell how much memory is available, this much is assumed: 64 GB.
const ASSUMED: u64 = 64_000_000_000;
/// What is smaller than this is not worth the question.
const SMALL: u64 = 100_000_000;

/// # Errors
/// [`Error::Memory`] if `what` needs more bytes than are available.
pub(crate) fn check(what: impl FnOnce() -> String, needed: u64) -> Result<()> {
    if needed <= SMALL {
        return Ok(());
    }
    let available = available();
    if needed <= available {
        return Ok(());
    }
    Err(Error::Memory {
        what: what(),
        needed,
        available,
    })
}

/// The same for a matrix of `f32` that is called `what`.
///
/// # Errors
/// [`Error::Memory`]
pub(crate) fn check_matrix(what: &str, rows: usize, columns: usize) -> Result<()> {
    let needed = (rows as u64)
        .saturating_mul(columns as u64)
        .saturating_mul(size_of::<f32>() as u64);
    check(|| format!("{what} of {rows} x {columns}"), needed)
}

/// On Linux the available memory, within the limit of the container, and within the limit that the
/// kernel's launcher sets, if there is one.
fn available() -> u64 {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let kilobytes = |text: &str, name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        let number: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(number * 1024)
    };
    let system = kilobytes(&read("/proc/meminfo"), "MemAvailable:");
    let container = read("/sys/fs/cgroup/memory.max").trim().parse().ok();
    let limits = read("/proc/self/limits");
    let limit = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max data size"))
        .and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    let taken = kilobytes(&read("/proc/self/status"), "VmData:").unwrap_or(0);
    let own = limit.map(|limit| limit.saturating_sub(taken));
    let known = [system, container, own].into_iter().flatten();
    known.min().unwrap_or(ASSUMED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_named_with_both_sizes() {
        check(|| "nothing".into(), 0).unwrap();
        check_matrix("a matrix", 1000, 1000).unwrap();
        let text = check(|| "PCA of 1000000 features".into(), 32_000_000_000_000)
            .unwrap_err()
            .to_string();
        assert!(
            text.contains("1000000 features needs about 32000.0 GB"),
            "{text}"
        );
        for (rows, columns) in [(2_000_000, 2_000_000), (usize::MAX, 2)] {
            let error = check_matrix("a matrix", rows, columns).unwrap_err();
            assert!(error.to_string().starts_with("a matrix of "), "{error}");
        }
    }

    #[test]
    fn what_is_small_is_made_without_a_question() {
        check(|| unreachable!("it is not refused"), SMALL).unwrap();
        let asked = check(
            String::new,
            available().saturating_add(SMALL).max(SMALL + 1),
        );
        assert!(matches!(asked, Err(Error::Memory { .. })));
    }
}
