//! A check of a function: the right formula, the usual mistaken ones, and hidden inputs.
//!
//! ```text
//! for each input:  answer(input)  ==  learner(input) ?
//! if not:          mistake(input) ==  learner(input) on every input  =>  that mistake's sentence
//! if none fits:    a factor, an offset or an order that all inputs share
//! ```

use super::attempt::{Attempt, attempt};
use super::pattern::resemblance;
use super::question::UNCHANGED;
use super::value::{Difference, Value, alike, difference, shape_in_words, show};
use super::{Feedback, Outcome};
use crate::error::{Error, Result};

/// A mistaken formula, and a sentence on what to look at.
pub(super) type Mistake<I, O> = (fn(&I) -> O, &'static str);

/// What the exercise asks for, what people write instead, and what to try it on.
pub(super) struct Check<I, O> {
    pub exercise: &'static str,
    /// The arguments of an input, named.
    pub arguments: fn(&I) -> Vec<(&'static str, String)>,
    /// The right formula.
    pub answer: fn(&I) -> O,
    /// What people write instead.
    pub mistakes: Vec<Mistake<I, O>>,
    /// What to say when arrays met whose shapes do not fit, if there is a usual reason.
    pub shapes_clash: Option<&'static str>,
    /// Hidden inputs, the smallest first: it is the one shown.
    pub inputs: Vec<I>,
    /// What to say when all is right.
    pub passed: &'static str,
}

impl<I: Clone + Send + 'static, O: Value> Check<I, O> {
    /// Tries the learner's function on every input.
    pub fn run(self, learner: impl Fn(&I) -> O + Clone + Send + 'static) -> Feedback {
        let mut answers = Vec::new();
        for input in &self.inputs {
            let (learner, copy) = (learner.clone(), input.clone());
            match attempt(move || learner(&copy)) {
                Attempt::Value(value) => answers.push(value),
                Attempt::Todo => return todo(self.exercise),
                Attempt::Panicked(message) => return self.panicked(input, &message),
                Attempt::Endless => return self.with_arguments(input, endless(self.exercise)),
                Attempt::Interrupted => return left_behind(self.exercise),
            }
        }
        let expected: Vec<O> = self.inputs.iter().map(self.answer).collect();
        let wrong = expected
            .iter()
            .zip(&answers)
            .position(|(e, a)| difference(e, a).is_some());
        let Some(case) = wrong else {
            return Feedback::new(self.exercise, Outcome::Passed, self.passed);
        };
        let sentence = self
            .known_mistake(&answers)
            .map(str::to_owned)
            .or_else(|| resemblance(&expected, &answers))
            .unwrap_or_else(|| in_general(&expected[case], &answers[case], case));
        let feedback = Feedback::new(self.exercise, Outcome::NotYet, sentence);
        self.with_arguments(&self.inputs[case], feedback)
            .with("expected", show(&expected[case]))
            .with("got", show(&answers[case]))
    }

    fn known_mistake(&self, answers: &[O]) -> Option<&'static str> {
        self.mistakes
            .iter()
            .find(|(formula, _)| {
                self.inputs
                    .iter()
                    .zip(answers)
                    .all(|(input, answer)| alike(&formula(input), answer))
            })
            .map(|(_, sentence)| *sentence)
    }

    fn panicked(&self, input: &I, message: &str) -> Feedback {
        self.with_arguments(input, panicked(self.exercise, message, self.shapes_clash))
    }

    fn with_arguments(&self, input: &I, feedback: Feedback) -> Feedback {
        (self.arguments)(input)
            .into_iter()
            .fold(feedback, |feedback, (name, value)| {
                feedback.with(name, value)
            })
    }
}

/// The function is still the stub, or its new version did not compile.
pub(super) fn todo(exercise: &'static str) -> Feedback {
    Feedback::untouched(
        exercise,
        &format!(
            "Replace the `todo!()` with your code, run that cell, then run this one again. {UNCHANGED}"
        ),
    )
}

