//! Lines: a function, the variance of the components, the losses of a training, an activation.

use super::palette::{colour, symbol};
use super::plot::{Figure, MOST_POINTS, range, rounded};
use crate::error::{Error, Result};
use crate::nn::Activation;
use crate::pca::Pca;
use crate::training::History;
use plotly::common::{DashType, Line, Marker, MarkerSymbol, Mode};
use plotly::{Bar, Scatter};

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
pub fn line(x: &[f64], y: &[f64], title: &str) -> Result<Figure> {
    let (x, y, row) = thinned(x, y)?;
    let trace = trace(x, y, 0).show_legend(false);
    Ok(Figure::new(title).with(trace, row))
}

/// Several lines, each a name with its x and its y, told apart by colour, dashes and marks.
///
/// ```
/// use latent::prelude::*;
/// let x = [1.0, 2.0, 3.0];
/// let curves: [(&str, &[f64], &[f64]); 2] =
///     [("a line", &x, &[1.0, 2.0, 3.0]), ("a square", &x, &[1.0, 4.0, 9.0])];
/// let figure = figure::lines(&curves, "Two ways to grow")?.axes("x", "y");
/// assert!(figure.to_string().contains("a square: a line of 3 points"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`line()`]; [`Error::Setting`] if there is no line at all.
pub fn lines(curves: &[(&str, &[f64], &[f64])], title: &str) -> Result<Figure> {
    if curves.is_empty() {
        return Err(Error::Setting {
            setting: "the lines",
            value: "none".to_owned(),
            expected: "at least one",
        });
    }
    let mut figure = Figure::new(title);
    for (class, &(name, x, y)) in curves.iter().enumerate() {
        let (x, y, row) = thinned(x, y)?;
        figure = figure.with(trace(x, y, class).name(name), format!("{name}: {row}"));
    }
    Ok(figure)
}

