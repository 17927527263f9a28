//! What public functions take where they need a matrix, labels or numbers to draw: an owned array or
//! a view of one, in any memory layout.
//!
//! ```
//! use latent::prelude::*;
//! let samples = array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.2]];
//! let pca = Pca::fit(&samples, 1)?; // an owned array
//! let codes = pca.encode(&samples.slice(s![..2, ..]))?; // a view: nothing is copied
//! assert_eq!(codes.dim(), (2, 1));
//! # Ok::<(), latent::Error>(())
//! ```
//!
//! Functions take `&dyn Matrix` and not a type parameter, so that nothing is compiled again in each
//! cell of a notebook.

use ndarray::{
    ArcArray1, ArcArray2, Array1, Array2, ArrayBase, ArrayView1, ArrayView2, ArrayViewMut1,
    ArrayViewMut2, CowArray, Data, Dimension, Ix1, Ix2,
};

/// A matrix of `f32`: an `Array2<f32>`, or a view of one.
///
/// ```
/// use latent::prelude::*;
/// fn mean(samples: &dyn Matrix) -> Option<f32> {
///     samples.view().mean()
/// }
/// let samples = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(mean(&samples), Some(2.5));
/// assert_eq!(mean(&samples.slice(s![..1, ..])), Some(1.5)); // a view of the first row
/// ```
#[diagnostic::on_unimplemented(
    message = "expected a matrix of f32, got `{Self}`",
    label = "not an `Array2<f32>` nor a view of one: `array![[1.0, 2.0]]` is one with a single row; an `Array2<f64>` becomes one by `.mapv(|x| x as f32)`"
)]
pub trait Matrix {
    /// The whole matrix, without copying it.
    fn view(&self) -> ArrayView2<'_, f32>;
}

// One implementation for each way to hold an array, and not one for all `S: Data<Elem = f32>`: with
// that the compiler would tell of an `Array2<f64>` that an associated type differs (E0271), and not
// show the sentences above.
macro_rules! arrays {
    ($($array:ty: $trait:ident -> $view:ty),* $(,)?) => {$(
        impl $trait for $array {
            fn view(&self) -> $view {
                ArrayBase::view(self)
            }
        }
    )*};
}

arrays! {
    Array2<f32>: Matrix -> ArrayView2<'_, f32>,
    ArrayView2<'_, f32>: Matrix -> ArrayView2<'_, f32>,
    ArrayViewMut2<'_, f32>: Matrix -> ArrayView2<'_, f32>,
    CowArray<'_, f32, Ix2>: Matrix -> ArrayView2<'_, f32>,
    ArcArray2<f32>: Matrix -> ArrayView2<'_, f32>,
    Array1<usize>: Labels -> ArrayView1<'_, usize>,
    ArrayView1<'_, usize>: Labels -> ArrayView1<'_, usize>,
    ArrayViewMut1<'_, usize>: Labels -> ArrayView1<'_, usize>,
    CowArray<'_, usize, Ix1>: Labels -> ArrayView1<'_, usize>,
    ArcArray1<usize>: Labels -> ArrayView1<'_, usize>,
}

impl<M: Matrix + ?Sized> Matrix for &M {
    fn view(&self) -> ArrayView2<'_, f32> {
        (**self).view()
    }
}

/// Class labels: an `Array1<usize>`, a view of one, a `Vec<usize>` or a slice.
///
/// ```
/// use latent::matrix::Labels;
/// use latent::ndarray::array;
/// fn largest(labels: &dyn Labels) -> Option<usize> {
///     labels.view().iter().copied().max()
/// }
/// assert_eq!(largest(&array![3, 0, 7]), Some(7));
/// assert_eq!(largest(&vec![3_usize, 0]), Some(3));
/// ```
#[diagnostic::on_unimplemented(
    message = "expected labels, got `{Self}`",
    label = "not an `Array1<usize>` nor a view of one; whole numbers of another type become one by `.mapv(|x| x as usize)`"
)]
pub trait Labels {
    /// All labels, without copying them.
    fn view(&self) -> ArrayView1<'_, usize>;
}

impl Labels for Vec<usize> {
    fn view(&self) -> ArrayView1<'_, usize> {
        ArrayView1::from(self.as_slice())
    }
}

impl<const N: usize> Labels for [usize; N] {
    fn view(&self) -> ArrayView1<'_, usize> {
        ArrayView1::from(self.as_slice())
    }
}

impl<L: Labels + ?Sized> Labels for &L {
    fn view(&self) -> ArrayView1<'_, usize> {
        (**self).view()
    }
}

/// Numbers to draw, along an axis or up: an array of `f32` or `f64` with any number of dimensions
/// (a column of a network's output, say, is read from top to bottom), a vector or a slice.
///
/// ```
/// use latent::matrix::Values;
/// use latent::ndarray::array;
/// let all: [&dyn Values; 3] = [&array![1.0_f32, 2.0], &vec![1.0_f64, 2.0], &[1.0_f64, 2.0]];
/// for values in all {
///     assert_eq!(values.values(), [1.0, 2.0]);
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "expected numbers to draw, got `{Self}`",
    label = "not an array, a vector or a slice of `f32` or `f64`; counts become numbers by `.mapv(|n| n as f64)`"
)]
pub trait Values {
    /// All numbers, in their order.
    fn values(&self) -> Vec<f64>;
}

impl<S: Data, D: Dimension> Values for ArrayBase<S, D>
where
    S::Elem: Copy + Into<f64>,
{
    fn values(&self) -> Vec<f64> {
        self.iter().map(|&x| x.into()).collect()
    }
}

impl<A: Copy + Into<f64>> Values for [A] {
    fn values(&self) -> Vec<f64> {
        self.iter().map(|&x| x.into()).collect()
    }
}

impl<A: Copy + Into<f64>> Values for Vec<A> {
    fn values(&self) -> Vec<f64> {
        self.as_slice().values()
    }
}

impl<A: Copy + Into<f64>, const N: usize> Values for [A; N] {
    fn values(&self) -> Vec<f64> {
        self.as_slice().values()
    }
}

impl<V: Values + ?Sized> Values for &V {
    fn values(&self) -> Vec<f64> {
        (**self).values()
    }
}
