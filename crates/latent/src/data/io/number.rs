//! A number of any type as `f32`, the type of all data here, or the reason why not.
//!
//! ```text
//! whole numbers    exact, or refused (f32 holds all of them up to 2^24 = 16,777,216)
//! others           rounded to the nearest f32: about 7 digits
//! ```

use super::place::Place;
use super::shape::Form;
use crate::error::Result;

/// Up to here `f64` holds every whole number; above, all its numbers are whole, and not a sign of
/// counting.
const COUNTS_IN_F64: f64 = 9_007_199_254_740_992.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    NotFinite,
    BeyondRange,
    Inexact,
}

/// A type of numbers in a file.
pub(super) trait Number: Copy + ToString {
    fn to_f32(self) -> Result<f32, Problem>;
}

impl Number for f32 {
    fn to_f32(self) -> Result<f32, Problem> {
        if self.is_finite() {
            Ok(self)
        } else {
            Err(Problem::NotFinite)
        }
    }
}

impl Number for f64 {
    fn to_f32(self) -> Result<f32, Problem> {
        let rounded = self as f32;
        if !self.is_finite() {
            Err(Problem::NotFinite)
        } else if !rounded.is_finite() {
            Err(Problem::BeyondRange)
        } else if f64::from(rounded) != self && self.fract() == 0.0 && self.abs() <= COUNTS_IN_F64 {
            Err(Problem::Inexact)
        } else {
            Ok(rounded)
        }
    }
}

impl Number for bool {
    fn to_f32(self) -> Result<f32, Problem> {
        Ok(f32::from(u8::from(self)))
    }
}

macro_rules! whole {
    ($($number:ty),*) => {$(
        impl Number for $number {
            fn to_f32(self) -> Result<f32, Problem> {
                let rounded = self as f32;
                if rounded as i128 == self as i128 {
                    Ok(rounded)
                } else {
                    Err(Problem::Inexact)
                }
            }
        }
    )*};
}

whole!(i8, i16, i32, i64, u8, u16, u32, u64);

/// All numbers, row by row, of an array of this shape.
pub(super) fn convert<N: Number>(
    place: Place,
    form: Form,
    shape: &[usize],
    numbers: impl Iterator<Item = N> + Clone,
) -> Result<Vec<f32>> {
    let mut converted = Vec::with_capacity(shape.iter().product());
    for (index, number) in numbers.clone().enumerate() {
        match number.to_f32() {
            Ok(number) => converted.push(number),
            Err(problem) => {
                let others = numbers
                    .skip(index + 1)
                    .filter(|n| n.to_f32() == Err(problem));
                let others = others.count();
                let at = form.name(index, shape);
                let number = number.to_string();
                return Err(place.unusable(refusal(form, problem, &number, &at, others)));
            }
        }
    }
    Ok(converted)
}

fn refusal(form: Form, problem: Problem, number: &str, at: &str, others: usize) -> String {
    let others = match others {
        0 => String::new(),
        1 => " and at 1 other place".to_owned(),
        n => format!(" and at {n} other places"),
    };
    let advice = match (problem, form) {
        (Problem::NotFinite, Form::Matrix) => {
            "leave these rows out, in Python `x[np.isfinite(x).all(axis=1)]` (and the same rows of all that belongs to them), or fill the values in"
        }
        (Problem::NotFinite, Form::Vector) => {
            "leave these places out, in Python `x[np.isfinite(x)]` (and the same rows of the matrix that belongs to it), or fill the values in"
        }
        (Problem::BeyondRange, _) => "rescale the data, to a variance near 1 for example",
        (Problem::Inexact, _) => {
            "f32, the type of all data here, holds whole numbers exactly up to 16777216. Subtract the smallest value or use larger units; if rounding does no harm, save `x.astype(np.float32)` in Python"
        }
    };
    let expected = match problem {
        Problem::NotFinite => "finite numbers",
        Problem::BeyondRange => "numbers within the range of f32 (up to 3.4e38)",
        Problem::Inexact => "whole numbers that f32 can hold",
    };
    format!("expected {expected}, got {number} at {at} (counted from 0){others}: {advice}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn whole_numbers_are_exact_or_refused() {
        assert_eq!(16_777_216_i64.to_f32(), Ok(16_777_216.0));
        assert_eq!(16_777_218_i64.to_f32(), Ok(16_777_218.0));
        assert_eq!((-16_777_217_i64).to_f32(), Err(Problem::Inexact));
        assert_eq!(16_777_217.0_f64.to_f32(), Err(Problem::Inexact));
        assert_eq!(16_777_217_u32.to_f32(), Err(Problem::Inexact));
        assert_eq!(i64::MAX.to_f32(), Err(Problem::Inexact));
        assert_eq!(u64::MAX.to_f32(), Err(Problem::Inexact));
        assert_eq!(i64::MIN.to_f32(), Ok(-9_223_372_036_854_775_808.0));
        assert_eq!(255_u8.to_f32(), Ok(255.0));
        assert_eq!(true.to_f32(), Ok(1.0));
    }

    #[test]
    fn others_are_rounded_within_the_range() {
        assert_eq!(0.1_f64.to_f32(), Ok(0.1));
        assert_eq!(1e30_f64.to_f32(), Ok(1e30));
        assert_eq!(16_777_217.25_f64.to_f32(), Ok(16_777_217.25_f32));
        assert_eq!(1e39_f64.to_f32(), Err(Problem::BeyondRange));
        assert_eq!(f64::NAN.to_f32(), Err(Problem::NotFinite));
        assert_eq!(f32::NEG_INFINITY.to_f32(), Err(Problem::NotFinite));
    }

    #[test]
    fn a_refusal_names_the_place_and_how_many_there_are() {
        let place = Place::file(Path::new("x.npy"));
        let refused = |numbers: &[f64]| {
            let numbers = numbers.iter().copied();
            let error = convert(place, Form::Matrix, &[2, 2], numbers).unwrap_err();
            error.to_string()
        };
        let text = refused(&[1.0, 2.0, f64::NAN, f64::NAN]);
        let words = "cannot use x.npy: expected finite numbers, got NaN at row 1, column 0 (counted from 0) and at 1 other place: leave these rows out";
        assert!(text.starts_with(words), "{text}");
        let text = refused(&[1.0, 1e300, 3.0, 4.0]);
        assert!(
            text.contains("row 0, column 1") && text.contains("3.4e38"),
            "{text}"
        );
        let text = refused(&[1.0, 2.0, 3.0, 16_777_217.0]);
        assert!(
            text.contains("16777217") && text.contains("Subtract"),
            "{text}"
        );
    }
}
