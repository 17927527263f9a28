//! From samples to a fitted PCA.

use super::eigen::{self, Directions};
use super::model::Pca;
use super::solver::{self, Solver};
use super::{covariance, lobpcg};
use crate::check;
use crate::error::{Error, Result};
use crate::interrupt;
use crate::memory;
use crate::threads;
use ndarray::{Array1, Array2, ArrayView2, s};

pub(super) fn fit(samples: ArrayView2<'_, f32>, k: usize, solver: Solver) -> Result<Pca> {
    let (n, d) = samples.dim();
    check::not_empty("the data for PCA", &samples)?;
    if n < 2 {
        return Err(Error::TooFewSamples {
            needed: 2,
            samples: n,
        });
    }
    if k == 0 || k > n.min(d) {
        return Err(Error::Components {
            asked: k,
            samples: n,
            features: d,
            most: n.min(d),
        });
    }
    threads::with_threads(threads::available(), || {
        let summary = covariance::summary(samples);
        if !summary.finite {
            check::finite("the data for PCA", &samples)?;
        }
        let centred = Centred {
            samples,
            mean: summary.mean,
            varies: summary.varies,
        };
        let found = centred.solve(k, solver)?;
        Ok(centred.into_pca(found, k))
    })
}

/// Samples (n, d) with their mean (d), and the columns that vary (m).
struct Centred<'a> {
    samples: ArrayView2<'a, f32>,
    mean: Array1<f64>,
    varies: Vec<usize>,
}

/// The directions in the m columns that vary, and how they were found.
struct Found {
    directions: Directions,
    total_variance: f64,
    solver: Solver,
}

impl Centred<'_> {
    /// At most `k` directions: there are no more than columns that vary.
    fn solve(&self, k: usize, asked: Solver) -> Result<Found> {
        let (n, m) = (self.samples.nrows(), self.varies.len());
        if m == 0 {
            return Ok(nothing_varies(n, self.mean.len(), asked));
        }
        let k = k.min(m);
        let chosen = match asked {
            Solver::Auto => solver::choose(n, m, k),
            other => other,
        };
        // Auto may fall back from linfa's iteration to all eigenvectors.
        let dearest = match (asked, chosen) {
            (Solver::Auto, Solver::Lobpcg) => Solver::Full,
            _ => chosen,
        };
        let needed = solver::memory(dearest, n, m);
        memory::check(
            || format!("PCA of {n} samples with {m} features that vary"),
            needed,
        )?;

        if chosen == Solver::Svd || (chosen == Solver::Lobpcg && n < m) {
            interrupt::check()?;
            let x = self.to_f64();
            let total_variance = x.iter().map(|x| x * x).sum::<f64>() / (n - 1) as f64;
            let directions = match chosen {
                Solver::Lobpcg => lobpcg::of_samples(&x, k).map_err(not_converged(k, m))?,
                _ => eigen::thin_svd(&x, k).ok_or(self.no_decomposition())?,
            };
            return Ok(Found {
                directions,
                total_variance,
                solver: chosen,
            });
        }
        let covariance = covariance::covariance(self.samples, &self.varies, &self.mean)?;
        interrupt::check()?;
        let total_variance = covariance.diag().sum();
        if chosen == Solver::Lobpcg {
            let found = lobpcg::of_covariance(&covariance, k);
            if asked == Solver::Lobpcg || found.is_ok() {
                return Ok(Found {
                    directions: found.map_err(not_converged(k, m))?,
                    total_variance,
                    solver: Solver::Lobpcg,
                });
            }
        }
        interrupt::check()?;
        Ok(Found {
            directions: eigen::full(&covariance, k).ok_or(self.no_decomposition())?,
            total_variance,
            solver: Solver::Full,
        })
    }

    /// The centred samples in the columns that vary: (n, m).
    fn to_f64(&self) -> Array2<f64> {
        let shape = (self.samples.nrows(), self.varies.len());
        Array2::from_shape_fn(shape, |(row, index)| {
            let column = self.varies[index];
            f64::from(self.samples[[row, column]]) - self.mean[column]
        })
    }

    fn no_decomposition(&self) -> Error {
        let (samples, features) = self.samples.dim();
        Error::NoDecomposition { samples, features }
    }

    /// Puts the directions into all d columns, with the signs of scikit-learn. Components beyond
    /// the number of columns that vary have no variance: they are axes that never change.
    fn into_pca(self, found: Found, k: usize) -> Pca {
        let (n, d) = self.samples.dim();
        let Directions { variances, vectors } = found.directions;
        let ranks = variances.len();
        let mut explained_variance = Array1::zeros(k);
        explained_variance.slice_mut(s![..ranks]).assign(&variances);
        explained_variance.mapv_inplace(|variance: f64| variance.max(0.0));
        let mut components = Array2::zeros((k, d));
        for (mut component, vector) in components.rows_mut().into_iter().zip(vectors.rows()) {
            let largest = vector.iter().fold(
                0.0_f64,
                |best, &x| if x.abs() > best.abs() { x } else { best },
            );
            for (&column, &x) in self.varies.iter().zip(vector) {
                component[column] = (x * largest.signum()) as f32;
            }
        }
        let never_change = (0..d).filter(|column| self.varies.binary_search(column).is_err());
        for (rank, column) in (ranks..k).zip(never_change) {
            components[[rank, column]] = 1.0;
        }
        Pca {
            components,
            mean: self.mean.mapv(|x| x as f32),
            explained_variance,
            total_variance: found.total_variance,
            samples: n,
            solver: found.solver,
        }
    }
}

/// Samples that are all the same have no direction of any variance, and nothing has to be solved.
fn nothing_varies(n: usize, d: usize, asked: Solver) -> Found {
    Found {
        directions: Directions {
            variances: Array1::zeros(0),
            vectors: Array2::zeros((0, 0)),
        },
        total_variance: 0.0,
        solver: match asked {
            Solver::Auto if n < d => Solver::Svd,
            Solver::Auto => Solver::Full,
            other => other,
        },
    }
}

fn not_converged(components: usize, features: usize) -> impl Fn(&'static str) -> Error {
    move |problem| Error::NotConverged {
        components,
        features,
        problem,
    }
}
