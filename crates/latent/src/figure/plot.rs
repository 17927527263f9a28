//! A plot with a title, named axes and a text form.

use super::opaque::Opaque;
use super::show::show;
use plotly::common::{Anchor, DashType, Font, Title};
use plotly::layout::{
    Annotation, Axis, AxisConstrain, AxisType, Layout, Legend, Margin, Shape, ShapeLine, ShapeType,
};
use plotly::{Plot, Trace};
use std::fmt;

/// At most this many points are drawn in one figure.
pub(super) const MOST_POINTS: usize = 5_000;
/// More points than these can cover each other, so each is drawn translucent.
const FEW_POINTS: usize = 200;

/// A grey that can be read on a white page and on a black one.
pub(super) const INK: &str = "#7a7f87";
/// Room above a plot with a title, and on the right of one without a legend, in pixels.
const TOP: usize = 50;
const RIGHT: usize = 20;
/// What a letter beside a plot takes at most, on average, in pixels.
const LETTER: usize = 7;
/// Pixels beside a plot (its axis and a legend), and below it (its axis).
const BESIDE: usize = 150;
const BELOW: usize = 60;
/// The most that a plot with one unit as long on both axes is wide and high, and the least that its
/// figure is wide, so that a title fits.
const WIDEST: f64 = 680.0;
const TALLEST: f64 = 520.0;
const NARROWEST: usize = 480;
pub(super) const RULE: &str = "rgba(128, 128, 128, 0.25)";

/// A plot that shows itself as the last value of a cell.
///
/// Refine it with plotly's own calls: `plot` is plotly's `Plot`, and its layout can be replaced.
///
/// ```
/// use latent::prelude::*;
/// let figure = figure::line(&[0.0, 1.0, 2.0], &[0.0, 1.0, 4.0], "A square")?
///     .axes("x", "x²")
///     .height(600);
/// assert!(figure.to_string().contains("A square"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// In a notebook no `?` is needed: what a figure's function returns shows itself, or says what was
/// wrong, and takes the same calls ([`FigureResult`](super::FigureResult)).
#[derive(Clone)]
pub struct Figure {
    /// plotly's own value, to be refined.
    pub plot: Opaque<Plot>,
    title: String,
    axes: Opaque<[Axis; 2]>,
    names: [String; 2],
    rows: Vec<String>,
    /// The names in the legend, each with the class that its colour belongs to.
    pub(super) legend: Vec<(String, Option<usize>)>,
    /// Level lines with their names.
    pub(super) baselines: Vec<(String, f64)>,
    is_log_y: bool,
    /// How many times as wide as high the plot is, if one unit is as long on both axes.
    aspect: Option<f64>,
    /// Room above the plot and on its right, in pixels.
    room: (usize, usize),
}

impl Figure {
    /// A plot of nothing yet, with the axes named x and y.
    pub(super) fn new(title: &str) -> Self {
        let mut plot = Plot::new();
        plot.set_layout(
            Layout::new()
                .title(heading(title))
                .font(Font::new().color(INK))
                .legend(Legend::new())
                .margin(margin(TOP, RIGHT))
                .paper_background_color("rgba(0, 0, 0, 0)")
                .plot_background_color("rgba(0, 0, 0, 0)")
                .height(440),
        );
        let axis = || {
            Axis::new()
                .grid_color(RULE)
                .zero_line_color(RULE)
                .auto_margin(true)
        };
        let figure = Self {
            plot: plot.into(),
            title: title.to_owned(),
            axes: [axis(), axis()].into(),
            names: [String::new(), String::new()],
            rows: Vec::new(),
            legend: Vec::new(),
            baselines: Vec::new(),
            is_log_y: false,
            aspect: None,
            room: (TOP, RIGHT),
        };
        figure.axes("x", "y")
    }

    /// Names both axes, with their units.
    #[must_use]
    pub fn axes(mut self, x: &str, y: &str) -> Self {
        self.names = [x.to_owned(), y.to_owned()];
        self.lay_out_axes();
        self
    }

    /// Equal steps across for equal factors: 10, 100, 1000.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let figure = figure::line(&[1.0, 10.0, 100.0], &[0.5, 0.3, 0.2], "Error")?.log_x();
    /// assert!(figure.plot.to_json().contains("\"type\":\"log\""));
    /// # Ok::<(), latent::Error>(())
    /// ```
    #[must_use]
    pub fn log_x(self) -> Self {
        self.with_axes(|[x, y]| [logarithmic(x, 4), y])
    }

    /// Equal steps up for equal factors: 0.01, 0.1, 1. Values must be above 0.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let figure = figure::line(&[0.0, 1.0, 2.0], &[1.0, 0.1, 0.01], "Loss")?.log_y();
    /// assert!(figure.plot.to_json().contains("\"type\":\"log\""));
    /// # Ok::<(), latent::Error>(())
    /// ```
    #[must_use]
    pub fn log_y(mut self) -> Self {
        self.is_log_y = true;
        self.with_axes(|[x, y]| [x, logarithmic(y, 3)])
            .with_baselines()
    }

