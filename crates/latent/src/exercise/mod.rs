//! Exercises that check themselves.
//!
//! ```text
//! the learner's function -> hidden inputs -> what came back, beside what should have -> Feedback
//! ```
//!
//! Each lesson has its file, and each exercise in it one function, `check_...`, which takes what
//! the learner wrote: a function, a number or a letter. It never panics and never hangs, whatever
//! it is handed. A check knows the usual mistakes as formulas: if the learner's answers are those
//! of a mistaken formula, the feedback says which step to look at.
//!
//! All checks are called in the same way, so only the first one of each lesson has an example.

mod attempt;
mod check;
mod pattern;
mod progress;
mod question;
mod repeat;
mod value;

pub mod autoencoder;
pub mod generation;
pub mod latent_space;
pub mod linear;
pub mod mnist;
pub mod neural;
pub mod noise;
pub mod nonlinearities;
pub mod pca;
pub mod recording;
pub mod representations;
pub mod start;
pub mod training;

pub use progress::{LessonProgress, Progress, Stage};

use crate::error::{Error, Result};
use std::fmt::{self, Write as _};
use std::io;
use std::path::Path;

/// Which exercises of the course are done in this folder: a table, as the last value of a cell.
///
/// A check that shows itself in a notebook adds to the file `progress.tsv` beside it.
///
/// ```
/// use latent::prelude::*;
/// let progress = exercise::progress()?;
/// let (done, all) = progress.together();
/// assert!(done <= all);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// The file is there and cannot be read.
pub fn progress() -> Result<Progress> {
    let path = Path::new(progress::FILE);
    Progress::read(path).map_err(|source| Error::Io {
        action: "read",
        path: path.to_owned(),
        source,
    })
}

/// How an attempt at an exercise stands.
///
/// ```
/// use latent::exercise::{Outcome, start::check_division};
/// assert_eq!(check_division(None).outcome(), Outcome::NotAttempted);
/// assert_eq!(check_division(Some(3.5)).outcome(), Outcome::Surprise);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The stub is untouched, or a `todo!()` is still in the way.
    NotAttempted,
    /// Right.
    Passed,
    /// A prediction that turned out otherwise: nothing to repair, something to remember.
    Surprise,
    /// Not right yet; the feedback says what to look at.
    NotYet,
}

impl Outcome {
    /// A sign and words, so that no outcome is told by colour alone.
    fn heading(self) -> &'static str {
        match self {
            Self::NotAttempted => "○ Not attempted yet",
            Self::Passed => "✓ Passed",
            Self::Surprise => "◆ A surprise",
            Self::NotYet => "△ Not there yet",
        }
    }

    fn colour(self) -> &'static str {
        match self {
            Self::NotAttempted => "var(--jp-border-color1, #888)",
            Self::Passed => "var(--jp-success-color1, #2e7d32)",
            Self::Surprise => "var(--jp-info-color1, #0277bd)",
            Self::NotYet => "var(--jp-warn-color1, #e65100)",
        }
    }
}

/// What a check says. As the last value of a cell it shows itself; printed, it is plain text.
///
/// ```
/// use latent::prelude::*;
/// use latent::exercise::pca::check_centre;
/// let feedback = check_centre(|points| points.clone()); // does nothing
/// assert_eq!(feedback.exercise(), "centre");
/// assert_eq!(feedback.outcome(), exercise::Outcome::NotYet);
/// assert!(feedback.message().contains("Subtract the mean of each column"));
/// assert_eq!(feedback.evidence()[0].0, "points"); // the input that shows it
/// assert!(feedback.to_html().contains("role=\"status\""));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "let the check be the last line of its cell, without a semicolon, to see what it says"]
pub struct Feedback {
    exercise: &'static str,
    outcome: Outcome,
    message: String,
    evidence: Vec<(String, String)>,
}

impl Feedback {
    fn new(exercise: &'static str, outcome: Outcome, message: impl Into<String>) -> Self {
        Self {
            exercise,
            outcome,
            message: message.into(),
            evidence: Vec::new(),
        }
    }

    fn untouched(exercise: &'static str, what_to_do: &str) -> Self {
        Self::new(exercise, Outcome::NotAttempted, what_to_do)
    }

    /// Adds a sentence if the learner's function panicked and said `what`.
    fn if_panicked(mut self, what: &str, sentence: &str) -> Self {
        if self.message.contains("it panicked with") && self.message.contains(what) {
            self.message.push('\n');
            self.message.push_str(sentence);
        }
        self
    }

    fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.evidence.push((name.into(), value.into()));
        self
    }

    /// The name of the exercise.
    pub fn exercise(&self) -> &'static str {
        self.exercise
    }

    /// How the attempt stands.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// What to know or to look at, in a few sentences.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The smallest failing case: pairs of a name (an input, `expected`, `got`) and its value.
    pub fn evidence(&self) -> &[(String, String)] {
        &self.evidence
    }

    /// The form for the notebook: no script, readable without its styles and in any theme.
    pub fn to_html(&self) -> String {
        let mut html = format!(
            "<div role=\"status\" style=\"border-left: 4px solid {}; padding: 2px 0 2px 12px\">\
             <p><strong>{}:</strong> {}</p>",
            self.outcome.colour(),
            self.outcome.heading(),
            escape(self.exercise),
        );
        for paragraph in self.message.split('\n') {
            write!(html, "<p>{}</p>", with_code(&escape(paragraph))).expect("writing to a string");
        }
        if !self.evidence.is_empty() {
            html.push_str("<table>");
            for (name, value) in &self.evidence {
                write!(
                    html,
                    "<tr><th scope=\"row\" style=\"text-align: left; vertical-align: top\">{}</th>\
                     <td style=\"text-align: left\"><pre style=\"background: none\">{}</pre></td></tr>",
                    escape(name),
                    escape(value)
                )
                .expect("writing to a string");
            }
            html.push_str("</table>");
        }
        html.push_str("</div>");
        html
    }

    /// Shows the feedback in a notebook; the kernel calls this for the last value of a cell.
    pub fn evcxr_display(&self) {
        let mut shown = self.clone();
        if self.outcome == Outcome::NotYet && repeat::same_as_last_time(self) {
            shown.message = format!("{}\n{}", self.message, repeat::NOTE);
        }
        show(&shown.to_html(), &shown);
        if let Err(error) = self.record() {
            println!(
                "The result of the check is valid, but it could not be written to {}: {error}. Is the folder writable, and is the file a text file?",
                progress::FILE
            );
        }
    }

    /// Adds the outcome to the progress file in the notebook's folder.
    fn record(&self) -> io::Result<()> {
        let stage = match self.outcome {
            Outcome::NotAttempted => return Ok(()),
            Outcome::NotYet => Stage::Tried,
            Outcome::Surprise => Stage::Surprised,
            Outcome::Passed => Stage::Passed,
        };
        // A solved copy is nobody's work.
        if std::env::current_dir()?.ends_with("solutions") {
            return Ok(());
        }
        progress::record(Path::new(progress::FILE), self.exercise, stage)
    }
}

impl Progress {
    /// The table for the notebook: no script, readable without styles.
    ///
    /// ```
    /// use latent::exercise::Progress;
    /// assert!(Progress::default().to_html().starts_with("<table>"));
    /// ```
    pub fn to_html(&self) -> String {
        let mut html = String::from(
            "<table><thead><tr><th scope=\"col\">lesson</th><th scope=\"col\">done</th>\
             <th scope=\"col\" style=\"text-align: left\">still open</th></tr></thead><tbody>",
        );
        for lesson in self.lessons() {
            write!(
                html,
                "<tr><th scope=\"row\">{}</th><td>{} of {}</td>\
                 <td style=\"text-align: left\">{}</td></tr>",
                escape(lesson.lesson),
                lesson.done,
                lesson.exercises,
                escape(&lesson.still_open())
            )
            .expect("writing to a string");
        }
        let (done, all) = self.together();
        write!(
            html,
            "</tbody><tfoot><tr><th scope=\"row\">together</th><td>{done} of {all}</td><td></td></tr></tfoot></table>"
        )
        .expect("writing to a string");
        html
    }

    /// Shows the table in a notebook; the kernel calls this for the last value of a cell.
    pub fn evcxr_display(&self) {
        show(&self.to_html(), self);
    }
}

impl fmt::Display for Feedback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}\n{}",
            self.outcome.heading(),
            self.exercise,
            self.message
        )?;
        let width = self.evidence.iter().map(|(name, _)| name.chars().count());
        let width = width.max().unwrap_or(0);
        for (name, value) in &self.evidence {
            let mut lines = value.lines();
            write!(f, "\n  {name:width$}  {}", lines.next().unwrap_or(""))?;
            for line in lines {
                write!(f, "\n  {:width$}  {line}", "")?;
            }
        }
        Ok(())
    }
}

/// Hands both forms of a cell's value to the kernel.
fn show(html: &str, text: &dyn fmt::Display) {
    println!(
        "EVCXR_BEGIN_CONTENT text/html\n{html}\nEVCXR_END_CONTENT\n\
         EVCXR_BEGIN_CONTENT text/plain\n{text}\nEVCXR_END_CONTENT"
    );
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Turns `words between backticks` into code; a lone backtick stays as it is.
fn with_code(escaped: &str) -> String {
    let parts: Vec<&str> = escaped.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped.to_owned();
    }
    let mut html = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 {
            write!(html, "<code>{part}</code>").expect("writing to a string");
        } else {
            html.push_str(part);
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feedback() -> Feedback {
        Feedback::new("centre", Outcome::NotYet, "Mind `Axis(0)`.\nA & B <script>")
            .with("points", "[[1.0, 2.0],\n [3.0, 4.0]]")
            .with("got", "1 < 2")
    }

    #[test]
    fn html_shows_code_and_lets_no_markup_through() {
        let html = feedback().to_html();
        assert!(html.contains("<code>Axis(0)</code>"), "{html}");
        assert!(html.contains("A &amp; B &lt;script&gt;"), "{html}");
        assert!(html.contains(">1 &lt; 2</pre>"), "{html}");
        assert!(!html.contains("<script"), "{html}");
    }

    #[test]
    fn plain_text_lines_values_up_and_names_the_outcome_in_words() {
        assert_eq!(
            feedback().to_string(),
            "△ Not there yet: centre\nMind `Axis(0)`.\nA & B <script>\n  points  [[1.0, 2.0],\n           [3.0, 4.0]]\n  got     1 < 2"
        );
    }

    #[test]
    fn a_lone_backtick_stays() {
        assert_eq!(with_code("a ` b"), "a ` b");
    }
}
