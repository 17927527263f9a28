//! Training speed of this crate: one line of JSON, for `cargo xtask bench train`.
//!
//! ```text
//! cargo run --release -p latent --example bench_train -- \
//!     [--layers 784,512,256,2] [--batch 128] [--epochs 3] [--threads 2] [--images 50000]
//! ```
//!
//! `images_per_second` is that of the fastest epoch: on a shared machine the others tell more of
//! the neighbours. `gflops` counts the products of matrices that a training needs, and
//! `peak_gflops` is what products of two 1000 x 1000 matrices reach in the same process.

use latent::bench;
use latent::prelude::*;

fn main() -> Result<()> {
    let mut layers = vec![784, 512, 256, 2];
    let (mut batch, mut epochs, mut threads, mut images) = (128, 3, None, 50_000);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    for pair in arguments.chunks(2) {
        let [name, value] = pair else {
            panic!("{} needs a value", pair[0]);
        };
        let number = || value.parse().expect("a number");
        match name.as_str() {
            "--layers" => {
                let sizes = value.split(',').map(|size| size.parse().expect("a number"));
                layers = sizes.collect();
            }
            "--batch" => batch = number(),
            "--epochs" => epochs = number(),
            "--threads" => threads = Some(number()),
            "--images" => images = number(),
            _ => panic!("there is no option {name}"),
        }
    }
    let train = Mnist::load()?.train.take(images).samples;
    println!(
        "{}",
        bench::training(&train, &layers, batch, epochs, threads)?
    );
    Ok(())
}