/// The function panicked with this message; `shapes_clash` explains shapes that do not fit.
pub(super) fn panicked(
    exercise: &'static str,
    message: &str,
    shapes_clash: Option<&'static str>,
) -> Feedback {
    let mut sentence = format!(
        "Your function stopped before it returned an answer: it panicked with `{}`.",
        message.replace('`', "'")
    );
    let reason = shapes_clash.filter(|_| crate::notebook::is_about_shapes(message));
    if let Some(plain) = reason.or(crate::notebook::in_plain_words(message)) {
        sentence.push('\n');
        sentence.push_str(plain);
    }
    if message.starts_with("ndarray: index") && message.contains("out of bounds") {
        sentence.push_str(" With two indices, the row comes first, then the column.");
    }
    Feedback::new(exercise, Outcome::NotYet, sentence)
}

/// The function did not come back.
pub(super) fn endless(exercise: &'static str) -> Feedback {
    Feedback::new(
        exercise,
        Outcome::NotYet,
        "Your function did not return within ten seconds. Is there a loop that never ends? \
         It is still running: choose Kernel > Restart Kernel in the menu before you go on, and run the cells from the top.",
    )
}

/// The learner interrupted the check, which then judges nothing.
pub(super) fn interrupted(exercise: &'static str) -> Feedback {
    Feedback::untouched(
        exercise,
        "You interrupted the check before it was done, so nothing was judged. All variables are kept. Run this cell again when you want.",
    )
}

/// The learner interrupted the check while it waited for their function.
pub(super) fn left_behind(exercise: &'static str) -> Feedback {
    Feedback::new(
        exercise,
        Outcome::NotYet,
        "You interrupted the check before your function returned. Is there a loop that never ends? \
         Then it is still running: choose Kernel > Restart Kernel in the menu before you go on, and run the cells from the top.",
    )
}

/// What a learner's function returned that can fail, or what to say if it returned nothing.
pub(super) fn returned<T>(
    exercise: &'static str,
    attempt: Attempt<Result<T>>,
    shapes_clash: Option<&'static str>,
) -> std::result::Result<T, Feedback> {
    Err(match attempt {
        Attempt::Value(Ok(value)) => return Ok(value),
        Attempt::Value(Err(Error::Interrupted)) => interrupted(exercise),
        Attempt::Value(Err(error)) => Feedback::new(
            exercise,
            Outcome::NotYet,
            format!("Your function stopped with an error: {error}."),
        ),
        Attempt::Todo => todo(exercise),
        Attempt::Endless => endless(exercise),
        Attempt::Interrupted => left_behind(exercise),
        Attempt::Panicked(message) => panicked(exercise, &message, shapes_clash),
    })
}

/// What to say when neither a known mistake nor a pattern fits; `before` cases were right.
fn in_general<O: Value>(expected: &O, got: &O, before: usize) -> String {
    match difference(expected, got) {
        Some(Difference::Shape) => {
            let mut sentence = format!(
                "The shape is not the one asked for: expected {}, got {}.",
                shape_in_words(expected),
                shape_in_words(got)
            );
            let reversed: Vec<usize> = got.shape().into_iter().rev().collect();
            if reversed == expected.shape() {
                sentence.push_str(
                    " Rows and columns have changed places: `.t()` transposes an array.",
                );
            }
            sentence
        }
        Some(Difference::NotFinite) => "There is a NaN or an infinity in your answer: something was divided by zero, or a root was taken of a negative number.".to_owned(),
        _ => {
            let what = match (expected.shape().as_slice(), before) {
                (_, 1..) => "Your answer is right for smaller inputs, but not for the one below: your code relies on something that is true for some inputs only.",
                ([], 0) => "The number is not the one expected.",
                (_, 0) => "The shape is right, but the numbers are not.",
            };
            format!("{what} Work out the case below on paper, one step at a time.")
        }
    }
}
