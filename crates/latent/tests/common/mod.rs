//! What a check must have said.

#![allow(dead_code, reason = "not every lesson asks every kind of question")]

use latent::exercise::{Feedback, Outcome};

fn says(feedback: &Feedback, outcome: Outcome, word: &str) {
    assert_eq!(feedback.outcome(), outcome, "{feedback}");
    assert!(
        feedback.message().contains(word),
        "no {word:?} in: {feedback}"
    );
}

pub fn passed(feedback: &Feedback) {
    says(feedback, Outcome::Passed, "");
}

pub fn not_attempted(feedback: &Feedback) {
    says(feedback, Outcome::NotAttempted, "");
}

pub fn surprise(feedback: &Feedback, word: &str) {
    says(feedback, Outcome::Surprise, word);
}

pub fn not_yet(feedback: &Feedback, word: &str) {
    says(feedback, Outcome::NotYet, word);
}

/// A guess of a number: those that count as right, and others, each with a word of its surprise.
pub fn prediction(check: fn(Option<f64>) -> Feedback, right: &[f64], others: &[(f64, &str)]) {
    not_attempted(&check(None));
    for &guess in right {
        passed(&check(Some(guess)));
    }
    for &(guess, word) in others {
        surprise(&check(Some(guess)), word);
    }
    for guess in [f64::NAN, f64::INFINITY] {
        not_yet(&check(Some(guess)), "plain number");
    }
}

/// A choice of a letter: the right one, in either case, and others, each with a word of its reason.
pub fn choice(check: fn(Option<char>) -> Feedback, right: char, others: &[(char, &str)]) {
    not_attempted(&check(None));
    passed(&check(Some(right)));
    passed(&check(Some(right.to_ascii_uppercase())));
    for &(letter, word) in others {
        not_yet(&check(Some(letter)), word);
    }
}

/// A letter that predicts: as `choice`, but another letter is a surprise that shows the right one.
pub fn prediction_by_letter(
    check: fn(Option<char>) -> Feedback,
    right: char,
    others: &[(char, &str)],
) {
    not_attempted(&check(None));
    passed(&check(Some(right)));
    passed(&check(Some(right.to_ascii_uppercase())));
    for &(letter, word) in others {
        let feedback = check(Some(letter));
        surprise(&feedback, word);
        assert_eq!(feedback.evidence()[1].1, right.to_string());
    }
    not_yet(&check(Some('?')), "not among");
}

/// A guess that cannot be: refused, and how it is does not show.
pub fn refused(feedback: &Feedback, word: &str) {
    not_yet(feedback, word);
    assert!(
        feedback
            .evidence()
            .iter()
            .all(|(name, _)| name != "how it is"),
        "{feedback}"
    );
}
