//! What a learner's function gives back: shown small, and compared with a tolerance.

use ndarray::{Array, Array1, Dimension};

/// A number or an array of them.
pub(super) trait Value: Clone + Send + 'static {
    /// Its shape: empty for a number.
    fn shape(&self) -> Vec<usize>;
    /// Its numbers, row by row.
    fn numbers(&self) -> Vec<f64>;
    /// One of its numbers as one would type it.
    fn typed(x: f64) -> String {
        number(x)
    }
}

/// A count: typed without a decimal point.
impl Value for usize {
    fn shape(&self) -> Vec<usize> {
        Vec::new()
    }
    fn numbers(&self) -> Vec<f64> {
        vec![*self as f64]
    }
    fn typed(x: f64) -> String {
        x.to_string()
    }
}

/// Counts, such as the sizes of layers.
impl Value for Vec<usize> {
    fn shape(&self) -> Vec<usize> {
        vec![self.len()]
    }
    fn numbers(&self) -> Vec<f64> {
        self.iter().map(|&count| count as f64).collect()
    }
    fn typed(x: f64) -> String {
        x.to_string()
    }
}

impl Value for f32 {
    fn shape(&self) -> Vec<usize> {
        Vec::new()
    }
    fn numbers(&self) -> Vec<f64> {
        vec![f64::from(*self)]
    }
}

impl Value for f64 {
    fn shape(&self) -> Vec<usize> {
        Vec::new()
    }
    fn numbers(&self) -> Vec<f64> {
        vec![*self]
    }
}

impl<D: Dimension + 'static> Value for Array<f32, D> {
    fn shape(&self) -> Vec<usize> {
        self.shape().to_vec()
    }
    fn numbers(&self) -> Vec<f64> {
        self.iter().map(|&x| f64::from(x)).collect()
    }
}

/// How a value differs from the expected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    Shape,
    NotFinite,
    Numbers,
}

/// Nothing if `got` is `expected` but for rounding.
pub(super) fn difference(expected: &impl Value, got: &impl Value) -> Option<Difference> {
    if expected.shape() != got.shape() {
        return Some(Difference::Shape);
    }
    let (expected, got) = (expected.numbers(), got.numbers());
    if got.iter().any(|x| !x.is_finite()) {
        return Some(Difference::NotFinite);
    }
    let scale = expected.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
    let tolerance = 1e-4 * scale + 1e-6;
    let same = expected
        .iter()
        .zip(&got)
        .all(|(e, g)| (e - g).abs() <= tolerance);
    (!same).then_some(Difference::Numbers)
}

/// Whether two answers are the same, also in where they are not numbers: a mistake that divides by
/// zero is known by its NaNs.
pub(super) fn alike<T: Value>(a: &T, b: &T) -> bool {
    a.shape() == b.shape() && alike_numbers(&a.numbers(), &b.numbers())
}

/// The same for numbers alone: up to rounding, on the scale of the largest of `a`.
pub(super) fn alike_numbers(a: &[f64], b: &[f64]) -> bool {
    let finite = a.iter().filter(|x| x.is_finite());
    let scale = finite.fold(0.0_f64, |max, x| max.max(x.abs()));
    let tolerance = 1e-4 * scale + 1e-6;
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(&a, &b)| (a.is_nan() && b.is_nan()) || a == b || (a - b).abs() <= tolerance)
}

/// `a number`, `3 numbers` or `4 x 2`.
pub(super) fn shape_in_words(value: &impl Value) -> String {
    match value.shape().as_slice() {
        [] => "a single number".to_owned(),
        [n] => format!("an array of length {n}"),
        shape => {
            let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
            format!("an array of {}", sizes.join(" x "))
        }
    }
}

/// The value as one would type it, with four digits and at most six rows and columns.
pub(super) fn show<T: Value>(value: &T) -> String {
    let numbers = value.numbers();
    match value.shape().as_slice() {
        [] => T::typed(numbers[0]),
        [_] => list::<T>(&numbers),
        [rows, columns, ..] => {
            if numbers.is_empty() {
                return format!("[] ({rows} x {columns})");
            }
            let width = numbers.len() / rows;
            let mut lines: Vec<String> = numbers.chunks(width).take(MOST).map(list::<T>).collect();
            if *rows > MOST {
                lines.push(format!("… ({rows} rows)"));
            }
            format!("[{}]", lines.join(",\n "))
        }
    }
}

