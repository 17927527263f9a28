//! The panic hook belongs to the whole process, so this test has a process of its own.

use latent::exercise::Outcome;
use latent::exercise::start::check_firing_rate;
use std::panic::{set_hook, take_hook};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn a_check_keeps_the_learners_panic_silent_and_puts_the_hook_back() {
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    set_hook(Box::new(|_| {
        SEEN.fetch_add(1, Ordering::SeqCst);
    }));
    let feedback = check_firing_rate(|_, _| panic!("quiet"));
    let during = SEEN.load(Ordering::SeqCst);
    let other = thread::spawn(|| panic!("loud")).join();
    let after = SEEN.load(Ordering::SeqCst);
    drop(take_hook());

    assert_eq!(feedback.outcome(), Outcome::NotYet);
    assert!(other.is_err());
    assert_eq!((during, after), (0, 1));
}
