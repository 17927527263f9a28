//! Decoding an angle, a heading say, from the nearest neighbours.
//!
//! ```text
//! codes (n, d) with angles (n)  ->  fit          new codes (m, d)  ->  predict  ->  angles (m)
//! decoded angle = direction of the sum of (cos a, sin a) over the k neighbours' angles a
//! error = the shorter way round the circle, at most 180 degrees
//! ```
//!
//! N. I. Fisher, "Statistical Analysis of Circular Data", Cambridge University Press, 1993.

use super::{check_k, check_values, neighbours};
use crate::check;
use crate::data::population::{angular_distance, circular_mean};
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use ndarray::{Array1, Array2, Axis};

/// Decodes an angle from the angles of the k nearest neighbours, with their circular mean: 359 and
/// 1 degree have the mean 0.
///
/// ```
/// use latent::prelude::*;
/// let codes = array![[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]];
/// let headings = array![0.0_f32, 90.0, 180.0, 270.0].mapv(f32::to_radians);
/// let decoder = KnnAngles::fit(&codes, &headings, 1)?;
/// let new = array![[0.9, 0.1], [-0.2, -0.8]];
/// assert_eq!(decoder.predict(&new)?.mapv(f32::to_degrees), array![0.0, 270.0]);
/// assert_eq!(decoder.mean_error(&new, &array![0.0, 4.712_389])?.round(), 0.0); // degrees
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KnnAngles {
    codes: Array2<f32>,
    angles: Array1<f32>,
    k: usize,
}

impl KnnAngles {
    /// Keeps a copy of the codes (n, d) and of their angles (n), in radians; `k` neighbours decide,
    /// from 1 to n.
    ///
    /// # Errors
    /// If the codes or the angles are empty or not finite, if there is not one angle a row, or if
    /// `k` is out of range.
    pub fn fit(codes: &dyn Matrix, angles: &Array1<f32>, k: usize) -> Result<Self> {
        check::not_empty("the codes", codes)?;
        check_values(codes)?;
        check::count(
            "angles, one for each row of codes",
            codes.view().nrows(),
            angles.len(),
        )?;
        check_angles(angles)?;
        check_k(k, angles.len())?;
        Ok(Self {
            codes: codes.view().as_standard_layout().into_owned(),
            angles: angles.clone(),
            k,
        })
    }

    /// The decoded angle of each row of new codes (m, d), in radians from 0 to 2 pi.
    ///
    /// # Errors
    /// If the codes have another width than those of [`KnnAngles::fit`], or are not finite.
    pub fn predict(&self, codes: &dyn Matrix) -> Result<Array1<f32>> {
        let neighbours = neighbours(&self.codes, codes, self.k)?;
        Ok(neighbours.map_axis(Axis(1), |rows| {
            let angles: Vec<f32> = rows.iter().map(|&row| self.angles[row]).collect();
            circular_mean(&angles)
        }))
    }

    /// The mean error of the decoded angles, in degrees: 0 is perfect, 90 is chance.
    ///
    /// # Errors
    /// As [`KnnAngles::predict`] and [`mean_angular_error`].
    pub fn mean_error(&self, codes: &dyn Matrix, angles: &Array1<f32>) -> Result<f64> {
        mean_angular_error(&self.predict(codes)?, angles)
    }
}

/// The mean distance on the circle between decoded and true angles (n), both in radians; the
/// result is in degrees, from 0 to 180.
///
/// ```
/// use latent::prelude::*;
/// use latent::readout::mean_angular_error;
/// let decoded = array![350.0_f32, 90.0].mapv(f32::to_radians);
/// let truth = array![10.0_f32, 90.0].mapv(f32::to_radians);
/// assert_eq!(mean_angular_error(&decoded, &truth)?.round(), 10.0);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// If there is no angle, not one decoded angle for each true one, or one is not finite.
pub fn mean_angular_error(decoded: &Array1<f32>, truth: &Array1<f32>) -> Result<f64> {
    check::count(
        "decoded angles, one for each true angle",
        truth.len(),
        decoded.len(),
    )?;
    check_angles(decoded)?;
    check_angles(truth)?;
    let distances = decoded
        .iter()
        .zip(truth)
        .map(|(&a, &b)| f64::from(angular_distance(a, b)));
    Ok((distances.sum::<f64>() / truth.len() as f64).to_degrees())
}

