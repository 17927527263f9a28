//! The environment variables of a kernel and of the template's build. They are the same, since
//! Cargo builds everything anew when one that it looks at differs.
//!
//! They also say where Rust's standard library lies, which each cell's library needs when it is
//! loaded. rustc writes that into the library as a path relative to `target/<machine>/debug/deps`;
//! evcxr loads a copy from one folder higher, where the path leads nowhere as soon as the course and
//! the toolchain share a folder, such as the user's home. So here the place is named in full, in two
//! ways that do not depend on each other:
//!
//! - in the library itself, as a run path (Linux and macOS), which nothing on the way can drop;
//! - in the variable that the system's loader reads. On Windows, which knows no run paths, that is
//!   `PATH`.

use crate::command::on_path;
use crate::toolchain;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

/// What a user may have set for other projects and what would change the build of every crate.
const UNWANTED: [&str; 8] = [
    "CARGO_BUILD_",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTFLAGS",
];

/// How cells and crates are built: training needs opt-level 3 and no debug assertions. As variables,
/// these settings count for more than a `[profile]` in the user's own Cargo configuration, and for more
/// than what evcxr writes into the cell's `Cargo.toml`.
pub const PROFILE: [(&str, &str); 10] = [
    ("OPT_LEVEL", "3"),
    ("DEBUG", "false"),
    ("STRIP", "debuginfo"),
    ("RPATH", "true"),
    ("LTO", "false"),
    ("PANIC", "unwind"),
    ("INCREMENTAL", "true"),
    ("CODEGEN_UNITS", "16"),
    ("DEBUG_ASSERTIONS", "false"),
    ("OVERFLOW_CHECKS", "false"),
];

/// Returns Cargo's own path in this toolchain, past rustup's stand-in.
pub fn prepare(command: &mut Command, toolchain: Option<toolchain::Folders>) -> Option<PathBuf> {
    for (name, _) in std::env::vars_os() {
        if let Some(name) = name.to_str()
            && UNWANTED.iter().any(|start| name.starts_with(start))
        {
            command.env_remove(name);
        }
    }
    for (name, value) in PROFILE {
        command.env(format!("CARGO_PROFILE_DEV_{name}"), value);
    }
    // Cargo prefers these flags to the `RUSTFLAGS` that evcxr sets.
    command.env("CARGO_ENCODED_RUSTFLAGS", flags(toolchain.as_ref()));
    let toolchain = toolchain?;
    command.env("PATH", in_front_of("PATH", &toolchain.on_path()));
    if cfg!(target_os = "macos") {
        let name = "DYLD_FALLBACK_LIBRARY_PATH";
        let mut folders = in_front_of(name, std::slice::from_ref(&toolchain.libraries));
        if std::env::var_os(name).is_none() {
            // What macOS takes if nothing is named.
            folders.push(":/usr/local/lib:/usr/lib");
        }
        command.env(name, folders);
    } else if cfg!(unix) {
        let name = "LD_LIBRARY_PATH";
        command.env(
            name,
            in_front_of(name, std::slice::from_ref(&toolchain.libraries)),
        );
    }
    Some(toolchain.cargo())
}

/// A list of folders in a variable, with these at its beginning.
fn in_front_of(variable: &str, first: &[PathBuf]) -> OsString {
    let old = std::env::var_os(variable).unwrap_or_default();
    let rest = std::env::split_paths(&old).filter(|folder| !first.contains(folder));
    let folders = first
        .iter()
        .cloned()
        .chain(rest)
        .filter(|folder| !folder.as_os_str().is_empty());
    std::env::join_paths(folders).unwrap_or(old)
}

/// What the template was built with: if this differs, all is built anew.
pub fn flags_now() -> String {
    flags(toolchain::folders().as_ref())
}

/// rustc's flags, in the form in which a path may contain spaces. The first ones are those that
/// evcxr sets: it links with mold or lld where they are installed, and tells Cargo of lld.
fn flags(toolchain: Option<&toolchain::Folders>) -> String {
    let mut flags = vec!["-Cprefer-dynamic".to_owned()];
    if !cfg!(target_os = "macos") && on_path("mold").is_none() && on_path("lld").is_some() {
        flags.push("-Clink-arg=-fuse-ld=lld".to_owned());
    }
    if let Some(libraries) = toolchain.and_then(|toolchain| toolchain.libraries.to_str())
        && cfg!(unix)
    {
        // `-Wl,-rpath,…` would be split at a comma in the path.
        for word in ["-Xlinker", "-rpath", "-Xlinker", libraries] {
            flags.push(format!("-Clink-arg={word}"));
        }
    }
    flags.join("\x1f")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_is_told_where_the_standard_library_lies() {
        let mut command = Command::new("true");
        let cargo = prepare(&mut command, toolchain::folders()).unwrap();
        assert!(cargo.is_file());
        let value = |name: &str| {
            let (_, value) = command.get_envs().find(|(key, _)| *key == name).unwrap();
            value.unwrap().to_str().unwrap().to_owned()
        };
        let libraries = toolchain::folders().unwrap().libraries;
        let prefix = std::env::consts::DLL_PREFIX;
        let is_std = |name: &str| name.starts_with(&format!("{prefix}std-"));
        let mut names = std::fs::read_dir(&libraries).unwrap().flatten();
        assert!(names.any(|entry| entry.file_name().to_str().is_some_and(is_std)));
        if cfg!(unix) {
            let flags = value("CARGO_ENCODED_RUSTFLAGS");
            assert!(flags.ends_with(&format!("-Clink-arg={}", libraries.display())));
        }
        let searched = if cfg!(windows) {
            "PATH"
        } else if cfg!(target_os = "macos") {
            "DYLD_FALLBACK_LIBRARY_PATH"
        } else {
            "LD_LIBRARY_PATH"
        };
        assert!(std::env::split_paths(&value(searched)).any(|folder| folder == libraries));
    }
}
