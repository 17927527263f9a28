//! Points in a plane, coloured and shaped by their class.

use super::palette::{colour, symbol};
use super::plot::{Figure, MOST_POINTS, opacity, range, rounded};
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::{Labels, Matrix, Values};
use ndarray::{Array2, ArrayView2, Axis};
use plotly::Scatter;
use plotly::common::{Font, Marker, Mode};

/// A scatter plot of `points` (n, 2) by class, one unit as long on both axes.
///
/// Of more than 5,000 points, evenly spaced rows are drawn, and the text form says so.
///
/// ```
/// use latent::prelude::*;
/// let points = array![[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]];
/// let figure = figure::scatter(&points, &array![0, 1, 1], "Three points")?;
/// assert!(figure.to_string().contains("class 1: 2 points"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotPlanar`] if the points are not two columns wide, [`Error::LabelCount`] if there is
/// not one label a row, [`Error::Empty`], [`Error::NotFinite`].
pub fn scatter(points: &dyn Matrix, labels: &dyn Labels, title: &str) -> Result<Figure> {
    by_class(points, labels, title, false)
}

/// The same with each point drawn as the number of its class, for readers who tell shapes apart
/// better than colours.
///
/// ```
/// use latent::prelude::*;
/// let points = array![[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]];
/// let figure = figure::glyphs(&points, &array![0, 1, 1], "Three points")?;
/// assert!(figure.to_string().contains("class 1: 2 points"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`scatter`].
pub fn glyphs(points: &dyn Matrix, labels: &dyn Labels, title: &str) -> Result<Figure> {
    by_class(points, labels, title, true)
}

/// A scatter plot of named groups of points, each (n, 2), told apart by colour and shape, with
/// their names in the legend: a letter, and what a layer makes of it.
///
/// Of more than 5,000 points in a group, evenly spaced rows are drawn.
///
/// ```
/// use latent::prelude::*;
/// let letter = array![[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]];
/// let moved = &letter * 2.0;
/// let figure = figure::groups(&[("letter", &letter), ("after a layer", &moved)], "A layer")?
///     .axes("dimension 1", "dimension 2");
/// assert!(figure.to_string().contains("after a layer: 3 points"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotPlanar`] if a group is not two columns wide, [`Error::Setting`] if there is no
/// group, [`Error::Empty`], [`Error::NotFinite`].
pub fn groups(groups: &[(&str, &dyn Matrix)], title: &str) -> Result<Figure> {
    if groups.is_empty() {
        return Err(Error::Setting {
            setting: "the groups",
            value: "none".to_owned(),
            expected: "at least one",
        });
    }
    let mut figure = Figure::new(title);
    for &(name, points) in groups {
        figure = figure.points(name, points)?;
    }
    let column = |axis: usize| -> Vec<f64> {
        let all = groups.iter().flat_map(|(_, points)| {
            let column = points.view().index_axis_move(Axis(1), axis).to_vec();
            column.into_iter().map(f64::from)
        });
        all.collect()
    };
    Ok(figure.with_equal_aspect(&column(0), &column(1)))
}

/// A scatter plot of pairs (x, y) of two unlike quantities, each axis with a scale of its own: a
/// code over the heading, the error of each image over its ink.
///
/// Of more than 5,000 pairs, evenly spaced ones are drawn.
///
/// ```
/// use latent::prelude::*;
/// let heading = [0.0, 90.0, 180.0];
/// let figure = figure::pairs(&heading, &[0.1, -0.4, 0.3], "The code of a heading")?
///     .axes("heading (degrees)", "code");
/// assert!(figure.to_string().contains("pairs: 3 points, across 0 to 180"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Count`] if there is not one y for each x, [`Error::Empty`], [`Error::NotFinite`].
pub fn pairs(x: &dyn Values, y: &dyn Values, title: &str) -> Result<Figure> {
    let (x, y) = (x.values(), y.values());
    check::count("y values, one for each x", x.len(), y.len())?;
    let points = Array2::from_shape_fn((x.len(), 2), |(row, axis)| [&x, &y][axis][row] as f32);
    Figure::new(title).points("pairs", &points)
}

fn by_class(
    points: &dyn Matrix,
    labels: &dyn Labels,
    title: &str,
    as_glyphs: bool,
) -> Result<Figure> {
    let (points, labels) = (points.view(), labels.view());
    check::not_empty("the points of a scatter plot", &points)?;
    planar(points)?;
    check::labels(&points, &labels)?;
    check::finite("the points of a scatter plot", &points)?;

    let step = points.nrows().div_ceil(MOST_POINTS);
    let rows: Vec<usize> = (0..points.nrows()).step_by(step).collect();
    let column = |axis: usize| rounded(rows.iter().map(|&row| f64::from(points[[row, axis]])));
    let (x, y) = (column(0), column(1));

    let mut classes = labels.to_vec();
    classes.sort_unstable();
    classes.dedup();
    let mut figure = Figure::new(title).with_equal_aspect(&x, &y);
    for class in classes {
        let members: Vec<usize> = (0..rows.len())
            .filter(|&i| labels[rows[i]] == class)
            .collect();
        let of = |values: &[f64]| members.iter().map(|&i| values[i]).collect::<Vec<_>>();
        let (x, y) = (of(&x), of(&y));
        let row = format!(
            "class {class}: {} points, across {}, up {}",
            members.len(),
            span(&x),
            span(&y)
        );
        let marker = Marker::new()
            .color(colour(class))
            .symbol(symbol(class))
            .size(if rows.len() > 500 { 5 } else { 8 })
            .opacity(opacity(rows.len()));
        let trace = Scatter::new(x, y).name(class.to_string());
        let trace = if as_glyphs {
            let font = Font::new().color(colour(class)).size(13);
            let glyphs = vec![class.to_string(); members.len()];
            trace
                .mode(Mode::Text)
                .text_array(glyphs)
                .text_font(font)
                .show_legend(false)
        } else {
            trace.mode(Mode::Markers).marker(marker)
        };
        figure = figure.with(trace, row);
    }
    if step > 1 {
        figure = figure.note(format!(
            "{} of {} points are drawn",
            rows.len(),
            points.nrows()
        ));
    }
    Ok(figure)
}

