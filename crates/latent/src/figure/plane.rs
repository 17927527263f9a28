//! The latent plane of the widgets: what part of it shows, the codes in it, and the still.
//!
//! ```text
//! view: left, right, bottom, top, a square        code (x, y) -> shares of the view, as u16
//! ```

use super::font::{Font, LINE};
use super::images::{ink, side_of};
use super::palette::colour;
use super::picture::Canvas;
use crate::autoencoder::Autoencoder;
use crate::check;
use crate::codec::Codec;
use crate::data::Dataset;
use crate::error::{Error, Result};
use ndarray::{Array1, Array2, Axis};
use serde_json::{Value, json};

/// Side of the square that shows, in latent units and in the still's pixels.
const MAP: usize = 260;
const GAP: usize = 8;
/// Dots of the still.
const MOST_DOTS: usize = 600;

/// A square part of a latent space of two dimensions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plane {
    left: f32,
    bottom: f32,
    side: f32,
}

impl Plane {
    /// The square around most of `codes` (n, 2): one of them in `one_in` may lie outside on each
    /// side, or else a stray one would shrink all others to a blot.
    pub fn around(codes: &Array2<f32>, one_in: usize) -> Self {
        let [across, up] = [0, 1].map(|axis| {
            let mut values = codes.index_axis(Axis(1), axis).to_vec();
            values.sort_by(f32::total_cmp);
            let last = values.len() - 1;
            let skipped = last / one_in;
            (values[skipped], values[last - skipped])
        });
        let longer = (across.1 - across.0).max(up.1 - up.0);
        let side = if longer > 0.0 { 1.08 * longer } else { 1.0 };
        let start = |(low, high): (f32, f32)| f32::midpoint(low, high) - side / 2.0;
        Self {
            left: start(across),
            bottom: start(up),
            side,
        }
    }

    /// Left, right, bottom, top.
    pub fn view(&self) -> [f32; 4] {
        let Self { left, bottom, side } = *self;
        [left, left + side, bottom, bottom + side]
    }

    /// The codes at the middles of `cells` x `cells` squares, row by row from the top left.
    pub fn grid(&self, cells: usize) -> Array2<f32> {
        let place = |i: usize| self.side * (i as f32 + 0.5) / cells as f32;
        Array2::from_shape_fn((cells * cells, 2), |(cell, axis)| match axis {
            0 => self.left + place(cell % cells),
            _ => self.bottom + self.side - place(cell / cells),
        })
    }

    /// Where a code lies, as shares of the side from the left and from the bottom.
    fn shares(&self, x: f32, y: f32) -> [f32; 2] {
        [(x - self.left) / self.side, (y - self.bottom) / self.side]
    }

    /// Rows of `codes` (n, 2) that show.
    pub fn rows(&self, codes: &Array2<f32>) -> Vec<usize> {
        let shows = |row: &usize| {
            let shares = self.shares(codes[[*row, 0]], codes[[*row, 1]]);
            shares.iter().all(|share| (0.0..=1.0).contains(share))
        };
        (0..codes.nrows()).filter(shows).collect()
    }

    /// What `codes` of plane.js reads: all x, then all y. Codes outside of the view are put on its
    /// edge, where no other stands.
    pub fn to_bytes(self, codes: &Array2<f32>) -> Vec<u8> {
        let places = codes
            .rows()
            .into_iter()
            .map(|code| self.shares(code[0], code[1]));
        let number = |share: f32| match share {
            share if share < 0.0 => 0,
            share if share > 1.0 => u16::MAX,
            share => 1 + (share * 65533.0).round() as u16,
        };
        let places: Vec<[u16; 2]> = places.map(|shares| shares.map(number)).collect();
        let across = places.iter().map(|place| place[0]);
        let up = places.iter().map(|place| place[1]);
        across.chain(up).flat_map(u16::to_le_bytes).collect()
    }
}

/// The classes among some labels, each with its colour.
pub(super) struct Classes {
    labels: Vec<usize>,
}

