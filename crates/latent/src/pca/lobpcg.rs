//! The leading eigenvectors of the covariance by linfa, checked.
//!
//! linfa's `Pca` finds the leading singular vectors of a matrix step by step (LOBPCG: A. V.
//! Knyazev, SIAM J. Sci. Comput. 23, 2001). It returns `Ok` whether it has converged or not, and a
//! start at right angles to a leading direction never finds it. So its answer is checked twice:
//!
//! ```text
//! C v_i = lambda_i v_i                                      these are eigenvectors ...
//! sigma I - (C - sum_i lambda_i v_i v_i^T)  is positive definite,  sigma just above lambda_k
//!                                                           ... and none larger is missing
//! ```
//!
//! The matrix of the second line has the eigenvalues sigma (for each v_i) and sigma - mu for each
//! eigenvalue mu that was not found. A Cholesky factorisation exists if all of them are positive,
//! and only then. It costs a small part of all eigenvectors.

use super::eigen::Directions;
use faer::linalg::solvers::Llt;
use faer::{MatRef, Side};
use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array1, Array2, Axis, s};

/// Features needed for each component. With fewer, the iteration does not converge: its search
/// space, three vectors for each component, takes up most of the whole space.
const FEATURES_PER_COMPONENT: usize = 5;

/// Largest residual |C v - lambda v|, as a share of the total variance, that counts as converged.
const TOLERANCE: f64 = 1e-9;

/// The first `k` eigenvectors of a covariance (m, m), or what went wrong.
///
/// linfa takes samples, not a covariance, centres them and finds their right singular vectors. Q C
/// has those of C, for any Q (m + 1, m) with orthonormal columns; and if these are at right angles
/// to a vector of ones, Q C has the mean zero already. (Q is all but the first column of the
/// reflection that exchanges the first axis and the diagonal.)
pub(super) fn of_covariance(
    covariance: &Array2<f64>,
    k: usize,
) -> Result<Directions, &'static str> {
    let m = covariance.nrows();
    let total = covariance.diag().sum();
    let vectors = {
        let mut samples = Array2::zeros((m + 1, m));
        let entry = 1.0 / ((m + 1) as f64).sqrt();
        let sums = covariance.sum_axis(Axis(0)) / variance_unit(total);
        samples.row_mut(0).assign(&(&sums * entry));
        let mut rest = samples.slice_mut(s![1.., ..]);
        rest.assign(covariance);
        rest /= variance_unit(total);
        rest -= &(sums * (entry * entry / (1.0 - entry)));
        linfa(samples, k)?
    };
    let applied = vectors.dot(covariance);
    let values = (&applied * &vectors).sum_axis(Axis(1));
    check_pairs(&applied, &values, &vectors, total)?;
    check_none_missed(covariance.to_owned(), &values, &vectors, total)?;
    Ok(Directions {
        variances: values,
        vectors,
    })
}

/// The same for fewer samples than features, from the centred samples (n, m) themselves.
pub(super) fn of_samples(centred: &Array2<f64>, k: usize) -> Result<Directions, &'static str> {
    let freedom = (centred.nrows() - 1) as f64;
    let total = centred.iter().map(|x| x * x).sum::<f64>() / freedom;
    let vectors = linfa(centred / (freedom * variance_unit(total)).sqrt(), k)?;
    let projected = vectors.dot(&centred.t());
    let applied = projected.dot(centred) / freedom;
    let values = (&applied * &vectors).sum_axis(Axis(1));
    check_pairs(&applied, &values, &vectors, total)?;
    // X X^T has the same eigenvalues and is smaller; its eigenvectors are the projections.
    let lengths = values.mapv(|value| (value * freedom).sqrt());
    let left = projected / lengths.insert_axis(Axis(1));
    check_none_missed(centred.dot(&centred.t()) / freedom, &values, &left, total)?;
    Ok(Directions {
        variances: values,
        vectors,
    })
}

