//! Whether a computation fits into memory, asked before it begins.

use crate::error::{Error, Result};

/// Where the system does not tell how much memory is available, this much is assumed: 64 GB.
const ASSUMED: u64 = 64_000_000_000;

/// # Errors
/// [`Error::Memory`] if `what` needs more bytes than are available.
pub(super) fn check(what: impl FnOnce() -> String, needed: u64) -> Result<()> {
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

/// On Linux the available memory, within the limit of the container, if there is one.
fn available() -> u64 {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let system = read("/proc/meminfo")
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))
        .and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok())
        .map(|kilobytes| kilobytes * 1024);
    let container = read("/sys/fs/cgroup/memory.max").trim().parse().ok();
    let known = [system, container].into_iter().flatten();
    known.min().unwrap_or(ASSUMED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_named_with_both_sizes() {
        check(|| "nothing".into(), 0).unwrap();
        let text = check(|| "PCA of 1000000 features".into(), 32_000_000_000_000)
            .unwrap_err()
            .to_string();
        assert!(
            text.contains("1000000 features needs about 32000.0 GB"),
            "{text}"
        );
    }
}
