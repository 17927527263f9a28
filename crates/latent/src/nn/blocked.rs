//! The forward pass of many samples, a thousand at a time, so that memory stays small.

use super::layer::{Layer, check_layers};
use crate::check;
use crate::error::Result;
use crate::interrupt;
use crate::matrix::Matrix;
use crate::memory;
use crate::threads;
use ndarray::{Array2, s};

/// The prediction of `layers` (n, out) for an input (n, in).
pub(crate) fn forward(layers: &[Layer], input: &dyn Matrix) -> Result<Array2<f32>> {
    const BLOCK: usize = 1000;
    // Below this many multiplications, starting threads takes longer than the work.
    const WORTH_THREADS: usize = 50_000_000;

    check_layers(layers)?;
    check::width("the network's input", input, layers[0].linear.in_features())?;
    let input = input.view();
    let outputs = layers[layers.len() - 1].linear.out_features();
    memory::check_matrix("the network's output", input.nrows(), outputs)?;
    let work = move || {
        let mut result = Array2::zeros((input.nrows(), outputs));
        for start in (0..input.nrows()).step_by(BLOCK) {
            interrupt::check()?;
            let rows = s![start..(start + BLOCK).min(input.nrows()), ..];
            let mut block = layers[0].output(input.slice(rows));
            for layer in &layers[1..] {
                block = layer.output(block.view());
            }
            result.slice_mut(rows).assign(&block);
        }
        Ok(result)
    };
    let multiplications: usize = layers.iter().map(|l| l.linear.weight.len()).sum();
    if threads::inside_a_pool() || multiplications * input.nrows() < WORTH_THREADS {
        work()
    } else {
        threads::with_threads(threads::available(), work)
    }
}
