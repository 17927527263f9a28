//! Numbers in a plane, as colours: confusion matrices, heat maps, and a loss over two weights.

use super::palette::colour;
use super::plot::{Figure, range, rounded};
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use ndarray::Array2;
use plotly::common::{
    ColorBar, ColorScale, ColorScaleElement, ColorScalePalette, Font, Line, Marker, MarkerSymbol,
    Mode,
};
use plotly::layout::{Annotation, Axis, AxisConstrain};
use plotly::{Contour, HeatMap, Scatter};

/// From paper to ink.
pub(super) fn paper() -> ColorScale {
    scale(&[(0.0, "#ffffff"), (1.0, "#000000")])
}

fn scale(steps: &[(f64, &str)]) -> ColorScale {
    ColorScale::Vector(
        steps
            .iter()
            .map(|&(at, colour)| ColorScaleElement(at, colour.to_owned()))
            .collect(),
    )
}

/// A confusion matrix (classes, classes): in row i and column j, how many samples of class i were
/// taken for class j. The darker, the larger the share of the row; the numbers are counts.
///
/// ```
/// use latent::prelude::*;
/// let figure = figure::confusion_matrix(&array![[9, 1], [2, 8]])?;
/// assert!(figure.to_string().contains("17 of 20"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Empty`]; [`Error::NotSquareTable`] if there are not as many rows as columns.
pub fn confusion_matrix(counts: &Array2<usize>) -> Result<Figure> {
    let (rows, columns) = counts.dim();
    if counts.is_empty() {
        return Err(Error::Empty {
            what: "the confusion matrix",
            rows,
            columns,
        });
    }
    if rows != columns {
        return Err(Error::NotSquareTable { rows, columns });
    }
    let all = counts.sum();
    let right = counts.diag().sum();
    let mut shares = Vec::new();
    let mut numbers = Vec::new();
    let mut told = Vec::new();
    for (class, row) in counts.rows().into_iter().enumerate() {
        let total = row.sum();
        let share = |count: usize| count as f64 / total.max(1) as f64;
        shares.push(
            row.iter()
                .map(|&c| (1000.0 * share(c)).round() / 1000.0)
                .collect::<Vec<_>>(),
        );
        for (column, &count) in row.iter().enumerate() {
            if count > 0 {
                let ink = if share(count) > 0.55 {
                    "#ffffff"
                } else {
                    "#1a1a1a"
                };
                numbers.push(
                    Annotation::new()
                        .x(column)
                        .y(class)
                        .text(count.to_string())
                        .show_arrow(false)
                        .font(Font::new().color(ink).size(11)),
                );
            }
        }
        let worst = (0..columns)
            .filter(|&other| other != class && row[other] > 0)
            .max_by_key(|&other| (row[other], std::cmp::Reverse(other)));
        told.push(match worst {
            Some(other) => format!(
                "class {class}: {} of {total} right, most often taken for {other} ({})",
                row[class], row[other]
            ),
            None => format!("class {class}: {} of {total} right", row[class]),
        });
    }
    let classes: Vec<usize> = (0..rows).collect();
    let map = HeatMap::new(classes.clone(), classes, shares)
        .color_scale(scale(&[(0.0, "#ffffff"), (1.0, "#004a7c")]))
        .show_scale(false)
        .zauto(false)
        .zmin(0.0)
        .zmax(1.0);
    let mut figure = Figure::new(&format!("Confusion matrix: {right} of {all} right"))
        .axes("predicted class", "true class")
        .with_equal_aspect(&[0.0, 1.0], &[0.0, 1.0])
        .with(map, format!("{right} of {all} right"))
        .with_axes(|[x, y]| {
            let ticks = |axis: Axis, range: [f64; 2]| {
                axis.dtick(1.0)
                    .show_grid(false)
                    .range(range.to_vec())
                    .constrain(AxisConstrain::Domain)
            };
            let (first, last) = (-0.5, rows as f64 - 0.5);
            [ticks(x, [first, last]), ticks(y, [last, first])]
        })
        .with_layout(|layout| layout.annotations(numbers));
    for row in told {
        figure = figure.note(row);
    }
    Ok(figure)
}

