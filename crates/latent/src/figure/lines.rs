//! Named lines: a function, measurements along something, the truth beside them, a baseline.
//!
//! ```text
//! line    solid            what a method gives
//! dashed  dashed, grey     the truth, a control
//! points  markers          samples
//! baseline  dotted, level  the error of the mean image, the level of chance
//! ```

use super::palette::{colour, symbol};
use super::plot::{Figure, INK, MOST_POINTS, opacity, range, rounded};
use super::scatter::planar;
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::{Matrix, Values};
use plotly::Scatter;
use plotly::common::{Anchor, DashType, Line, Marker, MarkerSymbol, Mode, Orientation};
use plotly::layout::Legend;

/// Room for a title and, below it, a legend of one or two rows, in pixels.
const LEGEND: usize = 85;

/// A line through the points (x, y), in their order.
///
/// ```
/// use latent::prelude::*;
/// let x = [0.0, 1.0, 2.0];
/// let figure = figure::line(&x, &[0.0, 1.0, 4.0], "A square")?.axes("x", "x squared");
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Count`] if there is not one y for each x, [`Error::Empty`], [`Error::NotFinite`].
pub fn line(x: &dyn Values, y: &dyn Values, title: &str) -> Result<Figure> {
    let drawn = Drawn::new(x, y)?;
    let trace = drawn.trace(Some(0), DashType::Solid).show_legend(false);
    Ok(Figure::new(title).with(trace, drawn.told))
}

/// Several lines, each a name with its x and its y, told apart by colour, dashes and marks.
///
/// ```
/// use latent::prelude::*;
/// let x = [1.0, 2.0, 3.0];
/// let (line, square) = ([1.0, 2.0, 3.0], array![1.0_f32, 4.0, 9.0]);
/// let figure = figure::lines(&[("a line", &x, &line), ("a square", &x, &square)], "Two ways to grow")?
///     .axes("x", "y");
/// assert!(figure.to_string().contains("a square: a line of 3 points"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`line()`]; [`Error::Setting`] if there is no line at all.
pub fn lines(curves: &[(&str, &dyn Values, &dyn Values)], title: &str) -> Result<Figure> {
    if curves.is_empty() {
        return Err(Error::Setting {
            setting: "the lines",
            value: "none".to_owned(),
            expected: "at least one",
        });
    }
    curves
        .iter()
        .try_fold(Figure::new(title), |figure, &(name, x, y)| {
            figure.line(name, x, y)
        })
}

