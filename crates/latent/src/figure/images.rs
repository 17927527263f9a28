//! Samples drawn as images: ink on paper, or signed values in two colours.
//!
//! ```text
//! a row of d = side * side values -> side x side pixels, the first `side` values on top
//! ```

use super::font::{Font, LINE};
use super::picture::{Canvas, Picture};
use crate::check;
use crate::codec::Codec;
use crate::error::{Error, Result};
use crate::matrix::{Labels, Matrix};
use ndarray::{Array2, ArrayView1, ArrayView2};

/// Screen pixels for one pixel of an image.
pub(super) const SCALE: usize = 2;
const GAP: usize = 6;
/// Images in a row that fit across a notebook, at twice and at three times their size.
const SMALL: (usize, usize) = (SCALE, 10);
const LARGE: (usize, usize) = (3, 6);
/// The same in rows of five, for layers with ten outputs.
const FILTERS: (usize, usize) = (3, 5);
const MOST_IMAGES: usize = 100;
/// Images in a row of reconstructions.
const MOST_COLUMNS: usize = 20;
/// Captions are broken into lines that are at most this wide.
const CAPTION: usize = 160;

/// A grid of images with the label of each above it; of more than 100, the first 100.
///
/// `samples` (n, d) are one image a row, with d a square number: 0 is paper, 1 is ink.
///
/// ```
/// use latent::prelude::*;
/// let mnist = Mnist::load()?;
/// let few = mnist.test.take(10);
/// let picture = figure::digits(&few.samples, &few.labels)?;
/// assert_eq!(picture.alt(), "10 images of 28 x 28 pixels, labelled 7 2 1 0 4 1 4 9 5 9");
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], [`Error::LabelCount`], [`Error::Empty`], [`Error::NotFinite`].
pub fn digits(samples: &dyn Matrix, labels: &dyn Labels) -> Result<Picture> {
    let (samples, labels) = (samples.view(), labels.view());
    check::labels(&samples, &labels)?;
    let names: Vec<String> = labels.iter().map(usize::to_string).collect();
    let side = images(&samples)?;
    let shown = samples.nrows().min(MOST_IMAGES);
    let alt = format!(
        "{shown} images of {side} x {side} pixels, labelled {}{}",
        names[..shown].join(" "),
        left_out(shown, samples.nrows(), "images")
    );
    let title = "Images, each with its label above";
    Ok(grid(title, samples, side, SMALL, &names, ink, alt))
}

/// A grid of signed images, each scaled to its own largest magnitude: blue below zero, white at
/// zero, orange above.
///
/// `components` (k, d) are one image a row, with d a square number.
///
/// ```
/// use latent::prelude::*;
/// let images = random::uniform(8, 16, 0.0, 1.0, 1)?; // 4 x 4 pixels
/// let pca = Pca::fit(&images, 3)?;
/// let picture = figure::components(pca.components())?;
/// assert!(picture.alt().starts_with("3 components as images of 4 x 4 pixels"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], [`Error::Empty`], [`Error::NotFinite`].
pub fn components(components: &dyn Matrix) -> Result<Picture> {
    signed_images(components, 1, "components", LARGE)
}

/// The rows of a weight matrix as signed images, one for each output, numbered from 0 as the outputs
/// are: the filters of a layer. Their colours are those of [`components`].
///
/// `weights` (out, in) are one image a row, with `in` a square number.
///
/// ```
/// use latent::prelude::*;
/// let network = Mlp::new(&[784, 10], Activation::Identity, Activation::Identity, 1)?;
/// let picture = figure::filters(&network.layers()[0].linear.weight)?;
/// assert!(picture.alt().starts_with("10 filters as images of 28 x 28 pixels, numbered from 0"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`components`].
pub fn filters(weights: &dyn Matrix) -> Result<Picture> {
    signed_images(weights, 0, "filters", FILTERS)
}

/// Signed images with numbers that begin at `first`.
fn signed_images(
    samples: &dyn Matrix,
    first: usize,
    what: &str,
    size: (usize, usize),
) -> Result<Picture> {
    let samples = samples.view();
    let side = images(&samples)?;
    let names: Vec<String> = (first..)
        .take(samples.nrows())
        .map(|number| number.to_string())
        .collect();
    let shown = samples.nrows().min(MOST_IMAGES);
    let alt = format!(
        "{shown} {what} as images of {side} x {side} pixels, numbered from {first}: blue below zero, white at zero, orange above{}",
        left_out(shown, samples.nrows(), what)
    );
    let title = format!("Images of {what}: blue below zero, orange above");
    Ok(grid(&title, samples, side, size, &names, signed, alt))
}

