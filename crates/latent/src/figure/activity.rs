//! What happens inside a network while it looks at images.
//!
//! ```text
//! top      the images
//! middle   the activations of one layer, each unit a field, as many fields across as down
//! bottom   what the network puts out
//! ```

use super::font::{Font, LINE};
use super::images::{SCALE, ink, side_of};
use super::picture::{Canvas, Picture};
use crate::autoencoder::Autoencoder;
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use ndarray::ArrayView1;

const GAP: usize = 6;
const MOST_IMAGES: usize = 12;
/// An image and the fields of a layer are drawn at most this wide, in screen pixels.
const WIDTH: usize = 28 * SCALE;
const SILENT: [f32; 3] = [225.0; 3];
const BELOW: [f32; 3] = [0.0, 70.0, 140.0];
const ABOVE: [f32; 3] = [200.0, 80.0, 0.0];

/// Images on top, below each the activations of one layer (counted from 0) as a square of fields,
/// and below these the reconstruction; of more than 12 images, the first 12.
///
/// A field is grey where its unit is silent, orange where it is active, blue where it is below
/// zero; the strongest colour stands for the largest activation of all that are drawn.
///
/// ```
/// use latent::prelude::*;
/// let few = Mnist::load()?.test.take(4);
/// let autoencoder = Autoencoder::new(&[784, 100, 2], Activation::Relu, 1)?;
/// let picture = figure::activity(&autoencoder, 0, &few.samples)?;
/// assert!(picture.alt().contains("100 units"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] if there is no such layer, [`Error::NotSquare`], [`Error::Empty`],
/// [`Error::NotFinite`], and what the network answers.
pub fn activity(autoencoder: &Autoencoder, layer: usize, samples: &dyn Matrix) -> Result<Picture> {
    let samples = samples.view();
    check::not_empty("the images to draw", &samples)?;
    check::finite("the images to draw", &samples)?;
    let side = side_of(&samples)?;
    if layer >= autoencoder.network().layers().len() {
        return Err(Error::Setting {
            setting: "the layer",
            value: layer.to_string(),
            expected: "a number below the number of layers (counted from 0, encoder first)",
        });
    }
    let shown = samples.nrows().min(MOST_IMAGES);
    let images = samples.slice(ndarray::s![..shown, ..]).to_owned();
    let cache = autoencoder.network().forward_cached(&images)?;
    let inside = &cache.activations[layer];
    let units = inside.ncols();
    let fields = units.isqrt() + usize::from(units.isqrt().pow(2) < units);

    let rows = ["input", "activations", "reconstruction"];
    let font = Font::new();
    let widest = rows.map(|name| font.width(name)).into_iter().max();
    let left = GAP + widest.unwrap_or(0) + 2 * GAP;
    let step = WIDTH + GAP;
    let mut canvas = Canvas::new(left + shown * step, GAP + rows.len() * step);
    for (row, name) in rows.iter().enumerate() {
        canvas.text(GAP, GAP + row * step + (WIDTH - LINE) / 2, name);
    }
    let largest = inside.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    for column in 0..shown {
        let x = left + column * step;
        let scale = |side: usize| (WIDTH / side).max(1);
        let mut draw = |row: usize, side: usize, colours: &[[u8; 3]]| {
            canvas.image(x, GAP + row * step, side, scale(side), colours);
        };
        draw(0, side, &ink(images.row(column)));
        draw(1, fields, &coloured(inside.row(column), largest));
        draw(2, side, &ink(cache.output().row(column)));
    }
    let active = |unit: &ArrayView1<f32>| unit.iter().any(|&x| x != 0.0);
    let silent = units - inside.columns().into_iter().filter(active).count();
    let negative = if inside.iter().any(|&x| x < 0.0) {
        "some are below zero"
    } else {
        "none is ever below zero"
    };
    let title = format!(
        "Activations of the {units} units of layer {layer}: grey silent, orange active, blue below zero"
    );
    Ok(canvas.with_title(&title).into_picture(format!(
        "{shown} images on top; below them the activity of the {units} units of layer {layer}, of which {silent} are silent for all of these images and {negative}; at the bottom the reconstructions"
    )))
}

/// From blue through grey to orange, by the share of `largest`.
fn coloured(activations: ArrayView1<f32>, largest: f32) -> Vec<[u8; 3]> {
    let colour = |&x: &f32| {
        let share = if largest > 0.0 {
            x.abs() / largest
        } else {
            0.0
        };
        let end = if x < 0.0 { BELOW } else { ABOVE };
        [0, 1, 2].map(|i| (SILENT[i] + share * (end[i] - SILENT[i])).round() as u8)
    };
    activations.iter().map(colour).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Activation;
    use ndarray::{Array2, array};

    #[test]
    fn silent_units_are_counted_and_grey() {
        let mut network = Autoencoder::new(&[4, 3, 1], Activation::Relu, 1).unwrap();
        let first = &mut network.network_mut().layers_mut()[0].linear;
        first.weight = array![
            [1.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0],
            [-1.0, -1.0, -1.0, -1.0]
        ];
        first.bias.fill(0.0);
        let picture = activity(&network, 0, &array![[0.5, 0.0, 1.0, 0.0]]).unwrap();
        let alt = picture.alt();
        assert!(
            alt.contains("3 units of layer 0, of which 2 are silent"),
            "{alt}"
        );
        assert!(alt.contains("none is ever below zero"), "{alt}");
        let colours = coloured(array![0.0_f32, 2.0, -2.0].view(), 2.0);
        assert_eq!(colours, [[225; 3], [200, 80, 0], [0, 70, 140]]);
    }

    #[test]
    fn a_layer_that_is_not_there_is_named() {
        let network = Autoencoder::new(&[4, 1], Activation::Relu, 1).unwrap();
        let text = activity(&network, 2, &Array2::zeros((1, 4)))
            .unwrap_err()
            .to_string();
        assert!(text.contains("got 2"), "{text}");
        assert!(activity(&network, 0, &Array2::zeros((1, 9))).is_err());
        assert!(activity(&network, 0, &Array2::zeros((0, 4))).is_err());
        assert!(activity(&network, 0, &array![[0.0, f32::NAN, 0.0, 0.0]]).is_err());
    }
}
