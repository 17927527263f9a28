//! Which shapes of an array are a matrix, and which a vector.
//!
//! ```text
//! matrix: (n, d)        vector: (n), or (n, 1) and (1, n), since MATLAB knows matrices alone
//! ```

/// What the caller asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Matrix,
    Vector,
}

/// A shape as Python writes it: (3, 4), (3,), ().
pub(super) fn in_python(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => {
            let sizes: Vec<_> = shape.iter().map(ToString::to_string).collect();
            format!("({})", sizes.join(", "))
        }
    }
}

impl Form {
    /// Whether an array of this shape has this form, or what to do.
    pub(super) fn check(self, shape: &[usize]) -> Result<(), String> {
        let expected = match self {
            Form::Matrix => "a matrix (one sample a row)",
            Form::Vector => "a vector",
        };
        let refuse = |found: &str, advice: &str| {
            let shape = in_python(shape);
            Err(format!(
                "expected {expected}, got {found} of shape {shape}: {advice}"
            ))
        };
        if shape.contains(&0) {
            return refuse("an empty array", "save one with at least one value");
        }
        match (self, shape) {
            (Form::Matrix, [_, _]) | (Form::Vector, [_] | [_, 1] | [1, _]) => Ok(()),
            (_, []) => refuse("a single number", "save the whole array"),
            (Form::Matrix, [_]) => refuse(
                "a vector",
                "read it with `read_npy_vector` or `read_npz_vector`; or, if it is a matrix of one column, save `x.reshape(-1, 1)` in Python",
            ),
            (Form::Vector, [_, _]) => refuse(
                "a matrix",
                "read it with `read_npy` or `read_npz`, and take a column: `matrix.column(0).to_owned()`",
            ),
            (_, [.., last]) => refuse(
                &format!("an array of {} dimensions", shape.len()),
                &format!(
                    "make it a matrix in Python: `x.reshape(-1, {last})` puts all rows of {last} values below each other"
                ),
            ),
        }
    }

    /// "row 3, column 4", or "place 3" in a vector, from the index in memory order of rows.
    pub(super) fn name(self, index: usize, shape: &[usize]) -> String {
        match (self, shape) {
            (Form::Matrix, &[_, columns]) => {
                format!("row {}, column {}", index / columns, index % columns)
            }
            _ => format!("place {index}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_other_shape_gets_its_own_advice() {
        for (form, shape, words) in [
            (Form::Matrix, &[7][..], ["shape (7,)", "read_npy_vector"]),
            (Form::Matrix, &[], ["shape ()", "whole array"]),
            (
                Form::Matrix,
                &[4, 5, 6],
                ["shape (4, 5, 6)", "x.reshape(-1, 6)"],
            ),
            (Form::Matrix, &[0, 6], ["shape (0, 6)", "at least one"]),
            (Form::Vector, &[4, 5], ["shape (4, 5)", "column(0)"]),
            (Form::Vector, &[2, 2, 2], ["3 dimensions", "reshape"]),
        ] {
            let text = form.check(shape).unwrap_err();
            assert!(words.iter().all(|word| text.contains(word)), "{text}");
        }
        for (form, shape) in [
            (Form::Matrix, &[3, 1][..]),
            (Form::Vector, &[3]),
            (Form::Vector, &[1, 3]),
            (Form::Vector, &[3, 1]),
        ] {
            form.check(shape).unwrap();
        }
        assert_eq!(Form::Matrix.name(7, &[4, 5]), "row 1, column 2");
        assert_eq!(Form::Vector.name(7, &[9, 1]), "place 7");
    }
}