/// Numbers (rows, columns) as colours, row 0 at the bottom: the activity of a population, one cell
/// a row, say. `x` is where the first and the last column stand, `y` the first and the last row;
/// `unit` names the numbers, beside the colour bar.
///
/// ```
/// use latent::prelude::*;
/// let counts = array![[0.0, 3.0, 1.0], [2.0, 0.0, 5.0]];
/// let figure = figure::heat_map(&counts, (0.0, 0.2), (1.0, 2.0), "Two cells", "spikes")?
///     .axes("time (s)", "cell");
/// assert!(figure.to_string().contains("highest 5 at (0.2, 2)"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`], [`Error::Setting`] for a range that is not finite.
pub fn heat_map(
    values: &dyn Matrix,
    x: (f64, f64),
    y: (f64, f64),
    title: &str,
    unit: &str,
) -> Result<Figure> {
    let values = values.view();
    check::not_empty("the heat map", &values)?;
    check::finite("the heat map", &values)?;
    for (setting, (first, last)) in [("the range of x", x), ("the range of y", y)] {
        if !(last - first).is_finite() {
            return Err(Error::Setting {
                setting,
                value: format!("({first}, {last})"),
                expected: "two finite numbers",
            });
        }
    }
    let places = |(first, last): (f64, f64), n: usize| {
        let step = (last - first) / n.max(2).saturating_sub(1) as f64;
        rounded((0..n).map(|i| first + step * i as f64))
    };
    let (rows, columns) = values.dim();
    let (x, y) = (places(x, columns), places(y, rows));
    let numbers = rounded(values.iter().map(|&value| f64::from(value)));
    let (low, high) = range(&numbers);
    let peak = numbers.iter().position(|&value| value == high).unwrap_or(0);
    let row = format!(
        "{rows} rows by {columns} columns of colours ({unit}): lowest {low}, highest {high} at ({}, {})",
        x[peak % columns],
        y[peak / columns]
    );
    let lines: Vec<Vec<f64>> = numbers.chunks(columns).map(<[f64]>::to_vec).collect();
    let map = HeatMap::new(x, y, lines)
        .color_scale(ColorScale::Palette(ColorScalePalette::Cividis))
        .color_bar(ColorBar::new().title(unit))
        .show_legend(false);
    Ok(Figure::new(title).with(map, row))
}

/// Points along each side of a landscape.
const STEPS: usize = 60;

