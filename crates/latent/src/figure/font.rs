//! Letters for pictures: DejaVu Sans at 14 pixels, as `font/make.py` has drawn it once.
//!
//! ```text
//! letters.png: all letters in a row, 0 (paper) to 255 (ink); above them a mark where each begins
//! ```

use std::io::Cursor;

/// Height of a line of text.
pub(super) const LINE: usize = 17;

const SHEET: &[u8] = include_bytes!("font/letters.png");

/// The letters of the sheet after those of ASCII, in its order.
const MORE: &str = "°±²³·×–—’“”…→≈≤≥−äöüéèçñµπσλΔ";

/// The letters, to be measured and drawn.
pub(super) struct Font {
    ink: Vec<u8>,
    width: usize,
    /// Where each letter begins, and where the last one ends.
    edges: Vec<usize>,
}

impl Font {
    /// Unpacks the sheet.
    pub fn new() -> Self {
        let mut reader = png::Decoder::new(Cursor::new(SHEET))
            .read_info()
            .expect("the sheet is a PNG, as the tests see");
        let mut pixels = vec![0; reader.output_buffer_size().unwrap_or(0)];
        let info = reader.next_frame(&mut pixels).expect("the sheet is whole");
        let width = info.width as usize;
        let ink = pixels.split_off(width);
        let mut edges: Vec<usize> = (0..width).filter(|&x| pixels[x] > 0).collect();
        edges.push(width);
        Self { ink, width, edges }
    }

    /// Where a letter stands on the sheet; `?` for one that is not there.
    fn place(&self, letter: char) -> std::ops::Range<usize> {
        let index = match letter {
            ' '..='~' => letter as usize - ' ' as usize,
            _ => MORE
                .chars()
                .position(|more| more == letter)
                .map_or('?' as usize - ' ' as usize, |place| 95 + place),
        };
        self.edges[index]..self.edges[index + 1]
    }

    /// The width of a line of text, in pixels.
    pub fn width(&self, text: &str) -> usize {
        text.chars().map(|letter| self.place(letter).len()).sum()
    }

    /// The pixels of a line of text that are not bare paper: x, y and the share of ink, 1 to 255.
    pub fn pixels(&self, text: &str) -> Vec<(usize, usize, u8)> {
        let mut found = Vec::new();
        let mut left = 0;
        for letter in text.chars() {
            let place = self.place(letter);
            for y in 0..LINE {
                for x in place.clone() {
                    let ink = self.ink[y * self.width + x];
                    if ink > 0 {
                        found.push((left + x - place.start, y, ink));
                    }
                }
            }
            left += place.len();
        }
        found
    }

    /// Lines of at most `width` pixels, broken between words, and where the text breaks itself.
    pub fn lines(&self, text: &str, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                let longer = format!("{line} {word}");
                if line.is_empty() {
                    word.clone_into(&mut line);
                } else if self.width(&longer) <= width {
                    line = longer;
                } else {
                    lines.push(std::mem::replace(&mut line, word.to_owned()));
                }
            }
            lines.push(line);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_has_its_place_and_ink() {
        let font = Font::new();
        assert_eq!(font.edges.len(), 95 + MORE.chars().count() + 1);
        assert_eq!(font.ink.len(), font.width * LINE);
        for letter in ('!'..='~').chain(MORE.chars()) {
            assert!(!font.pixels(&letter.to_string()).is_empty(), "{letter}");
            assert!((3..=16).contains(&font.width(&letter.to_string())));
        }
        assert!(font.pixels(" ").is_empty());
        assert_eq!(font.pixels("書"), font.pixels("?"));
        assert!(font.width("m") > 2 * font.width("i"));
    }

    #[test]
    fn lines_break_between_words() {
        let font = Font::new();
        assert_eq!(
            font.lines("one two three", font.width("one two")),
            ["one two", "three"]
        );
        assert_eq!(font.lines("a\nb", 1000), ["a", "b"]);
        assert_eq!(font.lines("unbreakable", 1), ["unbreakable"]);
    }
}
