//! The scree plot of a PCA: how fast the variance of the components falls.
//!
//! ```text
//! left    variance of component i / total variance
//! right   the same for components 1 to i together
//! ```

use super::palette::colour;
use super::plot::{Figure, RULE, rounded};
use crate::error::Result;
use crate::pca::Pca;
use plotly::common::{Line, Marker, Mode, Title};
use plotly::layout::Axis;
use plotly::{Bar, Scatter};

/// The scree plot of a PCA in two panels: the share of the variance along each component, and the
/// share of all components up to it.
///
/// ```
/// use latent::prelude::*;
/// let samples = array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.2]];
/// let figure = figure::scree(&Pca::fit(&samples, 2)?)?;
/// assert_eq!(figure.title(), "Scree plot: variance explained by the components");
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// None that a fitted PCA can cause.
pub fn scree(pca: &Pca) -> Result<Figure> {
    let shares: Vec<f64> = pca.explained_variance_ratio().to_vec();
    let mut sum = 0.0;
    let sums: Vec<f64> = shares
        .iter()
        .map(|share| {
            sum += share;
            sum
        })
        .collect();
    let ranks: Vec<usize> = (1..=shares.len()).collect();
    let percent = |values: &[f64]| rounded(values.iter().map(|x| 100.0 * x));
    let name = |rank: usize| format!("the first {rank}: {:.1} %", 100.0 * sums[rank - 1]);
    let told: Vec<String> = [1, 2, 5, 10, 20, 50, 100, 200, 500]
        .into_iter()
        .filter(|&rank| rank < shares.len())
        .chain([shares.len()])
        .map(name)
        .collect();
    let bars = Bar::new(ranks.clone(), percent(&shares))
        .name("each component")
        .marker(Marker::new().color(colour(0)));
    let mode = if shares.len() > 60 {
        Mode::Lines
    } else {
        Mode::LinesMarkers
    };
    let line = Scatter::new(ranks, percent(&sums))
        .mode(mode)
        .name("all components up to here")
        .line(Line::new().color(colour(5)).width(2.5))
        .x_axis("x2")
        .y_axis("y2");
    let beside = |anchor: &str, title: &str| {
        Axis::new()
            .anchor(anchor)
            .title(Title::with_text(title))
            .grid_color(RULE)
            .zero_line(false)
            .auto_margin(true)
    };
    Ok(Figure::new("Scree plot: variance explained by the components")
        .axes("component", "share of each component (%)")
        .with(
            bars,
            format!(
                "bars on the left: the share of each component; the first {:.1} %, the last {:.2} %",
                100.0 * shares[0],
                100.0 * shares[shares.len() - 1]
            ),
        )
        .with(
            line,
            format!("line on the right: cumulative share; {}", told.join("; ")),
        )
        .with_axes(|[x, y]| [x.domain(&[0.0, 0.45]), y])
        .with_layout(|layout| {
            layout
                .x_axis2(beside("y2", "number of components").domain(&[0.56, 1.0]))
                .y_axis2(beside("x2", "cumulative share (%)").range(vec![0.0, 102.0]))
                .show_legend(false)
                .height(380)
        }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use serde_json::Value;

    #[test]
    fn the_scree_adds_up_beside_the_bars() {
        let samples = Array2::from_shape_fn((30, 6), |(i, j)| ((i * (j + 3)) % 17) as f32);
        let figure = scree(&Pca::fit(&samples, 6).unwrap()).unwrap();
        let text = figure.to_string();
        assert!(text.contains("the first 6: 100.0 %"), "{text}");
        let json: Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert_eq!(json["data"][0]["yaxis"], Value::Null);
        assert_eq!(json["data"][1]["yaxis"], "y2", "two panels, two scales");
    }
}
