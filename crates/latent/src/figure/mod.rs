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

mod activation;
mod activity;
mod curves;
mod draw;
mod explorer;
mod font;
mod heat;
mod images;
mod label_curves;
mod ladder;
mod lines;
mod maps;
mod opaque;
mod outcome;
mod palette;
mod picture;
mod plane;
mod playground;
mod plot;
mod population;
mod scatter;
mod scree;
mod show;
mod time_machine;
mod values;
mod vectors;
mod widget;

pub use activation::activation;
pub use activity::activity;
pub use curves::curves;
pub use draw::draw_a_digit;
pub use explorer::explorer;
pub use heat::{confusion_matrix, heat_map, landscape};
pub use images::{components, denoising, digits, filters, image_rows, reconstructions};
pub use label_curves::label_curves;
pub use ladder::error_ladder;
pub use lines::{line, lines};
pub use maps::{latent_grid, latent_map, traversal};
pub use opaque::Opaque;
pub use outcome::{FigureOutcome, FigureResult};
pub use picture::Picture;
pub use playground::playground;
pub use plot::Figure;
pub use population::{codes_by_heading, tuning_curves};
pub use scatter::{glyphs, groups, pairs, scatter};
pub use scree::scree;
pub use time_machine::time_machine;
pub use values::scatter_values;
pub use vectors::vectors;
pub use widget::Widget;
