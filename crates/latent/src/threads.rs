//! The threads that share out a piece of work.
//!
//! A cell of a notebook cannot share a thread pool with the next one, so there is no global one. A
//! [`Pool`] is made for one piece of work, and what is called inside of it uses its threads;
//! outside of it, everything runs on the calling thread. Work is cut into pieces by the sizes of
//! the arrays alone, never by the number of threads, and each piece adds up its numbers in one
//! order: the result has the same bits on any number of threads.

use rayon::prelude::*;

/// Elements of an array that one thread takes at a time: a few microseconds' work.
pub(crate) const PIECE: usize = 1 << 14;

/// The threads of one piece of work; they end when it is dropped.
pub(crate) struct Pool(Option<rayon::ThreadPool>);

impl Pool {
    /// A system that grants no more threads gets one: slower, but with the same result.
    pub(crate) fn new(threads: usize) -> Self {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
        Self((threads > 1).then(|| builder.build().ok()).flatten())
    }

    pub(crate) fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.0 {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

/// Runs `work` on its own pool of `threads`, which ends with it.
pub(crate) fn with_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    Pool::new(threads).run(work)
}

/// The number of threads if the user does not say: what the system can run at once.
pub(crate) fn available() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

pub(crate) fn inside_a_pool() -> bool {
    rayon::current_thread_index().is_some()
}

/// Runs two pieces of work that do not depend on each other, so that a thread that has nothing
/// left to do in one helps with the other.
pub(crate) fn both(a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    if inside_a_pool() {
        rayon::join(a, b);
    } else {
        a();
        b();
    }
}

/// Runs `work` on each piece, on the threads of the pool if there is one; results in order.
pub(crate) fn map_pieces<P: Send, R: Send>(
    pieces: impl Iterator<Item = P>,
    work: impl Fn(P) -> R + Sync + Send,
) -> Vec<R> {
    if inside_a_pool() {
        let pieces: Vec<P> = pieces.collect();
        pieces.into_par_iter().map(work).collect()
    } else {
        pieces.map(work).collect()
    }
}

/// Runs `work` on each piece. A thread that is free takes the next piece, so the largest pieces
/// should come first.
pub(crate) fn in_turn<P: Send>(
    pieces: impl Iterator<Item = P> + Send,
    work: impl Fn(P) + Sync + Send,
) {
    if inside_a_pool() {
        pieces.par_bridge().for_each(work);
    } else {
        pieces.for_each(work);
    }
}
