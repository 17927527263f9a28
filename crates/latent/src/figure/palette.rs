//! Ten colours and ten shapes for the ten digits.
//!
//! The colours are those of M. Okabe and K. Ito, "Color Universal Design" (2008), which readers
//! with any kind of colour vision can tell apart, with three more; none is near black or white, so
//! that they stand out on light and dark pages. Each class also has a shape of its own.

use plotly::common::MarkerSymbol;

const COLOURS: [&str; 10] = [
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8A900", "#9A3D63",
    "#8C8C8C", "#7A5FD3",
];

/// The colour of a class.
pub(super) fn colour(class: usize) -> &'static str {
    COLOURS[class % COLOURS.len()]
}

/// The shape of a class.
pub(super) fn symbol(class: usize) -> MarkerSymbol {
    match class % COLOURS.len() {
        0 => MarkerSymbol::Circle,
        1 => MarkerSymbol::Square,
        2 => MarkerSymbol::Diamond,
        3 => MarkerSymbol::Cross,
        4 => MarkerSymbol::X,
        5 => MarkerSymbol::TriangleUp,
        6 => MarkerSymbol::TriangleDown,
        7 => MarkerSymbol::Star,
        8 => MarkerSymbol::Pentagon,
        _ => MarkerSymbol::Hexagram,
    }
}
