//! Notices that a check says the same as when it was last shown.
//!
//! A cell that does not compile leaves the learner's last version in the kernel, and a check that
//! runs it repeats itself. Cells share no statics, but they share the process, and so its
//! environment: what each check said last is kept there, as a hash.

use super::Feedback;
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::hash::{Hash, Hasher};

/// What to add to feedback that has not changed.
pub(super) const NOTE: &str = "This is what the check said last time, too. If you have changed your answer since then, run its cell again, and look below that cell for an error in red. While there is an error, the check runs your earlier version.";

/// Whether the last feedback on this exercise in this process was the same; remembers this one.
pub(super) fn same_as_last_time(feedback: &Feedback) -> bool {
    let name = format!("LATENT_CHECK {}", feedback.exercise());
    let mut hasher = DefaultHasher::new();
    feedback.to_string().hash(&mut hasher);
    let now = hasher.finish().to_string();
    let same = env::var(&name).is_ok_and(|before| before == now);
    // SAFETY: the standard library, which all cells share, takes a lock for each access from Rust,
    // and nothing in a cell's process reads the environment by other means.
    unsafe { env::set_var(name, now) };
    same
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::Outcome;

    #[test]
    fn only_the_same_feedback_on_the_same_exercise_is_a_repetition() {
        let feedback = |exercise, got: &str| {
            Feedback::new(exercise, Outcome::NotYet, "Mind the axis.").with("got", got)
        };
        assert!(!same_as_last_time(&feedback("repeat, one", "1.0")));
        assert!(!same_as_last_time(&feedback("repeat, two", "1.0")));
        assert!(same_as_last_time(&feedback("repeat, one", "1.0")));
        assert!(!same_as_last_time(&feedback("repeat, one", "2.0")));
        assert!(!same_as_last_time(&feedback("repeat, one", "1.0")));
    }
}
