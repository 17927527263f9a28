//! A picture of pixels, with its alternative text.

use super::font::{Font, LINE};
use super::show::show;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fmt;

/// Between the title and the edges.
const MARGIN: usize = 6;
/// A title may widen a picture up to this, and is broken into lines beyond.
const SHORTEST_TITLE: usize = 520;
const INK: f32 = 40.0;
const PAPER: f32 = 255.0;

/// A picture that shows itself as the last value of a cell.
///
/// ```
/// use latent::prelude::*;
/// let picture = figure::digits(&Array2::zeros((2, 16)), &array![3, 7])?;
/// assert_eq!(picture.alt(), "2 images of 4 x 4 pixels, labelled 3 7");
/// assert!(picture.png().starts_with(b"\x89PNG")); // to be written to a file
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Picture {
    png: Vec<u8>,
    width: usize,
    alt: String,
}

impl Picture {
    /// The bytes of a PNG file.
    pub fn png(&self) -> &[u8] {
        &self.png
    }

    /// What is to be seen, in words.
    pub fn alt(&self) -> &str {
        &self.alt
    }

    /// Shows the picture; the kernel calls this for the last value of a cell.
    pub fn evcxr_display(&self) {
        let encoded = BASE64_STANDARD.encode(&self.png);
        let html = format!(
            "<img src=\"data:image/png;base64,{encoded}\" alt=\"{}\" width=\"{}\">",
            self.alt
                .replace('&', "&amp;")
                .replace('"', "&quot;")
                .replace('<', "&lt;"),
            self.width
        );
        show(&[
            ("text/html", html),
            ("image/png", encoded),
            ("text/plain", self.to_string()),
        ]);
    }
}

/// The text form: what is to be seen, in words.
impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture: {}", self.alt)
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// White paper to draw on, in red, green and blue.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
    font: Font,
}

impl Canvas {
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            rgb: vec![255; 3 * width * height],
            font: Font::new(),
        }
    }

    /// Draws square pixels of `scale` from (left, top), `side` of them in a row.
    pub fn image(
        &mut self,
        left: usize,
        top: usize,
        side: usize,
        scale: usize,
        colours: &[[u8; 3]],
    ) {
        for (index, &colour) in colours.iter().enumerate() {
            let (row, column) = (index / side, index % side);
            for y in 0..scale {
                for x in 0..scale {
                    self.set(left + column * scale + x, top + row * scale + y, colour);
                }
            }
        }
    }

    /// Writes one line of text from (left, top); letters that the font has not become `?`.
    pub fn text(&mut self, left: usize, top: usize, text: &str) {
        for (x, y, ink) in self.font.pixels(text) {
            let share = f32::from(ink) / 255.0;
            let grey = (PAPER + share * (INK - PAPER)).round() as u8;
            self.set(left + x, top + y, [grey; 3]);
        }
    }

    /// Adds a title above all that is drawn, in as many lines as it needs.
    pub fn with_title(self, title: &str) -> Self {
        let lines = self.font.lines(
            title,
            self.width.saturating_sub(2 * MARGIN).max(SHORTEST_TITLE),
        );
        let widest = lines.iter().map(|line| self.font.width(line)).max();
        let width = self.width.max(widest.unwrap_or(0) + 2 * MARGIN);
        let above = MARGIN + lines.len() * LINE;
        let mut canvas = Self::new(width, above + self.height);
        for (place, line) in lines.iter().enumerate() {
            canvas.text(MARGIN, MARGIN + place * LINE, line);
        }
        for (y, row) in self.rgb.chunks_exact(3 * self.width.max(1)).enumerate() {
            let start = 3 * width * (above + y);
            canvas.rgb[start..start + row.len()].copy_from_slice(row);
        }
        canvas
    }

    fn set(&mut self, x: usize, y: usize, colour: [u8; 3]) {
        if x < self.width && y < self.height {
            let start = 3 * (y * self.width + x);
            self.rgb[start..start + 3].copy_from_slice(&colour);
        }
    }

    pub fn into_picture(self, alt: String) -> Picture {
        // Most pictures are grey: then one number a pixel says it all.
        let is_grey = self
            .rgb
            .chunks_exact(3)
            .all(|c| c[0] == c[1] && c[1] == c[2]);
        let (colour, pixels) = if is_grey {
            let greys = self.rgb.iter().copied().step_by(3).collect();
            (png::ColorType::Grayscale, greys)
        } else {
            (png::ColorType::Rgb, self.rgb)
        };
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, self.width as u32, self.height as u32);
        encoder.set_color(colour);
        encoder.set_compression(png::Compression::High);
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&pixels))
            .expect("a canvas has as many bytes as its size says, and memory takes them all");
        Picture {
            png,
            width: self.width,
            alt,
        }
    }
}