/// A loss over two weights as a map with lines of equal height, and the path that a training took
/// across it: a circle where it began, a star where it ended.
///
/// `loss` is computed at 60 x 60 places within the ranges of the two weights. `path` may be empty.
///
/// ```
/// use latent::prelude::*;
/// let bowl = |u: f64, v: f64| u * u + 4.0 * v * v;
/// let figure = figure::landscape(&bowl, (-2.0, 2.0), (-1.0, 1.0), &[(2.0, 1.0), (0.1, 0.0)])?;
/// assert!(figure.to_string().contains("2 steps"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] for a range that does not rise, [`Error::NotFinite`] for a path that leaves
/// the numbers, or a loss that is finite nowhere.
pub fn landscape(
    loss: &dyn Fn(f64, f64) -> f64,
    first: (f64, f64),
    second: (f64, f64),
    path: &[(f64, f64)],
) -> Result<Figure> {
    let places = |setting, (low, high): (f64, f64)| {
        if !(low < high && low.is_finite() && high.is_finite()) {
            return Err(Error::Setting {
                setting,
                value: format!("({low}, {high})"),
                expected: "two finite numbers, the smaller one first",
            });
        }
        let step = (high - low) / (STEPS - 1) as f64;
        Ok((0..STEPS)
            .map(|i| low + step * i as f64)
            .collect::<Vec<f64>>())
    };
    let (x, y) = (
        places("the range of the first weight", first)?,
        places("the range of the second weight", second)?,
    );
    for (row, &(u, v)) in path.iter().enumerate() {
        for (column, value) in [u, v].into_iter().enumerate() {
            if !value.is_finite() {
                return Err(Error::NotFinite {
                    what: "the path of the training",
                    value,
                    row,
                    column,
                });
            }
        }
    }
    let heights: Vec<f64> = y
        .iter()
        .flat_map(|&v| x.iter().map(move |&u| (u, v)))
        .map(|(u, v)| loss(u, v))
        .collect();
    let lowest = (0..heights.len())
        .filter(|&i| heights[i].is_finite())
        .min_by(|&a, &b| heights[a].total_cmp(&heights[b]))
        .ok_or(Error::Setting {
            setting: "the loss",
            value: format!("{} at every place", heights[0]),
            expected: "a finite value somewhere within the two ranges",
        })?;
    let low = (x[lowest % STEPS], y[lowest / STEPS], heights[lowest]);
    let heights = rounded(heights);
    let rows: Vec<Vec<f64>> = heights.chunks(STEPS).map(<[f64]>::to_vec).collect();
    let map = Contour::new(rounded(x), rounded(y), rows)
        .color_scale(ColorScale::Palette(ColorScalePalette::Cividis))
        .color_bar(ColorBar::new().title("loss"))
        .n_contours(25);
    let figure = Figure::new("Loss landscape over two weights, and the path of the training")
        .axes("first weight", "second weight")
        .with(
            map,
            format!(
                "a map of the loss: lowest near ({:.2}, {:.2}) with {:.4}",
                low.0, low.1, low.2
            ),
        );
    let (Some(&begin), Some(&end)) = (path.first(), path.last()) else {
        return Ok(figure);
    };
    let steps = path.len();
    let line = Scatter::new(
        rounded(path.iter().map(|p| p.0)),
        rounded(path.iter().map(|p| p.1)),
    )
    .mode(Mode::LinesMarkers)
    .line(Line::new().color("#ffffff").width(2.0))
    .marker(Marker::new().color(colour(5)).size(5))
    .name("training");
    let mark = |(u, v): (f64, f64), symbol: MarkerSymbol, name: &str| {
        Scatter::new(vec![u], vec![v])
            .mode(Mode::Markers)
            .marker(
                Marker::new()
                    .color(colour(5))
                    .size(15)
                    .symbol(symbol)
                    .line(Line::new().color("#ffffff").width(1.5)),
            )
            .name(name)
    };
    let row = format!(
        "a line of {steps} steps from ({:.2}, {:.2}) to ({:.2}, {:.2})",
        begin.0, begin.1, end.0, end.1
    );
    Ok(figure
        .with(line, row)
        .with(
            mark(begin, MarkerSymbol::Circle, "begin"),
            "a circle where it began".to_owned(),
        )
        .with(
            mark(end, MarkerSymbol::Star, "end"),
            "a star where it ended".to_owned(),
        )
        .with_layout(|layout| layout.show_legend(false)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use serde_json::Value;

    #[test]
    fn a_heat_map_puts_row_0_at_the_bottom_and_stays_small() {
        let values = array![[0.0, 1.0, 0.0], [7.0, 0.0, 0.5]];
        let figure = heat_map(&values, (0.0, 1.0), (90.0, 180.0), "two cells", "spikes").unwrap();
        let json: Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert_eq!(json["data"][0]["z"][1][0], 7.0);
        assert_eq!(json["data"][0]["x"], serde_json::json!([0.0, 0.5, 1.0]));
        assert_eq!(json["data"][0]["y"], serde_json::json!([90.0, 180.0]));
        assert_eq!(json["data"][0]["colorbar"]["title"]["text"], "spikes");
        assert!(figure.to_string().contains("highest 7 at (0, 180)"));
        let large = Array2::from_shape_fn((60, 300), |(i, j)| ((i * j) as f32).sin());
        let large = heat_map(&large, (0.0, 30.0), (0.0, 360.0), "sixty cells", "").unwrap();
        assert!(large.plot.to_json().len() < 300_000);
        assert!(heat_map(&array![[1.0]], (0.0, 0.0), (0.0, 0.0), "one", "").is_ok());
    }

    #[test]
    fn heat_maps_of_nothing_and_of_no_numbers_are_refused() {
        for (values, words) in [
            (Array2::zeros((0, 3)), "empty"),
            (array![[0.0, f32::NAN]], "row 0, column 1"),
        ] {
            let error = heat_map(&values, (0.0, 1.0), (0.0, 1.0), "bad", "").unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    #[test]
    fn a_confusion_matrix_counts_by_row() {
        let figure = confusion_matrix(&array![[8, 2, 0], [0, 0, 0], [1, 0, 9]]).unwrap();
        let json: Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert_eq!(json["data"][0]["z"][0][0], 0.8);
        assert_eq!(json["data"][0]["z"][1][1], 0.0, "a class without samples");
        assert_eq!(json["layout"]["annotations"].as_array().unwrap().len(), 4);
        let text = figure.to_string();
        assert!(text.contains("17 of 20 right"), "{text}");
        assert!(text.contains("class 0: 8 of 10 right, most often taken for 1 (2)"));
        assert!(confusion_matrix(&Array2::zeros((2, 3))).is_err());
        assert!(confusion_matrix(&Array2::zeros((0, 0))).is_err());
    }

    #[test]
    fn a_landscape_finds_its_lowest_place() {
        let bowl = |u: f64, v: f64| (u - 1.0).powi(2) + v * v;
        let figure = landscape(&bowl, (-3.0, 3.0), (-3.0, 3.0), &[(2.0, 2.0), (1.0, 0.0)]).unwrap();
        let text = figure.to_string();
        assert!(text.contains("lowest near (0.97, "), "{text}");
        assert!(figure.plot.to_json().len() < 100_000);
        let holes = |u: f64, _: f64| if u < 0.0 { f64::NAN } else { u };
        assert!(landscape(&holes, (-1.0, 1.0), (0.0, 1.0), &[]).is_ok());
    }

    #[test]
    fn landscapes_that_are_none() {
        let flat = |_: f64, _: f64| 0.0;
        let nothing = |_: f64, _: f64| f64::NAN;
        for (figure, words) in [
            (landscape(&flat, (1.0, 1.0), (0.0, 1.0), &[]), "(1, 1)"),
            (landscape(&flat, (0.0, 1.0), (0.0, f64::NAN), &[]), "second"),
            (
                landscape(&nothing, (0.0, 1.0), (0.0, 1.0), &[]),
                "every place",
            ),
            (
                landscape(&flat, (0.0, 1.0), (0.0, 1.0), &[(0.0, f64::INFINITY)]),
                "path",
            ),
        ] {
            let text = figure.unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }
}
