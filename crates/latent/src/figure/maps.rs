//! The latent space of any codec: where samples lie in it, and what lies where.
//!
//! ```text
//! latent_map    samples (n, d) -> encode -> codes (n, 2), coloured by class
//! latent_grid   a grid of codes -> decode -> images, in the places of their codes
//! traversal     one code of k numbers changes, the others stay at their medians -> decode
//! ```

use super::font::{Font, LINE};
use super::images::{SCALE, ink, side_of};
use super::picture::{Canvas, Picture};
use super::plane::{every, planar, thinned};
use super::plot::{Figure, MOST_POINTS};
use super::scatter::scatter;
use crate::check;
use crate::codec::Codec;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::training::snapshot::{grid_codes, middle, quantile};
use ndarray::{Array2, ArrayView1, Axis};

const GAP: usize = 6;
/// Samples that are encoded to find out where a codec puts its codes.
const SAMPLES: usize = 2000;
const MOST_IN_A_ROW: usize = 30;
/// Latent dimensions that a traversal shows.
const MOST_ROWS: usize = 10;

/// The codes of `data` in a latent space of two dimensions, coloured and shaped by class.
///
/// ```
/// use latent::prelude::*;
/// let test = Mnist::load()?.test.take(300);
/// let pca = Pca::fit(&test.samples, 2)?;
/// let figure = figure::latent_map(&pca, &test)?;
/// assert!(figure.to_string().contains("class 7"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::LatentNotPlanar`] if the codes have other than two dimensions, and what the codec
/// answers: [`Error::Width`], for one, if the samples are not as wide as its input.
pub fn latent_map(codec: &dyn Codec, data: &Dataset) -> Result<Figure> {
    planar(codec)?;
    check::not_empty("the data for the map", &data.samples)?;
    check::labels(&data.samples, &data.labels)?;
    let data = thinned(data, MOST_POINTS);
    let codes = codec.encode(&data.samples)?;
    check::finite("the codes", &codes)?;
    let title = "Latent space: the code of each sample, by class";
    let figure = scatter(&codes, &data.labels, title)?.axes("z1", "z2");
    Ok(without_strays(figure, &codes))
}

/// A few codes far away from all others would shrink the map to a dot: the window leaves them out,
/// and the text form says how many.
fn without_strays(figure: Figure, codes: &Array2<f32>) -> Figure {
    let window = [0, 1].map(|axis| {
        let (low, high) = middle(codes, axis);
        let margin = 0.25 * (high - low);
        [f64::from(low - margin), f64::from(high + margin)]
    });
    let is_inside = |code: &ArrayView1<f32>| {
        (0..2).all(|axis| (window[axis][0]..=window[axis][1]).contains(&f64::from(code[axis])))
    };
    let strays = codes
        .rows()
        .into_iter()
        .filter(|code| !is_inside(code))
        .count();
    if strays == 0 {
        return figure;
    }
    figure
        .with_window([window[0][0], window[0][1], window[1][0], window[1][1]])
        .note(format!(
            "{strays} of {} points lie outside of the window; a double click shows them",
            codes.nrows()
        ))
}

/// Images decoded from `side` x `side` places of a latent space of two dimensions, each in its
/// place. The places span the middle 98 % of the codes of `samples` (n, d) on each axis.
///
/// ```
/// use latent::prelude::*;
/// let images = random::uniform(8, 16, 0.0, 1.0, 1)?; // 4 x 4 pixels
/// let pca = Pca::fit(&images, 2)?;
/// let picture = figure::latent_grid(&pca, &images, 5)?;
/// assert!(picture.alt().starts_with("5 x 5 images decoded from a grid"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::LatentNotPlanar`], [`Error::NotSquare`], [`Error::Setting`] for a side that is not
/// from 1 to 30, and what the codec answers.
pub fn latent_grid(codec: &dyn Codec, samples: &dyn Matrix, side: usize) -> Result<Picture> {
    planar(codec)?;
    count("side", side)?;
    let (codes, pixels) = codes_of(codec, samples)?;
    let places = grid_codes(&codes, side);
    let images = codec.decode(&places)?;
    let step = pixels * SCALE;
    let [across, up] = [0, 1].map(|axis| middle(&codes, axis));
    let (font, high, low) = (Font::new(), short(up.1), short(up.0));
    let widest = [high.as_str(), &low, "z2"].map(|text| font.width(text));
    let (left, top) = (GAP + widest.into_iter().max().unwrap_or(0) + GAP, GAP);
    let (width, height) = (left + side * step, top + side * step);
    let mut canvas = Canvas::new(width + GAP, height + LINE + GAP);
    for (cell, image) in images.rows().into_iter().enumerate() {
        let (row, column) = (cell / side, cell % side);
        canvas.image(
            left + column * step,
            top + row * step,
            pixels,
            SCALE,
            &ink(image),
        );
    }
    canvas.text(GAP, top, &high);
    canvas.text(
        GAP,
        usize::midpoint(top, height).saturating_sub(LINE / 2),
        "z2",
    );
    canvas.text(GAP, height.saturating_sub(LINE), &low);
    let below = height + GAP / 2;
    let last = short(across.1);
    canvas.text(left, below, &short(across.0));
    canvas.text(width.saturating_sub(font.width(&last)), below, &last);
    canvas.text(
        usize::midpoint(left, width) - font.width("z1") / 2,
        below,
        "z1",
    );
    let canvas = canvas.with_title("Images decoded from a grid of latent codes (z1, z2)");
    Ok(canvas.into_picture(format!(
        "{side} x {side} images decoded from a grid in the latent space: z1 from {} on the left to {} on the right, z2 from {} at the bottom to {} on top",
        short(across.0),
        short(across.1),
        short(up.0),
        short(up.1),
    )))
}

