//! Figures that show themselves as the last value of a cell.
//!
//! ```text
//! Figure  = a plot:     plotly's JSON, drawn by the notebook, and a text form
//! Picture = pixels:     a PNG with its alternative text
//! ```
//!
//! The kernel keeps one figure a cell, so a second one says where it could go. Numbers are rounded
//! to what the eye can see, and at most 5,000 points are drawn, so that notebooks stay small.

mod curves;
mod images;
mod palette;
mod picture;
mod plot;
mod scatter;
mod vectors;

pub use curves::{line, scree};
pub use images::{components, digits, reconstructions};
pub use picture::Picture;
pub use plot::Figure;
pub use scatter::scatter;
pub use vectors::vectors;

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the cell that is running has shown a figure.
///
/// Each cell is a library of its own with its own statics, so this starts as false in each.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// Hands the forms of one output to the kernel, each with its MIME type.
fn show(forms: &[(&str, String)]) {
    if SHOWN.swap(true, Ordering::Relaxed) {
        println!(
            "This cell already shows a figure, and a cell can show only one: move this one to a cell of its own."
        );
        return;
    }
    for (mime, content) in forms {
        println!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT");
    }
}
