//! A model's layers as a table, for `println!`.

use crate::nn::Layer;
use std::fmt::{self, Formatter};

/// One line a layer; the first of each part begins with the part's name.
pub(super) fn write(f: &mut Formatter<'_>, parts: [(&str, &[Layer]); 2]) -> fmt::Result {
    writeln!(
        f,
        "part     layer         weight      activation    parameters"
    )?;
    let mut parameters = 0;
    for (part, layers) in parts {
        for (i, Layer { linear, activation }) in layers.iter().enumerate() {
            writeln!(
                f,
                "{:<7}  {:>5} -> {:<5}{:>5} x {:<5}  {:<12}{:>12}",
                if i == 0 { part } else { "" },
                linear.in_features(),
                linear.out_features(),
                linear.out_features(),
                linear.in_features(),
                activation.name(),
                linear.num_parameters(),
            )?;
            parameters += linear.num_parameters();
        }
    }
    write!(f, "{parameters} parameters")
}
