//! The solvers that find the components, and which one runs when.

/// How the components are found, as scikit-learn's `svd_solver`. All solvers find the same
/// components, up to rounding.
///
/// | solver | what it does | `Auto` takes it for |
/// | --- | --- | --- |
/// | [`Lobpcg`](Solver::Lobpcg) | linfa's iteration for a few leading eigenvectors | n >= m and k <= m / 32 |
/// | [`Full`](Solver::Full) | all eigenvectors of the covariance | n >= m and k > m / 32 |
/// | [`Svd`](Solver::Svd) | the thin singular value decomposition of the centred samples | n < m |
///
/// n is the number of samples, m that of the features that vary (of MNIST's 784 pixels, 717), k
/// that of the components. The reasons, measured on MNIST's 60,000 training images, 2 cores:
///
/// - From the covariance, all eigenvectors take 47 ms, linfa's iteration with its checks 15 ms for
///   k = 2, 22 ms for k = 8, 42 ms for k = 22 = m / 32, 51 ms for k = 24, and 64 ms for k = 32.
/// - Fewer samples than features: with 200 images (m = 528) the SVD takes 6 ms, and 13 ms by way
///   of the covariance, which would be the larger matrix. From about n = m / 2 on, the SVD is the
///   slower one (600 images, m = 587: 48 against 28 ms), but it stays within the memory of the
///   samples and keeps the small variances exact, since nothing is squared.
///
/// ```
/// use latent::prelude::*;
/// let samples = array![[1.0, 1.0, 0.0], [2.0, 2.0, 0.1]]; // fewer samples than features
/// let pca = Pca::fit(&samples, 1)?;
/// assert_eq!(pca.solver(), Solver::Svd); // what `Auto` stands for here
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Solver {
    /// The fastest one for the shape of the data, by the table above (default). If linfa's
    /// iteration does not converge, all eigenvectors are computed instead:
    /// [`Pca::solver`](super::Pca::solver) tells.
    #[default]
    Auto,
    /// linfa's `Pca`: LOBPCG. Its answer is checked; if it did not converge, or missed a direction
    /// of more variance, that is an error. Needs five features and five samples for each
    /// component.
    Lobpcg,
    /// All eigenvectors of the covariance (m, m), by faer.
    Full,
    /// The thin singular value decomposition of the centred samples (n, m) in f64, by faer: exact
    /// even for variances that are tiny beside the largest, but it needs the memory of the samples
    /// in f64 five times.
    Svd,
}

impl Solver {
    /// Those that a fitted PCA can name: `Auto` stands for one of them.
    pub(super) const FITTED: [Self; 3] = [Self::Lobpcg, Self::Full, Self::Svd];

    /// The name in a file.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Auto => "Auto",
            Self::Lobpcg => "Lobpcg",
            Self::Full => "Full",
            Self::Svd => "Svd",
        }
    }
}

/// For up to one component of so many features, linfa's iteration is the faster one.
const FEW: usize = 32;

/// What [`Solver::Auto`] stands for: `k` components of `n` samples of `m` features that vary.
pub(super) fn choose(n: usize, m: usize, k: usize) -> Solver {
    if n < m {
        Solver::Svd
    } else if k * FEW <= m {
        Solver::Lobpcg
    } else {
        Solver::Full
    }
}

/// Bytes that a solver needs at most, above the samples (a test counts them).
pub(super) fn memory(solver: Solver, n: usize, m: usize) -> u64 {
    let (n, m) = (n as u128, m as u128);
    let numbers = match solver {
        Solver::Svd => 5 * n * m,
        Solver::Lobpcg if n < m => 3 * n * m + 2 * n * n,
        Solver::Lobpcg => 4 * m * m,
        Solver::Auto | Solver::Full => 6 * m * m,
    };
    u64::try_from(8 * numbers).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_borders_are_where_the_table_has_them() {
        assert_eq!(choose(60_000, 717, 22), Solver::Lobpcg);
        assert_eq!(choose(60_000, 717, 23), Solver::Full);
        assert_eq!(choose(717, 717, 1), Solver::Lobpcg);
        assert_eq!(choose(716, 717, 1), Solver::Svd);
        assert_eq!(choose(100, 31, 1), Solver::Full);
    }
}