/// What each number of a code does: one row of `steps` images for each latent dimension (of more
/// than ten, the first ten). It goes through the middle 98 % of its values among the codes of
/// `samples` (n, d), while the others stay at their medians.
///
/// ```
/// use latent::prelude::*;
/// let images = random::uniform(8, 16, 0.0, 1.0, 1)?; // 4 x 4 pixels
/// let pca = Pca::fit(&images, 3)?;
/// let picture = figure::traversal(&pca, &images, 5)?;
/// assert!(picture.alt().starts_with("3 rows of 5 images"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], [`Error::Setting`] for steps that are not from 1 to 30, and what the codec
/// answers.
pub fn traversal(codec: &dyn Codec, samples: &dyn Matrix, steps: usize) -> Result<Picture> {
    count("steps", steps)?;
    let (codes, pixels) = codes_of(codec, samples)?;
    let rows = codec.latent_dim().min(MOST_ROWS);
    let medians: Vec<f32> = (0..codec.latent_dim())
        .map(|axis| quantile(&codes, axis, 0.5))
        .collect();
    let ends: Vec<(f32, f32)> = (0..rows).map(|axis| middle(&codes, axis)).collect();
    let places = Array2::from_shape_fn((rows * steps, codec.latent_dim()), |(image, axis)| {
        let (row, step) = (image / steps, image % steps);
        if axis != row {
            return medians[axis];
        }
        let (low, high) = ends[row];
        low + (high - low) * step as f32 / (steps.max(2) - 1) as f32
    });
    let images = codec.decode(&places)?;
    let names: Vec<String> = ends
        .iter()
        .enumerate()
        .map(|(axis, (low, high))| format!("z{} {} to {}", axis + 1, short(*low), short(*high)))
        .collect();
    let font = Font::new();
    let widest = names.iter().map(|name| font.width(name)).max();
    let (left, step) = (
        GAP + widest.unwrap_or(0) + 2 * GAP,
        (pixels * SCALE).max(LINE) + 2,
    );
    let mut canvas = Canvas::new(left + steps * step + GAP, GAP + rows * (step + 2));
    for (place, image) in images.rows().into_iter().enumerate() {
        let (row, column) = (place / steps, place % steps);
        let top = GAP + row * (step + 2);
        if column == 0 {
            let middle = (pixels * SCALE).saturating_sub(LINE) / 2;
            canvas.text(GAP, top + middle, &names[row]);
        }
        canvas.image(left + column * step, top, pixels, SCALE, &ink(image));
    }
    let left_out = codec.latent_dim() - rows;
    let note = if left_out > 0 {
        format!("; {left_out} more dimensions are not drawn")
    } else {
        String::new()
    };
    let canvas = canvas
        .with_title("Traversal: one latent variable changes, the others stay at their medians");
    Ok(canvas.into_picture(format!(
        "{rows} rows of {steps} images: in each, one latent variable changes from left to right: {}{note}",
        names.join(", ")
    )))
}

fn count(setting: &'static str, value: usize) -> Result<()> {
    if (1..=MOST_IN_A_ROW).contains(&value) {
        return Ok(());
    }
    Err(Error::Setting {
        setting,
        value: value.to_string(),
        expected: "a whole number from 1 to 30",
    })
}

