//! Points in a plane, coloured by a value that varies continuously.

use super::plot::{Figure, MOST_POINTS, range, rounded};
use super::scatter::{planar, span};
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use plotly::Scatter;
use plotly::common::{ColorBar, ColorScale, ColorScalePalette, Marker, Mode, Title};

/// A scatter plot of `points` (n, 2) coloured by one value each, with a colour bar: codes of a
/// neural population by heading or time, for example.
///
/// `values` (n) and the name of the colour bar, with its unit, go together; the palette (Viridis)
/// is perceptually uniform. Of more than 5,000 points, evenly spaced rows are drawn, and the text
/// form says so.
///
/// ```
/// use latent::prelude::*;
/// let points = array![[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]];
/// let speed = [0.1, 0.9, 0.5];
/// let figure = figure::scatter_values(&points, &speed, "speed (m/s)", "Three moments")?
///     .axes("z1", "z2");
/// assert!(figure.to_string().contains("speed (m/s): 0.1 to 0.9"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotPlanar`] if the points are not two columns wide, [`Error::Count`] if there is not
/// one value a point, [`Error::Empty`], [`Error::NotFinite`].
pub fn scatter_values(
    points: &dyn Matrix,
    values: &[f32],
    name: &str,
    title: &str,
) -> Result<Figure> {
    let points = points.view();
    check::not_empty("the points of a scatter plot", &points)?;
    planar(points)?;
    check::count("values, one for each point", points.nrows(), values.len())?;
    check::finite("the points of a scatter plot", &points)?;
    if let Some(row) = values.iter().position(|value| !value.is_finite()) {
        return Err(Error::NotFinite {
            what: "the values of a scatter plot",
            value: f64::from(values[row]),
            row,
            column: 0,
        });
    }
    let step = points.nrows().div_ceil(MOST_POINTS);
    let rows: Vec<usize> = (0..points.nrows()).step_by(step).collect();
    let of = |value: &dyn Fn(usize) -> f32| rounded(rows.iter().map(|&row| f64::from(value(row))));
    let (x, y) = (of(&|row| points[[row, 0]]), of(&|row| points[[row, 1]]));
    let colours = of(&|row| values[row]);
    let (low, high) = range(&colours);
    let told = format!(
        "{} points, across {}, up {}; {name}: {low} to {high}",
        rows.len(),
        span(&x),
        span(&y)
    );
    let marker = Marker::new()
        .color_array(colours)
        .color_scale(ColorScale::Palette(ColorScalePalette::Viridis))
        .color_bar(ColorBar::new().title(Title::with_text(name)))
        .show_scale(true)
        .size(if rows.len() > 500 { 5 } else { 8 });
    let figure = Figure::new(title).with_equal_aspect(&x, &y);
    let trace = Scatter::new(x, y).mode(Mode::Markers).marker(marker);
    let figure = figure
        .with(trace, told)
        .with_layout(|layout| layout.show_legend(false));
    if step == 1 {
        return Ok(figure);
    }
    Ok(figure.note(format!(
        "{} of {} points are drawn",
        rows.len(),
        points.nrows()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use serde_json::Value;

    #[test]
    fn colours_are_the_values_and_the_bar_has_their_name() {
        let points = array![[0.0, 1.0], [2.0, 3.0]];
        let figure = scatter_values(&points, &[5.0, 7.0], "speed (cm/s)", "Two").unwrap();
        let json: Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        let marker = &json["data"][0]["marker"];
        assert_eq!(marker["color"], serde_json::json!([5.0, 7.0]));
        assert_eq!(marker["colorscale"], "Viridis");
        assert_eq!(marker["colorbar"]["title"]["text"], "speed (cm/s)");
        assert_eq!(json["layout"]["title"]["text"], "Two");
    }

    #[test]
    fn many_points_are_thinned_and_bad_input_is_refused() {
        let many = Array2::from_shape_fn((20_000, 2), |(i, j)| ((i + j) as f32).sin());
        let values: Vec<f32> = (0..20_000).map(|i| i as f32).collect();
        let text = scatter_values(&many, &values, "t (s)", "many").unwrap();
        assert!(text.to_string().contains("5000 of 20000 points are drawn"));
        let point = array![[0.0, 1.0]];
        for (points, values, words) in [
            (Array2::zeros((0, 2)), vec![], "empty"),
            (Array2::zeros((1, 3)), vec![1.0], "got 3"),
            (point.clone(), vec![], "expected 1 values"),
            (point, vec![f32::NAN], "row 0"),
        ] {
            let text = scatter_values(&points, &values, "v", "bad").unwrap_err();
            assert!(text.to_string().contains(words), "{text}");
        }
    }
}
