//! A cloud of points in a plane, with a line to turn and the variance along it to watch.
//!
//! ```text
//! direction w = (cos a, sin a)      variance along w = 1/(n - 1) * sum of ((x - mean) . w)^2
//! ```

use super::palette::colour;
use super::plot::{Figure, INK, MOST_POINTS, RULE, rounded};
use super::scatter::planar;
use crate::check;
use crate::error::Result;
use crate::matrix::Matrix;
use ndarray::Axis;
use plotly::Scatter;
use plotly::common::{Font, Line, Marker, MarkerSymbol, Mode, Pad, Title};
use plotly::layout::{Axis as PlotAxis, Slider, SliderCurrentValue, SliderMethod, SliderStep};
use serde_json::json;

/// Angles of the slider, in degrees.
const STEP: usize = 5;

/// Points whose projections are drawn.
const SHADOWS: usize = 60;

/// A cloud of `points` (n, 2) with a direction to turn by a slider, and beside it the variance
/// along each direction.
///
/// ```
/// use latent::prelude::*;
/// let points = array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.2]];
/// let figure = figure::vectors(&points)?;
/// assert!(figure.to_string().contains("4 points around (2.500, 2.550)"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::NotPlanar`] if the points are not two columns wide,
/// [`crate::Error::Empty`], [`crate::Error::NotFinite`].
pub fn vectors(points: &dyn Matrix) -> Result<Figure> {
    let points = points.view();
    check::not_empty("the cloud of points", &points)?;
    planar(points)?;
    check::finite("the cloud of points", &points)?;

    let cloud = points.mapv(f64::from);
    let mean = cloud
        .mean_axis(Axis(0))
        .expect("there is at least one point");
    let centred = &cloud - &mean;
    let reach = centred
        .rows()
        .into_iter()
        .map(|x| x.dot(&x).sqrt())
        .fold(0.0, f64::max);
    let along = |angle: usize| {
        let (sine, cosine) = (angle as f64).to_radians().sin_cos();
        let codes: Vec<f64> = centred
            .rows()
            .into_iter()
            .map(|x| x[0] * cosine + x[1] * sine)
            .collect();
        (codes, cosine, sine)
    };
    let angles: Vec<usize> = (0..=180).step_by(STEP).collect();
    let variances: Vec<f64> = angles
        .iter()
        .map(|&angle| {
            let squares: f64 = along(angle).0.iter().map(|code| code * code).sum();
            squares / (centred.nrows().max(2) - 1) as f64
        })
        .collect();
    let variances = rounded(variances);
    let frame = |index: usize| {
        let (codes, cosine, sine) = along(angles[index]);
        let place = |distance: f64, axis: usize| mean[axis] + distance * [cosine, sine][axis];
        let ends = [-reach, reach];
        let shadows = &codes[..codes.len().min(SHADOWS)];
        let both = |distances: &[f64]| {
            [0, 1].map(|axis| rounded(distances.iter().map(|&distance| place(distance, axis))))
        };
        let ([line_x, line_y], [shadow_x, shadow_y]) = (both(&ends), both(shadows));
        (
            [line_x, shadow_x, vec![angles[index] as f64]],
            [line_y, shadow_y, vec![variances[index]]],
        )
    };
    let steps: Vec<SliderStep> = (0..angles.len())
        .map(|index| {
            let (x, y) = frame(index);
            SliderStep::new()
                .label(format!("{}°, variance {}", angles[index], variances[index]))
                .method(SliderMethod::Restyle)
                .args(json!([{ "x": x, "y": y }, [1, 2, 4]]))
        })
        .collect();

    // Every third angle: to find the largest variance among them is an exercise.
    let told: Vec<String> = (0..angles.len())
        .step_by(3)
        .map(|i| format!("{} at {}", variances[i], angles[i]))
        .collect();
    let ([line_x, shadow_x, at], [line_y, shadow_y, height]) = frame(0);
    let step = cloud.nrows().div_ceil(MOST_POINTS);
    let column = |axis: usize| rounded(cloud.column(axis).iter().copied().step_by(step));
    let marker = |class: usize, size: usize| Marker::new().color(colour(class)).size(size);
    let figure = Figure::new("A direction in a cloud of points, and the variance along it")
        .with_scale_anchor()
        .with(
            Scatter::new(column(0), column(1))
                .mode(Mode::Markers)
                .marker(marker(0, 5).opacity(0.5))
                .name("points"),
            format!(
                "{} points around ({:.3}, {:.3})",
                cloud.nrows(),
                mean[0],
                mean[1]
            ),
        )
        .with(
            Scatter::new(line_x, line_y)
                .mode(Mode::Lines)
                .line(Line::new().color(colour(5)).width(3.0))
                .name("line"),
            "a line through their mean, turned by the slider from 0 to 180 degrees".to_owned(),
        )
        .with(
            Scatter::new(shadow_x, shadow_y)
                .mode(Mode::Markers)
                .marker(marker(5, 6).symbol(MarkerSymbol::Diamond))
                .name("projections"),
            format!(
                "the projections of the first {} onto the line",
                centred.nrows().min(SHADOWS)
            ),
        )
        .with(
            Scatter::new(angles.clone(), variances.clone())
                .mode(Mode::Lines)
                .line(Line::new().color(colour(0)).width(2.5))
                .name("variance")
                .x_axis("x2")
                .y_axis("y2"),
            format!(
                "beside it, the variance along the line for each angle in degrees: {}",
                told.join(", ")
            ),
        )
        .with(
            Scatter::new(at, height)
                .mode(Mode::Markers)
                .marker(marker(5, 12).symbol(MarkerSymbol::Diamond))
                .name("variance here")
                .x_axis("x2")
                .y_axis("y2"),
            "a mark at the angle chosen".to_owned(),
        );
    // The window must hold the line at every angle, or it would jump as the line turns.
    let window = |axis: usize| vec![mean[axis] - 1.05 * reach, mean[axis] + 1.05 * reach];
    let side = |anchor: &str, title: &str| {
        PlotAxis::new()
            .anchor(anchor)
            .title(Title::with_text(title))
            .grid_color(RULE)
            .zero_line(false)
    };
    Ok(figure
        .with_axes(|[x, y]| [x.domain(&[0.0, 0.5]).range(window(0)), y.range(window(1))])
        .with_layout(|layout| {
            layout
                .x_axis2(side("y2", "angle (degrees)").domain(&[0.64, 1.0]))
                .y_axis2(side("x2", "variance along the line"))
                .show_legend(false)
                .height(520)
                .sliders(vec![turning(steps)])
        }))
}

