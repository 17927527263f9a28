//! Whether the learner has interrupted the cell (menu **Kernel > Interrupt Kernel**).
//!
//! Code that takes seconds asks this between its steps:
//!
//! ```text
//! interrupted, and there is a part of the result    end with it: a training, with its best weights
//! interrupted, and there is none                     Err(Error::Interrupted)
//! ```
//!
//! The launcher of the kernel writes a file when the button is pressed, and removes it when the
//! cell is over. Whoever ends with a part of the result renames it: the rest of the cell then runs
//! as usual, so that nothing it makes is lost, and only further trainings end at once. A cell that
//! does not react is ended by the launcher after some seconds, together with all variables.

use crate::error::{Error, Result};
use crate::signs;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Milliseconds from one look at the files to the next.
const PAUSE: u64 = 50;

struct Files {
    asked: PathBuf,
    stopped: PathBuf,
    start: Instant,
    /// The time of the next look, in milliseconds from the start.
    next: AtomicU64,
}

/// The files, if it is time to look at them.
fn files() -> Option<&'static Files> {
    static FILES: OnceLock<Option<Files>> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        Some(Files {
            asked: signs::file("interrupt")?,
            stopped: signs::file("stopped")?,
            start: Instant::now(),
            next: AtomicU64::new(0),
        })
    });
    let files = files.as_ref()?;
    let now = files.start.elapsed().as_millis() as u64;
    (now >= files.next.load(Ordering::Relaxed)).then_some(files)
}

impl Files {
    /// Only a "no" holds for a while: an interrupt is over as soon as somebody has stopped.
    fn nothing_there(&self) {
        let now = self.start.elapsed().as_millis() as u64;
        self.next.store(now + PAUSE, Ordering::Relaxed);
    }
}

/// Whether this cell was interrupted. For loops of your own that can end with what they have:
/// after a "yes" the rest of the cell runs as usual, and further loops that ask are told the same.
///
/// ```
/// use latent::interrupt;
/// let mut sum = 0.0;
/// for i in 1..1_000_000 {
///     if interrupt::requested() {
///         break;
///     }
///     sum += 1.0 / f64::from(i);
/// }
/// ```
pub fn requested() -> bool {
    let Some(files) = files() else {
        return false;
    };
    if files.asked.exists() {
        let _ = fs::rename(&files.asked, &files.stopped);
        return true;
    }
    let stopped = files.stopped.exists();
    if !stopped {
        files.nothing_there();
    }
    stopped
}

/// For code that has nothing to show before its end.
///
/// ```
/// use latent::interrupt;
/// use latent::prelude::*;
/// fn sum(n: u32) -> Result<f64> {
///     let mut sum = 0.0;
///     for i in 1..=n {
///         interrupt::check()?;
///         sum += 1.0 / f64::from(i);
///     }
///     Ok(sum)
/// }
/// assert_eq!(sum(2)?, 1.5);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Interrupted`] if this cell was interrupted, and nothing has stopped for it yet.
pub fn check() -> Result<()> {
    let Some(files) = files() else {
        return Ok(());
    };
    if files.asked.exists() {
        return Err(Error::Interrupted);
    }
    if !files.stopped.exists() {
        files.nothing_there();
    }
    Ok(())
}