/// Rows of images: the originals on top, then one row for each codec, named on its left with its
/// mean squared error on all `samples`.
///
/// `samples` (n, d) are one image a row; of more than 20, the first 20 are drawn, and the picture
/// says so.
///
/// ```
/// use latent::prelude::*;
/// let images = random::uniform(8, 16, 0.0, 1.0, 1)?; // 4 x 4 pixels
/// let pca = Pca::fit(&images, 3)?;
/// let mean = Constant::mean_of(&images)?;
/// let picture = figure::reconstructions(&images, &[("PCA, k = 3", &pca), ("mean", &mean)])?;
/// assert!(picture.alt().contains("PCA, k = 3: 0."));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], [`Error::Empty`], [`Error::NotFinite`], and what a codec answers.
pub fn reconstructions(samples: &dyn Matrix, codecs: &[(&str, &dyn Codec)]) -> Result<Picture> {
    let samples = samples.view();
    let side = images(&samples)?;
    let shown = samples.slice(ndarray::s![..samples.nrows().min(MOST_COLUMNS), ..]);
    let mut rows = vec![("original".to_owned(), shown.to_owned())];
    let mut told = Vec::new();
    for (name, codec) in codecs {
        let error = codec.reconstruction_error(&samples)?;
        told.push(format!("{name}: {error:.4}"));
        rows.push((
            format!("{name}\nMSE {error:.4}"),
            codec.reconstruct(&shown)?,
        ));
    }
    let alt = format!(
        "{} images on top, and below them their reconstructions with the mean squared error of all {}: {}",
        shown.nrows(),
        samples.nrows(),
        told.join("; ")
    );
    let title = "Originals and reconstructions, with the mean squared error (MSE)";
    Ok(in_rows(title, &rows, side, samples.nrows(), &alt))
}

/// Denoising in rows of images: the inputs (with noise), one row of reconstructions for each codec
/// with its mean squared error against the clean targets, and the clean targets at the bottom.
///
/// `inputs` and `targets` (n, d) are one image a row, in the same order; of more than 20, the first
/// 20 are drawn, and the picture says so. The errors are those of all n.
///
/// ```
/// use latent::prelude::*;
/// let clean = Mnist::load()?.test.take(50).samples;
/// let noisy = clean.mapv(|x| if x > 0.5 { 0.7 * x } else { x + 0.1 });
/// let pca = Pca::fit(&clean, 20)?;
/// let picture = figure::denoising(&noisy, &clean, &[("PCA, k = 20", &pca)])?;
/// assert!(picture.alt().contains("20 of 50 images"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Width`] or [`Error::Count`] if inputs and targets differ in shape,
/// [`Error::NotSquare`], [`Error::Empty`], [`Error::NotFinite`], and what a codec answers.
pub fn denoising(
    inputs: &dyn Matrix,
    targets: &dyn Matrix,
    codecs: &[(&str, &dyn Codec)],
) -> Result<Picture> {
    let (inputs, targets) = (inputs.view(), targets.view());
    let side = images(&inputs)?;
    check::width("the clean targets", &targets, inputs.ncols())?;
    check::count("rows in the clean targets", inputs.nrows(), targets.nrows())?;
    images(&targets)?;
    let first = |array: ArrayView2<f32>| {
        let shown = array.nrows().min(MOST_COLUMNS);
        array.slice(ndarray::s![..shown, ..]).to_owned()
    };
    let error = |outputs: ArrayView2<f32>| -> Result<f64> {
        check::width("the reconstruction", &outputs, targets.ncols())?;
        let squares = outputs.iter().zip(&targets);
        let sum: f64 = squares
            .map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2))
            .sum();
        Ok(sum / targets.len() as f64)
    };
    let noise = error(inputs)?;
    let mut told = vec![format!("input: {noise:.4}")];
    let mut rows = vec![(format!("input\nMSE {noise:.4}"), first(inputs))];
    for (name, codec) in codecs {
        let outputs = codec.reconstruct(&inputs)?;
        check::finite("the reconstruction", &outputs)?;
        let error = error(outputs.view())?;
        told.push(format!("{name}: {error:.4}"));
        rows.push((format!("{name}\nMSE {error:.4}"), first(outputs.view())));
    }
    rows.push(("clean target".to_owned(), first(targets)));
    let alt = format!(
        "{} of {} images: inputs on top, then reconstructions, and the clean targets at the bottom; mean squared error against the clean targets: {}",
        inputs.nrows().min(MOST_COLUMNS),
        inputs.nrows(),
        told.join("; ")
    );
    let title = "Denoising, with the mean squared error (MSE) against the clean target";
    Ok(in_rows(title, &rows, side, inputs.nrows(), &alt))
}