/// The labels of all steps would not fit side by side, so only the chosen one is readable.
fn turning(steps: Vec<SliderStep>) -> Slider {
    let chosen = SliderCurrentValue::new()
        .prefix("angle ")
        .font(Font::new().color(INK).size(14));
    Slider::new()
        .active(0)
        .font(Font::new().color("rgba(0, 0, 0, 0)").size(1))
        .pad(Pad::new(60, 0, 0))
        .current_value(chosen)
        .steps(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use serde_json::Value;

    #[test]
    fn the_variance_is_largest_along_the_cloud() {
        let points = Array2::from_shape_fn((50, 2), |(i, j)| i as f32 + [0.0, (i % 3) as f32][j]);
        let figure = vectors(&points).unwrap();
        let text = figure.to_string();
        let (_, told) = text.split_once("angle in degrees: ").unwrap();
        let told = told.lines().next().unwrap().split(", ");
        let variances: Vec<(f64, &str)> = told
            .map(|pair| pair.split_once(" at ").unwrap())
            .map(|(variance, angle)| (variance.parse().unwrap(), angle))
            .collect();
        let largest = variances.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        assert_eq!(largest.unwrap().1, "45");
        assert_eq!(variances.len(), 13);
        assert!(
            !text.contains("most"),
            "the largest is for the reader to find: {text}"
        );
        let json = figure.plot.to_json();
        assert!(json.len() < 100_000, "{}", json.len());
        let json: Value = serde_json::from_str(&json).unwrap();
        let steps = json["layout"]["sliders"][0]["steps"].as_array().unwrap();
        assert_eq!(steps.len(), 37);
        assert_eq!(steps[9]["method"], "restyle");
        assert_eq!(steps[9]["args"][1], serde_json::json!([1, 2, 4]));
    }

    #[test]
    fn clouds_that_are_none() {
        assert!(vectors(&array![[1.0, 2.0]]).is_ok());
        let text = vectors(&Array2::zeros((5, 3))).unwrap_err().to_string();
        assert!(text.contains("got 3"), "{text}");
        assert!(vectors(&array![[f32::NAN, 0.0]]).is_err());
    }
}