/// What is drawn of a line, and what is told of it.
fn thinned(x: &[f64], y: &[f64]) -> Result<(Vec<f64>, Vec<f64>, String)> {
    if x.len() != y.len() {
        return Err(Error::Count {
            what: "y values, one for each x",
            expected: x.len(),
            found: y.len(),
        });
    }
    if x.is_empty() {
        return Err(Error::Empty {
            what: "the line",
            rows: 0,
            columns: 2,
        });
    }
    for (column, values) in [x, y].into_iter().enumerate() {
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
    let thin = |values: &[f64]| rounded(values.iter().copied().step_by(step));
    let (x, y) = (thin(x), thin(y));
    let (low, high) = range(&y);
    let at = |value: f64| x[y.iter().position(|&y| y == value).unwrap_or(0)];
    let (last, five) = (x.len() - 1, five_digits);
    let row = format!(
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
    Ok((x, y, row))
}

/// A number to be read aloud: on a level line there is no range to round it to.
fn five_digits(value: f64) -> f64 {
    let rounded = format!("{value:.4e}").parse();
    // The largest numbers have no larger ones to be rounded to.
    rounded
        .ok()
        .filter(|x: &f64| x.is_finite())
        .unwrap_or(value)
}

/// A line in the colour, the dashes and the marks of its class.
fn trace(x: Vec<f64>, y: Vec<f64>, class: usize) -> Box<Scatter<f64, f64>> {
    let mode = if x.len() > 60 {
        Mode::Lines
    } else {
        Mode::LinesMarkers
    };
    let dash = match class % 4 {
        0 => DashType::Solid,
        1 => DashType::Dash,
        2 => DashType::Dot,
        _ => DashType::DashDot,
    };
    Scatter::new(x, y)
        .mode(mode)
        .line(Line::new().color(colour(class)).width(2.5).dash(dash))
        .marker(
            Marker::new()
                .color(colour(class))
                .symbol(symbol(class))
                .size(6),
        )
}

/// The scree plot of a PCA: the share of the variance along each component as bars, and of all
/// components up to it as a line.
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
        .name("each")
        .marker(Marker::new().color(colour(0)));
    let line = Scatter::new(ranks, percent(&sums))
        .mode(if shares.len() > 60 {
            Mode::Lines
        } else {
            Mode::LinesMarkers
        })
        .name("all up to here")
        .line(Line::new().color(colour(5)).width(2.5));
    Ok(Figure::new("Variance along the components")
        .axes("component", "share of the variance (%)")
        .with(
            bars,
            format!(
                "bars: the share of each; the first alone {:.1} %",
                100.0 * shares[0]
            ),
        )
        .with(line, format!("line: all up to here; {}", told.join("; "))))
}

/// The losses of a training, epoch by epoch, with the best epoch marked.
///
/// ```
/// use latent::prelude::*;
/// let history = History {
///     train_loss: vec![0.9, 0.5, 0.3],
///     validation_loss: vec![0.8, 0.6, 0.7],
///     best_epoch: 2,
///     ..History::default()
/// };
/// let figure = figure::curves(&history)?;
/// assert!(figure.to_string().contains("best after epoch 2"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] if nothing was trained.
pub fn curves(history: &History) -> Result<Figure> {
    let epochs = history.epochs();
    if epochs == 0 || history.validation_loss.len() != epochs {
        return Err(Error::Setting {
            setting: "the history of the training",
            value: "none".to_owned(),
            expected: "at least one epoch, each with a validation loss",
        });
    }
    let told = |name: &str, losses: &[f64]| {
        format!(
            "{name}: from {:.4} after epoch 1 to {:.4} after epoch {epochs}",
            losses[0],
            losses[epochs - 1]
        )
    };
    let of = |losses: &[f64], name: &str, class: usize, dash: DashType, symbol: MarkerSymbol| {
        Scatter::new((1..=epochs).collect(), rounded(losses.iter().copied()))
            .mode(if epochs > 60 {
                Mode::Lines
            } else {
                Mode::LinesMarkers
            })
            .line(Line::new().color(colour(class)).width(2.5).dash(dash))
            .marker(Marker::new().color(colour(class)).size(7).symbol(symbol))
            .name(name)
    };
    let (train, validation) = (&history.train_loss, &history.validation_loss);
    let figure = Figure::new("Losses of the training")
        .axes("epoch", "loss")
        .with(
            of(train, "training", 0, DashType::Solid, MarkerSymbol::Circle),
            told("training, a line", train),
        )
        .with(
            of(
                validation,
                "validation",
                5,
                DashType::Dash,
                MarkerSymbol::Diamond,
            ),
            told("validation, a dashed line", validation),
        );
    let Some(best) = history.best_epoch.checked_sub(1).filter(|&b| b < epochs) else {
        return Ok(figure.note("no epoch was better than the start".to_owned()));
    };
    let star = Scatter::new(vec![best + 1], vec![validation[best]])
        .mode(Mode::Markers)
        .marker(
            Marker::new()
                .color(colour(2))
                .size(15)
                .symbol(MarkerSymbol::Star),
        )
        .name("best");
    Ok(figure.with(
        star,
        format!(
            "a star: validation is best after epoch {}, with {:.4}",
            best + 1,
            validation[best]
        ),
    ))
}

/// An activation and its derivative, from -5 to 5.
///
/// # Errors
/// None that an activation can cause.
pub fn activation(activation: Activation) -> Result<Figure> {
    let x: Vec<f64> = (-100..=100).map(|i| f64::from(i) / 20.0).collect();
    let of = |f: &dyn Fn(f32) -> f32| rounded(x.iter().map(|&x| f64::from(f(x as f32))));
    let (values, slopes) = (
        of(&|x| activation.apply(x)),
        of(&|x| activation.derivative(x)),
    );
    let trace = |y: &[f64], name: &str, class: usize, dash: DashType| {
        Scatter::new(x.clone(), y.to_vec())
            .mode(Mode::Lines)
            .line(Line::new().color(colour(class)).width(2.5).dash(dash))
            .name(name)
    };
    let told = |name: &str, y: &[f64]| {
        let at = |x: i32| y[(20 * (x + 5)) as usize];
        format!(
            "{name}: {} at -5, {} at -1, {} at 0, {} at 1, {} at 5",
            at(-5),
            at(-1),
            at(0),
            at(1),
            at(5)
        )
    };
    Ok(
        Figure::new(&format!("{} and its derivative", activation.name()))
            .axes("x", "f(x), f'(x)")
            .with(
                trace(&values, "f(x)", 0, DashType::Solid),
                told("a line, f(x)", &values),
            )
            .with(
                trace(&slopes, "f'(x)", 5, DashType::Dash),
                told("a dashed line, the derivative f'(x)", &slopes),
            ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

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
        let curves: [(&str, &[f64], &[f64]); 2] = [("up", &x, &y), ("down", &x, &z)];
        let figure = lines(&curves, "two").unwrap();
        let text = figure.to_string();
        assert!(text.contains("up: a line of 2 points, from (1, 3) to (2, 5)"));
        assert!(text.contains("down: a line of 2 points"), "{text}");
        let json: serde_json::Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
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

    #[test]
    fn the_scree_adds_up() {
        let samples = Array2::from_shape_fn((30, 6), |(i, j)| ((i * (j + 3)) % 17) as f32);
        let text = scree(&Pca::fit(&samples, 6).unwrap()).unwrap().to_string();
        assert!(text.contains("the first 6: 100.0 %"), "{text}");
    }

    #[test]
    fn the_best_epoch_is_marked_if_there_is_one() {
        let mut history = History {
            train_loss: vec![3.0, 2.0, 1.0],
            validation_loss: vec![3.0, 2.5, f64::NAN],
            best_epoch: 2,
            ..History::default()
        };
        let figure = curves(&history).unwrap();
        assert!(figure.to_string().contains("best after epoch 2, with 2.5"));
        assert!(figure.plot.to_json().contains("star"));
        history.best_epoch = 0;
        let figure = curves(&history).unwrap();
        assert!(figure.to_string().contains("no epoch was better"));
        let text = curves(&History::default()).unwrap_err().to_string();
        assert!(text.contains("history"), "{text}");
    }

    #[test]
    fn an_activation_has_its_values_and_slopes() {
        for f in Activation::ALL {
            let text = activation(f).unwrap().to_string();
            assert!(text.contains(f.name()), "{text}");
        }
        let text = activation(Activation::Relu).unwrap().to_string();
        assert!(
            text.contains("0 at -5, 0 at -1, 0 at 0, 1 at 1, 5 at 5"),
            "{text}"
        );
        assert!(
            text.contains("0 at -5, 0 at -1, 0 at 0, 1 at 1, 1 at 5"),
            "{text}"
        );
    }
}