    /// The height in pixels (default: 440). A figure with one unit as long on both axes becomes as
    /// wide as that needs.
    #[must_use]
    pub fn height(self, pixels: usize) -> Self {
        let Some(aspect) = self.aspect else {
            return self.with_layout(|layout| layout.height(pixels));
        };
        let plot = pixels.saturating_sub(self.room.0 + BELOW).max(100) as f64;
        let width = (plot * aspect) as usize + BESIDE;
        self.with_layout(|layout| layout.height(pixels).width(width.max(NARROWEST)))
    }

    /// The title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Another title, for two figures of one kind that are to be told apart.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let figure = figure::line(&[0.0, 1.0], &[0.0, 1.0], "A line")?.titled("The first line");
    /// assert_eq!(figure.title(), "The first line");
    /// # Ok::<(), latent::Error>(())
    /// ```
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self.with_layout(|layout| layout.title(heading(title)))
    }

    /// One more thing drawn, and the line that tells of it in the text form.
    pub(super) fn with(mut self, trace: Box<dyn Trace>, row: String) -> Self {
        self.plot.add_trace(trace);
        self.rows.push(row);
        self
    }

    /// One more line of the text form.
    pub(super) fn note(mut self, row: String) -> Self {
        self.rows.push(row);
        self
    }

    /// One unit as long on both axes, for spaces in which distance means something: the figure is as
    /// wide as the points (x, y) need.
    pub(super) fn with_equal_aspect(self, x: &[f64], y: &[f64]) -> Self {
        let (x, y) = (range(x), range(y));
        let (across, up) = (x.1 - x.0, y.1 - y.0);
        let aspect = if across > 0.0 && up > 0.0 {
            across / up
        } else {
            1.0
        };
        self.with_aspect(aspect).with_scale_anchor()
    }

    /// One unit as long on both axes; the axes end where the points do.
    pub(super) fn with_scale_anchor(self) -> Self {
        self.with_axes(|[x, y]| {
            [
                x.constrain(AxisConstrain::Domain),
                y.scale_anchor("x").constrain(AxisConstrain::Domain),
            ]
        })
    }

    /// Axes that end where `window` does: left, right, bottom, top.
    pub(super) fn with_window(self, [left, right, bottom, top]: [f64; 4]) -> Self {
        self.with_aspect((right - left) / (top - bottom))
            .with_axes(|[x, y]| [x.range(vec![left, right]), y.range(vec![bottom, top])])
    }

    /// The size of a figure whose plot is `aspect` times as wide as high.
    fn with_aspect(mut self, aspect: f64) -> Self {
        let aspect = if aspect.is_finite() { aspect } else { 1.0 }.clamp(0.4, 4.0);
        self.aspect = Some(aspect);
        let height = (WIDEST / aspect).min(TALLEST) as usize + self.room.0 + BELOW;
        self.height(height)
    }

    /// Axes changed by `change`, x first.
    pub(super) fn with_axes(mut self, change: impl Fn([Axis; 2]) -> [Axis; 2]) -> Self {
        self.axes = change((*self.axes).clone()).into();
        self.lay_out_axes();
        self
    }

    /// A layout changed by `change`.
    pub(super) fn with_layout(mut self, change: impl FnOnce(Layout) -> Layout) -> Self {
        let layout = change(self.plot.layout().clone());
        self.plot.set_layout(layout);
        self
    }

    /// Room above the plot and on its right, in pixels: at least so much, and what it had.
    pub(super) fn with_room(mut self, top: usize, right: usize) -> Self {
        self.room = (self.room.0.max(top), self.room.1.max(right));
        let (top, right) = self.room;
        self.with_layout(|layout| layout.margin(margin(top, right)))
    }

    /// Whether one unit is as long on both axes, so that the figure has a width of its own.
    pub(super) fn has_equal_aspect(&self) -> bool {
        self.aspect.is_some()
    }

    /// The level lines, each with its name beside its right end. On a logarithmic axis plotly wants
    /// places of lines as values, those of texts as powers of ten.
    pub(super) fn with_baselines(self) -> Self {
        if self.baselines.is_empty() {
            return self;
        }
        let (mut shapes, mut names) = (Vec::new(), Vec::new());
        for (name, y) in &self.baselines {
            let at = if self.is_log_y { y.log10() } else { *y };
            shapes.push(
                Shape::new()
                    .shape_type(ShapeType::Line)
                    .x_ref("paper")
                    .x0(0.0)
                    .x1(1.0)
                    .y_ref("y")
                    .y0(*y)
                    .y1(*y)
                    .line(ShapeLine::new().color(INK).width(1.5).dash(DashType::Dot)),
            );
            names.push(
                Annotation::new()
                    .x_ref("paper")
                    .x(1.01)
                    .x_anchor(Anchor::Left)
                    .y_ref("y")
                    .y(at)
                    .y_anchor(Anchor::Middle)
                    .text(name.as_str())
                    .show_arrow(false),
            );
        }
        let letters = self.baselines.iter().map(|(name, _)| name.chars().count());
        let right = RIGHT + LETTER * letters.max().unwrap_or(0);
        self.with_layout(|layout| layout.shapes(shapes).annotations(names))
            .with_room(TOP, right)
    }

    fn lay_out_axes(&mut self) {
        let [x, y] = [0, 1].map(|i| {
            self.axes[i]
                .clone()
                .title(Title::with_text(self.names[i].as_str()))
        });
        let layout = self.plot.layout().clone().x_axis(x).y_axis(y);
        self.plot.set_layout(layout);
    }

    /// Shows the figure; the kernel calls this for the last value of a cell.
    pub fn evcxr_display(&self) {
        show(&[
            ("application/vnd.plotly.v1+json", self.plot.to_json()),
            ("text/plain", self.to_string()),
        ]);
    }
}

