//! What makes a notebook a friendly place: one call in a lesson's first cell.

use crate::error::Result;
use crate::signs;
use std::any::Any;
use std::panic::set_hook;

/// Makes panics in later cells show a short message instead of the kernel's insides.
///
/// Call it once, with its `?`, in the first cell of a lesson. The panic hook it sets belongs to the
/// process that runs the cells. If that process ends, the kernel's launcher calls this again in
/// the next one.
///
/// ```
/// use latent::prelude::*;
/// notebook::start()?;
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// None. It gives a `Result` for the sake of the `?`: the first cell of a kernel that holds one is
/// compiled twice, and of a figure in that cell only the text would be shown.
pub fn start() -> Result<()> {
    // The kernel runs all cells on one thread: the one that calls this.
    let of_the_cells = std::thread::current().id();
    set_hook(Box::new(move |info| {
        // The kernel looks for its own marker at the start of a line: whatever the cell printed
        // last must be ended first. On stderr the message could turn up in a later cell.
        let message = panic_message(info.payload());
        let in_cell = std::thread::current().id() == of_the_cells;
        println!("\n{}", report(&message, in_cell));
    }));
    signs::tell("notebook", "");
    Ok(())
}

fn report(message: &str, in_cell: bool) -> String {
    let who = if in_cell {
        "This cell stopped: it"
    } else {
        "A thread of this cell stopped: it"
    };
    let mut text = format!("{who} panicked at \"{message}\"\n");
    if let Some(plain) = in_plain_words(message) {
        text.push_str(plain);
        text.push('\n');
    }
    if !in_cell {
        text.push_str("The cell itself goes on, unless it needs the result of this thread.");
        return text;
    }
    text.push_str(
        "Variables of earlier cells are still there, and what this cell has changed in them stays changed. Two kinds are missing: names that this cell defines again with `let`, and variables that it gives away (moves). If you need them, run the cell that made them. Then fix this cell and run it again.",
    );
    text
}

/// The text of a panic, whichever way it was raised.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()))
        .unwrap_or_else(|| "a value that is not text".to_owned())
}

/// Whether a panic says that arrays met whose shapes do not fit.
pub(crate) fn is_about_shapes(message: &str) -> bool {
    [
        "not compatible for matrix multiplication",
        "could not broadcast",
        "IncompatibleShape",
    ]
    .iter()
    .any(|part| message.contains(part))
}

/// What a usual panic means to somebody new to Rust.
pub(crate) fn in_plain_words(message: &str) -> Option<&'static str> {
    const SHAPES: &str = "Two arrays met whose shapes do not fit together. Print both shapes with `println!(\"{:?}\", a.shape())`.";
    const INDEX: &str = "There is no element at that place. Counting starts at 0, so the last of three elements has the index 2.";
    const BELOW_ZERO: &str = "The index is below 0. An index is a count (`usize`), and a count that goes below 0 turns into this very large number: look for a subtraction in the index.";
    const MEANINGS: [(&str, &str); 15] = [
        (
            "not yet implemented",
            "A `todo!()` marks a place that is still to be written. Replace it with your code.",
        ),
        (
            "not compatible for matrix multiplication",
            "In a matrix product, the left matrix must have as many columns as the right matrix has rows. Print the two shapes; one of the two may need `.t()`.",
        ),
        ("could not broadcast", SHAPES),
        ("IncompatibleShape", SHAPES),
        ("the index is 184467440737", BELOW_ZERO),
        ("out of bounds", INDEX),
        ("out of range", INDEX),
        ("must be less than axis length", INDEX),
        ("assertion failed: index < dim", INDEX),
        (
            "`Option::unwrap()` on a `None` value",
            "`unwrap()` takes the value out of an answer that may be empty, and this one was empty: a mean of no rows, say.",
        ),
        (
            "`Result::unwrap()` on an `Err` value",
            "`unwrap()` takes the value out of an answer that may be an error, and this one was an error: it is what stands after the colon.",
        ),
        (
            "attempt to divide by zero",
            "A whole number was divided by zero. Decimal numbers (`f32`) give infinity or NaN instead.",
        ),
        (
            "attempt to subtract with overflow",
            "A count (`usize`) cannot go below zero. Turn it into a decimal number first: `n as f32 - 1.0`.",
        ),
        (
            "with overflow",
            "The result does not fit into this kind of whole number.",
        ),
        (
            "assertion",
            "The cell promised that something holds, and it does not: compare left with right.",
        ),
    ];
    MEANINGS
        .iter()
        .find(|(part, _)| message.contains(part))
        .map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, Axis};
    use std::panic::catch_unwind;

    fn message(run: impl FnOnce() + std::panic::UnwindSafe) -> String {
        panic_message(&*catch_unwind(run).unwrap_err())
    }

    /// The words that ndarray and the standard library really use, so that a new version that
    /// says it differently is noticed.
    #[test]
    fn usual_panics_are_put_in_plain_words() {
        let empty = Vec::<usize>::new();
        let cases: Vec<(String, &str)> = vec![
            (message(|| todo!()), "todo"),
            (
                message(|| drop(Array2::<f32>::ones((2, 3)).dot(&Array2::ones((2, 3))))),
                ".t()",
            ),
            (
                message(|| drop(Array1::<f32>::ones(3) + Array1::<f32>::ones(2))),
                "shapes",
            ),
            (
                message(|| println!("{}", Array1::<f32>::ones(3)[3])),
                "starts at 0",
            ),
            (
                message(|| drop(Array2::<f32>::ones((3, 2)).select(Axis(1), &[2]))),
                "starts at 0",
            ),
            (
                message(|| println!("{}", vec![1, 2][empty.len() + 2])),
                "starts at 0",
            ),
            (
                message(|| println!("{}", vec![1, 2][empty.len().wrapping_sub(1)])),
                "below 0",
            ),
            (
                message(|| drop(Array2::<f32>::ones((0, 3)).mean_axis(Axis(0)).unwrap())),
                "empty",
            ),
            (
                message(|| println!("{}", "x".parse::<f32>().unwrap())),
                "error",
            ),
        ];
        for (message, word) in cases {
            let plain = in_plain_words(&message);
            assert!(plain.is_some_and(|text| text.contains(word)), "{message}");
        }
        assert_eq!(in_plain_words("something else"), None);
    }

    #[test]
    fn the_report_is_found_by_tests_and_ends_kindly() {
        let text = report("not yet implemented", true);
        assert!(text.contains("panicked at"), "{text}");
        assert!(text.contains("are still there"), "{text}");
        let text = report("not yet implemented", false);
        assert!(text.contains("panicked at"), "{text}");
        assert!(text.contains("goes on"), "{text}");
    }
}
