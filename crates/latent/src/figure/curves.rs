//! The losses of a training by epoch.
//!
//! ```text
//! the first epoch lowers the loss more than all others together, so its axis is logarithmic:
//! equal steps up are equal factors
//! ```

use super::lines::five_digits;
use super::palette::colour;
use super::plot::Figure;
use crate::error::{Error, Result};
use crate::training::History;
use plotly::Scatter;
use plotly::common::{DashType, Line, Marker, MarkerSymbol, Mode};

/// The losses of a training by epoch, with the best epoch marked. The axis of the loss is
/// logarithmic if all losses are above 0.
///
/// Add what the losses are to be compared with:
/// `figure::curves(&history).baseline("mean image", 0.0675)`.
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
        let losses = losses.iter().map(|&loss| five_digits(loss)).collect();
        Scatter::new((1..=epochs).collect(), losses)
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
    let all = || {
        train
            .iter()
            .chain(validation)
            .filter(|loss| loss.is_finite())
    };
    let is_log = all().all(|&loss| loss > 0.0);
    let mut figure = Figure::new("Training and validation loss by epoch").with_legend_on_top();
    figure = if is_log {
        figure.axes("epoch", "loss (logarithmic axis)").log_y()
    } else {
        figure.axes("epoch", "loss")
    };
    figure = figure
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
        .name("best epoch");
    Ok(figure.with(
        star,
        format!(
            "a star: validation is best after epoch {}, with {:.4}",
            best + 1,
            validation[best]
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_is_logarithmic_if_it_can_be() {
        let mut history = History {
            train_loss: vec![3.0, 0.2, 0.1],
            validation_loss: vec![3.0, 0.3, f64::NAN],
            best_epoch: 2,
            ..History::default()
        };
        let axis = |history: &History| {
            let json = curves(history).unwrap().plot.to_json();
            let json: serde_json::Value = serde_json::from_str(&json).unwrap();
            json["layout"]["yaxis"]["type"].clone()
        };
        assert_eq!(axis(&history), "log");
        history.train_loss[2] = -0.1; // a Poisson loss can be negative
        assert_eq!(axis(&history), serde_json::Value::Null);
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
}
