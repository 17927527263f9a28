//! The products of matrices.
//!
//! Nine tenths of the time of a training is spent here. The products come from the crate `gemm`,
//! which keeps the pieces it works on in the processor's caches.
//!
//! A product is cut into panels by its sizes alone, so it has the same bits on any number of
//! threads (see [`crate::threads`]).

use crate::threads::map_pieces;
use gemm::Parallelism;
use ndarray::{ArrayBase, ArrayView2, ArrayViewMut2, Axis, Data, DataMut, Ix2, Slice};

/// Rows or columns of a product that one thread takes at a time: `gemm` works fastest on multiples
/// of its tiles of 16.
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
/// The threads of the pool take one panel after the other. (`gemm` can share out its work too,
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
    let ((n, k), m) = (a.dim(), b.ncols());
    assert_eq!(k, b.nrows(), "inner dimensions of a product");
    assert_eq!((n, m), out.dim(), "shape of a product");
    let [a_row, a_column] = strides(a.strides());
    let [b_row, b_column] = strides(b.strides());
    let [out_row, out_column] = strides(out.strides());
    // SAFETY: the pointers come from views that live until the call returns, with their own
    // strides, and with dimensions that the lines above have checked; `out` is borrowed mutably, so
    // it overlaps neither.
    unsafe {
        gemm::gemm(
            n,
            m,
            k,
            out.as_mut_ptr(),
            out_column,
            out_row,
            false,
            a.as_ptr(),
            a_column,
            a_row,
            b.as_ptr(),
            b_column,
            b_row,
            0.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
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
