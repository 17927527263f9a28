//! The nearest codes in many dimensions, where a k-d tree saves nothing: all distances, nearly all of
//! their cost in products of matrices.
//!
//! ```text
//! |q - x|^2 = |q|^2 - 2 q . x + |x|^2      queries q (m, d), codes x (n, d)  ->  distances (m, n)
//! ```
//!
//! In `f32` this sum is rounded. So it only excludes codes that are certainly too far away; the few
//! that are left are compared by linfa-nn's distance.
//!
//! How far the two can be apart, in units of 2^-24 (|q|^2 + |x|^2), both centred: 4 for the centring,
//! d for q . x, d for |x|^2, 2 for their sum, 2 (d + 2) in linfa-nn's own distance (Higham, "Accuracy
//! and Stability of Numerical Algorithms", section 3.1). Together 4 d + 10; taken are 4 (d + 8).

use crate::error::Result;
use crate::interrupt;
use crate::threads;
use linfa_nn::distance::{Distance, L2Dist};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use std::cmp::Ordering;

/// Distances that one thread holds at a time: 16 MB.
const DISTANCES: usize = 1 << 22;
/// Queries of one product, at most, and codes.
const ROWS: usize = 256;

pub(super) struct BruteForce<'a> {
    codes: ArrayView2<'a, f32>,
    /// Near it, sums of squares are small and lose few digits.
    mean: Array1<f32>,
}

impl<'a> BruteForce<'a> {
    /// An index of codes (n, d), at least one.
    pub(super) fn new(codes: ArrayView2<'a, f32>) -> Self {
        let mean = codes.map_axis(Axis(0), |column| {
            let sum: f64 = column.iter().map(|&x| f64::from(x)).sum();
            (sum / codes.nrows() as f64) as f32
        });
        Self { codes, mean }
    }

    /// The row numbers of the `k` nearest codes of each query (m, d), nearest first; of two at the
    /// same distance, the smaller row number first.
    pub(super) fn nearest(&self, queries: ArrayView2<f32>, k: usize) -> Result<Vec<Vec<usize>>> {
        let rows = (DISTANCES / self.codes.nrows()).clamp(1, ROWS);
        let pieces = queries.axis_chunks_iter(Axis(0), rows);
        let nearest: Result<Vec<_>> = threads::map_pieces(pieces, |piece| {
            interrupt::check()?;
            Ok(self.nearest_of_piece(piece, k))
        })
        .into_iter()
        .collect();
        Ok(nearest?.concat())
    }

    fn nearest_of_piece(&self, queries: ArrayView2<f32>, k: usize) -> Vec<Vec<usize>> {
        let centred = &queries - &self.mean;
        let mut distances = Array2::zeros((queries.nrows(), self.codes.nrows()));
        let mut squares = Array1::zeros(self.codes.nrows());
        let parts = distances.axis_chunks_iter_mut(Axis(1), ROWS);
        let codes = self.codes.axis_chunks_iter(Axis(0), ROWS);
        let squares_of_parts = squares.axis_chunks_iter_mut(Axis(0), ROWS);
        for ((mut part, codes), mut squares) in parts.zip(codes).zip(squares_of_parts) {
            let codes = &codes - &self.mean;
            squares.assign(&codes.map_axis(Axis(1), square));
            general_mat_mul(-2.0, &centred, &codes.t(), 0.0, &mut part);
            // |q|^2 is the same for all codes of a query, so it may be left out.
            for mut row in part.rows_mut() {
                row += &squares;
            }
        }
        let rows = queries.rows().into_iter().zip(centred.rows());
        rows.zip(distances.rows())
            .map(|((query, centred), distances)| {
                let of_query = square(centred);
                let off = squares.mapv(|x| self.rounding(of_query + x));
                self.compare(query, distances, off.view(), k)
            })
            .collect()
    }