/// linfa's tolerance is absolute, so data are scaled to a total variance of 100.
fn variance_unit(total: f64) -> f64 {
    total / 100.0
}

/// The first `k` right singular vectors (k, m) of samples (n, m) of mean zero.
fn linfa(samples: Array2<f64>, k: usize) -> Result<Array2<f64>, &'static str> {
    let (n, m) = samples.dim();
    if k * FEATURES_PER_COMPONENT > n.min(m) {
        return Err("it needs at least five features and five samples for each component");
    }
    let fitted = linfa_reduction::Pca::params(k).fit(&DatasetBase::from(samples));
    let fitted = fitted.map_err(|_| "a step of it failed")?;
    // Directions without variance are left out.
    if fitted.components().nrows() != k {
        return Err("the samples do not vary in so many directions");
    }
    Ok(fitted.components().to_owned())
}

/// Whether C v = lambda v for each pair, and the v are of length 1 and at right angles. `applied`
/// holds the C v, one a row.
fn check_pairs(
    applied: &Array2<f64>,
    values: &Array1<f64>,
    vectors: &Array2<f64>,
    total: f64,
) -> Result<(), &'static str> {
    let residual = applied - vectors * &values.view().insert_axis(Axis(1));
    let angles = vectors.dot(&vectors.t()) - Array2::<f64>::eye(vectors.nrows());
    let small = |x: &f64, bound: f64| x.abs() <= bound;
    if residual.iter().all(|x| small(x, TOLERANCE * total))
        && angles.iter().all(|x| small(x, TOLERANCE))
    {
        return Ok(());
    }
    Err("it did not converge")
}

