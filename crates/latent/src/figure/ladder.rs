//! The error ladder: how well each codec draws the same samples again.
//!
//! ```text
//! one bar a codec: mean over all samples and pixels of (x - decode(encode(x)))^2
//! ```

use super::heat::paper;
use super::images::side_of;
use super::palette::colour;
use super::plot::{Figure, INK};
use crate::check;
use crate::codec::Codec;
use crate::data::Dataset;
use crate::error::{Error, Result};
use ndarray::{ArrayView2, Axis as Direction, s};
use plotly::common::{Anchor, Font, Marker, TextPosition, Title};
use plotly::layout::update_menu::{
    Button, ButtonMethod, UpdateMenu, UpdateMenuDirection, UpdateMenuType,
};
use plotly::layout::{Axis, BarMode, TicksDirection};
use plotly::{Bar, HeatMap};
use serde_json::json;

const IMAGES: usize = 10;

/// The mean squared error of each codec on `data` as a bar, and below them ten of the images with
/// their reconstructions; buttons choose whose.
///
/// Codecs are comparable if their codes have the same number of dimensions, so their names should
/// say it.
///
/// ```
/// use latent::prelude::*;
/// let test = Mnist::load()?.test.take(200);
/// let (two, eight) = (Pca::fit(&test.samples, 2)?, Pca::fit(&test.samples, 8)?);
/// let figure = figure::error_ladder(&[("PCA, 2", &two), ("PCA, 8", &eight)], &test)?;
/// assert!(figure.to_string().contains("PCA, 8: 0.0"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] without codecs, [`Error::Empty`] without data, [`Error::NotSquare`] if the samples are no square
/// images, and what a codec answers.
pub fn error_ladder(codecs: &[(&str, &dyn Codec)], data: &Dataset) -> Result<Figure> {
    check::not_empty("the data for the ladder", &data.samples)?;
    check::finite("the data for the ladder", &data.samples)?;
    check::labels(&data.samples, &data.labels)?;
    if codecs.is_empty() {
        return Err(Error::Setting {
            setting: "the codecs",
            value: "none".to_owned(),
            expected: "at least one",
        });
    }
    let side = side_of(&data.samples)?;
    let few = data.samples.select(Direction(0), &one_of_each(data));
    let mut names = Vec::new();
    let mut errors = Vec::new();
    let mut strips = Vec::new();
    for (name, codec) in codecs {
        names.push((*name).to_owned());
        errors.push(codec.reconstruction_error(&data.samples)?);
        strips.push(strip(codec.reconstruct(&few)?.view(), side));
    }
    let shown: Vec<f64> = errors
        .iter()
        .map(|error| (error * 1e5).round() / 1e5)
        .collect();
    let told: Vec<String> = names
        .iter()
        .zip(&errors)
        .map(|(name, error)| format!("{name}: {error:.4}"))
        .collect();
    let bars = Bar::new(names.clone(), shown.clone())
        .text_array(shown.iter().map(|error| format!("{error:.4}")).collect())
        .text_position(TextPosition::Outside)
        .text_font(Font::new().color(INK))
        .marker(Marker::new().color(colour(0)))
        .show_legend(false);
    let buttons = names.iter().zip(&strips).map(|(name, strip)| {
        Button::new()
            .label(name)
            .method(ButtonMethod::Update)
            .args(json!([{ "z": [strip] }, { "xaxis3.title.text": below(name) }, [2]]))
    });
    let menu = UpdateMenu::new()
        .ty(UpdateMenuType::Buttons)
        .direction(UpdateMenuDirection::Right)
        .buttons(buttons.collect())
        .font(Font::new().color(INK))
        .background_color("rgba(128, 128, 128, 0.15)")
        .x(0.0)
        .x_anchor(Anchor::Left)
        .y(0.41)
        .y_anchor(Anchor::Top);
    let images = |strip: &Vec<Vec<u8>>, axes: [&str; 2]| {
        HeatMap::new_z(strip.clone())
            .color_scale(paper())
            .show_scale(false)
            .zauto(false)
            .zmin(0.0)
            .zmax(99.0)
            .hover_info(plotly::common::HoverInfo::Skip)
            .x_axis(axes[0])
            .y_axis(axes[1])
    };
    let bare = |anchor: &str, title: &str| {
        Axis::new()
            .anchor(anchor)
            .title(Title::with_text(title))
            .show_tick_labels(false)
            .ticks(TicksDirection::Outside)
            .tick_length(0)
            .show_grid(false)
            .zero_line(false)
    };
    let upright = |anchor: &str, x: &str, from: f64, to: f64| {
        bare(anchor, "")
            .domain(&[from, to])
            .range(vec![side as f64 - 0.5, -0.5])
            .scale_anchor(x)
            .constrain(plotly::layout::AxisConstrain::Domain)
    };
    let figure = Figure::new("Reconstruction error of each codec, and its reconstructions")
        .axes("", "mean squared error")
        .with(bars, format!("bars: {}", told.join("; ")))
        .with(
            images(&strip(few.view(), side), ["x2", "y2"]),
            format!("below them {} of the images", few.nrows()),
        )
        .with(
            images(&strips[0], ["x3", "y3"]),
            "and their reconstructions by the codec that a button chooses".to_owned(),
        );
    Ok(figure
        .with_axes(|[x, y]| [x, y.domain(&[0.52, 1.0])])
        .with_layout(|layout| {
            layout
                .bar_mode(BarMode::Group)
                .x_axis2(bare("y2", "originals"))
                .x_axis3(bare("y3", &below(&names[0])))
                .y_axis2(upright("x2", "x2", 0.2, 0.3))
                .y_axis3(upright("x3", "x3", 0.0, 0.1))
                .update_menus(vec![menu])
                .height(660)
        }))
}