    /// How far a rounded distance can be from linfa-nn's, if |q|^2 and |x|^2 together are `squares`.
    fn rounding(&self, squares: f32) -> f32 {
        let terms = (self.codes.ncols() + 8) as f32;
        // Numbers too small for f32 become 0, whatever their squares are.
        2.0 * terms * f32::EPSILON * squares + f32::MIN_POSITIVE
    }

    /// The nearest of those that could be, by their exact distances.
    fn compare(
        &self,
        query: ArrayView1<f32>,
        distances: ArrayView1<f32>,
        off: ArrayView1<f32>,
        k: usize,
    ) -> Vec<usize> {
        let mut farthest = (&distances + &off).to_vec();
        let (_, &mut limit, _) = farthest.select_nth_unstable_by(k - 1, f32::total_cmp);
        // Beyond the range of f32 there are no distances, and every code could be near.
        let near = |row: &usize| {
            let least = distances[*row] - off[*row];
            !limit.is_finite() || least.partial_cmp(&limit) != Some(Ordering::Greater)
        };
        let exact = |row| (L2Dist.rdistance(query, self.codes.row(row)), row);
        let mut found: Vec<(f32, usize)> = (0..distances.len()).filter(near).map(exact).collect();
        found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(k).map(|(_, row)| row).collect()
    }
}

fn square(row: ArrayView1<f32>) -> f32 {
    row.dot(&row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random;
    use proptest::prelude::*;

    fn by_definition(codes: &Array2<f32>, query: ArrayView1<f32>, k: usize) -> Vec<usize> {
        let distance = |row: usize| L2Dist.rdistance(query, codes.row(row));
        let mut rows: Vec<usize> = (0..codes.nrows()).collect();
        rows.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
        rows.truncate(k);
        rows
    }

    fn assert_nearest(codes: &Array2<f32>, queries: &Array2<f32>, k: usize) {
        let found = BruteForce::new(codes.view())
            .nearest(queries.view(), k)
            .unwrap();
        assert_eq!(found.len(), queries.nrows());
        for (found, query) in found.iter().zip(queries.rows()) {
            assert_eq!(*found, by_definition(codes, query, k));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Also where the products alone would be of no use: far from 0, and with equal distances.
        #[test]
        fn the_nearest_are_those_with_the_smallest_distance(
            (n, m) in (1_usize..600, 1_usize..40),
            d in prop_oneof![1_usize..60, Just(600)],
            k in 1_usize..30,
            offset in prop::sample::select(vec![0.0_f32, 3.0, 1e4, 1e15]),
            whole: bool,
            apart: bool,
            seed: u64,
        ) {
            let drawn = |rows, seed| {
                let x = random::uniform(rows, d, 0.0, 3.0, seed).unwrap();
                let mut x = x.mapv(|x| offset + if whole { x.floor() } else { x });
                // Two groups: far from their mean, with small distances within each.
                let groups = x.rows_mut().into_iter().step_by(2);
                groups.for_each(|mut row| row += if apart { 1e5 } else { 0.0 });
                x
            };
            assert_nearest(&drawn(n, seed), &drawn(m, seed.wrapping_add(1)), k.min(n));
        }
    }

    #[test]
    fn more_queries_than_one_piece_keep_their_order() {
        let codes = random::uniform(700, 20, -1.0, 1.0, 1).unwrap();
        let queries = random::uniform(2 * ROWS + 9, 20, -1.0, 1.0, 2).unwrap();
        assert_nearest(&codes, &queries, 5);
    }

    #[test]
    fn numbers_whose_squares_have_no_room_are_compared_all_the_same() {
        for (d, size) in [(900, 1e18), (2000, 1e18), (17, 1e-22)] {
            let codes = random::uniform(50, d, -1.0, 1.0, 1).unwrap() * size;
            let queries = random::uniform(7, d, -1.0, 1.0, 2).unwrap() * size;
            assert_nearest(&codes, &queries, 3);
        }
    }
}
