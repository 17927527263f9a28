//! Writes the interactive figures as pages of their own, and what the course's decoder says to
//! some codes, for the tests to compare.
//!
//! ```text
//! cargo run -p latent --example widgets -- FOLDER
//! ```

use latent::figure::Widget;
use latent::prelude::*;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args()
        .nth(1)
        .map_or("widgets".into(), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let mnist = Mnist::load()?;
    let shipped = Autoencoder::pretrained()?;

    let explorer = figure::explorer(&shipped, &mnist.test)?;
    page(&folder, "explorer", &[&explorer])?;
    answers(
        &folder,
        "explorer",
        &shipped,
        &shipped.encode(&mnist.test.take(300).samples)?,
    )?;

    let draw = figure::draw_a_digit(&shipped, &mnist.test)?;
    page(&folder, "draw", &[&draw])?;

    let watched = mnist.test.take(400);
    let mut learner = Autoencoder::new(&[784, 64, 2], Activation::Relu, 1)?;
    let plan = SnapshotPlan {
        samples: watched.samples.clone(),
        grid: 10,
        every: 1,
    };
    let config = TrainConfig {
        epochs: 8,
        progress: false,
        snapshots: Some(plan),
        ..TrainConfig::default()
    };
    let history = learner.fit(&mnist.train.take(20_000).samples, &watched.samples, &config)?;
    let machine = figure::time_machine(&history, &watched.labels)?;
    page(&folder, "time_machine", &[&machine])?;

    page(&folder, "playground", &[&figure::playground()?])?;

    let (whole, data) = whole_numbers()?;
    let small = figure::explorer(&whole, &data)?;
    page(&folder, "whole", &[&small])?;
    page(&folder, "all", &[&explorer, &draw, &machine, &small])?;
    answers(&folder, "whole", &whole, &whole.encode(&data.samples)?)?;
    Ok(())
}

/// A page that follows the reader's choice of a light or a dark theme.
fn page(folder: &Path, name: &str, widgets: &[&Widget]) -> std::io::Result<()> {
    let parts: Vec<String> = widgets.iter().map(|widget| widget.to_html()).collect();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>{name}</title>\n<body>\n{}\n</body>\n</html>\n",
        parts.join("\n<hr>\n")
    );
    let [size, still] = [parts[0].len(), widgets[0].still().png().len()];
    println!(
        "{name}: {} kB of HTML, {} kB of them the still\n{}\n",
        size / 1000,
        4 * still / 3000,
        widgets[0]
    );
    std::fs::write(folder.join(name).with_extension("html"), html)
}

/// Codes, and what the decoder makes of them.
fn answers(
    folder: &Path,
    name: &str,
    autoencoder: &Autoencoder,
    codes: &Array2<f32>,
) -> Result<(), Box<dyn std::error::Error>> {
    let images = autoencoder.decode(codes)?;
    let rows = |array: &Array2<f32>| {
        array
            .rows()
            .into_iter()
            .map(|row| row.to_vec())
            .collect::<Vec<_>>()
    };
    let json = serde_json::json!({ "codes": rows(codes), "images": rows(&images) });
    std::fs::write(folder.join(name).with_extension("json"), json.to_string())?;
    Ok(())
}

/// An autoencoder whose weights need no rounding, with each activation in its decoder: here Rust
/// and the browser must agree to the last digits that f32 has.
fn whole_numbers() -> Result<(Autoencoder, Dataset)> {
    let layer = |inputs: usize, outputs: usize, activation: Activation| Layer {
        linear: Linear {
            weight: Array2::from_shape_fn((outputs, inputs), |(row, column)| {
                // The exponential of large sums would leave the layers after it one value only.
                let scale = if activation == Activation::Exp {
                    1.0 / 16.0
                } else {
                    1.0
                };
                scale
                    * match column {
                        0 => 1.0,
                        _ => ((row * 31 + column * 17) % 255) as f32 / 127.0 - 1.0,
                    }
            }),
            bias: Array1::from_shape_fn(outputs, |row| (row as f32).cos() / 4.0),
        },
        activation,
    };
    let mut decoder = vec![layer(2, 6, Activation::Tanh)];
    decoder.extend(Activation::ALL.map(|activation| layer(6, 6, activation)));
    decoder.push(layer(6, 16, Activation::Sigmoid));
    let autoencoder = Autoencoder::from_layers(vec![layer(16, 2, Activation::Identity)], decoder)?;
    let samples = Array2::from_shape_fn((40, 16), |(i, j)| ((i * (j + 3)) as f32).sin().abs());
    Ok((
        autoencoder,
        Dataset::new(samples, Array1::from_shape_fn(40, |i| i % 4))?,
    ))
}