fn below(name: &str) -> String {
    format!("reconstructed by {name}")
}

/// The first sample of each class, up to ten; the first samples if there are fewer classes.
fn one_of_each(data: &Dataset) -> Vec<usize> {
    let mut classes = data.labels.to_vec();
    classes.sort_unstable();
    classes.dedup();
    let mut rows: Vec<usize> = classes
        .iter()
        .filter_map(|class| data.labels.iter().position(|label| label == class))
        .take(IMAGES)
        .collect();
    let others: Vec<usize> = (0..data.samples.nrows())
        .filter(|row| !rows.contains(row))
        .take(IMAGES - rows.len())
        .collect();
    rows.extend(others);
    rows
}

/// Images side by side, with ink from 0 to 99.
fn strip(images: ArrayView2<f32>, side: usize) -> Vec<Vec<u8>> {
    (0..side)
        .map(|row| {
            images
                .rows()
                .into_iter()
                .flat_map(|image| image.slice(s![row * side..(row + 1) * side]).to_vec())
                .map(|x| (99.0 * x.clamp(0.0, 1.0)).round() as u8)
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pca::Pca;
    use ndarray::{Array2, array};
    use serde_json::Value;

    fn data() -> Dataset {
        let samples = Array2::from_shape_fn((40, 9), |(i, j)| ((i * (j + 2)) % 11) as f32 / 11.0);
        Dataset::new(samples, (0..40).map(|i| i % 4).collect()).unwrap()
    }

    #[test]
    fn a_bar_and_a_button_for_each_codec() {
        let data = data();
        let pca: Vec<Pca> = (1..4)
            .map(|k| Pca::fit(&data.samples, k).unwrap())
            .collect();
        let figure = error_ladder(
            &[("one", &pca[0]), ("two", &pca[1]), ("three", &pca[2])],
            &data,
        )
        .unwrap();
        let json: Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        let errors = json["data"][0]["y"].as_array().unwrap();
        assert!(errors[0].as_f64() > errors[1].as_f64());
        let buttons = &json["layout"]["updatemenus"][0]["buttons"];
        assert_eq!(buttons.as_array().unwrap().len(), 3);
        assert_eq!(buttons[2]["label"], "three");
        assert_eq!(buttons[0]["args"][0]["z"][0], json["data"][2]["z"]);
        assert_ne!(buttons[1]["args"][0]["z"][0], json["data"][2]["z"]);
        assert_eq!(json["data"][1]["z"][0].as_array().unwrap().len(), 30);
    }

    #[test]
    fn six_codecs_of_mnist_stay_under_300_kb() {
        let samples = Array2::from_shape_fn((50, 784), |(i, j)| ((i * j) % 97) as f32 / 97.0);
        let data = Dataset::new(samples, (0..50).map(|i| i % 10).collect()).unwrap();
        let pca = Pca::fit(&data.samples, 3).unwrap();
        let codecs: Vec<(&str, &dyn Codec)> = ["a", "b", "c", "d", "e", "f"]
            .map(|name| (name, &pca as &dyn Codec))
            .to_vec();
        let figure = error_ladder(&codecs, &data).unwrap();
        assert!(figure.plot.to_json().len() < 300_000);
    }

    #[test]
    fn what_has_no_ladder_is_refused() {
        let data = data();
        assert!(
            error_ladder(&[], &data)
                .unwrap_err()
                .to_string()
                .contains("codecs")
        );
        let narrow = Dataset::new(array![[0.0, 1.0]], array![0]).unwrap();
        let pca = Pca::fit(&data.samples, 1).unwrap();
        let text = error_ladder(&[("one", &pca)], &narrow).unwrap_err();
        assert!(text.to_string().contains("got 2"), "{text}");
    }
}
