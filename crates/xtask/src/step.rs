//! One step of the set-up: known to be done or not, told before it runs, explained when it fails.

use crate::said::Said;
use anyhow::{Context, Result};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How often a step that takes long says that it goes on.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

pub struct Step<'a> {
    /// What there is when the step is done.
    pub title: &'a str,
    /// How long it takes on a laptop with two cores.
    pub takes: &'a str,
    /// Why the step is still to be done, or `None`.
    pub missing: Box<dyn Fn() -> Option<String> + 'a>,
    pub run: Box<dyn Fn() -> Result<()> + 'a>,
    /// What the reader can do when it fails.
    pub advice: &'a str,
}

impl Step<'_> {
    /// Does what is missing. What the programs of the step say is kept in the file `log` if it fails.
    /// `number` is the step's place among all: "3 of 9".
    pub fn ensure(&self, number: &str, log: &Path) -> Result<()> {
        let Some(reason) = (self.missing)() else {
            println!("  ✓ {}", self.title);
            return Ok(());
        };
        println!(
            "  … step {number}, {}: {reason}; this takes about {}",
            self.title, self.takes
        );
        let start = Instant::now();
        let said = Said::keep(log);
        let done = self.run_with_signs_of_life(start);
        done.with_context(|| {
            let place = said.place().map_or_else(String::new, |log| {
                format!("\nAll that this step said: {}", log.display())
            });
            format!(
                "The set-up stopped at: {} (step {number}, after {}).\nWhat to do: {}{place}\n",
                self.title,
                seconds(start),
                self.advice
            )
        })?;
        said.forget();
        println!("  ✓ {} ({})", self.title, seconds(start));
        Ok(())
    }

    fn run_with_signs_of_life(&self, start: Instant) -> Result<()> {
        let (end, ended) = mpsc::channel::<()>();
        let takes = self.takes;
        thread::scope(|scope| {
            scope.spawn(move || {
                while ended.recv_timeout(SIGN_OF_LIFE) == Err(RecvTimeoutError::Timeout) {
                    println!("    {} so far, of about {takes}", seconds(start));
                }
            });
            let done = (self.run)();
            drop(end);
            done
        })
    }

    /// Says whether the step is done and changes nothing.
    pub fn report(&self) -> bool {
        match (self.missing)() {
            None => {
                println!("  ✓ {}", self.title);
                true
            }
            Some(reason) => {
                println!("  ✗ {}: {reason} (would take {})", self.title, self.takes);
                false
            }
        }
    }
}

/// The time since `start`, as a person would say it.
pub fn seconds(start: Instant) -> String {
    let time = start.elapsed().as_secs_f64();
    if time < 100.0 {
        format!("{time:.1} s")
    } else {
        format!("{:.0} min {:02.0} s", (time / 60.0).floor(), time % 60.0)
    }
}
