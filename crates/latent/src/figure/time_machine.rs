//! The time machine: what a training looked like on its way.

use super::plane::{Classes, Plane, every, still};
use super::widget::Widget;
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Labels;
use crate::pack::pack;
use crate::training::{History, Snapshot};
use ndarray::{Array2, Axis};
use serde_json::{Value, json};

/// Codes on the map.
const MOST_CODES: usize = 400;
/// One code in so many may lie outside of a map on each side.
const STRAY: usize = 100;
/// Moments of the training.
const MOST_FRAMES: usize = 40;
/// Letters of base64 for the images of all frames.
const BUDGET: usize = 190_000;
/// How the images are made smaller, step by step until they fit: each n-th row and column of the
/// grid, and shades from 0 to a level.
const SIZES: [(usize, u8); 8] = [
    (1, 15),
    (1, 7),
    (1, 5),
    (2, 15),
    (2, 7),
    (3, 7),
    (4, 7),
    (5, 3),
];

/// A slider over the snapshots of a training: the map of the codes, the grid of decoded images
/// and the losses so far move together, and a button plays them as a film.
///
/// `labels` (m) are the classes of the samples of the [`SnapshotPlan`](crate::training::SnapshotPlan).
/// At most 40 snapshots and 400 codes are kept, evenly spaced, and as many images of each grid as
/// 190 kB hold; the small print says what was left out.
///
/// ```
/// use latent::prelude::*;
/// let data = Mnist::load()?.test.take(200);
/// let mut autoencoder = Autoencoder::new(&[784, 16, 2], Activation::Relu, 1)?;
/// let config = TrainConfig {
///     epochs: 2,
///     progress: false,
///     snapshots: Some(SnapshotPlan { samples: data.samples.clone(), grid: 5, every: 1 }),
///     ..TrainConfig::default()
/// };
/// let history = autoencoder.fit(&data.samples, &data.samples, &config)?;
/// let widget = figure::time_machine(&history, &data.labels)?;
/// assert!(widget.to_string().contains("snapshots"));
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`NoSnapshots`](Error::NoSnapshots) if the history has none,
/// [`LatentNotPlanar`](Error::LatentNotPlanar) if the codes have other than two dimensions,
/// [`LabelCount`](Error::LabelCount), [`Empty`](Error::Empty), [`NotSquare`](Error::NotSquare) if
/// the grid's samples are no images, [`NotFinite`](Error::NotFinite).
pub fn time_machine(history: &History, labels: &dyn Labels) -> Result<Widget> {
    let labels = labels.view();
    let Some(last) = history.snapshots.last() else {
        return Err(Error::NoSnapshots);
    };
    for snapshot in &history.snapshots {
        if snapshot.codes.ncols() != 2 {
            return Err(Error::LatentNotPlanar {
                found: snapshot.codes.ncols(),
            });
        }
        check::not_empty("the samples of the snapshots", &snapshot.codes)?;
        check::labels(&snapshot.codes, &labels)?;
        check::finite("the codes of a snapshot", &snapshot.codes)?;
        check::finite("the decoded grid of a snapshot", &snapshot.grid)?;
    }
    let side = if last.grid.is_empty() {
        0
    } else {
        super::images::side_of(&last.grid)?
    };

    let rows = every(labels.len(), MOST_CODES);
    let labels = labels.select(Axis(0), &rows);
    let frames = ends(history.snapshots.len(), MOST_FRAMES);
    let snapshots: Vec<&Snapshot> = frames.iter().map(|&i| &history.snapshots[i]).collect();
    let classes = Classes::of(&labels);
    let (names, colours) = classes.to_json();
    let mut places = Vec::new();
    let mut about = Vec::new();
    for snapshot in &snapshots {
        let plane = Plane::around(&snapshot.codes, STRAY);
        places.extend(plane.to_bytes(&snapshot.codes.select(Axis(0), &rows)));
        about.push(frame(snapshot, plane));
    }
    let (cells, levels, images) = images(&snapshots, side);

    let all = last.grid.nrows().isqrt();
    let mut note = format!(
        "{} of {} snapshots, with the codes of {} of {} samples",
        snapshots.len(),
        history.snapshots.len(),
        rows.len(),
        last.codes.nrows()
    );
    if cells > 0 {
        note += &format!(
            " and {cells} x {cells} of {all} x {all} decoded images in {} shades",
            u16::from(levels) + 1
        );
    }
    note += ". Each map has axes of its own, so that nearly all of its codes show. The snapshots are not evenly \
             spaced in time: most happens in the first steps, so these are 1, 2, 4, 8, … and then whole epochs.";
    let alt = format!(
        "The end of a training: the codes of {} samples in {} classes after epoch {}, beside images decoded from them",
        rows.len(),
        classes.len(),
        last.epoch
    );
    let text = format!(
        "Interactive figure: The time machine\n{alt}.\nA slider goes through {} snapshots of the training: map, decoded \
         images and losses move together.\nvalidation loss: {:.4} at the start, {:.4} at the end\n{note}",
        snapshots.len(),
        history.snapshots[0].validation_loss,
        last.validation_loss
    );
    let still = still(
        Plane::around(&last.codes, STRAY),
        (&last.codes.select(Axis(0), &rows), &labels),
        &at_most_eight(&last.grid),
        "The time machine: run this cell to move through the training",
    );
    let data = json!({
        "frames": about,
        "names": names,
        "colours": colours,
        "classes": classes.index(&labels),
        "codes": pack(&places),
        "side": side,
        "cells": cells,
        "levels": levels,
        "images": images,
        "note": note,
    });
    let scripts = [
        include_str!("js/plane.js"),
        include_str!("js/time_machine.js"),
    ];
    Ok(Widget::new(
        still.into_picture(alt),
        ("timeMachine", &scripts),
        &data,
        text,
    ))
}

