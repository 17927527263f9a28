//! A scorecard: how accurate a classifier is on several representations, over the number of labels.

use super::lines::lines;
use super::plot::Figure;
use crate::codec::Codec;
use crate::data::Dataset;
use crate::error::Result;
use crate::matrix::Values;
use crate::readout::accuracy_over_draws;
use ndarray::{Array1, Array2, Axis};

/// The accuracy of the nearest neighbour on `new` samples, in per cent, over the number of labelled
/// samples of `known`: a line for each representation, each point the mean of `draws` random draws
/// of labels. A representation is a name and a codec; `None` takes the samples as they are.
///
/// The text form lists the accuracies, each with its standard error.
///
/// ```
/// use latent::prelude::*;
/// let samples = Array2::from_shape_fn((60, 5), |(i, j)| ((i * (j + 2)) % 11) as f32);
/// let data = Dataset::new(samples, Array1::from_shape_fn(60, |i| i % 3))?;
/// let pca = Pca::fit(&data.samples, 2)?;
/// let representations = [("samples, 5", None), ("PCA, 2", Some(&pca as &dyn Codec))];
/// let figure = figure::label_curves(&data, &data, &representations, &[5, 20], 10, "Accuracy")?;
/// assert!(figure.to_string().contains("PCA, 2: with 5 labels"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// As [`Codec::encode`], [`accuracy_over_draws`] and [`lines`]: with no representation or no count
/// there is nothing to draw.
pub fn label_curves(
    known: &Dataset,
    new: &Dataset,
    representations: &[(&str, Option<&dyn Codec>)],
    counts: &[usize],
    draws: usize,
    title: &str,
) -> Result<Figure> {
    let mut means = Vec::new();
    let mut told = Vec::new();
    for &(name, codec) in representations {
        let code = |x: &Array2<f32>| codec.map_or_else(|| Ok(x.clone()), |codec| codec.encode(x));
        let (from, to) = (code(&known.samples)?, code(&new.samples)?);
        let percent =
            accuracy_over_draws((&from, &known.labels), (&to, &new.labels), 1, counts, draws)?;
        let mean: Array1<f64> = percent.sum_axis(Axis(0)) / draws as f64;
        let error = percent.map_axis(Axis(0), |column| {
            column.var(0.0).sqrt() / (draws.max(2) as f64 - 1.0).sqrt()
        });
        let points = counts.iter().zip(mean.iter().zip(&error));
        let points: Vec<String> = points
            .map(|(count, (mean, error))| format!("with {count} labels {mean:.1} ± {error:.1} %"))
            .collect();
        told.push(format!("{name}: {}", points.join(", ")));
        means.push(mean);
    }
    let x: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
    let curves: Vec<(&str, &dyn Values, &dyn Values)> = representations
        .iter()
        .zip(&means)
        .map(|(&(name, _), mean)| (name, &x as &dyn Values, mean as &dyn Values))
        .collect();
    let figure = lines(&curves, title)?
        .axes("number of labels", "accuracy (%)")
        .log_x()
        .note(format!("means of {draws} draws, ± the standard error"));
    Ok(told.into_iter().fold(figure, Figure::note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pca::Pca;

    #[test]
    fn each_representation_gets_a_line_and_its_numbers() {
        let samples = Array2::from_shape_fn((90, 4), |(i, j)| ((i % 3) * (j + 1)) as f32);
        let data = Dataset::new(samples, Array1::from_shape_fn(90, |i| i % 3)).unwrap();
        let pca = Pca::fit(&data.samples, 1).unwrap();
        let all = [("as they are", None), ("PCA, 1", Some(&pca as &dyn Codec))];
        let figure = label_curves(&data, &data, &all, &[30, 90], 3, "scores").unwrap();
        let text = figure.to_string();
        assert!(
            text.contains("PCA, 1: with 30 labels 100.0 ± 0.0 %"),
            "{text}"
        );
        let json: serde_json::Value = serde_json::from_str(&figure.plot.to_json()).unwrap();
        assert_eq!(json["data"].as_array().unwrap().len(), 2);
        assert_eq!(json["layout"]["xaxis"]["type"], "log");
        assert!(label_curves(&data, &data, &[], &[30], 3, "none").is_err());
        assert!(label_curves(&data, &data, &all, &[91], 3, "too many").is_err());
        assert!(label_curves(&data, &data, &all, &[30], 0, "no draw").is_err());
    }
}
