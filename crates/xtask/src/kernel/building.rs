//! Stops the compiler of a cell: Cargo, which evcxr has started, and what Cargo has started.
//!
//! Nothing of the cell has run by then, so nothing is lost. Where the processes of the system
//! cannot be seen the compiler goes on to its end.

use std::process::Command;

/// Whether there was a compiler to stop.
pub fn stop(evcxr: u32) -> bool {
    let found = started_by(evcxr, "cargo");
    let mut all = found.clone();
    let mut seen = 0;
    while let Some(&process) = all.get(seen) {
        all.extend(started_by(process, ""));
        seen += 1;
    }
    for process in all {
        let _ = Command::new("sh")
            .args(["-c", "kill -s TERM -- \"$1\"", "sh", &process.to_string()])
            .status();
    }
    !found.is_empty()
}

/// The processes that this process has started, with names that end so.
#[cfg(unix)]
pub fn started_by(parent: u32, name: &str) -> Vec<u32> {
    match std::fs::read_dir("/proc/self/task") {
        Ok(_) => in_proc(parent, name),
        Err(_) => listed(parent, name),
    }
}

#[cfg(not(unix))]
pub fn started_by(_: u32, _: &str) -> Vec<u32> {
    Vec::new()
}

/// Linux: `/proc/<process>/stat` is `<process> (<name>) <state> <parent> ...`.
#[cfg(unix)]
fn in_proc(parent: u32, wanted: &str) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let process = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            let (start, end) = stat.rsplit_once(')')?;
            let (_, name) = start.split_once('(')?;
            let mut words = end.split_whitespace();
            let alive = words.next()? != "Z";
            let of_parent = words.next()?.parse() == Ok(parent);
            (alive && of_parent && name.ends_with(wanted)).then_some(process)
        })
        .collect()
}

/// macOS and others.
#[cfg(unix)]
fn listed(parent: u32, wanted: &str) -> Vec<u32> {
    let list = Command::new("ps")
        .args(["-A", "-o", "pid=,ppid=,comm="])
        .output();
    let list = list.map(|list| list.stdout).unwrap_or_default();
    String::from_utf8_lossy(&list)
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let process = words.next()?.parse().ok()?;
            let of_parent = words.next()?.parse() == Ok(parent);
            (of_parent && words.next()?.ends_with(wanted)).then_some(process)
        })
        .collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_cargo_is_found_and_only_below_the_kernel() {
        let mut other = Command::new("sleep").arg("5").spawn().unwrap();
        let (this, it) = (std::process::id(), other.id());
        assert!(in_proc(this, "sleep").contains(&it));
        assert!(in_proc(this, "cargo").is_empty());
        assert!(listed(this, "cargo").is_empty());
        assert!(!stop(it));
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
