//! Questions answered with a number or a letter.

use super::{Feedback, Outcome};

/// A guess of a number that the next cells will show. A wrong guess is nothing to repair: the
/// learner committed, sees how it is, and goes on.
pub(super) struct Prediction {
    pub exercise: &'static str,
    /// How it is.
    pub truth: f64,
    /// Guesses this close count as right.
    pub within: f64,
    /// What to say to a right guess.
    pub right: &'static str,
    /// What to say to any other guess.
    pub wrong: &'static str,
    /// Guesses that tell how the learner thought: lowest, highest, and what to say.
    pub known: &'static [(f64, f64, &'static str)],
}

impl Prediction {
    pub fn check(&self, guess: Option<f64>) -> Feedback {
        let Some(guess) = guess else {
            return commit_first(self.exercise, "a number: for example `Some(5.0)`");
        };
        if !guess.is_finite() {
            return Feedback::new(
                self.exercise,
                Outcome::NotYet,
                format!(
                    "{guess} is no guess one can check. Write a plain number, `Some(5.0)` say."
                ),
            );
        }
        let (outcome, sentence) = if (guess - self.truth).abs() <= self.within {
            (Outcome::Passed, self.right)
        } else {
            let known = self
                .known
                .iter()
                .find(|(low, high, _)| (*low..=*high).contains(&guess));
            (
                Outcome::Surprise,
                known.map_or(self.wrong, |(_, _, sentence)| sentence),
            )
        };
        Feedback::new(self.exercise, outcome, sentence)
            .with("your guess", guess.to_string())
            .with("how it is", self.truth.to_string())
    }
}

/// A question with answers to choose from, and a reason for each.
pub(super) struct Choice {
    pub exercise: &'static str,
    pub right: char,
    pub reasons: &'static [(char, &'static str)],
}

impl Choice {
    pub fn check(&self, answer: Option<char>) -> Feedback {
        let letters: Vec<String> = self
            .reasons
            .iter()
            .map(|(c, _)| format!("`Some('{c}')`"))
            .collect();
        let Some(answer) = answer else {
            return commit_first(self.exercise, &format!("one of {}", letters.join(", ")));
        };
        let letter = answer.to_ascii_lowercase();
        let Some((_, reason)) = self.reasons.iter().find(|(c, _)| *c == letter) else {
            return Feedback::new(
                self.exercise,
                Outcome::NotYet,
                format!(
                    "'{answer}' is not among the answers: choose one of {}.",
                    letters.join(", ")
                ),
            );
        };
        let outcome = if letter == self.right {
            Outcome::Passed
        } else {
            Outcome::NotYet
        };
        Feedback::new(self.exercise, outcome, *reason)
    }
}

pub(super) fn commit_first(exercise: &'static str, what: &str) -> Feedback {
    Feedback::untouched(
        exercise,
        &format!(
            "Commit yourself first: replace `None` with {what}, run that cell, then run this one again."
        ),
    )
}