/// What is told of a snapshot, and the square and the box of its map.
fn frame(snapshot: &Snapshot, plane: Plane) -> Value {
    let span = |axis: usize| {
        let values = snapshot.grid_codes.index_axis(Axis(1), axis);
        values
            .iter()
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &x| {
                (low.min(x), high.max(x))
            })
    };
    let around = (!snapshot.grid_codes.is_empty()).then(|| {
        let ((left, right), (bottom, top)) = (span(0), span(1));
        [left, right, bottom, top]
    });
    json!({
        "epoch": snapshot.epoch,
        "step": snapshot.step,
        "train": snapshot.train_loss,
        "validation": snapshot.validation_loss,
        "view": plane.view(),
        "box": around,
    })
}

/// At most `most` of `n` places, evenly spaced, the first and the last among them.
fn ends(n: usize, most: usize) -> Vec<usize> {
    let kept = n.min(most);
    (0..kept).map(|i| i * (n - 1) / (kept - 1).max(1)).collect()
}

/// The grids of all snapshots, as finely as fits: cells on a side, levels, and the packed pixels.
fn images(snapshots: &[&Snapshot], side: usize) -> (usize, u8, String) {
    if side == 0 {
        return (0, 1, pack(&[]));
    }
    let of = |(step, levels): (usize, u8)| {
        let kept: Vec<Array2<f32>> = snapshots.iter().map(|s| each(&s.grid, step)).collect();
        let cells = kept[0].nrows().isqrt();
        let bytes: Vec<u8> = kept
            .iter()
            .flat_map(|grid| mosaic(grid, side, levels))
            .collect();
        (cells, levels, pack(&bytes))
    };
    SIZES
        .into_iter()
        .map(of)
        .find(|(.., packed)| packed.len() <= BUDGET)
        .unwrap_or_else(|| {
            let whole = snapshots[0].grid.nrows().isqrt();
            of((whole, LAST_LEVELS))
        })
}

/// Shades of a single image, where not even a few fit.
const LAST_LEVELS: u8 = 3;

/// Each `step`-th row and column of a grid of images, from the middle of the first such square.
fn each(grid: &Array2<f32>, step: usize) -> Array2<f32> {
    let cells = grid.nrows().isqrt();
    let kept: Vec<usize> = ((step - 1) / 2..cells).step_by(step).collect();
    let rows: Vec<usize> = kept
        .iter()
        .flat_map(|row| kept.iter().map(move |column| row * cells + column))
        .collect();
    grid.select(Axis(0), &rows)
}

