//! A table of numbers whose columns have names.

use crate::check;
use crate::error::{Error, Result};
use ndarray::{Array1, Array2, Axis};

/// What a CSV file holds: a matrix (n, d) and the name of each column.
///
/// ```
/// use latent::prelude::*;
/// # let file = std::env::temp_dir().join("latent-doc-table.csv");
/// # std::fs::write(&file, "time,heading,cell 1,cell 2\n0.0,1.5,0,3\n0.1,1.6,2,1\n").unwrap();
/// let table = latent::data::io::read_csv(&file)?; // time,heading,cell 1,cell 2
/// let heading = table.column("heading")?;
/// let counts = table.without(&["time", "heading"])?.values;
/// assert_eq!(counts, array![[0.0, 3.0], [2.0, 1.0]]);
/// # std::fs::remove_file(&file).ok();
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The name of each column (d).
    pub names: Vec<String>,
    /// The numbers (n, d): one line of the file a row.
    pub values: Array2<f32>,
}

impl Table {
    /// The numbers of one column (n), by its name.
    ///
    /// # Errors
    /// [`Error::Column`] if no column has this name, or several have.
    pub fn column(&self, name: &str) -> Result<Array1<f32>> {
        let place = self.find(name)?;
        check::width("the values of the table", &self.values, self.names.len())?;
        Ok(self.values.column(place).to_owned())
    }

    /// The table without some of its columns: those that are no features, such as the time.
    ///
    /// # Errors
    /// [`Error::Column`] if there is no such column, or several have the name.
    pub fn without(&self, names: &[&str]) -> Result<Self> {
        let mut kept: Vec<usize> = (0..self.names.len()).collect();
        for name in names {
            let place = self.find(name)?;
            kept.retain(|&column| column != place);
        }
        check::width("the values of the table", &self.values, self.names.len())?;
        Ok(Self {
            names: kept.iter().map(|&i| self.names[i].clone()).collect(),
            values: self.values.select(Axis(1), &kept),
        })
    }

    fn find(&self, name: &str) -> Result<usize> {
        let places = self.names.iter().enumerate();
        let mut places = places.filter(|(_, found)| *found == name);
        match (places.next(), places.next()) {
            (Some((place, _)), None) => Ok(place),
            (found, _) => Err(Error::Column {
                name: name.to_owned(),
                problem: if found.is_some() {
                    "several columns have this name".to_owned()
                } else {
                    format!("the columns are {}", self.some_names())
                },
            }),
        }
    }

    /// The names, but not hundreds of them.
    fn some_names(&self) -> String {
        const MOST: usize = 12;
        let mut names: Vec<_> = self
            .names
            .iter()
            .take(MOST)
            .map(|n| format!("`{n}`"))
            .collect();
        if self.names.len() > MOST {
            names.push(format!("… ({} in all)", self.names.len()));
        }
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn table() -> Table {
        Table {
            names: ["time", "a", "b", "a"].map(str::to_owned).to_vec(),
            values: array![[0.0, 1.0, 2.0, 3.0], [0.1, 4.0, 5.0, 6.0]],
        }
    }

    #[test]
    fn columns_are_taken_and_left_out_by_name() {
        assert_eq!(table().column("b").unwrap(), array![2.0, 5.0]);
        let rest = table().without(&["time", "b", "b"]);
        assert!(rest.is_ok_and(|rest| rest.names == ["a", "a"] && rest.values.ncols() == 2));
        assert_eq!(table().without(&[]).unwrap(), table());
    }

    #[test]
    fn a_name_that_is_missing_or_not_alone_is_an_error() {
        let text = table().column("c").unwrap_err().to_string();
        assert_eq!(
            text,
            "expected a column `c`: the columns are `time`, `a`, `b`, `a`"
        );
        let text = table().without(&["a"]).unwrap_err().to_string();
        assert!(text.contains("several columns"), "{text}");
        let mut wide = table();
        wide.names = (0..30).map(|i| i.to_string()).collect();
        assert!(wide.column("9").is_err(), "names and values do not agree");
        let text = wide.column("time").unwrap_err().to_string();
        assert!(text.ends_with("`11`, … (30 in all)"), "{text}");
    }
}
