//! Training speed, for `cargo xtask bench train`: each line on standard input is a request, and is
//! answered with a line of JSON; see `training.rs`.
//!
//! ```text
//! echo 784,512,256,2 128 3 2 1 | cargo run --release -p latent --example bench_train
//! echo peak 2              | cargo run --release -p latent --example bench_train
//! ```
//!
//! The second one asks what products of 1000 x 1000 matrices reach on so many threads.

mod training;

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

/// The best of twenty products.
fn peak_gflops(threads: usize) -> f64 {
    const SIDE: usize = 1000;
    let (a, b) = (vec![0.5_f32; SIDE * SIDE], vec![0.25_f32; SIDE * SIDE]);
    let mut product = vec![0.0_f32; SIDE * SIDE];
    let (columns, rows) = (1, SIDE as isize);
    let times = (0..20).map(|_| {
        let start = Instant::now();
        // SAFETY: three matrices of SIDE x SIDE, row by row, of which one is written to.
        unsafe {
            gemm::gemm(
                SIDE,
                SIDE,
                SIDE,
                product.as_mut_ptr(),
                columns,
                rows,
                false,
                a.as_ptr(),
                columns,
                rows,
                b.as_ptr(),
                columns,
                rows,
                0.0,
                1.0,
                false,
                false,
                false,
                gemm::Parallelism::Rayon(threads),
            );
        }
        start.elapsed().as_secs_f64()
    });
    2.0 * (SIDE as f64).powi(3) / times.fold(f64::INFINITY, f64::min) / 1e9
}
