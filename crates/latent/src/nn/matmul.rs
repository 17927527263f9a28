//! The products of matrices.
//!
//! Nine tenths of the time of a training is spent here. The products come from faer, which
//! keeps the blocks it works on in the processor's caches.
//!
//! A product is cut into panels by its sizes alone, so it has the same bits on any number of
//! threads (see [`crate::threads`]).

use crate::threads::map_pieces;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{ArrayBase, ArrayView2, ArrayViewMut2, Axis, Data, DataMut, Ix2, Slice};

/// Rows or columns of a product that one thread takes at a time: products are fastest on multiples of
/// the tiles of 16 and more that they are made of.
const PANEL: usize = 64;

/// Multiplications below which a product is not worth cutting: some ten microseconds' work.
const WORTH_SHARING: usize = 1 << 19;

/// `out` (n, m) = `a` (n, k) times `b` (k, m), whatever the memory layout of the three.
///
/// # Panics
/// If the shapes do not belong together, which is a mistake in this crate.
pub(crate) fn product(a: ArrayView2<f32>, b: ArrayView2<f32>, mut out: ArrayViewMut2<f32>) {
    assert_eq!((a.nrows(), b.ncols()), out.dim(), "shape of a product");
    let cut = Cut::new(a.reborrow(), b.reborrow());
    map_pieces(cut.panels_mut(&mut out).enumerate(), |(index, out)| {
        cut.multiply(index, out);
    });
}

/// A product `a` (n, k) times `b` (k, m), cut into panels of rows or of columns.
///
/// The threads of the pool take one panel after the other. (faer can share out its work too,
/// but gives each thread the same amount: if one is held up by another program, the others wait
/// for it.) Whoever has made a panel can go on with it while it is in the processor's cache.
#[derive(Clone, Copy)]
pub(crate) struct Cut<'a> {
    a: ArrayView2<'a, f32>,
    b: ArrayView2<'a, f32>,
    axis: Axis,
    width: usize,
}

impl<'a> Cut<'a> {
    /// # Panics
    /// As [`product`].
    pub(crate) fn new(a: ArrayView2<'a, f32>, b: ArrayView2<'a, f32>) -> Self {
        assert_eq!(a.ncols(), b.nrows(), "inner dimensions of a product");
        let (n, m) = (a.nrows(), b.ncols());
        // Each panel of rows goes through all of `b`, which must then be turned around for each
        // of them if it is stored column by column, as the weights are in the forward pass.
        let axis = Axis(usize::from(n <= m || b.strides()[0] == 1));
        let width = PANEL.max(WORTH_SHARING / (a.ncols() * n.min(m)).max(1));
        Self { a, b, axis, width }
    }

    /// The panels of an array with the shape of the product.
    pub(crate) fn panels<'b>(
        self,
        array: &'b ArrayBase<impl Data<Elem = f32>, Ix2>,
    ) -> impl Iterator<Item = ArrayView2<'b, f32>> {
        array.axis_chunks_iter(self.axis, self.width)
    }

    /// The same, to write to.
    pub(crate) fn panels_mut<'b>(
        self,
        array: &'b mut ArrayBase<impl DataMut<Elem = f32>, Ix2>,
    ) -> impl Iterator<Item = ArrayViewMut2<'b, f32>> {
        array.axis_chunks_iter_mut(self.axis, self.width)
    }

    /// Writes one panel of the product.
    pub(crate) fn multiply(self, index: usize, out: ArrayViewMut2<f32>) {
        let start = index * self.width;
        let panel = Slice::from(start..start + out.len_of(self.axis));
        match self.axis {
            Axis(0) => multiply(self.a.slice_axis(Axis(0), panel), self.b, out),
            _ => multiply(self.a, self.b.slice_axis(Axis(1), panel), out),
        }
    }
}

/// # Panics
/// As [`product`].
fn multiply(a: ArrayView2<f32>, b: ArrayView2<f32>, mut out: ArrayViewMut2<f32>) {
    assert_eq!((a.nrows(), b.ncols()), out.dim(), "shape of a product");
    matmul(
        faer_mut(&mut out),
        Accum::Replace,
        faer_ref(&a),
        faer_ref(&b),
        1.0,
        Par::Seq,
    );
}

/// The same matrix for faer. (Its safe ways take slices, and a panel of columns is none.)
fn faer_ref<'a>(view: &'a ArrayView2<'_, f32>) -> MatRef<'a, f32> {
    let ((rows, columns), [row_stride, column_stride]) = (view.dim(), strides(view.strides()));
    // SAFETY: pointer, sizes and strides are those of a view that the result cannot outlive.
    unsafe { MatRef::from_raw_parts(view.as_ptr(), rows, columns, row_stride, column_stride) }
}

fn faer_mut<'a>(view: &'a mut ArrayViewMut2<'_, f32>) -> MatMut<'a, f32> {
    let ((rows, columns), [row_stride, column_stride]) = (view.dim(), strides(view.strides()));
    // SAFETY: as above, and the view is borrowed mutably as long as the result is there.
    unsafe {
        MatMut::from_raw_parts_mut(view.as_mut_ptr(), rows, columns, row_stride, column_stride)
    }
}

fn strides(strides: &[isize]) -> [isize; 2] {
    [strides[0], strides[1]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::init::uniform;
    use crate::threads::with_threads;
    use ndarray::Array2;

    #[test]
    fn products_have_the_same_bits_on_any_number_of_threads() {
        for (n, k, m) in [
            (1, 1, 1),
            (3, 2, 784),
            (128, 784, 512),
            (100, 512, 2),
            (128, 2, 256),
        ] {
            let a = uniform(n, k, 1.0, 1);
            let b = uniform(m, k, 1.0, 2);
            let run = |threads| {
                with_threads(threads, || {
                    let mut out = Array2::zeros((n, m));
                    product(a.view(), b.t(), out.view_mut());
                    out
                })
            };
            let one = run(1);
            assert_eq!(one, run(2));
            assert_eq!(one, run(8));
            let exact = a.mapv(f64::from).dot(&b.t().mapv(f64::from));
            let off = (&one.mapv(f64::from) - &exact).mapv(f64::abs);
            assert!(off.iter().all(|&e| e < 1e-4));
        }
    }

    #[test]
    #[should_panic(expected = "shape of a product")]
    fn a_panel_of_another_shape_is_refused() {
        let (a, b) = (uniform(4, 3, 1.0, 1), uniform(3, 5, 1.0, 2));
        let mut short = Array2::zeros((2, 5));
        Cut::new(a.view(), b.view()).multiply(0, short.view_mut());
    }

    #[test]
    fn pieces_come_back_in_order() {
        for threads in [1, 3] {
            let squares = with_threads(threads, || map_pieces(0..100, |i| i * i));
            assert!(squares.iter().enumerate().all(|(i, &s)| s == i * i));
        }
    }
}
