//! Directions of most variance: eigenvectors of the covariance.
//!
//! ```text
//! C v = lambda v        C (m, m) symmetric, v (m) of length 1, lambda the variance along v
//! ```
//!
//! A few of many directions come from linfa's `Pca`, which finds the leading singular vectors of a
//! matrix step by step (LOBPCG: A. V. Knyazev, SIAM J. Sci. Comput. 23, 2001). It can stop early
//! without a word, so its answer is checked here against the equation above; where it fails, and
//! where more than a few directions are wanted, the whole decomposition is computed.

use faer::linalg::solvers::{SelfAdjointEigen, Svd};
use faer::{MatRef, Side};
use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array1, Array2, ArrayView2, Axis, concatenate};

/// linfa's method is the faster one for up to one of so many directions. (Above an eighth of them
/// it does not converge.)
const FEW: usize = 32;

/// Largest residual |C v - lambda v|, as a share of the total variance, that counts as converged.
const TOLERANCE: f64 = 1e-9;

/// Variances (k), from the largest, and directions (k, m), one a row.
pub(super) struct Directions {
    pub variances: Array1<f64>,
    pub vectors: Array2<f64>,
}

/// The first `k` eigenvectors of a covariance (m, m), with k from 1 to m; `None` if the numbers
/// run over.
pub(super) fn of_covariance(covariance: &Array2<f64>, k: usize) -> Option<Directions> {
    if k * FEW <= covariance.nrows()
        && let Some(directions) = leading(covariance, k)
    {
        return Some(directions);
    }
    let m = covariance.nrows();
    let matrix = MatRef::from_row_major_slice(covariance.as_slice()?, m, m);
    let eigen = SelfAdjointEigen::new(matrix, Side::Lower).ok()?;
    let (values, vectors) = (eigen.S().column_vector(), eigen.U());
    let from_largest = |rank: usize| m - 1 - rank;
    Some(Directions {
        variances: Array1::from_shape_fn(k, |rank| values[from_largest(rank)].max(0.0)),
        vectors: Array2::from_shape_fn((k, m), |(rank, row)| vectors[(row, from_largest(rank))]),
    })
}

/// The same for fewer samples than features: the right singular vectors of centred data (n, m),
/// with k from 1 to n.
pub(super) fn of_samples(centred: &Array2<f64>, k: usize) -> Option<Directions> {
    let (n, m) = centred.dim();
    let matrix = MatRef::from_row_major_slice(centred.as_slice()?, n, m);
    let svd = Svd::new_thin(matrix).ok()?;
    let (values, vectors) = (svd.S().column_vector(), svd.V());
    Some(Directions {
        variances: Array1::from_shape_fn(k, |rank| values[rank].powi(2) / (n - 1) as f64),
        vectors: Array2::from_shape_fn((k, m), |(rank, row)| vectors[(row, rank)]),
    })
}

/// linfa's answer, if it is right.
///
/// linfa takes samples, not a covariance: it centres them and takes their singular vectors. The
/// rows of C and of -C together have the mean zero already, and their singular vectors are the
/// eigenvectors of C. Its tolerance is absolute, so C is scaled to a total variance of 100 first.
fn leading(covariance: &Array2<f64>, k: usize) -> Option<Directions> {
    let scale = covariance.diag().sum() / 100.0;
    let scaled = covariance / scale;
    let samples = concatenate![Axis(0), scaled, -&scaled] / 2.0_f64.sqrt();
    let fitted = linfa_reduction::Pca::params(k)
        .fit(&DatasetBase::from(samples))
        .ok()?;
    // linfa's own values never fall below 1e-8, so they are computed from the vectors.
    // It also leaves out directions without variance: then the answer is too short.
    let vectors = fitted.components();
    if vectors.nrows() != k {
        return None;
    }
    let values = (vectors.dot(&scaled) * vectors).sum_axis(Axis(1));
    solves(&scaled, &values, vectors.view()).then(|| Directions {
        variances: values.mapv(|value| value.max(0.0)) * scale,
        vectors: vectors.to_owned(),
    })
}

/// Whether C v = lambda v for each pair, and the v are of length 1 and at right angles.
fn solves(covariance: &Array2<f64>, values: &Array1<f64>, vectors: ArrayView2<'_, f64>) -> bool {
    let total = covariance.diag().sum();
    let residual = vectors.dot(covariance) - &vectors * &values.view().insert_axis(Axis(1));
    let angles = vectors.dot(&vectors.t()) - Array2::<f64>::eye(vectors.nrows());
    let small = |x: &f64, bound: f64| x.abs() <= bound;
    residual.iter().all(|x| small(x, TOLERANCE * total))
        && angles.iter().all(|x| small(x, TOLERANCE))
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn linfa_is_used_for_a_few_and_agrees_with_the_whole_decomposition() {
        let variances: Vec<f64> = (0..40).map(|i| 0.8_f64.powi(i)).collect();
        for unit in [1.0, 1e-12, 1e12] {
            let covariance = with_variances(&variances) * unit;
            let few = leading(&covariance, 3).expect("linfa converges here");
            let all = of_covariance(&covariance, 40).unwrap();
            for (rank, variance) in variances.iter().enumerate().take(3) {
                let expected = variance * unit;
                assert!((few.variances[rank] / expected - 1.0).abs() < 1e-9);
                assert!((all.variances[rank] / expected - 1.0).abs() < 1e-9);
                let cosine = few.vectors.row(rank).dot(&all.vectors.row(rank)).abs();
                assert!((cosine - 1.0).abs() < 1e-9, "{unit} {rank}: {cosine}");
            }
        }
    }

    #[test]
    fn an_answer_that_did_not_converge_is_noticed() {
        let covariance = with_variances(&[4.0, 2.0, 1.0]);
        let right = of_covariance(&covariance, 2).unwrap();
        assert!(solves(&covariance, &right.variances, right.vectors.view()));
        let mut turned = right.vectors.clone();
        turned[[0, 0]] += 1e-4;
        assert!(!solves(&covariance, &right.variances, turned.view()));
        let mut not_a_number = right.vectors.clone();
        not_a_number[[1, 1]] = f64::NAN;
        assert!(!solves(&covariance, &right.variances, not_a_number.view()));
    }

    #[test]
    fn more_directions_than_the_data_has_come_out_with_variance_zero() {
        let mut variances = vec![0.0; 64];
        variances[5] = 3.0;
        let found = of_covariance(&with_variances(&variances), 4).unwrap();
        assert!((found.variances[0] - 3.0).abs() < 1e-12);
        assert!(
            found
                .variances
                .iter()
                .skip(1)
                .all(|&v| (0.0..1e-12).contains(&v))
        );
        let gram = found.vectors.dot(&found.vectors.t());
        assert!(
            (gram - Array2::<f64>::eye(4))
                .iter()
                .all(|x| x.abs() < 1e-9)
        );
    }
}
