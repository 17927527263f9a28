//! The Rust that the template was built with. The kernelspec names it, so that a kernel takes the
//! same one: also for a user who has another Rust or none, in a course that somebody else has set up.

use super::evcxr;
use crate::toolchain;
use serde_json::Value;
use std::path::PathBuf;

pub struct Rust {
    /// The toolchain's folder.
    pub toolchain: Option<PathBuf>,
    /// Where Cargo has the sources of the crates.
    pub cargo_home: Option<PathBuf>,
}

impl Rust {
    /// What the user who calls `cargo xtask lab` has.
    pub fn now() -> Self {
        Self {
            toolchain: toolchain::folders().map(|folders| folders.sysroot),
            cargo_home: evcxr::cargo_home(),
        }
    }

    /// As options of the launcher.
    pub fn options(self) -> Vec<Value> {
        [
            ("--rust", self.toolchain),
            ("--cargo-home", self.cargo_home),
        ]
        .into_iter()
        .filter_map(|(name, folder)| Some([name.into(), folder?.to_str()?.into()]))
        .flatten()
        .collect()
    }

    /// The toolchain, or if it is gone, the one of this user.
    pub fn folders(&self) -> Option<toolchain::Folders> {
        let named = self.toolchain.as_deref().and_then(toolchain::folders_in);
        named.or_else(toolchain::folders)
    }

    /// The same for Cargo's home.
    pub fn cargo_home(&self) -> Option<PathBuf> {
        let named = self.cargo_home.clone().filter(|folder| folder.is_dir());
        named.or_else(evcxr::cargo_home)
    }
}