/// More lines and points in the same figure.
///
/// A dashed line or points whose name begins with that of another line ("cell 12" and "cell 12, true
/// rate") get its colour.
impl Figure {
    /// One more line, with its name in the legend.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let x = [1.0, 2.0, 3.0];
    /// let figure = figure::line(&x, &[1.0, 2.0, 3.0], "Growth")?
    ///     .line("a square", &x, &[1.0, 4.0, 9.0])?;
    /// assert!(figure.to_string().contains("a square: a line of 3 points"));
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`line()`].
    pub fn line(self, name: &str, x: &dyn Values, y: &dyn Values) -> Result<Figure> {
        let dash = dashes(self.next_class());
        self.line_with_dash(name, x, y, dash)
    }

    /// The same with dashes of one's own, where the marks alone tell the lines apart.
    pub(super) fn line_with_dash(
        self,
        name: &str,
        x: &dyn Values,
        y: &dyn Values,
        dash: DashType,
    ) -> Result<Figure> {
        let drawn = Drawn::new(x, y)?;
        let class = self.next_class();
        let trace = drawn.trace(Some(class), dash).name(name).show_legend(true);
        let told = format!("{name}: {}", drawn.told);
        Ok(self.named(name, Some(class)).with(trace, told))
    }

    /// A dashed line, with which the others are compared: the truth, for example. It is grey. If its
    /// name begins with the name of another line, it has the colour of that line.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let x = [0.0, 90.0, 180.0];
    /// let figure = figure::lines(&[("cell 12", &x, &[9.0, 3.0, 1.0])], "Tuning curve of a cell")?
    ///     .dashed("cell 12, true rate", &x, &[8.0, 4.0, 1.0])?
    ///     .axes("heading (degrees)", "rate (spikes/s)");
    /// assert!(figure.to_string().contains("cell 12, true rate: a dashed line of 3 points"));
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`line()`].
    pub fn dashed(self, name: &str, x: &dyn Values, y: &dyn Values) -> Result<Figure> {
        let drawn = Drawn::new(x, y)?;
        let class = self.class_of(name);
        let trace = drawn
            .trace(class, DashType::Dash)
            .mode(Mode::Lines)
            .name(name)
            .show_legend(true);
        let told = format!(
            "{name}: {}",
            drawn.told.replacen("a line", "a dashed line", 1)
        );
        Ok(self.named(name, class).with(trace, told))
    }

    /// Points (n, 2) as markers, with their name in the legend: samples beside a line.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let figure = figure::line(&[0.0, 1.0], &[0.0, 2.0], "A line and two samples")?
    ///     .points("samples", &array![[0.2, 0.3], [0.7, 1.6]])?;
    /// assert!(figure.to_string().contains("samples: 2 points"));
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotPlanar`] if the points are not two columns wide, [`Error::Empty`],
    /// [`Error::NotFinite`].
    pub fn points(self, name: &str, points: &dyn Matrix) -> Result<Figure> {
        let points = points.view();
        check::not_empty("the points of a scatter plot", &points)?;
        planar(points)?;
        check::finite("the points of a scatter plot", &points)?;
        let step = points.nrows().div_ceil(MOST_POINTS);
        let column = |axis: usize| {
            let values = points.column(axis);
            rounded(values.iter().step_by(step).map(|&x| f64::from(x)))
        };
        let class = self.class_of(name).unwrap_or_else(|| self.next_class());
        let (x, y) = (column(0), column(1));
        let told = format!(
            "{name}: {} points, across {}, up {}",
            points.nrows(),
            super::scatter::span(&x),
            super::scatter::span(&y)
        );
        let size = if x.len() > 500 { 5 } else { 8 };
        let marker = Marker::new()
            .color(colour(class))
            .symbol(symbol(class))
            .size(size)
            .opacity(opacity(x.len()));
        let trace = Scatter::new(x, y)
            .mode(Mode::Markers)
            .marker(marker)
            .name(name);
        // plotly shows no legend for points that are alone in a figure.
        let figure = if self.plot.data().is_empty() {
            self.known_as(name, Some(class))
        } else {
            self.named(name, Some(class))
        };
        Ok(figure.with(trace, told))
    }

    /// A level dotted line across the figure, with its name at its right end: the error of the mean
    /// image, the level of chance.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let figure = figure::line(&[1.0, 2.0], &[0.08, 0.05], "Validation loss")?
    ///     .baseline("mean image", 0.0675)?;
    /// assert!(figure.to_string().contains("mean image: a level line at 0.0675"));
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Setting`] if `y` is not finite.
    pub fn baseline(mut self, name: &str, y: f64) -> Result<Figure> {
        if !y.is_finite() {
            return Err(Error::Setting {
                setting: "the baseline",
                value: y.to_string(),
                expected: "a finite number",
            });
        }
        self.baselines.push((name.to_owned(), y));
        let told = format!("{name}: a level line at {}", five_digits(y));
        Ok(self.note(told).with_baselines())
    }

    /// The class of the line with whose name this one begins, the longest if there are several.
    fn class_of(&self, name: &str) -> Option<usize> {
        let begins_with = |known: &str| {
            let rest = name.strip_prefix(known);
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        let known = self.legend.iter().filter(|(known, _)| begins_with(known));
        known
            .max_by_key(|(known, _)| known.len())
            .and_then(|(_, class)| *class)
    }

    fn next_class(&self) -> usize {
        let classes = self.legend.iter().filter_map(|(_, class)| *class);
        classes.max().map_or(0, |class| class + 1)
    }

    fn known_as(mut self, name: &str, class: Option<usize>) -> Self {
        self.legend.push((name.to_owned(), class));
        self
    }

    fn named(self, name: &str, class: Option<usize>) -> Self {
        let figure = self.known_as(name, class);
        // Beside a square plot there is room for a legend.
        if figure.has_equal_aspect() {
            figure
        } else {
            figure.with_legend_on_top()
        }
    }

    /// The legend between title and plot, where long names take no width from the plot.
    pub(super) fn with_legend_on_top(self) -> Self {
        let legend = Legend::new()
            .orientation(Orientation::Horizontal)
            .x(0.0)
            .x_anchor(Anchor::Left)
            .y(1.02)
            .y_anchor(Anchor::Bottom);
        self.with_layout(|layout| layout.legend(legend))
            .with_room(LEGEND, 0)
    }
}