const MOST: usize = 6;

fn list<T: Value>(numbers: &[f64]) -> String {
    let mut items: Vec<String> = numbers.iter().take(MOST).map(|&x| T::typed(x)).collect();
    if numbers.len() > MOST {
        items.push(format!("… ({} in all)", numbers.len()));
    }
    format!("[{}]", items.join(", "))
}

/// Four significant digits, and always a decimal point, as Rust writes an f32.
pub(super) fn number(x: f64) -> String {
    if !x.is_finite() {
        return x.to_string();
    }
    let x = format!("{x:.3e}").parse::<f64>().unwrap_or(x);
    format!("{:?}", if x == 0.0 { 0.0 } else { x })
}

/// Names and values of a function's arguments, for the smallest failing case.
pub(super) fn named(name: &'static str, value: &impl Value) -> (&'static str, String) {
    (name, show(value))
}

/// A row of numbers that are not special in any way: the same for the same seed.
pub(super) fn row(length: usize, seed: u64) -> Array1<f32> {
    table(1, length, seed).remove_axis(ndarray::Axis(0))
}

/// Hidden input (rows, columns): columns differ in mean and spread, and hang together, so that
/// no two formulas agree on it by accident.
pub(super) fn table(rows: usize, columns: usize, seed: u64) -> ndarray::Array2<f32> {
    use rand::Rng;
    let mut random = crate::rng::random(seed);
    let mut table = ndarray::Array2::<f32>::zeros((rows, columns));
    for mut row in table.rows_mut() {
        let shared: f32 = random.gen_range(-1.0..1.0);
        for (column, x) in row.iter_mut().enumerate() {
            let own: f32 = random.gen_range(-1.0..1.0);
            let offset = 2.0 + 1.5 * column as f32;
            *x = offset + (1.0 + 0.7 * column as f32) * (own + 0.8 * shared);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn differences_are_told_apart() {
        let expected: Array2<f32> = array![[1.0, 2.0], [3.0, 4.0]];
        assert_eq!(difference(&expected, &(&expected + 1e-5)), None);
        assert_eq!(
            difference(&expected, &(&expected + 0.1)),
            Some(Difference::Numbers)
        );
        assert_eq!(
            difference(&expected, &array![[1.0_f32, 2.0]]),
            Some(Difference::Shape)
        );
        let nan = array![[1.0, f32::NAN], [3.0, 4.0]];
        assert_eq!(difference(&expected, &nan), Some(Difference::NotFinite));
    }

    #[test]
    fn answers_are_alike_in_their_nans_too() {
        let answer = array![1.0_f32, f32::NAN, f32::INFINITY];
        assert!(alike(&answer, &answer));
        assert!(!alike(&answer, &array![1.0, 2.0, f32::INFINITY]));
        assert!(!alike(&answer, &array![1.0, f32::NAN, 5.0]));
        assert!(!alike(&answer, &array![1.0, f32::NAN]));
        assert!(alike(&2.0_f32, &2.000_01));
        assert!(!alike(&2.0_f32, &2.1));
    }

    #[test]
    fn values_are_shown_as_one_would_type_them() {
        assert_eq!(
            show(&array![[1.0_f32, 2.5], [-0.0, 1.0 / 3.0]]),
            "[[1.0, 2.5],\n [0.0, 0.3333]]"
        );
        assert_eq!(show(&12.0_f32), "12.0");
        assert_eq!(show(&12_usize), "12");
        assert_eq!(show(&vec![784_usize, 2]), "[784, 2]");
        assert_eq!(show(&f32::NAN), "NaN");
        assert_eq!(
            show(&Array1::<f32>::zeros(8)),
            "[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, … (8 in all)]"
        );
        assert_eq!(show(&Array2::<f32>::zeros((0, 3))), "[] (0 x 3)");
    }
}
