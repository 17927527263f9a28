//! An activation function beside its derivative.

use super::lines::five_digits;
use super::palette::colour;
use super::plot::{Figure, rounded};
use crate::error::Result;
use crate::nn::Activation;
use plotly::Scatter;
use plotly::common::{DashType, Line, Mode};

/// An activation and its derivative, from -5 to 5.
///
/// ```
/// use latent::prelude::*;
/// let figure = figure::activation(Activation::Gelu)?;
/// assert_eq!(figure.title(), "Activation function: GELU, with its derivative");
/// # Ok::<(), latent::Error>(())
/// ```
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
    let trace = |(x, y): (Vec<f64>, Vec<f64>), name: &str, class: usize, dash: DashType| {
        Scatter::new(x, y)
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
    let values_told = told("a line, f(x)", &values);
    let slopes_told = told("a dashed line, the derivative f'(x)", &slopes);
    let mut derivative = (x.clone(), slopes);
    if let Some(sides) = jump(activation) {
        break_at_zero(&mut derivative, sides);
    }
    let title = format!(
        "Activation function: {}, with its derivative",
        activation.name()
    );
    Ok(Figure::new(&title)
        .with_legend_on_top()
        .axes("x", "f(x), f'(x)")
        .with(trace((x, values), "f(x)", 0, DashType::Solid), values_told)
        .with(trace(derivative, "f'(x)", 5, DashType::Dash), slopes_told))
}

/// The derivative just left and just right of 0, if it jumps there.
fn jump(activation: Activation) -> Option<[f64; 2]> {
    let sides = [-1e-6, 1e-6].map(|x| five_digits(f64::from(activation.derivative(x))));
    ((sides[1] - sides[0]).abs() > 0.01).then_some(sides)
}

/// Lets a line end at 0 on one side and begin there anew on the other: plotly draws nothing to and
/// from a number that is none.
fn break_at_zero((x, y): &mut (Vec<f64>, Vec<f64>), [left, right]: [f64; 2]) {
    let middle = x.len() / 2;
    x.splice(middle..=middle, [0.0; 3]);
    y.splice(middle..=middle, [left, f64::NAN, right]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derivative_that_jumps_is_no_slanting_line() {
        for f in Activation::ALL {
            let figure = activation(f).unwrap();
            let json: serde_json::Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
            let [x, y] = ["x", "y"].map(|axis| json["data"][1][axis].as_array().unwrap().clone());
            let gap = y.iter().position(serde_json::Value::is_null);
            let jumps = matches!(f, Activation::Relu | Activation::LeakyRelu);
            assert_eq!(gap.is_some(), jumps, "{}", f.name());
            if let Some(gap) = gap {
                assert_eq!([&x[gap - 1], &x[gap + 1]], [0.0, 0.0]);
                assert_eq!(y[gap + 1], 1.0);
            }
        }
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
