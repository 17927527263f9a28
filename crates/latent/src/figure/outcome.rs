//! Figures that show their own error, so that a cell which draws one needs no `?`.
//!
//! ```text
//! Ok(figure)  -> the figure            Err(error)  -> its text, in the figure's place
//! ```
//!
//! The kernel calls `evcxr_display` on a cell's last value; as a method of a trait in the prelude
//! it is there for a `Result` too. After an error the cells below still run.

use super::picture::Picture;
use super::plot::Figure;
use super::show::show;
use super::widget::Widget;
use crate::error::{Error, Result};
use crate::matrix::{Matrix, Values};

/// How the text of a figure begins that could not be drawn.
const NO_FIGURE: &str = "No figure";

/// The outcome of a figure's function, as the last value of a cell: it shows the figure, or why
/// there is none.
///
/// ```
/// use latent::prelude::*;
/// figure::line(&[0.0, 1.0], &[2.0], "one value is missing").evcxr_display(); // says so
/// ```
pub trait FigureOutcome {
    /// Shows the figure or its error; the kernel calls this for the last value of a cell.
    fn evcxr_display(&self);
}

impl FigureOutcome for Result<Figure> {
    fn evcxr_display(&self) {
        match self {
            Ok(figure) => figure.evcxr_display(),
            Err(error) => show_error(error),
        }
    }
}

impl FigureOutcome for Result<Picture> {
    fn evcxr_display(&self) {
        match self {
            Ok(picture) => picture.evcxr_display(),
            Err(error) => show_error(error),
        }
    }
}

impl FigureOutcome for Result<Widget> {
    fn evcxr_display(&self) {
        match self {
            Ok(widget) => widget.evcxr_display(),
            Err(error) => show_error(error),
        }
    }
}

/// The calls that refine a [`Figure`], on the outcome of a figure's function: an error passes
/// through.
///
/// ```
/// use latent::prelude::*;
/// let figure = figure::line(&[0.0, 1.0], &[1.0, 10.0], "Growth").axes("day", "cells").log_y();
/// assert!(figure?.to_string().contains("across: day; up: cells"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// ```
/// use latent::prelude::*;
/// let labels = [10.0, 100.0, 1000.0];
/// let figure = figure::line(&labels, &[0.5, 0.3, 0.2], "Error")
///     .titled("Error, by the number of labels")
///     .log_x()
///     .height(300)
///     .line("another method", &labels, &[0.6, 0.2, 0.1])
///     .dashed("the best possible", &labels, &[0.1, 0.1, 0.1])
///     .points("measured", &array![[10.0, 0.55], [1000.0, 0.15]])
///     .baseline("chance", 0.9);
/// assert_eq!(figure?.title(), "Error, by the number of labels");
/// # Ok::<(), latent::Error>(())
/// ```
pub trait FigureResult: Sized {
    /// See [`Figure::axes`].
    fn axes(self, x: &str, y: &str) -> Result<Figure>;

    /// See [`Figure::titled`].
    fn titled(self, title: &str) -> Result<Figure>;

    /// See [`Figure::log_x`].
    fn log_x(self) -> Result<Figure>;

    /// See [`Figure::log_y`].
    fn log_y(self) -> Result<Figure>;

    /// See [`Figure::height`].
    fn height(self, pixels: usize) -> Result<Figure>;

    /// See [`Figure::line`].
    ///
    /// # Errors
    /// As [`Figure::line`].
    fn line(self, name: &str, x: &dyn Values, y: &dyn Values) -> Result<Figure>;

    /// See [`Figure::dashed`].
    ///
    /// # Errors
    /// As [`Figure::dashed`].
    fn dashed(self, name: &str, x: &dyn Values, y: &dyn Values) -> Result<Figure>;

    /// See [`Figure::points`].
    ///
    /// # Errors
    /// As [`Figure::points`].
    fn points(self, name: &str, points: &dyn Matrix) -> Result<Figure>;

    /// See [`Figure::baseline`].
    ///
    /// # Errors
    /// As [`Figure::baseline`].
    fn baseline(self, name: &str, y: f64) -> Result<Figure>;
}

impl FigureResult for Result<Figure> {
    fn axes(self, x: &str, y: &str) -> Result<Figure> {
        Ok(self?.axes(x, y))
    }

    fn titled(self, title: &str) -> Result<Figure> {
        Ok(self?.titled(title))
    }

    fn log_x(self) -> Result<Figure> {
        Ok(self?.log_x())
    }

    fn log_y(self) -> Result<Figure> {
        Ok(self?.log_y())
    }

    fn height(self, pixels: usize) -> Result<Figure> {
        Ok(self?.height(pixels))
    }

    fn line(self, name: &str, x: &dyn Values, y: &dyn Values) -> Result<Figure> {
        self?.line(name, x, y)
    }

    fn dashed(self, name: &str, x: &dyn Values, y: &dyn Values) -> Result<Figure> {
        self?.dashed(name, x, y)
    }

    fn points(self, name: &str, points: &dyn Matrix) -> Result<Figure> {
        self?.points(name, points)
    }

    fn baseline(self, name: &str, y: f64) -> Result<Figure> {
        self?.baseline(name, y)
    }
}

fn show_error(error: &Error) {
    show(&forms(error));
}

fn forms(error: &Error) -> [(&'static str, String); 2] {
    let text = error.to_string();
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('\n', "<br>");
    let html = format!(
        "<div role=\"status\" style=\"border-left: 4px solid #d55e00; padding: 2px 0 2px 12px\"><p><strong>{NO_FIGURE}:</strong> {escaped}</p></div>"
    );
    [
        ("text/html", html),
        ("text/plain", format!("{NO_FIGURE}: {text}")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure;

    #[test]
    fn a_figure_is_refined_without_a_question_mark() {
        let figure = figure::line(&[1.0, 2.0], &[3.0, 4.0], "two")
            .axes("a", "b")
            .baseline("zero", 0.5)
            .log_x()
            .height(300);
        let text = figure.unwrap().to_string();
        assert!(text.contains("across: a; up: b"), "{text}");
        assert!(text.contains("zero"), "{text}");
    }

    #[test]
    fn an_error_passes_through_and_is_the_text_of_the_figure() {
        let figure = figure::line(&[1.0, 2.0], &[3.0], "bad")
            .axes("a", "b")
            .log_y()
            .baseline("zero", 0.0)
            .points("samples", &ndarray::array![[1.0, 2.0]]);
        let error = figure.unwrap_err();
        let [(_, html), (_, text)] = forms(&error);
        assert!(text.starts_with("No figure: expected 2 y values"), "{text}");
        assert!(
            html.contains("<strong>No figure:</strong> expected 2"),
            "{html}"
        );
    }
}
