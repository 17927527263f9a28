//! Training speed, for `cargo xtask bench train`: each line on standard input is a request, and is
//! answered with a line of JSON; see [`latent::bench::training`].
//!
//! ```text
//! echo 784,512,256,2 128 3 2 1 | cargo run --release -p latent --example bench_train
//! ```

use latent::prelude::*;

fn main() -> Result<()> {
    let mnist = Mnist::load()?;
    for request in std::io::stdin().lines().map_while(std::io::Result::ok) {
        println!("{}", latent::bench::training(&mnist, &request)?);
    }
    Ok(())
}
