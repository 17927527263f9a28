//! Draw a digit: the encoder and the decoder run in the browser, on what the learner draws.

use super::plane::{Classes, Plane, cells, checked, moderate, still, thinned};
use super::widget::Widget;
use crate::autoencoder::Autoencoder;
use crate::codec::Codec;
use crate::data::Dataset;
use crate::error::Result;
use crate::pack::pack;
use crate::quantise::Quantised;
use ndarray::{Array2, Axis, concatenate};
use serde_json::json;

/// Samples on the map; each can be shown as a neighbour.
const MOST_SAMPLES: usize = 300;
/// Samples whose reconstruction errors are what a drawing's is compared with.
const MOST_ERRORS: usize = 2_000;
/// The map is cut in so many rows and columns of places to fit the decoder to.
const PLACES: usize = 40;
/// Letters of base64 for the encoder and for the decoder.
const BUDGETS: [usize; 2] = [150_000, 170_000];
/// Shades of the samples' images: from 0 to this.
const LEVELS: u8 = 7;

/// Paper to draw a digit on, with the mouse, a finger or the keyboard. The drawing is made as
/// MNIST's digits were (its box scaled into 20 x 20 pixels, its centre of mass in the middle of
/// 28 x 28) and encoded in the browser, without the kernel. What shows: its place on a map of the
/// latent space, its reconstruction, the test samples nearest to it, and how unusual its
/// reconstruction error is among theirs.
///
/// The map holds at most 300 samples of `data`, the test digits say; errors are compared with
/// those of at most 2,000. The weights are rounded as for [`explorer`](super::explorer()), and the
/// small print says what that costs. Two networks go along, so the course's own make a figure of
/// 390 kB, in which the decoder's pixels are off by 0.011 (root mean square).
///
/// ```
/// use latent::prelude::*;
/// let test = Mnist::load()?.test.take(200);
/// let autoencoder = Autoencoder::new(&[784, 16, 2], Activation::Relu, 1)?;
/// let widget = figure::draw_a_digit(&autoencoder, &test)?;
/// assert!(widget.to_string().contains("Draw a digit"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`explorer`](super::explorer()).
pub fn draw_a_digit(autoencoder: &Autoencoder, data: &Dataset) -> Result<Widget> {
    let side = checked(autoencoder, data)?;
    let many = thinned(data, MOST_ERRORS);
    let many_codes = autoencoder.encode(&many.samples)?;
    moderate("the codes of the samples", &many_codes)?;
    let plane = Plane::around(&many_codes, 250);
    let start = Plane::around(&many_codes, 25);
    let none = Array2::zeros((0, many.n_features()));
    let encoder = Quantised::new(autoencoder.encoder(), &many.samples, &none, BUDGETS[0])?;
    let between = concatenate![Axis(0), start.grid(PLACES), plane.grid(PLACES)];
    let decoder = Quantised::new(autoencoder.decoder(), &many_codes, &between, BUDGETS[1])?;
    let rounded_codes = encoder.forward(&many.samples)?;
    let errors = errors(&many.samples, &decoder.forward(&rounded_codes)?);
    let moved = median_distance(&many_codes, &rounded_codes);

    let data = thinned(data, MOST_SAMPLES);
    let codes = encoder.forward(&data.samples)?;
    let classes = Classes::of(&data.labels);
    let (names, colours) = classes.to_json();
    let [left, right, bottom, top] = start.view();
    let note = format!(
        "Encoded and decoded in this page by copies of the networks: the encoder with {}, which moves half of the \
         codes of {} samples by less than {:.1} % of the map's side; the decoder with {}, which changes its pixels, \
         from 0 to 1, by {:.4} (root mean square).",
        encoder.how(),
        many.len(),
        100.0 * moved / (right - left),
        decoder.how(),
        decoder.rms
    );
    let alt = format!(
        "Map of the latent space with the codes of {} samples in {} classes, and images decoded from it; \
         where scripts run, paper to draw a digit on",
        data.len(),
        classes.len()
    );
    let text = format!(
        "Interactive figure: Draw a digit\n{alt}.\nacross: z1 from {left:.2} to {right:.2}; \
         up: z2 from {bottom:.2} to {top:.2}\nThe drawing's code, its reconstruction, its nearest test samples and how \
         unusual its error is show as it is drawn. Half of the samples have an error under {:.4}, nineteen of twenty \
         one under {:.4}.\n{note}",
        errors[50], errors[95]
    );
    let grid = autoencoder.decode(&start.grid(cells(side)))?;
    let still = still(
        start,
        (&codes, &data.labels),
        &grid,
        "Draw a digit: run this cell to get paper and pen",
    );
    let shades = data
        .samples
        .mapv(|x| (x.clamp(0.0, 1.0) * f32::from(LEVELS)).round() as u8);
    let images: Vec<u8> = shades.into_iter().collect();
    let data = json!({
        "side": side,
        "view": plane.view(),
        "start": start.view(),
        "codes": pack(&plane.to_bytes(&codes)),
        "classes": classes.index(&data.labels),
        "names": names,
        "colours": colours,
        "images": pack(&images),
        "levels": LEVELS,
        "errors": errors,
        "encoder": encoder.to_json(),
        "decoder": decoder.to_json(),
        "note": note,
    });
    let scripts = [
        include_str!("js/network.js"),
        include_str!("js/plane.js"),
        include_str!("js/draw.js"),
    ];
    Ok(Widget::new(
        still.into_picture(alt),
        ("drawADigit", &scripts),
        &data,
        text,
    ))
}

