//! Columns of times, which must not lose their order: numbers that differ in the file may be the same
//! number as `f32`.
//!
//! ```text
//! 1764172800.25, 1764172800.75    seconds since 1970: both are 1764172800 as f32
//! ```
//!
//! A column of which each value is greater than the one before is taken for times.

#[derive(Clone, Default)]
struct Column {
    last: Option<(f64, f32)>,
    /// Whether a value was not greater than the one before.
    goes_back: bool,
    /// The first neighbours that are one number as `f32`.
    merged: Option<(f64, f64)>,
}

/// Looks at a matrix row by row.
pub(super) struct Times {
    columns: Vec<Column>,
    next: usize,
}

impl Times {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            columns: vec![Column::default(); columns],
            next: 0,
        }
    }

    /// The next number of the row: as it is in the file, and as `f32`.
    pub(super) fn see(&mut self, exact: f64, rounded: f32) {
        let count = self.columns.len();
        let column = &mut self.columns[self.next];
        self.next = (self.next + 1) % count;
        if column.goes_back {
            return;
        }
        if let Some((before, before_rounded)) = column.last.replace((exact, rounded)) {
            column.goes_back = exact <= before;
            if rounded == before_rounded {
                column.merged.get_or_insert((before, exact));
            }
        }
    }

    /// The first column whose times are no longer told apart, and what to do.
    pub(super) fn lost(&self) -> Option<(usize, String)> {
        let mut columns = self.columns.iter().enumerate();
        columns.find_map(|(place, column)| match column.merged {
            Some((a, b)) if !column.goes_back => Some((
                place,
                format!(
                    "the values increase, as times do, but {a:?} and {b:?} are the same number in f32, the type of all data here, which keeps about 7 digits: subtract the first value, `x - x[0]` in Python, or leave it out"
                ),
            )),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(columns: usize, numbers: &[f64]) -> Option<(usize, String)> {
        let mut times = Times::new(columns);
        for &number in numbers {
            times.see(number, number as f32);
        }
        times.lost()
    }

    #[test]
    fn times_that_would_become_equal_are_told() {
        let (column, text) = lost(1, &[1.5, 1_764_172_800.25, 1_764_172_800.75]).unwrap();
        assert_eq!(column, 0);
        assert!(
            text.contains("1764172800.25 and 1764172800.75 are the same"),
            "{text}"
        );
        let second = [0.0, 1e9 + 0.25, 1.0, 1e9 + 0.75, 0.0, 1e9 + 1.5];
        assert_eq!(lost(2, &second).unwrap().0, 1);
    }

    #[test]
    fn other_columns_may_have_equal_neighbours() {
        assert!(lost(1, &[0.0, 0.25, 3600.125]).is_none());
        // A behaviour: it goes up and down, so equal neighbours lose nothing.
        assert!(lost(1, &[1.0, 1.000_000_001, 0.5]).is_none());
        assert!(lost(1, &[2.0, 2.0]).is_none());
        assert!(lost(1, &[]).is_none());
    }
}
