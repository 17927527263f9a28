//! linfa's own ways to PCA: parameters with `Fit`, and `Transformer`.

use super::fit::fit;
use super::model::Pca;
use super::solver::Solver;
use crate::codec::Codec;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use linfa::DatasetBase;
use linfa::traits::{Fit, Transformer};
use ndarray::{Array2, ArrayBase, Data, Ix2};

/// The parameters of [`Pca`], in linfa's form: see [`Pca::params`].
///
/// ```
/// use latent::prelude::*;
/// use latent::pca::PcaParams;
/// let params: PcaParams = Pca::params(1).solver(Solver::Svd);
/// let pca = params.fit(&array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])?;
/// assert_eq!(pca.solver(), Solver::Svd);
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PcaParams {
    k: usize,
    solver: Solver,
}

impl Pca {
    /// Finds the `k` directions of most variance in `samples` (n, d), with k from 1 to the
    /// smaller of n and d.
    ///
    /// Sums run in f64. A component's sign is free; as in scikit-learn, its entry of largest
    /// magnitude is made positive. Features that never change have exactly 0 in each component,
    /// except in components of variance 0.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let samples = array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.2]];
    /// let pca = Pca::fit(&samples, 1)?;
    /// assert_eq!((pca.input_dim(), pca.latent_dim()), (2, 1));
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::TooFewSamples`] (one sample has no variance),
    /// [`Error::Components`] for a `k` out of range, [`Error::NotFinite`] for NaN or infinity,
    /// [`Error::Memory`] if the covariance (d, d) would not fit into the available memory. (Where
    /// the system does not tell, 64 GB are assumed.)
    pub fn fit(samples: &dyn Matrix, k: usize) -> Result<Self> {
        Self::params(k).fit(samples)
    }

    /// The parameters for linfa's [`Fit`], and for the choice of a solver:
    /// `Pca::params(k).solver(Solver::Full).fit(&samples)?`.
    pub fn params(k: usize) -> PcaParams {
        PcaParams::new(k)
    }
}

impl PcaParams {
    pub(super) fn new(k: usize) -> Self {
        Self {
            k,
            solver: Solver::default(),
        }
    }

    /// Sets how the components are found (default: [`Solver::Auto`]).
    pub fn solver(self, solver: Solver) -> Self {
        Self { solver, ..self }
    }

    /// Fits a PCA to samples (n, d): an array, a view, or the records of linfa's data set.
    ///
    /// # Errors
    /// As [`Pca::fit`]; [`Error::NotConverged`] if [`Solver::Lobpcg`] did not find the components.
    pub fn fit(&self, samples: &dyn Matrix) -> Result<Pca> {
        fit(samples.view(), self.k, self.solver)
    }
}

/// The records of linfa's data set, so that it can be handed over where a matrix is expected.
impl<S: Data, T> Matrix for DatasetBase<ArrayBase<S, Ix2>, T>
where
    ArrayBase<S, Ix2>: Matrix,
{
    fn view(&self) -> ndarray::ArrayView2<'_, f32> {
        Matrix::view(&self.records)
    }
}

/// linfa's way to fit; targets are not used.
impl<D: Data<Elem = f32>, T> Fit<ArrayBase<D, Ix2>, T, Error> for PcaParams {
    type Object = Pca;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Pca> {
        PcaParams::fit(self, &dataset.records.view())
    }
}

/// linfa's word for encoding. Shapes and values are checked, so the result can be an error.
impl<D: Data<Elem = f32>> Transformer<ArrayBase<D, Ix2>, Result<Array2<f32>>> for Pca {
    fn transform(&self, samples: ArrayBase<D, Ix2>) -> Result<Array2<f32>> {
        self.encode(&samples.view())
    }
}

/// The same without giving the samples away.
impl<D: Data<Elem = f32>> Transformer<&ArrayBase<D, Ix2>, Result<Array2<f32>>> for Pca {
    fn transform(&self, samples: &ArrayBase<D, Ix2>) -> Result<Array2<f32>> {
        self.encode(&samples.view())
    }
}

/// A data set whose records are the codes; targets and weights stay.
impl<D: Data<Elem = f32>, T>
    Transformer<DatasetBase<ArrayBase<D, Ix2>, T>, Result<DatasetBase<Array2<f32>, T>>> for Pca
{
    fn transform(
        &self,
        dataset: DatasetBase<ArrayBase<D, Ix2>, T>,
    ) -> Result<DatasetBase<Array2<f32>, T>> {
        let DatasetBase {
            records,
            targets,
            weights,
            ..
        } = dataset;
        Ok(DatasetBase::new(self.encode(&records.view())?, targets).with_weights(weights))
    }
}
