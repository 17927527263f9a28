//! Random numbers: the same seed gives the same bits on any number of threads. (Normal numbers go
//! through the system's logarithm and cosine, whose last bits can differ between systems.)

use rand::seq::SliceRandom;
use rand::{Rng, RngCore, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The random number generator of the whole crate, xoshiro256++.
pub(crate) fn random(seed: u64) -> impl RngCore {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// The numbers 0..n in an order that depends on `seed` alone.
pub(crate) fn shuffled(n: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(&mut random(seed));
    order
}

/// A number from the standard normal distribution (Box & Muller 1958).
pub(crate) fn normal(rng: &mut impl RngCore) -> f64 {
    let (radius, angle): (f64, f64) = (1.0 - rng.r#gen::<f64>(), rng.r#gen());
    (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}