/// Whether a symmetric `matrix` has no eigenvalue above the smallest of `values` but these, whose
/// eigenvectors are the rows of `vectors`.
fn check_none_missed(
    mut matrix: Array2<f64>,
    values: &Array1<f64>,
    vectors: &Array2<f64>,
    total: f64,
) -> Result<(), &'static str> {
    let smallest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let found = vectors * &values.view().insert_axis(Axis(1));
    // sum of lambda v v^T - matrix + sigma I, in place.
    ndarray::linalg::general_mat_mul(1.0, &found.t(), vectors, -1.0, &mut matrix);
    matrix
        .diag_mut()
        .map_inplace(|x| *x += smallest + TOLERANCE * total);
    let matrix = matrix.as_standard_layout();
    let values = matrix.as_slice().expect("a matrix in standard layout");
    let matrix = MatRef::from_row_major_slice(values, matrix.nrows(), matrix.ncols());
    match Llt::new(matrix, Side::Lower) {
        Ok(_) => Ok(()),
        Err(_) => Err("it missed a direction of more variance"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::eigen::{full, thin_svd};
    use super::*;
    use crate::nn::init::uniform;

    /// A covariance with the given variances along directions that are no axis.
    fn with_variances(variances: &[f64]) -> Array2<f64> {
        let m = variances.len();
        let ones = Array1::from_elem(m, 1.0 / (m as f64).sqrt());
        let mirror = Array2::from_shape_fn((m, m), |(i, j)| {
            f64::from(u8::from(i == j)) - 2.0 * ones[i] * ones[j]
        });
        mirror
            .dot(&Array2::from_diag(&Array1::from(variances.to_vec())))
            .dot(&mirror)
    }

    fn assert_same(a: &Directions, b: &Directions) {
        for rank in 0..a.variances.len() {
            let ratio = a.variances[rank] / b.variances[rank];
            assert!((ratio - 1.0).abs() < 1e-9, "{rank}: {ratio}");
            let cosine = a.vectors.row(rank).dot(&b.vectors.row(rank)).abs();
            assert!((cosine - 1.0).abs() < 1e-9, "{rank}: {cosine}");
        }
    }

    #[test]
    fn it_agrees_with_the_whole_decomposition_in_any_unit() {
        let variances: Vec<f64> = (0..40).map(|i| 0.8_f64.powi(i)).collect();
        for unit in [1.0, 1e-12, 1e12] {
            let covariance = with_variances(&variances) * unit;
            let few = of_covariance(&covariance, 3).expect("linfa converges here");
            assert_same(&few, &full(&covariance, 3).unwrap());
            assert!((few.variances[2] / (0.64 * unit) - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn fewer_samples_than_features_agree_with_the_svd() {
        let spread = Array1::from_shape_fn(90, |i| 0.9_f64.powf(i as f64));
        let samples = uniform(30, 90, 1.0, 3).mapv(f64::from) * spread;
        let centred = &samples - &samples.mean_axis(Axis(0)).unwrap();
        let few = of_samples(&centred, 4).expect("linfa converges here");
        assert_same(&few, &thin_svd(&centred, 4).unwrap());
    }

    #[test]
    fn an_answer_that_did_not_converge_is_noticed() {
        let covariance = with_variances(&[4.0, 2.0, 1.0]);
        let right = full(&covariance, 2).unwrap();
        let check = |vectors: &Array2<f64>| {
            check_pairs(&vectors.dot(&covariance), &right.variances, vectors, 7.0)
        };
        check(&right.vectors).unwrap();
        let mut turned = right.vectors.clone();
        turned[[0, 0]] += 1e-4;
        check(&turned).unwrap_err();
        let mut not_a_number = right.vectors.clone();
        not_a_number[[1, 1]] = f64::NAN;
        check(&not_a_number).unwrap_err();
    }

    #[test]
    fn eigenvectors_that_are_not_the_leading_ones_are_noticed() {
        let covariance = with_variances(&[4.0, 2.0, 2.0, 1.0, 0.5]);
        let all = full(&covariance, 5).unwrap();
        let check = |ranks: &[usize]| {
            let values = all.variances.select(Axis(0), ranks);
            let vectors = all.vectors.select(Axis(0), ranks);
            check_pairs(&vectors.dot(&covariance), &values, &vectors, 9.5).unwrap();
            check_none_missed(covariance.clone(), &values, &vectors, 9.5)
        };
        check(&[0]).unwrap();
        // Of two equal variances, either direction may come first.
        check(&[0, 1]).unwrap();
        check(&[0, 2]).unwrap();
        check(&[0, 1, 2, 3]).unwrap();
        for missed in [[1].as_slice(), &[0, 3], &[0, 1, 3], &[1, 2], &[0, 1, 2, 4]] {
            check(missed).unwrap_err();
        }
    }

    /// What linfa starts from is an eigenvector already, though not the first one, so that it
    /// stops at once. The residuals are zero: the first check alone would let it pass.
    #[test]
    fn a_spectrum_built_to_fool_the_iteration_is_noticed() {
        let m = 40;
        for k in [1, 3] {
            // Each vector is an eigenvector of the identity: this returns where linfa starts.
            let start = of_covariance(&Array2::eye(m), k).unwrap().vectors;
            let mut first = Array1::zeros(m);
            first[0] = 1.0;
            let first: Array1<f64> = &first - &start.t().dot(&start.dot(&first));
            let first = &first / first.dot(&first).sqrt();
            let row = first.view().insert_axis(Axis(0));
            let identity = Array2::<f64>::eye(m);
            let covariance = identity * 0.1 + row.t().dot(&row) * 3.0 + start.t().dot(&start) * 2.0;
            assert!((full(&covariance, 1).unwrap().variances[0] - 3.1).abs() < 1e-9);

            let applied = start.dot(&covariance);
            let values = Array1::from_elem(k, 2.1);
            check_pairs(&applied, &values, &start, covariance.diag().sum()).unwrap();
            let problem = of_covariance(&covariance, k).map(|_| ()).unwrap_err();
            assert!(problem.contains("missed"), "{problem}");
        }
    }

    #[test]
    fn too_many_components_are_refused_at_once() {
        let problem = of_covariance(&with_variances(&[1.0; 9]), 2);
        assert!(problem.map(|_| ()).unwrap_err().contains("five features"));
    }
}
