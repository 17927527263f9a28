//! The environment variables of a kernel and of the template's build. They are the same, since
//! Cargo builds everything anew when one that it looks at differs.

use crate::toolchain;
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

/// Returns Cargo's own path, past rustup's stand-in.
pub fn prepare(command: &mut Command) -> Option<PathBuf> {
    for (name, _) in std::env::vars_os() {
        if let Some(name) = name.to_str()
            && UNWANTED.iter().any(|start| name.starts_with(start))
        {
            command.env_remove(name);
        }
    }
    let bin = toolchain::bin_folder()?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(bin.clone()).chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(folders) {
        command.env("PATH", path);
    }
    Some(bin.join(format!("cargo{}", std::env::consts::EXE_SUFFIX)))
}
