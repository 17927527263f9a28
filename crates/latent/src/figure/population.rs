//! A population with its headings: tuning curves beside the true ones, and codes on the ring.

use super::lines::lines;
use super::plot::Figure;
use super::scatter::glyphs;
use crate::codec::Codec;
use crate::data::{HeadDirection, Recording};
use crate::error::Result;
use ndarray::Array1;
use plotly::common::DashType;

/// Sectors of the circle in which spikes are counted.
const SECTORS: usize = 36;
/// Bins that are drawn: more would cover each other.
const MOST_BINS: usize = 600;

/// The tuning curves of some cells, as counted in a recording and, dashed, as they truly are. Cells
/// are numbers from 0; their names in the legend are letters: cell A is the first of `cells`.
///
/// ```
/// use latent::prelude::*;
/// let population = HeadDirection::evenly_spaced(20);
/// let recording = population.simulate(3000, 0.1, 1)?;
/// let figure = figure::tuning_curves(&recording, &population, &[3, 10])?;
/// assert!(figure.to_string().contains("cell B, true: a dashed line"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`](crate::Error::Setting) if there is no such cell or none is named, or if the
/// head never pointed into one of 36 sectors.
pub fn tuning_curves(
    recording: &Recording,
    population: &HeadDirection,
    cells: &[usize],
) -> Result<Figure> {
    let width = 360.0 / SECTORS as f64;
    let degrees = Array1::from_shape_fn(SECTORS, |sector| width * (sector as f64 + 0.5)).to_vec();
    let name = |index: usize| format!("cell {}", (b'A' + (index % 26) as u8) as char);
    let mut figure: Option<Figure> = None;
    let title = "Tuning curves: counted, and true (dashed)";
    for (index, &cell) in cells.iter().enumerate() {
        let (counted, name) = (recording.tuning_curve(cell, SECTORS)?, name(index));
        figure = Some(match figure {
            None => lines(&[(&name, &degrees, &counted)], title)?,
            Some(figure) => figure.line_with_dash(&name, &degrees, &counted, DashType::Solid)?,
        });
    }
    let mut figure = figure.map_or_else(|| lines(&[], title), Ok)?;
    for (index, &cell) in cells.iter().enumerate() {
        let truth = population.tuning_curve(cell, &degrees)?;
        figure = figure.dashed(&format!("{}, true", name(index)), &degrees, &truth)?;
    }
    Ok(figure.axes("heading (degrees)", "firing rate (spikes per second)"))
}

/// The codes of the square roots of a recording's counts, by a codec of two dimensions. Each bin is
/// drawn as a digit from 0 to 7: the eighth of the circle in which the head points, counted from 0
/// degrees. Of more than 600 bins, the first 600 are drawn.
///
/// ```
/// use latent::prelude::*;
/// let recording = HeadDirection::evenly_spaced(20).simulate(400, 0.1, 1)?;
/// let pca = Pca::fit(&recording.roots(), 2)?;
/// let figure = figure::codes_by_heading(&pca, &recording, "A ring")?;
/// assert!(figure.to_string().contains("across: code 1; up: code 2"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotPlanar`](crate::Error::NotPlanar) if the codes do not have two dimensions, and as
/// [`Codec::encode`].
pub fn codes_by_heading(codec: &dyn Codec, recording: &Recording, title: &str) -> Result<Figure> {
    let shown = recording.take(MOST_BINS);
    let codes = codec.encode(&shown.roots())?;
    let figure = glyphs(&codes, &shown.sectors(8), title)?.axes("code 1", "code 2");
    let (drawn, all) = (shown.heading.len(), recording.heading.len());
    Ok(if drawn < all {
        figure.note(format!("the first {drawn} of {all} bins are drawn"))
    } else {
        figure
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pca::Pca;

    #[test]
    fn a_cell_and_its_truth_share_a_colour() {
        let population = HeadDirection::evenly_spaced(20);
        let recording = population.simulate(3000, 0.1, 1).unwrap();
        let figure = tuning_curves(&recording, &population, &[3, 10]).unwrap();
        let json: serde_json::Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        let line = |i: usize, key: &str| json["data"][i]["line"][key].clone();
        assert_eq!(line(0, "color"), line(2, "color"));
        assert_eq!(line(1, "color"), line(3, "color"));
        assert_ne!(line(0, "color"), line(1, "color"));
        assert_eq!(line(1, "dash"), "solid");
        assert_eq!(line(2, "dash"), "dash");
        assert_ne!(
            json["data"][0]["marker"]["symbol"],
            json["data"][1]["marker"]["symbol"]
        );
        for cells in [vec![], vec![20]] {
            assert!(tuning_curves(&recording, &population, &cells).is_err());
        }
    }

    #[test]
    fn the_bins_that_are_drawn_are_counted() {
        let recording = HeadDirection::evenly_spaced(20)
            .simulate(700, 0.1, 1)
            .unwrap();
        let pca = Pca::fit(&recording.roots(), 3).unwrap();
        assert!(codes_by_heading(&pca, &recording, "three").is_err());
        let pca = Pca::fit(&recording.roots(), 2).unwrap();
        let text = codes_by_heading(&pca, &recording, "two")
            .unwrap()
            .to_string();
        assert!(
            text.contains("the first 600 of 700 bins are drawn"),
            "{text}"
        );
    }
}
