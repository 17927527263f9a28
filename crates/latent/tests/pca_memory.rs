//! The memory that PCA takes above its samples, counted by an allocator of our own.

use latent::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = IN_USE.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Eight sums of d x d for eight parts of the samples made it 9 d^2 for the covariance alone.
#[test]
fn no_solver_takes_more_than_it_says() {
    let (n, d) = (1500, 1400);
    let samples = Array2::from_shape_fn((n, d), |(row, column)| {
        let mixed = (row as u32 * 1400 + column as u32).wrapping_mul(2_654_435_761);
        (mixed >> 8) as f32 / 16_777_216.0 * (1.0 + column as f32 / 140.0)
    });
    let wide = samples.slice(s![..200, ..]);
    let (full, lobpcg) = (Solver::Full, Solver::Lobpcg);
    for (samples, solver, k, numbers) in [
        (samples.view(), lobpcg, 4, 4 * d * d),
        (samples.view(), full, d, 6 * d * d),
        (wide, Solver::Svd, 4, 5 * 200 * d),
        (wide, lobpcg, 4, 3 * 200 * d + 2 * 200 * 200),
    ] {
        let before = IN_USE.load(Relaxed);
        PEAK.store(before, Relaxed);
        let pca = Pca::params(k).solver(solver).fit(&samples).unwrap();
        let taken = (PEAK.load(Relaxed) - before) as f64 / 8.0;
        println!(
            "{solver:?}: {:.2} of {numbers} numbers",
            taken / numbers as f64
        );
        // The rest: a block of centred samples, and the buffers of its products.
        let rest = 3 * 512 * d + 100_000;
        assert!(
            taken <= (numbers + rest) as f64,
            "{solver:?}: {taken} for {numbers}, {:.2} d^2",
            taken / (d * d) as f64
        );
        drop(pca);
    }
}