/// What is drawn of a line, and what is told of it.
struct Drawn {
    x: Vec<f64>,
    y: Vec<f64>,
    told: String,
}

impl Drawn {
    fn new(x: &dyn Values, y: &dyn Values) -> Result<Self> {
        let (x, y) = (x.values(), y.values());
        check::count("y values, one for each x", x.len(), y.len())?;
        if x.is_empty() {
            return Err(Error::Empty {
                what: "the line",
                rows: 0,
                columns: 2,
            });
        }
        for (column, values) in [&x, &y].into_iter().enumerate() {
            if let Some(row) = values.iter().position(|value| !value.is_finite()) {
                return Err(Error::NotFinite {
                    what: "the line (x is column 0, y is column 1)",
                    value: values[row],
                    row,
                    column,
                });
            }
        }
        let step = x.len().div_ceil(MOST_POINTS);
        let thin = |values: &[f64]| {
            let values: Vec<f64> = values.iter().copied().step_by(step).collect();
            // Of two roundings the closer one: small values count on a logarithmic axis.
            let closer = |(&value, rounded): (&f64, f64)| {
                let five = five_digits(value);
                if (five - value).abs() < (rounded - value).abs() {
                    five
                } else {
                    rounded
                }
            };
            values
                .iter()
                .zip(rounded(values.iter().copied()))
                .map(closer)
                .collect()
        };
        let (x, y): (Vec<f64>, Vec<f64>) = (thin(&x), thin(&y));
        let (low, high) = range(&y);
        let at = |value: f64| x[y.iter().position(|&y| y == value).unwrap_or(0)];
        let (last, five) = (x.len() - 1, five_digits);
        let told = format!(
            "a line of {} points, from ({}, {}) to ({}, {}); lowest {} at {}, highest {} at {}",
            x.len(),
            x[0],
            five(y[0]),
            x[last],
            five(y[last]),
            five(low),
            at(low),
            five(high),
            at(high)
        );
        Ok(Self { x, y, told })
    }

    /// A line in the colour and the marks of its class; grey without one.
    fn trace(&self, class: Option<usize>, dash: DashType) -> Box<Scatter<f64, f64>> {
        let mode = if self.x.len() > 60 {
            Mode::Lines
        } else {
            Mode::LinesMarkers
        };
        let (colour, symbol) = match class {
            Some(class) => (colour(class), symbol(class)),
            None => (INK, MarkerSymbol::Circle),
        };
        Scatter::new(self.x.clone(), self.y.clone())
            .mode(mode)
            .line(Line::new().color(colour).width(2.5).dash(dash))
            .marker(Marker::new().color(colour).symbol(symbol).size(7))
    }
}

/// Lines with many points have no marks: the first is solid, the next ones are told apart by dots
/// and dashes, but never as the dashed line of [`Figure::dashed`].
fn dashes(class: usize) -> DashType {
    match class % 4 {
        0 => DashType::Solid,
        1 => DashType::DashDot,
        2 => DashType::Dot,
        _ => DashType::LongDash,
    }
}

