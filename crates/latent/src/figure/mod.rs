//! Figures that show themselves as the last value of a cell.
//!
//! ```text
//! Figure  = a plot:     plotly's JSON, drawn by the notebook, and a text form
//! Picture = pixels:     a PNG with its alternative text
//! Widget  = a script:   it answers in the browser without the kernel, and leaves a still behind
//! ```
//!
//! The kernel keeps one figure a cell, so a second one says where it could go. Numbers are rounded
//! to what the eye can see, and at most 5,000 points are drawn, so that notebooks stay small.

mod activity;
mod curves;
mod draw;
mod explorer;
mod heat;
mod images;
mod ladder;
mod maps;
mod palette;
mod picture;
mod plane;
mod plot;
mod quantise;
mod scatter;
mod time_machine;
mod vectors;
mod widget;

pub use activity::activity;
pub use curves::{activation, curves, line, lines, scree};
pub use draw::draw_a_digit;
pub use explorer::explorer;
pub use heat::{confusion_matrix, heat_map, landscape};
pub use images::{components, digits, reconstructions};
pub use ladder::error_ladder;
pub use maps::{latent_grid, latent_map, traversal};
pub use picture::Picture;
pub use plot::Figure;
pub use scatter::{glyphs, scatter};
pub use time_machine::time_machine;
pub use vectors::vectors;
pub use widget::Widget;

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
