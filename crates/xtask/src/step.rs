//! One step of the set-up: known to be done or not, told before it runs, explained when it fails.

use anyhow::{Context, Result};
use std::time::Instant;

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
    /// Does what is missing.
    pub fn ensure(&self) -> Result<()> {
        let Some(reason) = (self.missing)() else {
            println!("  ✓ {}", self.title);
            return Ok(());
        };
        println!("  … {}: {reason}; this takes {}", self.title, self.takes);
        let start = Instant::now();
        (self.run)().with_context(|| {
            format!(
                "The set-up stopped at: {}.\nWhat to do: {}",
                self.title, self.advice
            )
        })?;
        println!("  ✓ {} ({})", self.title, seconds(start));
        Ok(())
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