/// Rows of images, each with its caption on the left: two ways from one image to another, say.
///
/// Each row is (n, d), one image a row, with d a square number: 0 is paper, 1 is ink. Of more than
/// 20 images in a row, the first 20 are drawn, and the picture says so.
///
/// ```
/// use latent::prelude::*;
/// let test = Mnist::load()?.test.take(10);
/// let pca = Pca::fit(&test.samples, 2)?;
/// let picture = figure::image_rows("PCA", &[
///     ("original", &test.samples),
///     ("through two components", &pca.reconstruct(&test.samples)?),
/// ])?;
/// assert!(picture.alt().ends_with("top to bottom: original (10); through two components (10)"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] if there is no row, [`Error::Width`] if the images of a row have another size
/// than those of the first, [`Error::NotSquare`], [`Error::Empty`], [`Error::NotFinite`].
pub fn image_rows(title: &str, rows: &[(&str, &dyn Matrix)]) -> Result<Picture> {
    let Some((_, first)) = rows.first() else {
        return Err(Error::Setting {
            setting: "the rows of images",
            value: "none".to_owned(),
            expected: "at least one",
        });
    };
    let side = images(first)?;
    let mut named = Vec::new();
    let mut told = Vec::new();
    let mut most = 0;
    for (name, samples) in rows {
        let samples = samples.view();
        images(&samples)?;
        check::width("the images of a row", &samples, side * side)?;
        let shown = samples.nrows().min(MOST_COLUMNS);
        most = most.max(samples.nrows());
        named.push((
            (*name).to_owned(),
            samples.slice(ndarray::s![..shown, ..]).to_owned(),
        ));
        told.push(format!("{name} ({shown})"));
    }
    let told = told.join("; ");
    let alt = format!("{title}: images in rows, top to bottom: {told}");
    Ok(in_rows(title, &named, side, most, &alt))
}

/// Named rows of images, one column a sample, and below them how many of `all` are drawn.
fn in_rows(
    title: &str,
    rows: &[(String, Array2<f32>)],
    side: usize,
    all: usize,
    alt: &str,
) -> Picture {
    let font = Font::new();
    let shown = rows.iter().map(|(_, images)| images.nrows()).max();
    let shown = shown.unwrap_or(0);
    let captions: Vec<Vec<String>> = rows
        .iter()
        .map(|(name, _)| font.lines(name, CAPTION))
        .collect();
    let widest = captions.iter().flatten().map(|line| font.width(line)).max();
    let scale = if shown <= LARGE.1 { LARGE.0 } else { SCALE };
    let (left, step) = (GAP + widest.unwrap_or(0) + 2 * GAP, side * scale + GAP);
    let heights: Vec<usize> = captions
        .iter()
        .map(|lines| (side * scale).max(lines.len() * LINE) + GAP)
        .collect();
    let bottom = GAP + heights.iter().sum::<usize>();
    let note = drawn_of(shown, all);
    let below = if note.is_empty() { 0 } else { LINE + GAP };
    let width = (left + shown * step).max(GAP + font.width(&note) + GAP);
    let mut canvas = Canvas::new(width, bottom + below);
    let mut top = GAP;
    for (row, (_, images)) in rows.iter().enumerate() {
        let inner = heights[row] - GAP;
        let above = (inner - captions[row].len() * LINE) / 2;
        for (place, line) in captions[row].iter().enumerate() {
            canvas.text(GAP, top + above + place * LINE, line);
        }
        for (column, image) in images.rows().into_iter().enumerate() {
            let above = (inner - side * scale) / 2;
            canvas.image(left + column * step, top + above, side, scale, &ink(image));
        }
        top += heights[row];
    }
    canvas.text(GAP, bottom, &note);
    let alt = format!("{alt}{}", left_out(shown, all, "images"));
    canvas.with_title(title).into_picture(alt)
}

