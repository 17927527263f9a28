//! An activation function beside its derivative.

use super::palette::colour;
use super::plot::{Figure, rounded};
use crate::error::Result;
use crate::nn::Activation;
use plotly::Scatter;
use plotly::common::{DashType, Line, Mode};

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
            .with_legend_on_top()
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