/// Codes of some of the samples, and the side of the images that they decode to.
fn codes_of(codec: &dyn Codec, samples: &dyn Matrix) -> Result<(Array2<f32>, usize)> {
    let samples = samples.view();
    check::not_empty("the samples", &samples)?;
    let some = samples.select(Axis(0), &every(samples.nrows(), SAMPLES));
    let codes = codec.encode(&some)?;
    check::finite("the codes", &codes)?;
    let decoded = codec.decode(&codes.slice(ndarray::s![..1, ..]))?;
    Ok((codes, side_of(&decoded)?))
}

/// A number in a few letters.
fn short(value: f32) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pca::Pca;

    /// Images of 4 x 4 pixels that differ along three directions.
    fn data() -> Dataset {
        let samples = Array2::from_shape_fn((60, 16), |(i, j)| {
            ((i * (j % 3 + 1)) % 7) as f32 / 7.0 + if j == i % 16 { 0.2 } else { 0.0 }
        });
        Dataset::new(samples, (0..60).map(|i| i % 3).collect()).unwrap()
    }

    #[test]
    fn maps_and_grids_name_their_axes() {
        let data = data();
        let pca = Pca::fit(&data.samples, 2).unwrap();
        let map = latent_map(&pca, &data).unwrap().to_string();
        assert!(map.contains("across: z1; up: z2") && map.contains("class 2: 20 points"));
        let grid = latent_grid(&pca, &data.samples, 5).unwrap();
        assert!(grid.alt().starts_with("5 x 5 images"), "{}", grid.alt());
    }

    #[test]
    fn a_stray_code_does_not_shrink_the_map() {
        let mut codes = Array2::from_shape_fn((200, 2), |(i, j)| ((i * (j + 3)) % 20) as f32);
        codes[[7, 0]] = 1000.0;
        let labels = ndarray::Array1::zeros(200);
        let figure = without_strays(scatter(&codes, &labels, "map").unwrap(), &codes);
        let json: serde_json::Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert!(json["layout"]["xaxis"]["range"][1].as_f64().unwrap() < 30.0);
        assert!(figure.to_string().contains("1 of 200 points lie outside"));
    }

    #[test]
    fn the_grid_puts_each_code_in_its_place() {
        let data = data();
        let pca = Pca::fit(&data.samples, 2).unwrap();
        let codes = pca.encode(&data.samples).unwrap();
        let places = grid_codes(&codes, 3);
        let (low, high) = middle(&codes, 0);
        assert!(places[[0, 0]] > low && places[[0, 0]] < places[[2, 0]] && places[[2, 0]] < high);
        assert!(places[[0, 1]] > places[[6, 1]], "the second axis points up");
        assert_eq!(places[[0, 0]], places[[6, 0]]);
    }

    #[test]
    fn a_traversal_draws_any_number_of_dimensions() {
        let data = data();
        for k in [1, 2, 12] {
            let pca = Pca::fit(&data.samples, k).unwrap();
            let picture = traversal(&pca, &data.samples, 7).unwrap();
            let rows = k.min(10);
            assert!(picture.alt().starts_with(&format!("{rows} rows of 7")));
            assert_eq!(picture.alt().contains("2 more dimensions"), k == 12);
        }
    }

    #[test]
    fn other_latent_spaces_are_told_which_figure_to_use() {
        let data = data();
        let pca = Pca::fit(&data.samples, 3).unwrap();
        for text in [
            latent_map(&pca, &data).unwrap_err().to_string(),
            latent_grid(&pca, &data.samples, 5).unwrap_err().to_string(),
        ] {
            assert!(text.contains("figure::traversal"), "{text}");
        }
        let pca = Pca::fit(&data.samples, 2).unwrap();
        let narrow = Array2::zeros((5, 9));
        let text = latent_grid(&pca, &narrow, 5).unwrap_err().to_string();
        assert!(text.contains("16 columns"), "{text}");
        for side in [0, 31] {
            let text = latent_grid(&pca, &data.samples, side).unwrap_err();
            assert!(text.to_string().contains("1 to 30"), "{text}");
        }
        let none = Dataset::new(Array2::zeros((0, 16)), ndarray::array![]).unwrap();
        assert!(latent_map(&pca, &none).is_err());
        assert!(traversal(&pca, &none.samples, 5).is_err());
    }
}
