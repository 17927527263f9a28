//! The line that is printed after each epoch.
//!
//! Whole lines on standard output, since a notebook's kernel forwards nothing else in time.

use super::History;
use std::time::{Duration, Instant};

pub(crate) struct Progress {
    wanted: bool,
    epochs: usize,
    /// Epochs that were over before.
    before: usize,
    start: Instant,
}

impl Progress {
    pub(crate) fn new(wanted: bool, epochs: usize, before: usize) -> Self {
        Self {
            wanted,
            epochs,
            before,
            start: Instant::now(),
        }
    }

    /// After each epoch.
    pub(crate) fn epoch(&self, history: &History) {
        if self.wanted {
            println!(
                "{}",
                line(history, self.epochs, self.before, self.start.elapsed())
            );
        }
    }

    /// Once, if the training ends before its epochs do.
    pub(crate) fn stopped(&self, patience: usize, history: &History) {
        if self.wanted {
            println!(
                "stopped: no better validation loss for {patience} epochs; the best was epoch {}",
                history.best_epoch
            );
        }
    }

    /// Once, if the learner stopped the training: said in any case, since the cell looks as if it
    /// had run to its end.
    pub(crate) fn interrupted(&self, history: &History, best_is_kept: bool) {
        println!("{}", interruption(history, self.epochs, best_is_kept));
    }

    /// Once, at the end.
    pub(crate) fn end(&self, history: &History) {
        if self.wanted && history.made_worse() {
            println!("{}", history.worse());
        }
    }
}

fn interruption(history: &History, epochs: usize, best_is_kept: bool) -> String {
    let weights = match (best_is_kept, history.best_epoch) {
        (false, _) => "the weights are those of the last step".to_owned(),
        (true, 0) => "the weights are those from before the training".to_owned(),
        (true, best) => format!("the weights are the best so far, those of epoch {best}"),
    };
    format!(
        "interrupted in epoch {} of {epochs}: {weights}; all variables are kept",
        history.epochs() + 1
    )
}

fn line(history: &History, epochs: usize, before: usize, elapsed: Duration) -> String {
    const WIDTH: usize = 20;
    let done = history.epochs();
    let last = done - 1;
    let filled = (done * WIDTH / epochs).min(WIDTH);
    let digits = epochs.to_string().len();
    let rate = history.samples as f64 / history.seconds[last].max(1e-9);
    let left = (elapsed.as_secs_f64() / (done - before) as f64 * epochs.saturating_sub(done) as f64)
        .round() as u64;
    format!(
        "epoch {done:>digits$}/{epochs} [{}{}] training {:.5}  validation {:.5}  {rate:>6.0} samples/s  {}:{:02} left",
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        history.train_loss[last],
        history.validation_loss[last],
        left / 60,
        left % 60,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_training_says_what_weights_are_left() {
        let mut history = History {
            train_loss: vec![0.05, 0.04, 0.03],
            best_epoch: 2,
            ..History::default()
        };
        assert_eq!(
            interruption(&history, 10, true),
            "interrupted in epoch 4 of 10: the weights are the best so far, those of epoch 2; all variables are kept"
        );
        assert!(interruption(&history, 10, false).contains("of the last step"));
        history.best_epoch = 0;
        assert!(interruption(&history, 10, true).contains("before the training"));
    }

    #[test]
    fn a_line_says_where_the_training_is() {
        let history = History {
            train_loss: vec![0.05, 0.04],
            validation_loss: vec![0.06, 0.045],
            seconds: vec![2.0, 2.0],
            samples: 50_000,
            ..History::default()
        };
        assert_eq!(
            line(&history, 10, 0, Duration::from_secs(20)),
            "epoch  2/10 [####................] training 0.04000  validation 0.04500   25000 samples/s  1:20 left"
        );
    }
}