/// The angle of each code (n, 2) around the mean of all codes, rotated and, if that fits better,
/// mirrored, so that it fits the true angles (n, in radians) best: where a ring begins and in which
/// sense it runs is arbitrary.
///
/// ```
/// use latent::prelude::*;
/// use latent::readout::{mean_angular_error, ring_angles};
/// let truth = array![0.0_f32, 90.0, 180.0, 270.0].mapv(f32::to_radians);
/// let ring = array![[5.0, 1.0], [6.0, 0.0], [5.0, -1.0], [4.0, 0.0]]; // begins at the top, clockwise
/// let decoded = ring_angles(&ring, &truth)?;
/// assert!(mean_angular_error(&decoded, &truth)? < 0.01);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// If the codes do not have two columns, are empty or not finite, or if there is not one angle a
/// row.
pub fn ring_angles(codes: &dyn Matrix, truth: &Array1<f32>) -> Result<Array1<f32>> {
    check::width("the codes of a ring", codes, 2)?;
    check::not_empty("the codes", codes)?;
    check_values(codes)?;
    check::count(
        "angles, one for each row of codes",
        codes.view().nrows(),
        truth.len(),
    )?;
    check_angles(truth)?;
    let codes = codes.view();
    let mean = codes.mean_axis(Axis(0)).expect("there is at least one row");
    let fitted = |sense: f32| {
        let angles = codes.map_axis(Axis(1), |code| {
            sense * (code[1] - mean[1]).atan2(code[0] - mean[0])
        });
        let ahead = (truth - &angles).to_vec();
        (angles + circular_mean(&ahead)).mapv(|angle| angle.rem_euclid(std::f32::consts::TAU))
    };
    let (left, right) = (fitted(1.0), fitted(-1.0));
    let fits = mean_angular_error(&left, truth)? <= mean_angular_error(&right, truth)?;
    Ok(if fits { left } else { right })
}

fn check_angles(angles: &Array1<f32>) -> Result<()> {
    if angles.is_empty() {
        return Err(Error::Empty {
            what: "the angles",
            rows: 0,
            columns: 1,
        });
    }
    match angles.iter().position(|angle| !angle.is_finite()) {
        Some(row) => Err(Error::NotFinite {
            what: "the angles",
            value: f64::from(angles[row]),
            row,
            column: 0,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use std::f32::consts::TAU;

    /// A ring of `n` codes with their angles.
    fn ring(n: usize) -> (Array2<f32>, Array1<f32>) {
        let angles = Array1::from_shape_fn(n, |i| TAU * i as f32 / n as f32);
        let codes = Array2::from_shape_fn((n, 2), |(i, axis)| {
            3.0 + if axis == 0 {
                angles[i].cos()
            } else {
                angles[i].sin()
            }
        });
        (codes, angles)
    }

    #[test]
    fn neighbours_on_both_sides_of_zero_have_their_mean_at_zero() {
        let (codes, angles) = ring(36);
        let decoder = KnnAngles::fit(&codes, &angles, 3).unwrap();
        let decoded = decoder.predict(&codes).unwrap();
        assert!(angular_distance(decoded[0], 0.0) < 1e-3, "{}", decoded[0]);
        assert!(decoder.mean_error(&codes, &angles).unwrap() < 0.1);
    }

    #[test]
    fn the_error_goes_the_shorter_way_and_is_in_degrees() {
        let (a, b) = (array![0.1_f32], array![TAU - 0.1]);
        let error = mean_angular_error(&a, &b).unwrap();
        assert!((error - 0.2_f64.to_degrees()).abs() < 1e-3, "{error}");
    }

    #[test]
    fn a_ring_is_rotated_and_mirrored_to_fit() {
        let (codes, angles) = ring(40);
        for sense in [1.0_f32, -1.0] {
            let truth = angles.mapv(|a| (sense * a + 1.0).rem_euclid(TAU));
            let decoded = ring_angles(&codes, &truth).unwrap();
            assert!(mean_angular_error(&decoded, &truth).unwrap() < 0.1);
        }
    }

    #[test]
    fn mistakes_are_named_with_their_numbers() {
        let (codes, angles) = ring(4);
        for (result, words) in [
            (
                KnnAngles::fit(&codes, &array![0.0], 1).map(drop),
                "expected 4 angles",
            ),
            (KnnAngles::fit(&codes, &angles, 5).map(drop), "got 5"),
            (
                KnnAngles::fit(&codes, &(&angles * f32::NAN), 1).map(drop),
                "angles",
            ),
            (
                KnnAngles::fit(&Array2::zeros((0, 2)), &array![], 1).map(drop),
                "empty",
            ),
            (
                mean_angular_error(&angles, &array![0.0]).map(drop),
                "decoded angles",
            ),
            (mean_angular_error(&array![], &array![]).map(drop), "empty"),
            (
                ring_angles(&Array2::zeros((4, 3)), &angles).map(drop),
                "2 columns",
            ),
        ] {
            let text = result.unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }
}