/// A number to be read aloud: on a level line there is no range to round it to.
pub(super) fn five_digits(value: f64) -> f64 {
    let rounded = format!("{value:.4e}").parse();
    // The largest numbers have no larger ones to be rounded to.
    rounded
        .ok()
        .filter(|x: &f64| x.is_finite())
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use serde_json::Value;

    fn json(figure: &Figure) -> Value {
        serde_json::from_str(&figure.plot.to_json()).unwrap()
    }

    #[test]
    fn a_line_tells_its_ends_and_its_extremes() {
        let x: Vec<f64> = (0..200).map(|i| f64::from(i) / 100.0).collect();
        let y: Vec<f64> = x.iter().map(|x| x * (2.0 - x)).collect();
        let text = line(&x, &y, "arch").unwrap().to_string();
        assert!(text.contains("highest 1 at 1"), "{text}");
    }

    #[test]
    fn several_lines_are_named_and_told_apart_without_colour() {
        let (x, y, z) = ([1.0, 2.0], [3.0, 5.0], [4.0, 0.0]);
        let figure = lines(&[("up", &x, &y), ("down", &x, &z)], "two").unwrap();
        let text = figure.to_string();
        assert!(text.contains("up: a line of 2 points, from (1, 3) to (2, 5)"));
        assert!(text.contains("down: a line of 2 points"), "{text}");
        let json = json(&figure);
        let [up, down] = [0, 1].map(|i: usize| json["data"][i].clone());
        assert_eq!(up["name"], "up");
        assert_ne!(up["line"]["dash"], down["line"]["dash"]);
        assert_ne!(up["marker"]["symbol"], down["marker"]["symbol"]);
        let level = line(&x, &[1.0 / 3.0; 2], "level").unwrap().to_string();
        assert!(level.contains("highest 0.33333 at 1"), "{level}");
        assert!(lines(&[], "none").is_err());
        assert!(lines(&[("short", &x, &[1.0])], "bad").is_err());
    }

    #[test]
    fn small_values_stay_above_zero_for_a_logarithmic_axis() {
        let figure = line(&[1.0, 2.0, 3.0], &[1.0, 1e-3, 1e-8], "errors").unwrap();
        let y = json(&figure.log_y())["data"][0]["y"].clone();
        assert_eq!(y, serde_json::json!([1.0, 1e-3, 1e-8]));
    }

    #[test]
    fn any_array_of_numbers_can_be_drawn() {
        let x = array![[0.0_f32], [1.0]];
        let y = vec![2.0_f32, 3.0];
        let by_arrays = line(&x, &y, "t").unwrap();
        let by_slices = line(&&[0.0, 1.0][..], &array![2.0, 3.0], "t").unwrap();
        assert_eq!(json(&by_arrays), json(&by_slices));
        assert_eq!(
            json(&by_arrays)["data"][0]["y"],
            serde_json::json!([2.0, 3.0])
        );
    }

    #[test]
    fn what_belongs_together_has_one_colour_and_what_is_compared_with_is_grey() {
        let (x, y) = ([1.0, 2.0], [3.0, 5.0]);
        let figure = lines(&[("cell 1", &x, &y), ("cell 12", &x, &y)], "two")
            .unwrap()
            .dashed("cell 12, true rate", &x, &y)
            .unwrap()
            .dashed("chance", &x, &y)
            .unwrap()
            .points("samples", &array![[1.0, 2.0]])
            .unwrap();
        let json = json(&figure);
        let line = |trace: usize, key: &str| json["data"][trace]["line"][key].clone();
        assert_eq!(line(2, "color"), line(1, "color"));
        assert_ne!(line(2, "color"), line(0, "color"));
        assert_eq!(line(2, "dash"), "dash");
        assert_eq!(line(3, "color"), INK);
        assert_eq!(json["data"][4]["mode"], "markers");
        assert_eq!(json["data"][4]["marker"]["color"], colour(2));
    }

    #[test]
    fn a_baseline_is_level_across_the_whole_figure_and_has_its_name_on_it() {
        let figure = line(&[1.0, 2.0], &[0.1, 0.2], "t")
            .unwrap()
            .baseline("mean image", 0.0675)
            .unwrap()
            .baseline("PCA", 0.0557)
            .unwrap();
        let json = json(&figure);
        assert_eq!(json["layout"]["shapes"][0]["xref"], "paper");
        assert_eq!(json["layout"]["shapes"][1]["y0"], 0.0557);
        assert_eq!(json["layout"]["annotations"][0]["text"], "mean image");
        let text = figure.to_string();
        assert!(text.contains("PCA: a level line at 0.0557"), "{text}");
        assert!(figure.baseline("bad", f64::NAN).is_err());
    }

    #[test]
    fn lines_that_cannot_be_drawn_are_refused() {
        for (x, y, words) in [
            (
                vec![0.0],
                vec![],
                "expected 1 y values, one for each x, got 0",
            ),
            (vec![], vec![], "empty"),
            (vec![0.0, 1.0], vec![0.0, f64::INFINITY], "row 1, column 1"),
        ] {
            let text = line(&x, &y, "bad").unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }
}
