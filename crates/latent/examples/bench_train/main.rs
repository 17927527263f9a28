//! Training speed, for `cargo xtask bench train`: each line on standard input is a request, and is
//! answered with a line of JSON; see `training.rs`.
//!
//! ```text
//! echo plain 784,512,256,2 128 3 2 1 | cargo run --release -p latent --example bench_train
//! echo peak 2                        | cargo run --release -p latent --example bench_train
//! ```
//!
//! The second one asks what products of 1000 x 1000 matrices reach on so many threads.

mod training;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use latent::prelude::*;
use std::time::Instant;

fn main() -> Result<()> {
    let mnist = Mnist::load()?;
    for request in std::io::stdin().lines().map_while(std::io::Result::ok) {
        match request.strip_prefix("peak ") {
            Some(threads) => {
                let threads = threads.trim().parse().expect("peak THREADS");
                println!("{{\"peak_gflops\": {}}}", peak_gflops(threads));
            }
            None => println!("{}", training::training(&mnist, &request)?),
        }
    }
    Ok(())
}

/// The best of twenty products, of which each thread makes some columns.
fn peak_gflops(threads: usize) -> f64 {
    const SIDE: usize = 1000;
    let (a, b) = (vec![0.5_f32; SIDE * SIDE], vec![0.25_f32; SIDE * SIDE]);
    let mut product = vec![0.0_f32; SIDE * SIDE];
    let a = MatRef::from_column_major_slice(&a, SIDE, SIDE);
    let width = SIDE.div_ceil(threads.max(1));
    let times = (0..20).map(|_| {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for (b, product) in b.chunks(width * SIDE).zip(product.chunks_mut(width * SIDE)) {
                scope.spawn(move || {
                    let columns = b.len() / SIDE;
                    let b = MatRef::from_column_major_slice(b, SIDE, columns);
                    let product = MatMut::from_column_major_slice_mut(product, SIDE, columns);
                    matmul(product, Accum::Replace, a, b, 1.0, Par::Seq);
                });
            }
        });
        start.elapsed().as_secs_f64()
    });
    2.0 * (SIDE as f64).powi(3) / times.fold(f64::INFINITY, f64::min) / 1e9
}