impl Classes {
    pub fn of(labels: &Array1<usize>) -> Self {
        let mut labels = labels.to_vec();
        labels.sort_unstable();
        labels.dedup();
        Self { labels }
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// For each label its place among the classes.
    pub fn index(&self, labels: &Array1<usize>) -> Vec<usize> {
        let place = |label| {
            self.labels
                .binary_search(label)
                .unwrap_or_else(|place| place)
        };
        labels.iter().map(place).collect()
    }

    /// Names and colours, for plane.js.
    pub fn to_json(&self) -> (Value, Value) {
        let names: Vec<String> = self.labels.iter().map(usize::to_string).collect();
        let colours: Vec<&str> = self.labels.iter().map(|&label| colour(label)).collect();
        (json!(names), json!(colours))
    }
}

/// Two latent dimensions, or an error that says which figure to use instead.
pub(super) fn planar(codec: &dyn Codec) -> Result<()> {
    match codec.latent_dim() {
        2 => Ok(()),
        found => Err(Error::LatentNotPlanar { found }),
    }
}

/// At most `most` rows of `n`, evenly spaced.
pub(super) fn every(n: usize, most: usize) -> Vec<usize> {
    (0..n).step_by(n.div_ceil(most).max(1)).collect()
}

/// At most `most` samples, evenly spaced.
pub(super) fn thinned(data: &Dataset, most: usize) -> Dataset {
    let rows = every(data.len(), most);
    Dataset {
        samples: data.samples.select(Axis(0), &rows),
        labels: data.labels.select(Axis(0), &rows),
    }
}

/// Refuses what the widgets cannot draw; returns the side of the images.
pub(super) fn checked(autoencoder: &Autoencoder, data: &Dataset) -> Result<usize> {
    planar(autoencoder)?;
    check::not_empty("the data set of the figure", &data.samples)?;
    check::labels(&data.samples, &data.labels)?;
    check::width("the samples", &data.samples, autoencoder.input_dim())?;
    moderate("the values of the samples", &data.samples)?;
    side_of(&data.samples)
}

/// Refuses NaN, infinity, and values whose squares exceed the range of f32.
pub(super) fn moderate(what: &'static str, array: &Array2<f32>) -> Result<()> {
    const LARGEST: f32 = 1e15;
    check::finite(what, array)?;
    if array.iter().all(|x| x.abs() <= LARGEST) {
        return Ok(());
    }
    Err(Error::Overflow { what })
}

/// The still: the codes as dots, each class named in their middle, beside images decoded from the
/// same square. `grid` (m * m, d) are those images, row by row from the top left.
pub(super) fn still(
    plane: Plane,
    (codes, labels): (&Array2<f32>, &Array1<usize>),
    grid: &Array2<f32>,
    title: &str,
) -> Canvas {
    let font = Font::new();
    let top = GAP;
    let cells = grid.nrows().isqrt();
    let side = grid.ncols().isqrt();
    let scale = (MAP / (cells * side).max(1)).max(1);
    let right = GAP + MAP + 2 * GAP;
    let height = MAP.max(cells * side * scale);
    let mut canvas = Canvas::new(right + cells * side * scale + GAP, top + height + GAP);

    let pixel = |x: f32, y: f32| {
        let [across, up] = plane.shares(x, y);
        let to = |share: f32| (share * (MAP - 3) as f32) as usize;
        (GAP + to(across), top + to(1.0 - up))
    };
    let shown = plane.rows(codes);
    for &row in shown.iter().step_by(shown.len().div_ceil(MOST_DOTS).max(1)) {
        let (x, y) = pixel(codes[[row, 0]], codes[[row, 1]]);
        canvas.image(x, y, 3, 1, &[rgb(colour(labels[row])); 9]);
    }
    for &class in &Classes::of(labels).labels {
        let of = |axis: usize| {
            let members = shown.iter().filter(|&&row| labels[row] == class);
            let mut values: Vec<f32> = members.map(|&row| codes[[row, axis]]).collect();
            values.sort_by(f32::total_cmp);
            values.get(values.len() / 2).copied()
        };
        if let (Some(x), Some(y)) = (of(0), of(1)) {
            let (x, y) = pixel(x, y);
            let name = class.to_string();
            let width = font.width(&name) + 4;
            let (left, top) = (x.saturating_sub(width / 2), y.saturating_sub(LINE / 2));
            canvas.image(left, top, width, 1, &vec![[255; 3]; width * LINE]);
            canvas.text(left + 2, top, &name);
        }
    }
    for (cell, image) in grid.rows().into_iter().enumerate() {
        // Sixteen greys pack into half the space of 256, and look the same.
        let grey: Vec<[u8; 3]> = ink(image)
            .iter()
            .map(|colour| colour.map(|c| ((u16::from(c) + 8) / 17 * 17) as u8))
            .collect();
        let (row, column) = (cell / cells, cell % cells);
        let step = side * scale;
        canvas.image(right + column * step, top + row * step, side, scale, &grey);
    }
    canvas.with_title(title)
}

/// Cells of a still's grid of images: as many as fit, from 1 to 8.
pub(super) fn cells(side: usize) -> usize {
    (MAP / side).clamp(1, 8)
}

/// "#0072B2" as three numbers.
fn rgb(hex: &str) -> [u8; 3] {
    [1, 3, 5].map(|start| u8::from_str_radix(&hex[start..start + 2], 16).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_view_is_a_square_around_the_codes() {
        let plane = Plane::around(&array![[0.0, 0.0], [10.0, 1.0], [5.0, 0.5]], 100);
        let [left, right, bottom, top] = plane.view();
        assert!((right - left - (top - bottom)).abs() < 1e-5);
        assert!(left < 0.0 && right > 10.0 && bottom < 0.0 && top > 1.0);
        assert_eq!(
            plane.rows(&array![[0.0, 0.0], [11.0, 0.0], [5.0, 0.5]]),
            [0, 2]
        );
        assert_eq!(
            Plane::around(&array![[3.0, 4.0]], 100).view(),
            [2.5, 3.5, 3.5, 4.5]
        );
    }

    #[test]
    fn a_stray_code_does_not_shrink_the_others() {
        let mut codes = Array2::from_shape_fn((1000, 2), |(i, j)| ((i * (j + 3)) as f32).sin());
        codes[[500, 0]] = 1e6;
        let [left, right, ..] = Plane::around(&codes, 100).view();
        assert!(right - left < 3.0);
    }

    #[test]
    fn the_grid_runs_from_the_top_left() {
        let plane = Plane::around(&array![[0.0, 0.0], [1.0, 1.0]], 100);
        let grid = plane.grid(2);
        assert!(grid[[0, 0]] < 0.5 && grid[[0, 1]] > 0.5);
        assert!(grid[[3, 0]] > 0.5 && grid[[3, 1]] < 0.5);
    }

    #[test]
    fn codes_are_shares_of_the_view() {
        let plane = Plane::around(&array![[0.0, 0.0], [1.0, 1.0]], 100);
        let [left, right, bottom, top] = plane.view();
        let bytes = plane.to_bytes(&array![[left, top], [right + 1.0, bottom - 1.0]]);
        let numbers: Vec<u16> = bytes
            .chunks(2)
            .map(|b| u16::from_le_bytes([b[0], b[1]]))
            .collect();
        assert_eq!(numbers, [1, 65535, 65534, 0]);
    }

    #[test]
    fn classes_are_numbered_in_order() {
        let labels = array![7, 3, 7, 900];
        let classes = Classes::of(&labels);
        assert_eq!(classes.index(&labels), [1, 0, 1, 2]);
        assert_eq!(classes.to_json().0, json!(["3", "7", "900"]));
        assert_eq!(rgb("#0072B2"), [0, 0x72, 0xB2]);
    }
}
