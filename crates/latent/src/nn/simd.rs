//! Loops that use the processor's wide instructions.
//!
//! A notebook's cells, like most programs, are compiled for the oldest processor of the family:
//! four numbers at a time, where nearly all of today's take eight. So [`wide!`] compiles a
//! function twice and picks at run time what the processor can do. Only the width differs, not
//! one operation: both give the same bits.
//!
//! The compiler can turn a loop into wide instructions only if all in it is plain arithmetic. The
//! standard library's `exp` and `ln` are calls into the system's mathematics library; those below
//! are polynomials.

/// Compiles a function for the baseline processor and for AVX2, and picks at run time.
macro_rules! wide {
    (
        $(#[$meta:meta])*
        $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block
    ) => {
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) $(-> $result)? {
            #[inline(always)]
            fn plain($($arg: $type),*) $(-> $result)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn with_avx2($($arg: $type),*) $(-> $result)? {
                    plain($($arg),*)
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the processor was just asked, and has AVX2.
                    return unsafe { with_avx2($($arg),*) };
                }
            }
            plain($($arg),*)
        }
    };
}
pub(crate) use wide;

/// e^x, to within two units in the last place; inputs beyond ±87 count as ±87.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let (power, rest) = exp_parts(x);
    power * rest + power
}

/// e^x - 1, exact near 0 too.
#[inline(always)]
pub(crate) fn exp_m1(x: f32) -> f32 {
    let (power, rest) = exp_parts(x);
    power * rest + (power - 1.0)
}

/// (p, q) with e^x = p (1 + q), where p is a power of two.
///
/// With n the whole number nearest to x / ln 2, e^x = 2^n e^r, and r lies within ±0.35, where
/// seven terms of the exponential series are exact to the last bit of an f32.
#[inline(always)]
fn exp_parts(x: f32) -> (f32, f32) {
    // Adding 1.5 * 2^23 leaves no bits for the fraction: the sum is rounded to a whole number,
    // which then stands in its lowest bits.
    const ROUND: f32 = 12_582_912.0;
    // ln 2 in two parts: the first has so few bits that n times it is exact.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;

    let x = x.clamp(-87.0, 87.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    let tail = 0.5
        + r * (1.0 / 6.0
            + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0)))));
    let rest = r + r * r * tail;
    // 2^n: its exponent field is n + 127.
    let exponent = shifted
        .to_bits()
        .wrapping_sub(ROUND.to_bits())
        .wrapping_add(127);
    (f32::from_bits(exponent << 23), rest)
}

/// ln x for x >= 0, to within two units in the last place; minus infinity at 0, and for the
/// denormal numbers below 1e-38, -87 or a little less. Not a number for what is below 0.
///
/// With x = 2^n m and m between sqrt(1/2) and sqrt(2), ln x = n ln 2 + 2 artanh((m-1) / (m+1)).
#[inline(always)]
pub(crate) fn ln(x: f32) -> f32 {
    let bits = x.to_bits();
    // Counting from the bits of sqrt(1/2) puts m on both sides of 1.
    const SQRT_HALF: u32 = 0x3f35_04f3;
    let n = (bits.wrapping_sub(SQRT_HALF) as i32) >> 23;
    let m = f32::from_bits(bits.wrapping_sub((n as u32) << 23));
    let s = (m - 1.0) / (m + 1.0);
    let q = s * s;
    let series = 1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q / 11.0)));
    let ln_m = 2.0 * s + 2.0 * s * q * series;
    let sum = n as f32 * std::f32::consts::LN_2 + ln_m;
    if x > 0.0 {
        sum
    } else if x == 0.0 {
        f32::NEG_INFINITY
    } else {
        f32::NAN
    }
}

/// The sum of `f(a, b)` over two slices of the same length, in sixteen running sums, so that wide
/// instructions can keep them side by side.
#[inline(always)]
pub(crate) fn sum(a: &[f32], b: &[f32], f: impl Fn(f32, f32) -> f32) -> f64 {
    const LANES: usize = 16;
    let mut sums = [0.0_f32; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a_chunks.remainder().iter().zip(b_chunks.remainder());
    let rest: f32 = rest.map(|(&a, &b)| f(a, b)).sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for lane in 0..LANES {
            sums[lane] += f(a[lane], b[lane]);
        }
    }
    sums.iter().map(|&s| f64::from(s)).sum::<f64>() + f64::from(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_and_ln_are_good_to_the_last_digits() {
        for i in -87_000..=87_000 {
            let x = i as f32 / 1000.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 2.5e-7, "exp({x})");
            let exact = f64::from(x).exp_m1();
            let off = (f64::from(exp_m1(x)) - exact).abs();
            assert!(off <= 3e-7 * exact.abs(), "exp_m1({x}) off by {off}");
            let positive = exp(x);
            let exact = f64::from(positive).ln();
            assert!((f64::from(ln(positive)) - exact).abs() <= 2.5e-7 * exact.abs().max(1e-6));
        }
        assert_eq!(ln(0.0), f32::NEG_INFINITY);
        assert!(exp(f32::NAN).is_nan() && ln(f32::NAN).is_nan());
        assert_eq!((exp(0.0), exp_m1(0.0), ln(1.0)), (1.0, 0.0, 0.0));
    }

    #[test]
    fn sums_take_in_every_element() {
        for n in [0, 1, 15, 16, 17, 100] {
            let a: Vec<f32> = (0..n).map(|i| i as f32).collect();
            let expected: f64 = a.iter().map(|&x| f64::from(x) * 2.0).sum();
            assert_eq!(sum(&a, &a, |x, y| x + y), expected);
        }
    }
}
