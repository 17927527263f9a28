//! A matrix may lie in memory in any way: each public function gives the same answer for rows or
//! columns in one piece, for slices with steps, and for reversed axes.

mod surface;

use latent::ndarray::{ArrayView2, ShapeBuilder};
use latent::prelude::*;
use proptest::prelude::*;
use surface::{Answer, Numbers, Text, functions};

/// Functions whose answer may differ in the last digits, since they multiply the matrix as it lies:
/// sums are then taken in another order.
const ROUNDED: [&str; 12] = [
    "backward",
    "decode",
    "elbo",
    "encode",
    "fit",
    "forward",
    "forward_cached",
    "posterior",
    "reconstruct",
    "reconstruction_error",
    "ring_angles",
    "validate",
];

/// How a matrix lies in memory.
#[derive(Clone, Copy, Debug)]
struct Layout {
    by_columns: bool,
    /// Steps from one row, and one column, to the next: 1 if they are neighbours.
    steps: (usize, usize),
    /// Whether rows, and columns, are stored from the last to the first.
    reversed: (bool, bool),
    /// Rows and columns of other numbers around it.
    margin: usize,
}

fn layouts() -> impl Strategy<Value = Layout> {
    (
        any::<bool>(),
        (1..4_usize, 1..4_usize),
        any::<(bool, bool)>(),
        0..3_usize,
    )
        .prop_map(|(by_columns, steps, reversed, margin)| Layout {
            by_columns,
            steps,
            reversed,
            margin,
        })
}

/// `values` inside a larger array of NaN, with this layout; and what to do with the view of it.
fn laid_out<R>(values: &Array2<f32>, layout: Layout, work: impl FnOnce(ArrayView2<f32>) -> R) -> R {
    let Layout {
        by_columns,
        steps,
        reversed,
        margin,
    } = layout;
    let (n, d) = values.dim();
    let size = |count: usize, step: usize| 2 * margin + (count - 1) * step + 1;
    let shape = (size(n, steps.0), size(d, steps.1)).set_f(by_columns);
    let mut around = Array2::from_elem(shape, f32::NAN);
    let (rows, columns) = (around.nrows() - margin, around.ncols() - margin);
    let mut inside = around.slice_mut(s![margin..rows; steps.0, margin..columns; steps.1]);
    for (axis, reverse) in [(0, reversed.0), (1, reversed.1)] {
        if reverse {
            inside.invert_axis(Axis(axis));
        }
    }
    inside.assign(values);
    work(inside.view())
}

fn agree(name: &str, a: &Answer, b: &Answer) -> bool {
    match (a, b) {
        (Numbers(a), Numbers(b)) if ROUNDED.contains(&name) => {
            let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-5 * (1.0 + a.abs().max(b.abs()));
            a.len() == b.len() && a.iter().zip(b).all(close)
        }
        (Numbers(a), Numbers(b)) => a == b,
        (Text(a), Text(b)) => a == b,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_layout_gives_the_same_answer(layout in layouts(), seed in 0..1000_u64) {
        let mut complaints = Vec::new();
        for (index, (name, d, function)) in functions().into_iter().enumerate() {
            let values = random::uniform(12, d, 0.0, 1.0, seed).unwrap();
            let expected = function(&values);
            let found = laid_out(&values, layout, |view| {
                assert_eq!(view, values);
                function(&view)
            });
            match (expected, found) {
                (Ok(expected), Ok(found)) if agree(name, &expected, &found) => {}
                (Err(expected), Err(found)) if expected.to_string() == found.to_string() => {}
                (expected, found) => {
                    complaints.push(format!("{index} {name}: {expected:?} and {found:?}"));
                }
            }
        }
        prop_assert!(complaints.is_empty(), "{layout:?}\n{}", complaints.join("\n"));
    }
}

#[test]
fn a_layout_is_what_it_says() {
    let values = random::uniform(3, 2, 0.0, 1.0, 1).unwrap();
    let layout = Layout {
        by_columns: true,
        steps: (2, 3),
        reversed: (true, false),
        margin: 1,
    };
    laid_out(&values, layout, |view| {
        assert_eq!(view, values);
        // 7 rows are stored: a column's neighbour is three columns further.
        assert_eq!(view.strides(), [-2, 21]);
    });
}

#[test]
fn each_public_function_that_takes_a_matrix_is_tried() {
    assert!(surface::missing().is_empty(), "{:?}", surface::missing());
}