/// "the first 20 of 500 are drawn", or nothing.
fn drawn_of(shown: usize, all: usize) -> String {
    if shown < all {
        format!("the first {shown} of {all} are drawn")
    } else {
        String::new()
    }
}

/// "; 400 more components are not drawn", or nothing.
fn left_out(shown: usize, all: usize, what: &str) -> String {
    match all - shown {
        0 => String::new(),
        more => format!("; {more} more {what} are not drawn"),
    }
}

/// Checks that each row is a square image, and returns its side.
fn images(samples: &dyn Matrix) -> Result<usize> {
    check::not_empty("the images to draw", &samples)?;
    check::finite("the images to draw", &samples)?;
    side_of(samples)
}

/// The side of images that are one a row, or an error if they are not square.
pub(super) fn side_of(samples: &dyn Matrix) -> Result<usize> {
    let samples = samples.view();
    let side = samples.ncols().isqrt();
    if side * side == samples.ncols() {
        return Ok(side);
    }
    Err(Error::NotSquare {
        rows: samples.nrows(),
        columns: samples.ncols(),
    })
}

fn grid(
    title: &str,
    samples: ArrayView2<f32>,
    side: usize,
    (scale, in_a_row): (usize, usize),
    names: &[String],
    paint: fn(ArrayView1<'_, f32>) -> Vec<[u8; 3]>,
    alt: String,
) -> Picture {
    let font = Font::new();
    let shown = samples.nrows().min(MOST_IMAGES);
    let across = shown.min(in_a_row);
    let widest = names[..shown].iter().map(|name| font.width(name)).max();
    let (step_x, step_y) = (
        (side * scale).max(widest.unwrap_or(0)) + GAP,
        side * scale + LINE + GAP,
    );
    let note = drawn_of(shown, samples.nrows());
    let bottom = GAP + shown.div_ceil(in_a_row) * step_y;
    let mut canvas = Canvas::new(
        (GAP + across * step_x).max(GAP + font.width(&note) + GAP),
        bottom + if note.is_empty() { 0 } else { LINE + GAP },
    );
    canvas.text(GAP, bottom, &note);
    for (index, image) in samples.rows().into_iter().take(shown).enumerate() {
        let left = GAP + index % in_a_row * step_x;
        let top = GAP + index / in_a_row * step_y;
        canvas.text(left, top, &names[index]);
        canvas.image(left, top + LINE, side, scale, &paint(image));
    }
    canvas.with_title(title).into_picture(alt)
}

/// 0 is white paper, 1 is black ink, in 33 steps, which the eye takes for smooth; what lies outside
/// is cut off.
pub(super) fn ink(image: ArrayView1<'_, f32>) -> Vec<[u8; 3]> {
    image
        .iter()
        .map(|&x| [((32.0 * (1.0 - x.clamp(0.0, 1.0))).round() * 8.0).min(255.0) as u8; 3])
        .collect()
}

/// From blue through white to orange, by the share of the largest magnitude.
fn signed(image: ArrayView1<'_, f32>) -> Vec<[u8; 3]> {
    const BELOW: [f32; 3] = [0.0, 70.0, 140.0];
    const ABOVE: [f32; 3] = [200.0, 80.0, 0.0];
    let largest = image
        .iter()
        .fold(0.0_f32, |largest, x| largest.max(x.abs()));
    image
        .iter()
        .map(|&x| {
            let share = if largest > 0.0 {
                x.abs() / largest
            } else {
                0.0
            };
            let end = if x < 0.0 { BELOW } else { ABOVE };
            end.map(|end| (255.0 + share * (end - 255.0)).round() as u8)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pca::Pca;
    use ndarray::{Array, array};

    /// Reads a picture back: (width, height, bytes in red, green, blue).
    fn pixels(picture: &Picture) -> (usize, usize, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(picture.png()))
            .read_info()
            .unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        if info.color_type == png::ColorType::Grayscale {
            bytes = bytes.iter().flat_map(|&grey| [grey; 3]).collect();
        }
        (info.width as usize, info.height as usize, bytes)
    }

    /// What a title of one line takes.
    const TITLE: usize = 6 + LINE;

    fn at(picture: &Picture, x: usize, y: usize) -> [u8; 3] {
        let (width, _, bytes) = pixels(picture);
        let start = 3 * (y * width + x);
        [bytes[start], bytes[start + 1], bytes[start + 2]]
    }

    #[test]
    fn ink_is_black_and_stands_where_the_pixel_stands() {
        let picture = digits(&array![[0.0, 1.0, 0.5, 2.0]], &array![3]).unwrap();
        let top = GAP + TITLE + LINE;
        assert_eq!(at(&picture, GAP, top), [255; 3]);
        assert_eq!(at(&picture, GAP + SCALE, top), [0; 3]);
        assert_eq!(at(&picture, GAP, top + SCALE), [128; 3]);
        assert_eq!(at(&picture, GAP + SCALE, top + SCALE), [0; 3]);
        assert!(picture.alt().contains("labelled 3"));
    }

    #[test]
    fn signs_have_colours_and_zero_has_none() {
        let picture = components(&array![[-2.0, 2.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]]).unwrap();
        let (top, scale) = (GAP + TITLE + LINE, LARGE.0);
        assert_eq!(at(&picture, GAP, top), [0, 70, 140]);
        assert_eq!(at(&picture, GAP + scale, top), [200, 80, 0]);
        assert_eq!(at(&picture, GAP, top + scale), [255; 3]);
    }

    #[test]
    fn filters_are_numbered_as_the_outputs_are() {
        let weights = Array2::from_shape_fn((10, 4), |(i, j)| i as f32 - j as f32);
        let (filters, components) = (filters(&weights).unwrap(), components(&weights).unwrap());
        let alt = "10 filters as images of 2 x 2 pixels, numbered from 0: blue below zero";
        assert!(filters.alt().starts_with(alt), "{}", filters.alt());
        assert!(components.alt().contains("numbered from 1"));
        assert!(super::filters(&Array2::zeros((2, 5))).is_err());
    }

    #[test]
    fn a_row_for_each_codec_with_its_error() {
        let samples = Array2::from_shape_fn((30, 9), |(i, j)| ((i * (j + 2)) % 11) as f32 / 11.0);
        let (one, two) = (
            Pca::fit(&samples, 1).unwrap(),
            Pca::fit(&samples, 2).unwrap(),
        );
        let picture = reconstructions(&samples, &[("one", &one), ("two", &two)]).unwrap();
        let (_, height, _) = pixels(&picture);
        let rows = (LINE + GAP) + 2 * (2 * LINE + GAP); // the captions are higher than the images
        assert_eq!(height, TITLE + GAP + rows + LINE + GAP);
        assert!(
            picture.alt().starts_with("20 images on top"),
            "{}",
            picture.alt()
        );
        assert!(picture.alt().contains("one: 0."), "{}", picture.alt());
    }

    #[test]
    fn rows_of_images_have_captions() {
        let (one, two) = (Array2::zeros((3, 4)), Array2::ones((2, 4)));
        let picture = image_rows("two", &[("empty", &one), ("full", &two)]).unwrap();
        assert!(picture.alt().ends_with("empty (3); full (2)"));
        let many = Array2::zeros((25, 4));
        let picture = image_rows("many", &[("many", &many)]).unwrap();
        assert!(
            picture
                .alt()
                .ends_with("many (20); 5 more images are not drawn")
        );
        let other = Array2::zeros((3, 9));
        for (rows, words) in [
            (image_rows("none", &[]), "at least one"),
            (
                image_rows("a", &[("a", &one), ("b", &other)]),
                "the images of a row",
            ),
            (image_rows("a", &[("a", &Array2::zeros((1, 5)))]), "got 5"),
        ] {
            let text = rows.unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn a_thousand_images_are_cut_to_a_hundred() {
        let picture = digits(&Array2::zeros((1000, 784)), &Array::zeros(1000)).unwrap();
        assert!(picture.alt().starts_with("100 images"));
        assert!(picture.alt().ends_with("900 more images are not drawn"));
        assert!(picture.png().len() < 100_000);
    }

    #[test]
    fn what_is_no_image_is_refused() {
        for (samples, labels, words) in [
            (
                Array2::zeros((2, 5)),
                array![0, 1],
                "got 5 (rows are images)",
            ),
            (Array2::zeros((2, 4)), array![0], "expected 2 labels"),
            (Array2::zeros((0, 4)), array![], "empty"),
            (array![[f32::NAN]], array![0], "row 0, column 0"),
        ] {
            let text = digits(&samples, &labels).unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }
}