/// A logarithmic axis. Each tick has its whole value (0.02 and not a small 2), in one size.
///
/// Asked for `ticks` ticks, plotly names 1, 2 and 5 of each power of ten if that makes about ten
/// names, the powers alone on longer axes, and every second power and fewer if there are more powers
/// than ticks. Across there is room for one tick more than up.
fn logarithmic(axis: Axis, ticks: usize) -> Axis {
    axis.type_(AxisType::Log).tick_format("~g").n_ticks(ticks)
}

fn heading(title: &str) -> Title {
    Title::with_text(title)
        .font(Font::new().size(16))
        .y(0.97)
        .y_anchor(Anchor::Top)
}

fn margin(top: usize, right: usize) -> Margin {
    Margin::new().left(60).right(right).top(top).bottom(BELOW)
}

/// The text form, for screen readers and terminals.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Figure: {}\nacross: {}; up: {}",
            self.title, self.names[0], self.names[1]
        )?;
        self.rows.iter().try_for_each(|row| write!(f, "\n{row}"))
    }
}

impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The opacity of each of so many points: few are seen in their full colour.
pub(super) fn opacity(points: usize) -> f64 {
    if points > FEW_POINTS { 0.75 } else { 1.0 }
}

/// Rounds to a two-thousandth of the range of all values: what the eye can see.
pub(super) fn rounded(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.into_iter().collect();
    let (low, high) = range(&values);
    let step = (high - low) / 2000.0;
    if !step.is_normal() {
        return values;
    }
    let digits = 10_f64.powi(-step.log10().floor() as i32);
    values
        .iter()
        .map(|&x| {
            let rounded = (x * digits).round() / digits;
            // The largest numbers have no larger ones to be rounded to.
            if rounded.is_finite() { rounded } else { x }
        })
        .collect()
}

/// The smallest and the largest value.
pub(super) fn range(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| {
            (low.min(x), high.max(x))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_keeps_what_can_be_seen() {
        let rounded = rounded([0.123_456_789, 100.0, -100.0]);
        assert_eq!(rounded, [0.1, 100.0, -100.0]);
        assert_eq!(super::rounded([1.0 / 3.0]), [1.0 / 3.0]);
        assert!(super::rounded([]).is_empty());
        let tiny = super::rounded([1e-9, 2e-9, 1.234_567e-9]);
        assert!((tiny[2] - 1.2346e-9).abs() < 1e-12);
    }

    #[test]
    fn an_axis_counts_in_factors_of_ten_and_keeps_its_name() {
        let figure = Figure::new("Title").axes("labels", "right").log_x();
        let json: serde_json::Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert_eq!(json["layout"]["xaxis"]["type"], "log");
        // A fixed step would leave 10 and 100 as the only ticks between 10 and 200.
        assert_eq!(json["layout"]["xaxis"]["nticks"], 4);
        assert_eq!(json["layout"]["xaxis"]["dtick"], serde_json::Value::Null);
        assert_eq!(json["layout"]["xaxis"]["title"]["text"], "labels");
        assert_eq!(json["layout"]["yaxis"]["type"], serde_json::Value::Null);
    }

    /// plotly's own way to follow the window takes the height away from a plot that has one.
    #[test]
    fn a_plot_leaves_its_size_to_the_page() {
        let json: serde_json::Value =
            serde_json::from_str(&Figure::new("Title").plot.to_json()).unwrap();
        assert_ne!(json["config"]["responsive"], true);
        assert_eq!(json["layout"]["height"], 440);
    }

    #[test]
    fn another_title_is_drawn_and_told() {
        let figure = Figure::new("Title").titled("Another");
        let json: serde_json::Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert_eq!(json["layout"]["title"]["text"], "Another");
        assert_eq!(json["layout"]["title"]["font"]["size"], 16);
        assert!(figure.to_string().starts_with("Figure: Another\n"));
    }

    #[test]
    fn axes_can_be_named_again() {
        let figure = Figure::new("Title").axes("a (s)", "b (Hz)").axes("c", "d");
        let json: serde_json::Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert_eq!(json["layout"]["xaxis"]["title"]["text"], "c");
        assert_eq!(json["layout"]["yaxis"]["title"]["text"], "d");
        assert_eq!(json["layout"]["title"]["text"], "Title");
        assert!(figure.to_string().contains("across: c; up: d"));
    }
}
