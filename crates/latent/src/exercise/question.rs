//! Questions answered with a number or a letter.
//!
//! ```text
//! None                     -> not attempted
//! no possible answer       -> not yet: what is possible (the answer is not given away)
//! a prediction, right      -> passed
//! a prediction, not right  -> a surprise: a sentence for this guess, and how it is
//! a choice, not right      -> not yet: why this answer is not the one
//! ```

use super::{Feedback, Outcome};

/// The numbers that a guess can be.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    /// What the answer is, with its article: "a share in percent".
    pub what: &'static str,
    /// The smallest possible answer.
    pub lowest: f64,
    /// The largest possible answer; infinity if there is none.
    pub highest: f64,
    /// Whether the answer is a whole number.
    pub whole: bool,
    /// Guesses that look like another unit: above the first number, up to the second, and a
    /// sentence that names the unit asked for.
    pub other_unit: Option<(f64, f64, &'static str)>,
}

impl Scale {
    /// A share from 0 to 100 percent; up to 1 it looks like a share from 0 to 1.
    pub const PERCENT: Self = Self {
        other_unit: Some((
            0.0,
            1.0,
            "That looks like a share from 0 to 1. The question asks for percent, from 0 to 100: multiply your guess by 100.",
        )),
        ..Self::number("a share in percent", 0.0, 100.0)
    };

    /// A number from `lowest` to `highest`.
    pub const fn number(what: &'static str, lowest: f64, highest: f64) -> Self {
        Self {
            what,
            lowest,
            highest,
            whole: false,
            other_unit: None,
        }
    }

    /// A whole number from `lowest` to `highest`.
    pub const fn count(what: &'static str, lowest: f64, highest: f64) -> Self {
        Self {
            whole: true,
            ..Self::number(what, lowest, highest)
        }
    }

    /// Why `guess` cannot be the answer, if it cannot.
    fn refuses(&self, guess: f64) -> Option<String> {
        if !guess.is_finite() {
            return Some(format!(
                "{guess} cannot be checked. Write a plain number, for example `Some(5.0)`."
            ));
        }
        if let Some((above, up_to, sentence)) = self.other_unit
            && guess > above
            && guess <= up_to
        {
            return Some(sentence.to_owned());
        }
        let possible = (self.lowest..=self.highest).contains(&guess);
        if possible && !(self.whole && guess.fract() != 0.0) {
            return None;
        }
        let kind = if self.whole { "a whole number " } else { "" };
        let range = match (self.lowest.is_finite(), self.highest.is_finite()) {
            (true, true) => format!("{kind}from {} to {}", self.lowest, self.highest),
            (true, false) => format!("{kind}not below {}", self.lowest),
            (false, true) => format!("{kind}not above {}", self.highest),
            (false, false) => kind.trim_end().to_owned(),
        };
        Some(format!(
            "{guess} is not a possible answer: the question asks for {}, {range}.",
            self.what
        ))
    }
}

/// A guess of a number that the next cells will show. A wrong guess is nothing to repair: the
/// learner decided, sees how it is, and goes on.
pub(super) struct Prediction {
    pub exercise: &'static str,
    /// How it is.
    pub truth: f64,
    /// Guesses this close count as right.
    pub within: f64,
    /// What a guess can be. Others are refused, and the truth is not shown.
    pub scale: Scale,
    /// What to say to a right guess.
    pub right: &'static str,
    /// What to say to a guess below the truth.
    pub too_low: &'static str,
    /// What to say to a guess above the truth.
    pub too_high: &'static str,
    /// Guesses that tell how the learner thought: lowest, highest, and what to say instead.
    pub known: &'static [(f64, f64, &'static str)],
}

