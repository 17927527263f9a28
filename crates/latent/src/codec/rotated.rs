//! A codec with its latent space of two dimensions rotated: other axes, the same reconstructions.
//!
//! ```text
//! z' = z R     (n, 2)      R = [ cos a   sin a ]
//! z  = z' R^T              [ -sin a  cos a ]
//! ```
//!
//! The decoder undoes the rotation, so that no reconstruction changes, whatever the angle. What the
//! axes of a latent space mean is therefore not determined by the reconstruction error.

use super::Codec;
use crate::check;
use crate::error::{Error, Result};
use crate::matrix::Matrix;
use ndarray::{Array2, array};

/// A codec with two latent dimensions whose latent space has been rotated by an angle.
///
/// ```
/// use latent::prelude::*;
/// let samples = array![[1.0, 0.0, 2.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [3.0, 0.0, 0.0]];
/// let pca = Pca::fit(&samples, 2)?;
/// let rotated = Rotated::new(pca.clone(), 50.0)?;
/// assert_ne!(rotated.encode(&samples)?, pca.encode(&samples)?);
/// let difference = rotated.reconstruction_error(&samples)? - pca.reconstruction_error(&samples)?;
/// assert!(difference.abs() < 1e-6);
/// # Ok::<(), latent::Error>(())
/// ```
pub struct Rotated {
    inside: Box<dyn Codec + Send + Sync>,
    rotation: Array2<f32>,
}

impl Rotated {
    /// `codec` with its latent space rotated by `degrees`, counter-clockwise. It keeps the codec:
    /// hand over a clone.
    ///
    /// # Errors
    /// [`Error::LatentNotPlanar`] if the codec has other than two latent dimensions,
    /// [`Error::Setting`] if the angle is not finite.
    pub fn new(codec: impl Codec + Send + Sync + 'static, degrees: f32) -> Result<Self> {
        Self::from_box(Box::new(codec), degrees)
    }

    fn from_box(inside: Box<dyn Codec + Send + Sync>, degrees: f32) -> Result<Self> {
        if inside.latent_dim() != 2 {
            return Err(Error::Width {
                what: "the latent space to rotate",
                expected: 2,
                rows: 1,
                columns: inside.latent_dim(),
            });
        }
        if !degrees.is_finite() {
            return Err(Error::Setting {
                setting: "the angle",
                value: degrees.to_string(),
                expected: "a finite number of degrees",
            });
        }
        let (sine, cosine) = degrees.to_radians().sin_cos();
        Ok(Self {
            inside,
            rotation: array![[cosine, sine], [-sine, cosine]],
        })
    }

    /// The rotation matrix R (2, 2): a rotated code is the code times R.
    ///
    /// ```
    /// use latent::prelude::*;
    /// let rotated = Rotated::new(Identity::new(2), 90.0)?;
    /// let expected = array![[0.0, 1.0], [-1.0, 0.0]];
    /// assert!((rotated.rotation() - &expected).iter().all(|x: &f32| x.abs() < 1e-6));
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn rotation(&self) -> &Array2<f32> {
        &self.rotation
    }
}

impl Codec for Rotated {
    fn input_dim(&self) -> usize {
        self.inside.input_dim()
    }

    fn latent_dim(&self) -> usize {
        2
    }

    fn encode(&self, samples: &dyn Matrix) -> Result<Array2<f32>> {
        let codes = self.inside.encode(samples)?.dot(&self.rotation);
        check::finite_result(codes, "the samples", samples, "the codes")
    }

    fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
        check::width("the codes", codes, 2)?;
        let rotated_back = codes.view().dot(&self.rotation.t());
        let rotated_back = check::finite_result(rotated_back, "the codes", codes, "the codes")?;
        self.inside.decode(&rotated_back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Constant;

    /// Two latent dimensions that are the input itself.
    struct Plane;

    impl Codec for Plane {
        fn input_dim(&self) -> usize {
            2
        }

        fn latent_dim(&self) -> usize {
            2
        }

        fn encode(&self, samples: &dyn Matrix) -> Result<Array2<f32>> {
            Ok(samples.view().to_owned())
        }

        fn decode(&self, codes: &dyn Matrix) -> Result<Array2<f32>> {
            Ok(codes.view().to_owned())
        }
    }

    #[test]
    fn a_quarter_turn_takes_the_first_axis_to_the_second_and_back() {
        let rotated = Rotated::new(Plane, 90.0).unwrap();
        let samples = array![[3.0_f32, 0.0], [0.0, 2.0]];
        let codes = rotated.encode(&samples).unwrap();
        for (found, expected) in codes.iter().zip([0.0, 3.0, -2.0, 0.0]) {
            assert!((found - expected).abs() < 1e-6, "{codes}");
        }
        assert_eq!(codes, samples.dot(rotated.rotation()));
        let back = rotated.decode(&codes).unwrap();
        assert!((back - samples).iter().all(|x| x.abs() < 1e-6));
    }

    #[test]
    fn what_cannot_be_rotated_is_refused() {
        let one = Constant::new(&array![1.0, 2.0]).unwrap();
        let text = Rotated::new(one, 10.0).err().unwrap().to_string();
        assert!(text.contains("expected 2 columns"), "{text}");
        assert!(Rotated::new(Plane, f32::NAN).is_err());
        let rotated = Rotated::new(Plane, 45.0).unwrap();
        assert!(rotated.encode(&array![[f32::MAX, -f32::MAX]]).is_err());
        assert!(rotated.decode(&array![[f32::NAN, 0.0]]).is_err());
        assert!(rotated.decode(&array![[1.0]]).is_err());
    }
}
