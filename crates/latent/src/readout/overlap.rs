//! What two representations agree on: the neighbours of each sample.
//!
//! ```text
//! a (n, p), b (n, q)  ->  mean over samples of |k nearest in a, and also in b| / k
//! ```

use super::{check_k, neighbours};
use crate::check;
use crate::error::Result;
use crate::matrix::Matrix;
use ndarray::ArrayView1;

/// The neighbour overlap of two representations (n, p) and (n, q) of the same n samples: the mean
/// share of the `k` nearest neighbours of a sample that are the same in both, 0 to 1.
///
/// Unlike coordinates and distances it can be compared between two latent spaces: a rotation or
/// another scale leaves it at 1. By chance it would be k / (n - 1).
///
/// ```
/// use latent::prelude::*;
/// use latent::readout::neighbour_overlap;
/// let codes = array![[0.0, 0.0], [0.0, 1.0], [9.0, 0.0], [9.0, 1.0]];
/// let turned_and_larger = array![[0.0, 0.0], [-3.0, 0.0], [0.0, 27.0], [-3.0, 27.0]];
/// assert_eq!(neighbour_overlap(&codes, &turned_and_larger, 1)?, 1.0);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// If there is not one row in `b` for each row of `a`, if a value is not finite or above 1e16, or
/// if `k` is not within 1..n.
pub fn neighbour_overlap(a: &dyn Matrix, b: &dyn Matrix, k: usize) -> Result<f64> {
    check::not_empty("the first representation", a)?;
    let n = a.view().nrows();
    let rows = "rows of the second representation (the rows of the first)";
    check::count(rows, n, b.view().nrows())?;
    check_k(k, n.saturating_sub(1))?;
    let (a, b) = (others(a, k)?, others(b, k)?);
    let shared: usize = a
        .iter()
        .zip(&b)
        .map(|(a, b)| a.iter().filter(|row| b.contains(row)).count())
        .sum();
    Ok(shared as f64 / (n * k) as f64)
}

/// The `k` nearest neighbours of each row among the other rows.
fn others(codes: &dyn Matrix, k: usize) -> Result<Vec<Vec<usize>>> {
    // A row is its own nearest neighbour, unless another row is equal to it.
    let nearest = neighbours(codes, codes, k + 1)?;
    let without = |(row, nearest): (usize, ArrayView1<usize>)| {
        let others = nearest.iter().copied().filter(|&other| other != row);
        others.take(k).collect()
    };
    Ok(nearest
        .rows()
        .into_iter()
        .enumerate()
        .map(without)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::init::uniform;
    use ndarray::Array2;

    #[test]
    fn the_neighbour_overlap_is_one_for_the_same_neighbours_and_small_by_chance() {
        let (a, b) = (uniform(400, 2, 1.0, 1), uniform(400, 3, 1.0, 2));
        assert_eq!(neighbour_overlap(&a, &a, 10).unwrap(), 1.0);
        let chance = 10.0 / 399.0;
        let found = neighbour_overlap(&a, &b, 10).unwrap();
        assert!((found - chance).abs() < 0.01, "{found}, by chance {chance}");
        let half = Array2::from_shape_fn(
            a.dim(),
            |(i, j)| if i < 200 { a[[i, j]] } else { b[[i, j]] },
        );
        assert_eq!(
            neighbour_overlap(&a, &half, 10).unwrap(),
            neighbour_overlap(&half, &a, 10).unwrap()
        );
        let same_place = Array2::zeros((5, 2));
        assert_eq!(neighbour_overlap(&same_place, &same_place, 4).unwrap(), 1.0);
        assert!(neighbour_overlap(&same_place, &same_place, 5).is_err());
        assert!(neighbour_overlap(&a, &same_place, 1).is_err());
    }
}