impl Prediction {
    pub fn check(&self, guess: Option<f64>) -> Feedback {
        let Some(guess) = guess else {
            return commit_first(self.exercise, "a number: for example `Some(5.0)`");
        };
        if let Some(reason) = self.scale.refuses(guess) {
            return Feedback::new(self.exercise, Outcome::NotYet, reason)
                .with("your guess", guess.to_string());
        }
        let (outcome, sentence) = if (guess - self.truth).abs() <= self.within {
            (Outcome::Passed, self.right)
        } else {
            let known = self
                .known
                .iter()
                .find(|(low, high, _)| (*low..=*high).contains(&guess));
            let in_general = if guess < self.truth {
                self.too_low
            } else {
                self.too_high
            };
            (
                Outcome::Surprise,
                known.map_or(in_general, |(_, _, sentence)| sentence),
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
    /// For a question that can be answered from what was shown: a wrong answer is "not yet", and
    /// the right one is not given away.
    pub fn check(&self, answer: Option<char>) -> Feedback {
        self.judge(answer, false)
    }

    /// For a prediction of what the next cells will show: a wrong one is a surprise, as a wrong
    /// number is, and the right answer is shown beside it.
    pub fn predict(&self, answer: Option<char>) -> Feedback {
        self.judge(answer, true)
    }

    fn judge(&self, answer: Option<char>, prediction: bool) -> Feedback {
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
        if letter == self.right {
            return Feedback::new(self.exercise, Outcome::Passed, *reason);
        }
        if prediction {
            Feedback::new(self.exercise, Outcome::Surprise, *reason)
                .with("your prediction", letter.to_string())
                .with("how it is", self.right.to_string())
        } else {
            Feedback::new(self.exercise, Outcome::NotYet, *reason)
        }
    }
}

/// A case of a clinic: its name, the letter of its diagnosis, and what to say to each letter.
pub(super) type Case = (&'static str, char, &'static [(char, &'static str)]);

/// The diagnosis of case `number`, counted from 1, in a clinic whose cases are called `what`.
pub(super) fn diagnosis(
    clinic: &'static str,
    what: &str,
    cases: &[Case],
    number: usize,
    answer: Option<char>,
) -> Feedback {
    let Some(&(exercise, right, reasons)) = number.checked_sub(1).and_then(|i| cases.get(i)) else {
        return Feedback::new(
            clinic,
            Outcome::NotYet,
            format!(
                "There is no {what} {number} to diagnose: they have the numbers 1 to {}.",
                cases.len()
            ),
        );
    };
    Choice {
        exercise,
        right,
        reasons,
    }
    .check(answer)
}

/// The answer's cell still holds `None`.
pub(super) fn commit_first(exercise: &'static str, what: &str) -> Feedback {
    Feedback::untouched(
        exercise,
        &format!(
            "Decide first: replace `None` with {what}, run that cell, then run this one again. {UNCHANGED}"
        ),
    )
}

/// Why a check may see an answer that is no longer on the page.
pub(super) const UNCHANGED: &str = "If you have done this already, look below that cell for an error in red. While there is an error, the kernel keeps your earlier version.";

#[cfg(test)]
mod tests {
    use super::*;

    fn check(guess: f64, scale: Scale) -> Feedback {
        Prediction {
            exercise: "centre",
            truth: 80.0,
            within: 2.0,
            scale,
            right: "right",
            too_low: "too low",
            too_high: "too high",
            known: &[(50.0, 50.0, "half")],
        }
        .check(Some(guess))
    }

    #[test]
    fn the_direction_of_a_guess_decides_the_sentence() {
        for (guess, outcome, sentence) in [
            (81.0, Outcome::Passed, "right"),
            (0.0, Outcome::Surprise, "too low"),
            (60.0, Outcome::Surprise, "too low"),
            (50.0, Outcome::Surprise, "half"),
            (95.0, Outcome::Surprise, "too high"),
        ] {
            let feedback = check(guess, Scale::PERCENT);
            assert_eq!(feedback.outcome(), outcome, "{feedback}");
            assert_eq!(feedback.message(), sentence);
            assert_eq!(feedback.evidence()[1].1, "80");
        }
    }

    #[test]
    fn an_impossible_guess_is_refused_with_the_range_and_the_truth_is_not_told() {
        let count = Scale::count("a number of components", 1.0, 784.0);
        let open = Scale::number("a variance", 0.0, f64::INFINITY);
        for (guess, scale, words) in [
            (150.0, Scale::PERCENT, "from 0 to 100"),
            (-5.0, Scale::PERCENT, "from 0 to 100"),
            (0.8, Scale::PERCENT, "percent"),
            (f64::NAN, Scale::PERCENT, "plain number"),
            (86.5, count, "components, a whole number from 1 to 784"),
            (1000.0, count, "from 1 to 784"),
            (-0.1, open, "not below 0"),
        ] {
            let feedback = check(guess, scale);
            assert_eq!(feedback.outcome(), Outcome::NotYet, "{feedback}");
            assert!(feedback.message().contains(words), "{feedback}");
            assert!(!feedback.to_string().contains("80"), "{feedback}");
        }
        assert_eq!(check(1e9, open).message(), "too high");
    }

    #[test]
    fn a_letter_that_predicts_is_a_surprise_and_one_that_answers_is_not_there_yet() {
        let choice = Choice {
            exercise: "centre",
            right: 'b',
            reasons: &[('a', "no"), ('b', "yes")],
        };
        let surprise = choice.predict(Some('A'));
        assert_eq!(surprise.outcome(), Outcome::Surprise);
        assert_eq!(surprise.evidence()[1].1, "b");
        let not_yet = choice.check(Some('a'));
        assert_eq!(not_yet.outcome(), Outcome::NotYet);
        assert!(not_yet.evidence().is_empty());
        for feedback in [choice.check(Some('b')), choice.predict(Some('b'))] {
            assert_eq!(feedback.outcome(), Outcome::Passed);
        }
        for feedback in [choice.check(Some('x')), choice.predict(Some('x'))] {
            assert_eq!(feedback.outcome(), Outcome::NotYet);
        }
    }
}
