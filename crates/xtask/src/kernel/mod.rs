//! The Rust kernel of the course: evcxr, started by a small launcher in a workspace of its own.
//!
//! ```text
//! Jupyter -> latent-kernel (launcher) -> evcxr_jupyter -> cargo build, one small crate a cell
//!                |
//!                +- clones .lab/kernel/template, where all the crates are built already
//! ```

mod clone;
mod environment;
pub mod evcxr;
pub mod launcher;
mod runs;
pub mod spec;
pub mod template;
