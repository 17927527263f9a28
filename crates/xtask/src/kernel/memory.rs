//! The process that runs the cells may take the memory that is free, and no more.
//!
//! Linux hands out memory that it does not have, and when the memory is full it kills a process,
//! perhaps another one than the kernel: the browser, or all of a container. So before each cell the
//! process gets a limit: what it has, and what is available now. Beyond it an allocation fails at
//! once, and `ended.rs` says how much the cell asked for. Only private memory that can be written
//! to counts (`RLIMIT_DATA`), so neither files nor addresses that are reserved do. The limit is set
//! from outside, while the cell is compiled: it takes no time, and no compiler is limited.
//!
//! macOS has no such limit; it swaps, and asks the user which program to end. On Windows, where no
//! program gets memory that is not there, allocations fail by themselves.

use super::building;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What stays for others: a twentieth.
const SHARE: f64 = 0.95;

/// Limits the process of the cells, if the system has what this takes.
pub fn limit(evcxr: u32) {
    let Some(available) = available(Path::new("/")) else {
        return;
    };
    for process in building::started_by(evcxr, "") {
        if runs_cells(process)
            && let Some(has) = data_of(process)
        {
            let most = has + (available as f64 * SHARE) as u64;
            let _ = Command::new("prlimit")
                .args(["--pid", &process.to_string(), &format!("--data={most}:")])
                .output();
        }
    }
}

fn runs_cells(process: u32) -> bool {
    fs::read(format!("/proc/{process}/environ")).is_ok_and(|variables| {
        variables
            .split(|&byte| byte == 0)
            .any(|variable| variable.starts_with(b"EVCXR_IS_RUNTIME="))
    })
}

fn data_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    kilobytes(&status, "VmData:")
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(number * 1024)
}

/// The memory of this computer that nobody uses, within the limits of the containers around us.
fn available(root: &Path) -> Option<u64> {
    let system = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let free = kilobytes(&system, "MemAvailable:")? + kilobytes(&system, "SwapFree:").unwrap_or(0);
    Some(
        in_groups(root)
            .into_iter()
            .chain([free])
            .min()
            .unwrap_or(free),
    )
}

/// What each control group around this process has left.
fn in_groups(root: &Path) -> Vec<u64> {
    let own = fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
    let own = own.lines().find_map(|line| line.strip_prefix("0::/"));
    let top = root.join("sys/fs/cgroup");
    let group = top.join(own.unwrap_or_default());
    let number =
        |path: &Path| -> Option<u64> { fs::read_to_string(path).ok()?.trim().parse().ok() };
    group
        .ancestors()
        .take_while(|folder| folder.starts_with(&top))
        .filter_map(|folder| {
            let most = number(&folder.join("memory.max"))?;
            let used = number(&folder.join("memory.current"))?;
            // Files that were read count as used, and go when memory is needed.
            let stat = fs::read_to_string(folder.join("memory.stat")).unwrap_or_default();
            let files: u64 = stat
                .lines()
                .find_map(|line| line.strip_prefix("inactive_file ")?.parse().ok())
                .unwrap_or(0);
            Some(most.saturating_sub(used.saturating_sub(files)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_of_the_machine_and_its_containers_counts() {
        let root = std::env::temp_dir().join(format!("latent-memory-{}", std::process::id()));
        let put = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        assert_eq!(available(&root), None);
        put(
            "proc/meminfo",
            "MemTotal: 8000 kB\nMemAvailable: 4000 kB\nSwapFree: 1000 kB\n",
        );
        assert_eq!(available(&root), Some(5000 * 1024));
        put("proc/self/cgroup", "0::/hub/learner\n");
        put("sys/fs/cgroup/memory.max", "max\n");
        put("sys/fs/cgroup/hub/memory.max", "3000000\n");
        put("sys/fs/cgroup/hub/memory.current", "2000000\n");
        put(
            "sys/fs/cgroup/hub/memory.stat",
            "anon 5\ninactive_file 500000\n",
        );
        put("sys/fs/cgroup/hub/learner/memory.max", "9000000\n");
        put("sys/fs/cgroup/hub/learner/memory.current", "0\n");
        assert_eq!(available(&root), Some(1_500_000));
        fs::remove_dir_all(root).unwrap();
    }
}
