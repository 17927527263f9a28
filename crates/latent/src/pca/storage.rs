//! A fitted PCA in a file, and back.
//!
//! The file is safetensors, as for networks (see [`crate::checkpoint`]). The names are those of
//! scikit-learn's attributes, without the underscore at the end; shapes and types:
//!
//! ```text
//! components (k, d) F32      mean (d) F32      explained_variance (k) F64      total_variance (1) F64
//! ```
//!
//! Number of samples and solver are in the metadata. In Python:
//!
//! ```python
//! pca = safetensors.numpy.load_file("pca.safetensors")
//! codes = (samples - pca["mean"]) @ pca["components"].T
//! ```

use super::model::Pca;
use super::solver::Solver;
use crate::error::Result;
use crate::tensors::{self, Tensor, Tensors};
use ndarray::Array1;
use serde_json::{Value, json};
use std::path::Path;

/// What the metadata say the file holds.
const KIND: &str = "pca";

impl Pca {
    /// Writes all that a loaded PCA needs to be equal to this one to a safetensors file, whose
    /// tensors have the names of scikit-learn's attributes: `components` (k, d), `mean` (d),
    /// `explained_variance` (k), `total_variance` (1).
    ///
    /// ```
    /// use latent::prelude::*;
    /// let samples = array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.2]];
    /// let pca = Pca::fit(&samples, 1)?;
    /// let file = std::env::temp_dir().join("latent-doc-pca.safetensors");
    /// pca.save(&file)?;
    /// assert_eq!(Pca::load(&file)?, pca);
    /// # std::fs::remove_file(&file).ok();
    /// # Ok::<(), latent::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the file cannot be written; then an older file is left
    /// as it is.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.write(path.as_ref())
    }

    /// Reads what [`Pca::save`] wrote.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the file cannot be read,
    /// [`Error::Checkpoint`](crate::Error::Checkpoint) if it is damaged or holds something else.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Self::read(path.as_ref())
    }

    fn write(&self, path: &Path) -> Result<()> {
        let (stored, metadata) = self.to_tensors();
        tensors::write(path, &stored, &metadata)
    }

    fn read(path: &Path) -> Result<Self> {
        let (stored, metadata) = tensors::read(path)?;
        from_tensors(stored, &metadata).map_err(|problem| tensors::unusable(path, problem))
    }

    fn to_tensors(&self) -> (Tensors, Value) {
        let stored = Tensors::from([
            (
                "components".to_string(),
                Tensor::matrix(self.components.view()),
            ),
            ("mean".to_string(), Tensor::vector(self.mean.to_vec())),
            (
                "explained_variance".to_string(),
                Tensor::vector_f64(self.explained_variance.to_vec()),
            ),
            (
                "total_variance".to_string(),
                Tensor::vector_f64(vec![self.total_variance]),
            ),
        ]);
        let metadata = json!({
            "kind": KIND,
            "samples": self.samples,
            "solver": self.solver.name(),
        });
        (stored, metadata)
    }
}

fn from_tensors(mut stored: Tensors, metadata: &Value) -> Result<Pca, String> {
    if metadata["kind"] != KIND {
        return Err("it holds no PCA (a network, perhaps)".to_string());
    }
    let samples = metadata["samples"].as_u64().unwrap_or_default();
    let samples = usize::try_from(samples).unwrap_or_default();
    if samples < 2 {
        return Err("its metadata name no number of samples of at least 2".to_string());
    }
    let solver = &metadata["solver"];
    let named = Solver::FITTED.into_iter().find(|s| *solver == s.name());
    let solver = named.ok_or_else(|| format!("there is no solver {solver}"))?;

    let components = tensors::take_matrix(&mut stored, "components")?;
    let (k, d) = components.dim();
    let (_, mean) = tensors::take(&mut stored, "mean")?;
    let explained_variance = tensors::take_f64(&mut stored, "explained_variance")?;
    let total_variance = tensors::take_f64(&mut stored, "total_variance")?;
    if k == 0 || k > d.min(samples) {
        return Err(format!(
            "it holds {k} components of {d} features and {samples} samples"
        ));
    }
    for (name, expected, found) in [
        ("mean", d, mean.len()),
        ("explained_variance", k, explained_variance.len()),
        ("total_variance", 1, total_variance.len()),
    ] {
        if expected != found {
            return Err(format!("{name}: expected {expected} values, got {found}"));
        }
    }
    if let Some(negative) = explained_variance
        .iter()
        .chain(&total_variance)
        .find(|v| **v < 0.0)
    {
        return Err(format!("it holds a variance below 0, {negative}"));
    }
    Ok(Pca {
        components,
        mean: Array1::from(mean),
        explained_variance: Array1::from(explained_variance),
        total_variance: total_variance[0],
        samples,
        solver,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::random;
    use ndarray::Array2;
    use proptest::prelude::*;
    use rand::Rng;

    fn stored() -> (Tensors, Value) {
        let rng = &mut random(5);
        let samples = Array2::from_shape_simple_fn((9, 4), || rng.r#gen::<f32>());
        Pca::fit(&samples, 2).unwrap().to_tensors()
    }

    #[test]
    fn tensors_that_do_not_belong_together_are_refused_with_the_reason() {
        let (whole, metadata) = stored();
        assert!(from_tensors(whole.clone(), &metadata).is_ok());
        for (name, tensor, reason) in [
            ("mean", Tensor::vector(vec![0.0; 3]), "mean: expected 4"),
            ("mean", Tensor::vector_f64(vec![0.0; 4]), "F64"),
            ("components", Tensor::vector(vec![0.0; 8]), "not two sizes"),
            (
                "components",
                Tensor::matrix(Array2::zeros((5, 4)).view()),
                "5 components of 4 features",
            ),
            (
                "explained_variance",
                Tensor::vector_f64(vec![1.0, -1.0]),
                "below 0",
            ),
            (
                "total_variance",
                Tensor::vector_f64(Vec::new()),
                "total_variance: expected 1",
            ),
        ] {
            let mut changed = whole.clone();
            changed.insert(name.to_string(), tensor);
            let problem = from_tensors(changed, &metadata).unwrap_err();
            assert!(problem.contains(reason), "{problem}");
            let mut missing = whole.clone();
            missing.remove(name);
            let problem = from_tensors(missing, &metadata).unwrap_err();
            assert_eq!(problem, format!("{name} is missing"));
        }
        for (key, value, reason) in [
            ("kind", json!("network"), "no PCA"),
            ("samples", json!(1), "at least 2"),
            ("samples", json!(null), "at least 2"),
            ("solver", json!("Auto"), "no solver \"Auto\""),
        ] {
            let mut changed = metadata.clone();
            changed[key] = value;
            let problem = from_tensors(whole.clone(), &changed).unwrap_err();
            assert!(problem.contains(reason), "{problem}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn damage_is_an_error_or_harmless_never_a_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let (whole, metadata) = stored();
            let mut bytes = tensors::to_bytes(&whole, &metadata).unwrap();
            let length = bytes.len();
            for (i, (place, value)) in changes.iter().enumerate() {
                let range = if i % 2 == 0 { length } else { length.min(400) };
                bytes[place.index(range)] = *value;
            }
            if let Ok((stored, metadata)) = tensors::from_bytes(&bytes)
                && let Ok(pca) = from_tensors(stored, &metadata)
            {
                prop_assert_eq!(pca.components().dim(), (2, 4));
            }
        }
    }
}
