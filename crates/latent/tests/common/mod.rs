//! What a check must have said.

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
