//! The explorer: the decoder runs in the browser, wherever the pointer goes.

use super::plane::{Classes, Plane, cells, checked, moderate, still, thinned};
use super::widget::Widget;
use crate::autoencoder::Autoencoder;
use crate::codec::Codec;
use crate::data::Dataset;
use crate::error::Result;
use crate::pack::pack;
use crate::quantise::Quantised;
use ndarray::{Axis, concatenate};
use serde_json::json;

/// Codes on the map.
const MOST_CODES: usize = 1_000;
/// The map is cut in so many rows and columns of places that the decoder must not forget.
const PLACES: usize = 40;
/// Letters of base64 for the decoder.
const BUDGET: usize = 245_000;

/// A map of the latent space to move about in: the image decoded from the place under the pointer,
/// or where the arrow keys went, shows at once. A line between two places plays as a film.
///
/// It runs in the browser, without the kernel. The codes on the map are those of at most 2,000
/// samples of `data`, the test digits say. The decoder goes along with its weights rounded, and
/// the small print says how far its pixels are off the exact ones. Small networks keep 8 bits a
/// weight; the course's own decoder (533,000 weights) gets as many as 245 kB hold, so that the
/// whole figure stays under 300 kB: 79 levels, for an error of
/// 0.0033 (root mean square over the codes of 2,000 test digits).
///
/// ```
/// use latent::prelude::*;
/// let test = Mnist::load()?.test.take(200);
/// let autoencoder = Autoencoder::new(&[784, 16, 2], Activation::Relu, 1)?;
/// let widget = figure::explorer(&autoencoder, &test)?;
/// assert!(widget.alt().contains("codes of 200 samples"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`LatentNotPlanar`](crate::Error::LatentNotPlanar) if the latent space has other than two
/// dimensions, [`Width`](crate::Error::Width) if the samples are not as wide as the network's
/// input, [`NotSquare`](crate::Error::NotSquare) if they are no images,
/// [`LabelCount`](crate::Error::LabelCount), [`Empty`](crate::Error::Empty),
/// [`NotFinite`](crate::Error::NotFinite).
pub fn explorer(autoencoder: &Autoencoder, data: &Dataset) -> Result<Widget> {
    let side = checked(autoencoder, data)?;
    let data = thinned(data, MOST_CODES);
    let codes = autoencoder.encode(&data.samples)?;
    moderate("the codes of the samples", &codes)?;
    let plane = Plane::around(&codes, 250);
    let start = Plane::around(&codes, 25);
    let between = concatenate![Axis(0), start.grid(PLACES), plane.grid(PLACES)];
    let decoder = Quantised::new(autoencoder.decoder(), &codes, &between, BUDGET)?;

    let classes = Classes::of(&data.labels);
    let (names, colours) = classes.to_json();
    let note = format!(
        "Decoded in this page by a copy of the decoder with {}. At the codes of {} samples its pixels, from 0 to 1, \
         are off the exact ones by {:.4} (root mean square), at most by {:.3}.",
        decoder.how(),
        data.len(),
        decoder.rms,
        decoder.largest
    );
    let grid = autoencoder.decode(&start.grid(cells(side)))?;
    let alt = format!(
        "Map of the latent space: the codes of {} samples in {} classes, beside images decoded from the same places",
        data.len(),
        classes.len()
    );
    let still = still(
        start,
        (&codes, &data.labels),
        &grid,
        "Explore the latent space: run this cell to make it move",
    );
    let [left, right, bottom, top] = start.view();
    let text = format!(
        "Interactive figure: Explore the latent space\n{alt}.\nacross: z1 from {left:.2} to {right:.2}; \
         up: z2 from {bottom:.2} to {top:.2}\n\
         The image decoded from the place under the pointer, or where the arrow keys went, shows beside the map.\n{note}"
    );
    let data = json!({
        "side": side,
        "view": plane.view(),
        "start": start.view(),
        "codes": pack(&plane.to_bytes(&codes)),
        "classes": classes.index(&data.labels),
        "names": names,
        "colours": colours,
        "decoder": decoder.to_json(),
        "note": note,
    });
    let scripts = [
        include_str!("js/network.js"),
        include_str!("js/plane.js"),
        include_str!("js/explorer.js"),
    ];
    Ok(Widget::new(
        still.into_picture(alt),
        ("explorer", &scripts),
        &data,
        text,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Activation;
    use ndarray::{Array1, Array2};

    fn data(d: usize) -> Dataset {
        let samples = Array2::from_shape_fn((60, d), |(i, j)| ((i * (j + 2)) % 7) as f32 / 7.0);
        Dataset::new(samples, Array1::from_shape_fn(60, |i| i % 3)).unwrap()
    }

    #[test]
    fn a_small_network_is_packed_whole() {
        let autoencoder = Autoencoder::new(&[9, 8, 2], Activation::Tanh, 1).unwrap();
        let widget = explorer(&autoencoder, &data(9)).unwrap();
        let text = widget.to_string();
        assert!(
            text.contains("with weights rounded to 255 levels"),
            "{text}"
        );
        assert!(text.contains("codes of 60 samples in 3 classes"), "{text}");
        assert!(
            widget.to_html().len() < 60_000,
            "{}",
            widget.to_html().len()
        );
    }

    #[test]
    fn what_cannot_be_explored_is_refused_with_what_to_do() {
        let network = |sizes: &[usize]| Autoencoder::new(sizes, Activation::Tanh, 1).unwrap();
        let mut unlabelled = data(9);
        unlabelled.labels = Array1::zeros(2);
        let mut holed = data(9);
        holed.samples[[4, 5]] = f32::NAN;
        let mut broken = network(&[9, 2]);
        broken.network_mut().layers_mut()[0].linear.bias[1] = f32::NAN;
        for (network, data, words) in [
            (network(&[9, 3]), data(9), "figure::traversal"),
            (network(&[9, 2]), data(4), "expected 9 columns"),
            (network(&[10, 2]), data(10), "square number"),
            (network(&[9, 2]), data(9).take(0), "empty"),
            (network(&[9, 2]), unlabelled, "got 2"),
            (network(&[9, 2]), holed, "row 4, column 5"),
            (broken, data(9), "row 0, column 1"),
        ] {
            let text = explorer(&network, &data).unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }
}
