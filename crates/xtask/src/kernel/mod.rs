//! The Rust kernel of the course: evcxr, started by a small launcher in a workspace of its own.
//!
//! ```text
//! Jupyter -> latent-kernel (launcher) -> evcxr_jupyter -> cargo build, one small crate a cell
//!                |
//!                +- clones .lab/kernel/template, where all the crates are built already
//! ```

mod advice;
pub mod analyser;
mod building;
mod cells;
mod clone;
pub mod compiler;
mod dep;
mod early_end;
mod ended;
mod environment;
pub mod evcxr;
mod failure;
mod identity;
pub mod launcher;
mod memory;
mod message;
mod moved;
pub mod place;
pub mod registered;
mod relay;
pub mod runs;
mod rust;
mod signs;
pub mod spec;
pub mod template;
pub mod trial;
mod untouched;
mod variables;
mod wire;

use std::process::{ExitCode, ExitStatus};

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