/// The mean squared error of each sample, as its 0th to 100th percentile among all.
fn errors(samples: &Array2<f32>, reconstructions: &Array2<f32>) -> Vec<f32> {
    let mut errors: Vec<f32> = (samples - reconstructions)
        .rows()
        .into_iter()
        .map(|row| row.dot(&row) / row.len() as f32)
        .collect();
    errors.sort_by(f32::total_cmp);
    (0..=100)
        .map(|percent| errors[percent * (errors.len() - 1) / 100])
        .collect()
}

/// The distance from codes (n, 2) to others, row by row: half of them are closer.
fn median_distance(codes: &Array2<f32>, others: &Array2<f32>) -> f32 {
    let difference = codes - others;
    let mut distances: Vec<f32> = difference
        .rows()
        .into_iter()
        .map(|row| row.dot(&row).sqrt())
        .collect();
    distances.sort_by(f32::total_cmp);
    distances[distances.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Activation;
    use ndarray::Array1;

    #[test]
    fn percentiles_run_from_the_least_error_to_the_largest() {
        let samples = Array2::from_shape_fn((201, 2), |(i, _)| (i as f32).sqrt());
        let percentiles = errors(&samples, &Array2::zeros((201, 2)));
        assert_eq!(percentiles.len(), 101);
        for (percent, error) in percentiles.iter().enumerate() {
            assert!(
                (error - 2.0 * percent as f32).abs() < 1e-3,
                "{percent}: {error}"
            );
        }
    }

    #[test]
    fn both_networks_come_along_and_bad_input_is_refused() {
        let samples = Array2::from_shape_fn((60, 9), |(i, j)| ((i * (j + 2)) % 7) as f32 / 7.0);
        let data = Dataset::new(samples, Array1::from_shape_fn(60, |i| i % 3)).unwrap();
        let network = |sizes: &[usize]| Autoencoder::new(sizes, Activation::Tanh, 1).unwrap();
        let widget = draw_a_digit(&network(&[9, 8, 2]), &data).unwrap();
        let html = widget.to_html();
        assert!(html.contains("\"encoder\":{\"layers\":[{\"activation\":\"tanh\",\"inputs\":9"));
        assert!(html.contains("\"decoder\":{\"layers\":[{\"activation\":\"tanh\",\"inputs\":2"));
        assert!(draw_a_digit(&network(&[9, 3]), &data).is_err());
        assert!(draw_a_digit(&network(&[9, 2]), &data.take(0)).is_err());
    }
}
