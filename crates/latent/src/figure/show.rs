//! Hands a figure to the kernel.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the running cell has shown a figure.
///
/// Each cell is a library of its own with its own statics, so this starts as false in each.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// Hands the forms of one output to the kernel, each with its MIME type.
pub(super) fn show(forms: &[(&str, String)]) {
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