/// Images side by side as one, row by row, in whole numbers from 0 to `levels`.
fn mosaic(grid: &Array2<f32>, side: usize, levels: u8) -> Vec<u8> {
    let cells = grid.nrows().isqrt();
    let width = cells * side;
    (0..width * width)
        .map(|i| {
            let (y, x) = (i / width, i % width);
            let value = grid[[y / side * cells + x / side, y % side * side + x % side]];
            (value.clamp(0.0, 1.0) * f32::from(levels)).round() as u8
        })
        .collect()
}

/// A grid that fits into the still.
fn at_most_eight(grid: &Array2<f32>) -> Array2<f32> {
    let cells = grid.nrows().isqrt();
    each(grid, cells.div_ceil(8).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    fn history(frames: usize, grid: usize, side: usize) -> History {
        let snapshot = |i: usize| Snapshot {
            epoch: i,
            step: 10 * i,
            train_loss: (i > 0).then_some(1.0 / i as f64),
            validation_loss: 1.0 / (i + 1) as f64,
            codes: Array2::from_shape_fn((30, 2), |(row, axis)| {
                ((row * (3 + axis) + i) as f32).sin()
            }),
            grid_codes: Array2::from_shape_fn((grid * grid, 2), |(row, axis)| {
                (row * (axis + 1)) as f32
            }),
            grid: Array2::from_shape_fn((grid * grid, side * side), |(row, pixel)| {
                ((row * 7 + pixel * pixel + i) as f32).sin().abs()
            }),
        };
        History {
            snapshots: (0..frames).map(snapshot).collect(),
            ..History::default()
        }
    }

    fn labels() -> Array1<usize> {
        Array1::from_shape_fn(30, |i| i % 3)
    }

    #[test]
    fn what_was_left_out_is_told() {
        let text = time_machine(&history(5, 3, 4), &labels())
            .unwrap()
            .to_string();
        assert!(text.contains("5 of 5 snapshots"), "{text}");
        assert!(
            text.contains("3 x 3 of 3 x 3 decoded images in 16 shades"),
            "{text}"
        );
        let widget = time_machine(&history(100, 12, 28), &labels()).unwrap();
        let text = widget.to_string();
        assert!(text.contains("40 of 100 snapshots"), "{text}");
        assert!(!text.contains("12 x 12 of 12 x 12"), "{text}");
        assert!(
            widget.to_html().len() < 300_000,
            "{}",
            widget.to_html().len()
        );
    }

    #[test]
    fn one_snapshot_and_one_without_a_grid() {
        let text = time_machine(&history(1, 2, 3), &labels())
            .unwrap()
            .to_string();
        assert!(text.contains("1 of 1 snapshots"), "{text}");
        let text = time_machine(&history(3, 0, 0), &labels())
            .unwrap()
            .to_string();
        assert!(!text.contains("decoded images in"), "{text}");
    }

    #[test]
    fn the_first_and_the_last_are_kept() {
        assert_eq!(ends(5, 40), [0, 1, 2, 3, 4]);
        assert_eq!(ends(100, 4), [0, 33, 66, 99]);
        assert_eq!(ends(1, 4), [0]);
    }

    #[test]
    fn a_mosaic_puts_each_image_in_its_place() {
        let grid = array![
            [0.0, 1.0, 0.0, 1.0],
            [1.0; 4],
            [0.5; 4],
            [2.0, -1.0, 0.0, 0.0]
        ];
        assert_eq!(
            mosaic(&grid, 2, 2),
            [0, 2, 2, 2, 0, 2, 2, 2, 1, 1, 2, 0, 1, 1, 0, 0]
        );
        let nine = Array2::from_shape_fn((9, 1), |(row, _)| row as f32);
        assert_eq!(each(&nine, 2).column(0).to_vec(), [0.0, 2.0, 6.0, 8.0]);
        assert_eq!(each(&nine, 3).column(0).to_vec(), [4.0]);
    }

    #[test]
    fn what_is_no_film_is_refused_with_what_to_do() {
        let mut deep = history(2, 0, 0);
        deep.snapshots[0].codes = Array2::zeros((30, 3));
        let mut broken = history(2, 0, 0);
        broken.snapshots[1].codes[[4, 1]] = f32::NAN;
        for (history, labels, words) in [
            (history(0, 0, 0), labels(), "SnapshotPlan"),
            (deep, labels(), "figure::traversal"),
            (history(2, 0, 0), array![1, 2], "got 2"),
            (broken, labels(), "row 4, column 1"),
        ] {
            let text = time_machine(&history, &labels).unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }
}
