//! Mini-batches: pairs of inputs and targets, and the buffers that a step works in.

use super::{Batch, Model, Noise, Pass};
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use crate::nn::{Activation, Loss};
use crate::threads::{PIECE, map_pieces};
use ndarray::{Array2, ArrayView2};

/// Inputs (n, d) and targets (n, k).
#[derive(Clone, Copy)]
pub(crate) struct Pairs<'a> {
    pub inputs: ArrayView2<'a, f32>,
    pub targets: ArrayView2<'a, f32>,
    /// Whether the targets are the inputs, as for an autoencoder.
    same: bool,
}

impl<'a> Pairs<'a> {
    pub(crate) fn new((inputs, targets): (&'a dyn Matrix, &'a dyn Matrix)) -> Self {
        let (inputs, targets) = (inputs.view(), targets.view());
        let same = inputs.as_ptr() == targets.as_ptr()
            && inputs.dim() == targets.dim()
            && inputs.strides() == targets.strides();
        Self {
            inputs,
            targets,
            same,
        }
    }

    /// Refuses what `model` cannot learn.
    pub(crate) fn check(&self, model: &dyn Model, loss: Loss) -> Result<()> {
        check::not_empty("the data", &self.inputs)?;
        check::width("the data", &self.inputs, model.in_features())?;
        check::width("the target", &self.targets, model.out_features())?;
        check::count(
            "rows in the target",
            self.inputs.nrows(),
            self.targets.nrows(),
        )?;
        check::finite("the data", &self.inputs)?;
        if !self.same {
            check::finite("the target", &self.targets)?;
        }
        let output = model.output_activation();
        loss.check_output(output)?;
        loss.check_targets(&self.targets)?;
        within_reach(output, self.targets)
    }
}

/// A target far outside the range of the output activation can never be learned.
fn within_reach(output: Activation, targets: ArrayView2<f32>) -> Result<()> {
    const TOLERANCE: f32 = 0.01;
    let (low, high) = output.range();
    let reached = |t: &f32| (low - TOLERANCE..=high + TOLERANCE).contains(t);
    if targets.iter().all(reached) {
        return Ok(());
    }
    let Some(((row, column), &value)) = targets.indexed_iter().find(|(_, t)| !reached(t)) else {
        return Ok(());
    };
    Err(Error::OutputRange {
        value,
        row,
        column,
        activation: output.name(),
        range: if high.is_finite() {
            format!("{low} to {high}")
        } else {
            format!("{low} and more")
        },
    })
}

/// The buffers of one mini-batch.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    inputs: Array2<f32>,
    targets: Option<Array2<f32>>,
    pub pass: Pass,
}

impl Room {
    fn new(model: &dyn Model, rows: usize, apart: bool) -> Self {
        Self {
            inputs: Array2::zeros((rows, model.in_features())),
            targets: apart.then(|| Array2::zeros((rows, model.out_features()))),
            pass: Pass::new(model, rows),
        }
    }

    /// Copies the samples in `rows` together and corrupts the inputs.
    pub(crate) fn gather(&mut self, pairs: Pairs, rows: &[usize], noise: Noise, seed: u64) {
        copy_rows(pairs.inputs, rows, &mut self.inputs);
        if let Some(targets) = &mut self.targets {
            copy_rows(pairs.targets, rows, targets);
        }
        noise.corrupt(&mut self.inputs, seed);
    }

    /// The mini-batch, and the buffers for its pass.
    pub(crate) fn parts(&mut self, seed: u64) -> (Batch<'_>, &mut Pass) {
        let batch = Batch {
            inputs: &self.inputs,
            targets: self.targets.as_ref().unwrap_or(&self.inputs),
            seed,
        };
        (batch, &mut self.pass)
    }
}

/// Buffers for whole mini-batches and for the smaller one at the end: made once, used in each
/// step. They are no part of a training's state: a copy begins without them, and all are equal.
#[derive(Debug, Default)]
pub(crate) struct Rooms(Vec<Room>);

impl Rooms {
    /// The room for `rows` samples of `pairs`; [`Rooms::put`] it back after the step.
    pub(crate) fn take(
        &mut self,
        model: &dyn Model,
        rows: usize,
        pairs: Pairs,
        noise: Noise,
    ) -> Room {
        let apart = !pairs.same || noise != Noise::None;
        let fits = |room: &Room| room.inputs.nrows() == rows && room.targets.is_some() == apart;
        match self.0.iter().position(fits) {
            Some(place) => self.0.swap_remove(place),
            None => Room::new(model, rows, apart),
        }
    }

    pub(crate) fn put(&mut self, room: Room) {
        const KEPT: usize = 2;
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push(room);
    }
}

impl Clone for Rooms {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Rooms {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

fn copy_rows(from: ArrayView2<f32>, rows: &[usize], to: &mut Array2<f32>) {
    let width = from.ncols();
    let per_piece = (PIECE / width).max(1);
    let to = to.as_slice_mut().expect("standard layout");
    let pieces = rows.chunks(per_piece).zip(to.chunks_mut(per_piece * width));
    map_pieces(pieces, |(rows, to)| {
        for (&row, to) in rows.iter().zip(to.chunks_exact_mut(width)) {
            match from.row(row).as_slice() {
                Some(from) => to.copy_from_slice(from),
                None => to
                    .iter_mut()
                    .zip(from.row(row))
                    .for_each(|(to, &x)| *to = x),
            }
        }
    });
}

/// The mean loss of samples that come in batches.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Mean {
    pub sum: f64,
    pub samples: usize,
}

impl Mean {
    pub(crate) fn add(&mut self, loss: f64, samples: usize) {
        self.sum += loss * samples as f64;
        self.samples += samples;
    }

    pub(crate) fn value(&self) -> Option<f64> {
        (self.samples > 0).then(|| self.sum / self.samples as f64)
    }
}
