//! Runs a learner's function so that nothing it does reaches the kernel.

use crate::interrupt;
use std::panic::{set_hook, take_hook};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// What came of one call.
pub(super) enum Attempt<T> {
    /// It came back with a value.
    Value(T),
    /// It met a `todo!()`.
    Todo,
    /// It panicked, with this message.
    Panicked(String),
    /// It did not come back in time.
    Endless,
    /// The learner did not want to wait for it.
    Interrupted,
}

/// How long one call on a tiny input may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// From one look for an interrupt to the next.
const LOOK: Duration = Duration::from_millis(100);

const THREAD: &str = "the learner's function";

/// Calls `function` in a thread of its own: a panic ends that thread alone, and a loop without an
/// end is left behind there.
pub(super) fn attempt<T: Send + 'static>(
    function: impl FnOnce() -> T + Send + 'static,
) -> Attempt<T> {
    attempt_within(PATIENCE, function)
}

fn attempt_within<T: Send + 'static>(
    patience: Duration,
    function: impl FnOnce() -> T + Send + 'static,
) -> Attempt<T> {
    quietly(|| {
        let (sender, receiver) = channel();
        let thread = thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || sender.send(function()));
        let Ok(thread) = thread else {
            return Attempt::Panicked("the system could not start a thread for it".to_owned());
        };
        let start = Instant::now();
        let mut answer = receiver.recv_timeout(LOOK.min(patience));
        while matches!(answer, Err(RecvTimeoutError::Timeout)) && start.elapsed() < patience {
            if interrupt::requested() {
                return Attempt::Interrupted;
            }
            answer = receiver.recv_timeout(LOOK.min(patience.saturating_sub(start.elapsed())));
        }
        match answer {
            Ok(value) => Attempt::Value(value),
            Err(RecvTimeoutError::Timeout) => Attempt::Endless,
            Err(RecvTimeoutError::Disconnected) => match thread.join() {
                Err(payload) => {
                    let message = crate::notebook::panic_message(&*payload);
                    if message.starts_with("not yet implemented")
                        || message.starts_with("not implemented")
                    {
                        Attempt::Todo
                    } else {
                        Attempt::Panicked(message)
                    }
                }
                Ok(_) => unreachable!("a thread that ends without a panic has sent its value"),
            },
        }
    })
}

/// Keeps panics on the learner's thread silent while `run` runs; all others are reported as before.
fn quietly<T>(run: impl FnOnce() -> T) -> T {
    // The hook belongs to the whole process: two checks (tests run side by side) take turns.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);

    let before = Arc::new(take_hook());
    let others = Arc::clone(&before);
    set_hook(Box::new(move |info| {
        if thread::current().name() != Some(THREAD) {
            others(info);
        }
    }));
    let result = run();
    drop(take_hook());
    if let Ok(hook) = Arc::try_unwrap(before) {
        set_hook(hook);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_a_todo_and_a_panic_are_told_apart() {
        assert!(matches!(attempt(|| 3), Attempt::Value(3)));
        assert!(matches!(attempt(|| -> i32 { todo!() }), Attempt::Todo));
        assert!(matches!(
            attempt(|| -> i32 { todo!("the second half") }),
            Attempt::Todo
        ));
        match attempt(|| -> i32 { panic!("no {}", "luck") }) {
            Attempt::Panicked(message) => assert_eq!(message, "no luck"),
            _ => panic!("the panic was not noticed"),
        }
    }

    #[test]
    fn a_function_that_never_comes_back_is_left_behind() {
        let endless = || -> i32 {
            loop {
                thread::park();
            }
        };
        assert!(matches!(
            attempt_within(Duration::from_millis(50), endless),
            Attempt::Endless
        ));
    }
}
