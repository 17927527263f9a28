//! A plot with a title, named axes and a text form.

use super::show::show;
use plotly::common::{Font, Title};
use plotly::layout::{Axis, AxisType, Layout, Legend};
use plotly::{Configuration, Plot, Trace};
use std::fmt;

/// At most this many points are drawn in one figure.
pub(super) const MOST_POINTS: usize = 5_000;

/// A grey that can be read on a white page and on a black one.
pub(super) const INK: &str = "#7a7f87";
pub(super) const RULE: &str = "rgba(128, 128, 128, 0.25)";

/// A plot that shows itself as the last value of a cell.
///
/// Refine it with plotly's own calls: `plot` is plotly's `Plot`, and its layout can be replaced.
///
/// ```
/// use latent::prelude::*;
/// let mut figure = figure::line(&[0.0, 1.0, 2.0], &[0.0, 1.0, 4.0], "A square")?.axes("x", "x²");
/// let taller = figure.plot.layout().clone().height(600);
/// figure.plot.set_layout(taller);
/// assert!(figure.to_string().contains("A square"));
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone)]
pub struct Figure {
    /// plotly's own value, to be refined.
    pub plot: Plot,
    title: String,
    axes: [Axis; 2],
    names: [String; 2],
    rows: Vec<String>,
}

impl Figure {
    /// A plot of nothing yet, with the axes named x and y.
    pub(super) fn new(title: &str) -> Self {
        let mut plot = Plot::new();
        plot.set_layout(
            Layout::new()
                .title(Title::with_text(title))
                .font(Font::new().color(INK))
                .legend(Legend::new())
                .paper_background_color("rgba(0, 0, 0, 0)")
                .plot_background_color("rgba(0, 0, 0, 0)")
                .height(440),
        );
        plot.set_configuration(Configuration::new().responsive(true));
        let axis = || Axis::new().grid_color(RULE).zero_line_color(RULE);
        let figure = Self {
            plot,
            title: title.to_owned(),
            axes: [axis(), axis()],
            names: [String::new(), String::new()],
            rows: Vec::new(),
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
    #[must_use]
    pub fn log_x(self) -> Self {
        self.with_axes(|[x, y]| [x.type_(AxisType::Log).dtick(1.0), y])
    }

    /// The title.
    pub fn title(&self) -> &str {
        &self.title
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

    /// One unit as long on both axes: for spaces in which distance means something.
    pub(super) fn with_equal_aspect(mut self) -> Self {
        self.axes[1] = self.axes[1].clone().scale_anchor("x");
        self.lay_out_axes();
        self
    }

    /// Axes changed by `change`, x first.
    pub(super) fn with_axes(mut self, change: impl Fn([Axis; 2]) -> [Axis; 2]) -> Self {
        self.axes = change(self.axes);
        self.lay_out_axes();
        self
    }

    /// A layout changed by `change`.
    pub(super) fn with_layout(mut self, change: impl FnOnce(Layout) -> Layout) -> Self {
        let layout = change(self.plot.layout().clone());
        self.plot.set_layout(layout);
        self
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
        assert_eq!(json["layout"]["xaxis"]["title"]["text"], "labels");
        assert_eq!(json["layout"]["yaxis"]["type"], serde_json::Value::Null);
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