/// Two columns, or an error that says which figure to use instead.
pub(super) fn planar(points: ArrayView2<f32>) -> Result<()> {
    if points.ncols() == 2 {
        return Ok(());
    }
    Err(Error::NotPlanar {
        rows: points.nrows(),
        columns: points.ncols(),
    })
}

pub(super) fn span(values: &[f64]) -> String {
    if values.is_empty() {
        return "none drawn".to_owned();
    }
    let (low, high) = range(values);
    format!("{low} to {high}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array, Array1, Array2, array};
    use serde_json::Value;

    #[test]
    fn each_class_has_its_own_colour_and_shape() {
        let points = Array2::from_shape_fn((20, 2), |(i, j)| (i * (j + 1)) as f32);
        let labels = Array::from_shape_fn(20, |i| i % 10);
        let figure = scatter(&points, &labels, "ten").unwrap();
        let json: Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        let traces = json["data"].as_array().unwrap();
        assert_eq!(traces.len(), 10);
        for key in ["color", "symbol"] {
            let mut seen: Vec<String> = traces
                .iter()
                .map(|trace| trace["marker"][key].to_string())
                .collect();
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 10, "{key}");
        }
        assert_eq!(json["layout"]["yaxis"]["scaleanchor"], "x");
    }

    #[test]
    fn a_hundred_thousand_points_stay_under_300_kb_and_are_said_to_be_thinned() {
        let points =
            Array2::from_shape_fn((100_000, 2), |(i, j)| (i as f32 * 0.37 + j as f32).sin());
        let figure = scatter(&points, &Array1::zeros(100_000), "many").unwrap();
        assert!(figure.plot.to_json().len() < 300_000);
        assert!(
            figure
                .to_string()
                .contains("5000 of 100000 points are drawn")
        );
    }

    #[test]
    fn glyphs_are_the_numbers_of_the_classes() {
        let figure = glyphs(&array![[0.0, 1.0], [1.0, 0.0]], &array![7, 3], "two").unwrap();
        let json: Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert_eq!(json["data"][0]["mode"], "text");
        assert_eq!(json["data"][0]["text"], serde_json::json!(["3"]));
        assert!(figure.to_string().contains("class 7: 1 points"));
    }

    #[test]
    fn groups_have_names_colours_and_shapes() {
        let (a, b) = (array![[0.0, 1.0]], array![[1.0, 2.0], [3.0, 4.0]]);
        let figure = groups(&[("letter", &a), ("after ReLU", &b)], "two").unwrap();
        let json: Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert_eq!(json["data"][1]["name"], "after ReLU");
        for key in ["color", "symbol"] {
            assert_ne!(
                json["data"][0]["marker"][key],
                json["data"][1]["marker"][key]
            );
        }
        let text = figure.to_string();
        assert!(
            text.contains("after ReLU: 2 points, across 1 to 3"),
            "{text}"
        );
        assert!(groups(&[], "none").is_err());
        let wide = Array2::zeros((2, 3));
        assert!(groups(&[("letter", &a), ("wide", &wide)], "bad").is_err());
    }

    #[test]
    fn pairs_have_a_scale_for_each_axis_and_no_empty_room_for_a_legend() {
        let (x, y) = ([0.0, 90.0, 180.0], array![0.1_f32, -0.4, 0.3]);
        let figure = pairs(&x, &y, "codes").unwrap();
        let json: Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert_eq!(json["layout"]["yaxis"]["scaleanchor"], Value::Null);
        assert_eq!(json["layout"]["width"], Value::Null);
        assert_eq!(
            json["layout"]["margin"],
            serde_json::from_str::<Value>(&Figure::new("t").plot.to_json()).unwrap()["layout"]["margin"]
        );
        for (x, y, words) in [
            (vec![0.0], vec![], "expected 1 y values"),
            (vec![], vec![], "empty"),
            (vec![0.0], vec![f64::NAN], "row 0, column 1"),
        ] {
            let text = pairs(&x, &y, "bad").unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn few_points_have_their_full_colour() {
        for (n, opacity) in [(200, 1.0), (201, 0.75)] {
            let points = Array2::from_shape_fn((n, 2), |(i, j)| (i * (j + 1)) as f32);
            let by_class = scatter(&points, &Array1::zeros(n), "by class").unwrap();
            let named = groups(&[("all", &points)], "named").unwrap();
            for figure in [by_class, named] {
                let json: Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
                assert_eq!(json["data"][0]["marker"]["opacity"], opacity);
            }
        }
    }

    #[test]
    fn one_point_and_bad_input() {
        assert!(scatter(&array![[1.0, 2.0]], &array![3], "one").is_ok());
        for (points, labels, words) in [
            (Array2::zeros((0, 2)), array![], "empty"),
            (Array2::zeros((2, 3)), array![0, 1], "got 3"),
            (Array2::zeros((2, 2)), array![0], "expected 2 labels"),
            (array![[0.0, f32::NAN]], array![0], "row 0, column 1"),
        ] {
            let text = scatter(&points, &labels, "bad").unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }
}
