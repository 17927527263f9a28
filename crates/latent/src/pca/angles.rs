//! Principal angles: how far apart two subspaces are.
//!
//! ```text
//! A (k, d), B (m, d): rows that span the two subspaces       P, Q: orthonormal bases of the same
//! cos(angles) = the singular values of P Q^T                 0 = a shared direction, pi/2 = none
//! ```
//!
//! A linear autoencoder may mix and stretch the components of PCA as it likes: its weights are not
//! PCA's. But if it has found the same subspace, all angles are zero. Where they are small, their
//! sines are computed instead, which keeps the digits that a cosine near 1 has lost. Björck &
//! Golub, "Numerical methods for computing angles between linear subspaces", Mathematics of
//! Computation 27, 1973.

use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use faer::MatRef;
use faer::linalg::solvers::Svd;
use ndarray::{Array1, Array2, ArrayView2};

/// The principal angles between the subspaces that the rows of `a` (k, d) and of `b` (m, d) span,
/// in radians, from the smallest to the largest: as many as the smaller of k and m.
///
/// ```
/// use latent::pca::principal_angles;
/// use latent::ndarray::array;
/// // The x-y plane and the x-z plane share one direction; the other two are at a right angle.
/// let angles = principal_angles(
///     &array![[1.0, 0.0, 0.0], [1.0, 2.0, 0.0]],
///     &array![[3.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
/// )?;
/// assert!(angles[0] < 1e-6 && (angles[1] - std::f64::consts::FRAC_PI_2).abs() < 1e-6);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// If an array is empty or not finite, if their widths differ, if the rows of one are linearly
/// dependent ([`Error::Dependent`]), or if a decomposition does not converge ([`Error::Svd`]).
pub fn principal_angles(a: &dyn Matrix, b: &dyn Matrix) -> Result<Array1<f64>> {
    let (a, b) = (a.view(), b.view());
    check::count(
        "columns in the second subspace, as many as in the first",
        a.ncols(),
        b.ncols(),
    )?;
    let (p, q) = (
        basis("the first subspace", a)?,
        basis("the second subspace", b)?,
    );
    let (p, q) = if p.nrows() < q.nrows() {
        (q, p)
    } else {
        (p, q)
    };
    let shared = q.dot(&p.t());
    let rest = &q - &shared.dot(&p);
    // The cosines come from the largest on, so the sines must come from the smallest on.
    let cosines = singular_values("the two bases' products", &shared)?;
    let sines = singular_values("the two bases' differences", &rest)?;
    let angle = |(&cosine, &sine): (&f64, &f64)| {
        if cosine * cosine > 0.5 {
            sine.min(1.0).asin()
        } else {
            cosine.min(1.0).acos()
        }
    };
    Ok(cosines.iter().zip(sines.iter().rev()).map(angle).collect())
}

/// An orthonormal basis of the rows' span, one vector a row.
fn basis(what: &'static str, rows: ArrayView2<f32>) -> Result<Array2<f64>> {
    check::not_empty(what, &rows)?;
    check::finite(what, &rows)?;
    let dependent = Error::Dependent {
        what,
        rows: rows.nrows(),
        columns: rows.ncols(),
    };
    if rows.nrows() > rows.ncols() {
        return Err(dependent);
    }
    let svd = svd(what, &rows.mapv(f64::from))?;
    let values = svd.S().column_vector();
    if values[rows.nrows() - 1] <= 1e-6 * values[0] {
        return Err(dependent);
    }
    let vectors = svd.V();
    Ok(Array2::from_shape_fn(rows.dim(), |(row, column)| {
        vectors[(column, row)]
    }))
}

/// From the largest to the smallest.
fn singular_values(what: &'static str, matrix: &Array2<f64>) -> Result<Vec<f64>> {
    let svd = svd(what, matrix)?;
    let values = svd.S().column_vector();
    Ok((0..matrix.nrows()).map(|i| values[i]).collect())
}

fn svd(what: &'static str, matrix: &Array2<f64>) -> Result<Svd<f64>> {
    let (rows, columns) = matrix.dim();
    let matrix = matrix.as_standard_layout();
    let values = matrix.as_slice().expect("a matrix in standard layout");
    Svd::new_thin(MatRef::from_row_major_slice(values, rows, columns)).map_err(|_| Error::Svd {
        what,
        rows,
        columns,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::init::uniform;
    use ndarray::array;

    #[test]
    fn mixing_and_stretching_leave_the_subspace_alone() {
        let rows = uniform(5, 40, 1.0, 1);
        let mixed = uniform(5, 5, 3.0, 2).dot(&rows);
        let angles = principal_angles(&rows, &mixed).unwrap();
        assert_eq!(angles.len(), 5);
        // The mixing was rounded to f32, and magnifies that where it nearly flattens a direction.
        assert!(angles.iter().all(|&angle| angle < 1e-3), "{angles}");
    }

    #[test]
    fn a_turn_by_an_angle_is_found_small_or_large() {
        for turn in [1e-4_f64, 0.3, 1.2] {
            let (sin, cos) = (turn.sin() as f32, turn.cos() as f32);
            let turned = array![[cos, sin, 0.0], [0.0, 0.0, 1.0]];
            let flat = array![[1.0, 0.0, 0.0], [0.0, 0.0, 2.0]];
            let angles = principal_angles(&flat, &turned).unwrap();
            assert!(
                angles[0] < 1e-6 && (angles[1] - turn).abs() < 1e-6,
                "{angles}"
            );
            let line = principal_angles(&turned, &array![[1.0, 0.0, 0.0]]).unwrap();
            assert!(line.len() == 1 && (line[0] - turn).abs() < 1e-6, "{line}");
        }
    }

    #[test]
    fn a_decomposition_that_fails_is_an_error_and_not_an_empty_answer() {
        let nan = Array2::from_elem((2, 3), f64::NAN);
        let error = singular_values("a test", &nan).unwrap_err();
        assert!(error.to_string().contains("a test (2 x 3)"), "{error}");
    }

    #[test]
    fn mistakes_are_named_with_their_numbers() {
        let good = array![[1.0_f32, 0.0], [0.0, 1.0]];
        let text = principal_angles(&good, &array![[1.0, 2.0], [2.0, 4.0]])
            .unwrap_err()
            .to_string();
        assert!(
            text.contains("second subspace") && text.contains("2 x 2"),
            "{text}"
        );
        assert!(principal_angles(&good, &uniform(3, 2, 1.0, 1)).is_err());
        assert!(principal_angles(&good, &uniform(2, 3, 1.0, 1)).is_err());
        assert!(principal_angles(&good, &array![[f32::NAN, 1.0]]).is_err());
        assert!(principal_angles(&good, &Array2::zeros((0, 2))).is_err());
        assert!(principal_angles(&good, &Array2::zeros((1, 2))).is_err());
    }
}
