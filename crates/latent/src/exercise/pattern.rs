//! How wrong answers resemble the right ones: a factor, an offset, an order.
//!
//! ```text
//! got = c · expected,  got = expected + c   with one c for all hidden inputs
//! got = expected backwards, got = expected transposed
//! ```

use super::value::{Value, alike_numbers, number};

/// What the answers have in common with the expected ones, as a sentence, if it is a simple thing.
///
/// Shapes must agree. A single pair of numbers has every factor, so at least two must differ.
pub(super) fn resemblance<T: Value>(expected: &[T], got: &[T]) -> Option<String> {
    let pairs: Vec<(Vec<f64>, Vec<f64>)> = expected
        .iter()
        .zip(got)
        .map(|(e, g)| (e.numbers(), g.numbers()))
        .collect();
    let of_one_shape = expected
        .iter()
        .zip(got)
        .all(|(e, g)| e.shape() == g.shape());
    let all: Vec<f64> = pairs.iter().flat_map(|(_, got)| got.clone()).collect();
    if !of_one_shape || all.iter().any(|x| !x.is_finite()) || !differ(&pairs, |_| true) {
        return None;
    }
    let every = if all.len() == pairs.len() {
        "The answer"
    } else {
        "Every number"
    };
    factor(&pairs, every)
        .or_else(|| offset::<T>(&pairs, every))
        .or_else(|| order(expected, &pairs))
}

/// Whether two of the expected numbers that `counts` lets through are different.
fn differ(pairs: &[(Vec<f64>, Vec<f64>)], counts: fn(f64) -> bool) -> bool {
    let expected = pairs.iter().flat_map(|(expected, _)| expected);
    let mut expected = expected.filter(|x| counts(**x));
    let first = expected.next();
    expected.any(|x| first.is_some_and(|first| (x - first).abs() > 1e-6 * first.abs()))
}

/// The one factor that takes `expected` to `got`.
fn factor(pairs: &[(Vec<f64>, Vec<f64>)], every: &str) -> Option<String> {
    // 0 times anything is 0, so only other numbers can show a factor.
    let tells = |pairs: &[(Vec<f64>, Vec<f64>)]| differ(pairs, |x| x != 0.0);
    let of = |pairs: &[(Vec<f64>, Vec<f64>)]| {
        let dot = |f: fn(f64, f64) -> f64| -> f64 {
            let numbers = pairs.iter().flat_map(|(e, g)| e.iter().zip(g));
            numbers.map(|(e, g)| f(*e, *g)).sum()
        };
        let factor = dot(|e, g| e * g) / dot(|e, _| e * e);
        let fits = pairs.iter().all(|(e, g)| {
            let scaled: Vec<f64> = e.iter().map(|x| factor * x).collect();
            alike_numbers(&scaled, g)
        });
        (tells(pairs) && fits && factor.abs() > 1e-6).then_some(factor)
    };
    if let Some(factor) = of(pairs) {
        if (factor + 1.0).abs() < 1e-3 {
            return Some(format!(
                "{every} has the wrong sign, and is right otherwise."
            ));
        }
        return Some(format!(
            "{every} is {} times the one expected, in each of the hidden cases. Look for a factor that is missing, or for one that should not be there.",
            number(factor)
        ));
    }
    let each = pairs
        .iter()
        .all(|pair| of(std::slice::from_ref(pair)).is_some());
    each.then(|| {
        "In each hidden case, your numbers are the expected ones, all multiplied by the same factor. But this factor differs from case to case. Look at what you divide by, or multiply by.".to_owned()
    })
}

/// The one number that was added to each.
fn offset<T: Value>(pairs: &[(Vec<f64>, Vec<f64>)], every: &str) -> Option<String> {
    let (expected, got) = pairs.first()?;
    let offset = got.first()? - expected.first()?;
    let fits = pairs.iter().all(|(e, g)| {
        let moved: Vec<f64> = e.iter().map(|x| x + offset).collect();
        alike_numbers(&moved, g)
    });
    fits.then(|| {
        let direction = if offset > 0.0 { "more" } else { "less" };
        format!(
            "{every} is {} {direction} than expected, in each of the hidden cases. Look for a number that is added or subtracted.",
            T::typed(offset.abs())
        )
    })
}

/// A value's numbers in another order, if its shape allows it.
type Reordered<'a, T> = &'a dyn Fn(&T, &[f64]) -> Option<Vec<f64>>;

/// Whether the right numbers stand in another order.
fn order<T: Value>(expected: &[T], pairs: &[(Vec<f64>, Vec<f64>)]) -> Option<String> {
    let all = |turned: Reordered<T>| {
        let mut cases = expected.iter().zip(pairs);
        cases.all(|(value, (e, g))| turned(value, e).is_some_and(|e| alike_numbers(&e, g)))
    };
    if all(&|value, e| (value.shape().len() == 1).then(|| e.iter().rev().copied().collect())) {
        return Some("These are the right numbers in the reverse order.".to_owned());
    }
    let transposed = |value: &T, e: &[f64]| match value.shape()[..] {
        [n, m] if n == m => Some((0..n * n).map(|at| e[at % n * n + at / n]).collect()),
        _ => None,
    };
    all(&transposed).then(|| {
        "These are the right numbers, but rows and columns have changed places: `.t()` transposes an array.".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, array};

    fn said<T: Value>(expected: &[T], got: &[T]) -> String {
        resemblance(expected, got).unwrap_or_default()
    }

    #[test]
    fn a_factor_an_offset_and_an_order_are_named() {
        let expected: Vec<Array1<f32>> = vec![array![1.0, 2.0, 4.0], array![3.0, -1.0]];
        let all = |f: fn(&Array1<f32>) -> Array1<f32>| expected.iter().map(f).collect::<Vec<_>>();
        for (got, words) in [
            (all(|x| x * 0.5), "0.5 times"),
            (all(|x| -x), "wrong sign"),
            (all(|x| x + 3.0), "3.0 more"),
            (all(|x| x - 3.0), "3.0 less"),
            (all(|x| x / x.len() as f32), "what you divide by"),
            (all(|x| x.iter().rev().copied().collect()), "reverse order"),
            (all(|x| x * x), ""),
            (all(|x| x * f32::NAN), ""),
            (all(|x| x * 0.0), ""),
        ] {
            let sentence = said(&expected, &got);
            assert!(sentence.contains(words), "{sentence}");
            assert_eq!(sentence.is_empty(), words.is_empty(), "{sentence}");
        }
        let matrix: Array2<f32> = array![[1.0, 2.0], [3.0, 4.0]];
        let turned = matrix.t().to_owned();
        assert!(said(&[matrix], &[turned]).contains("changed places"));
    }

    #[test]
    fn single_numbers_need_two_cases_and_are_called_the_answer() {
        assert_eq!(said(&[2.0_f32], &[1.0]), "");
        assert_eq!(said(&[2.0_f32, 2.0], &[1.0, 1.0]), "");
        assert!(said(&[2.0_f32, 3.0], &[1.0, 1.5]).starts_with("The answer is 0.5 times"));
        assert!(said(&[0_usize, 3], &[1, 4]).starts_with("The answer is 1 more"));
    }
}
