//! A value whose parts the compiler of a cell need not know.
//!
//! A cell that shows a figure is compiled together with the code that drops it, field by field, and
//! plotly's layout has hundreds of fields: without this type they take two thirds of the time. Behind
//! `dyn Any` that code lies in this crate, compiled once.

use std::any::Any;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// Used as if it were a `T`.
///
/// ```
/// use latent::prelude::*;
/// let mut figure = figure::line(&[0.0, 1.0], &[2.0, 3.0], "Growth")?;
/// let layout = figure.plot.layout().clone().height(300); // plotly's own call
/// figure.plot.set_layout(layout);
/// # Ok::<(), latent::Error>(())
/// ```
pub struct Opaque<T> {
    value: Box<dyn Any>,
    of: PhantomData<T>,
}

impl<T: 'static> From<T> for Opaque<T> {
    fn from(value: T) -> Self {
        Self {
            value: Box::new(value),
            of: PhantomData,
        }
    }
}

impl<T: Clone + 'static> Clone for Opaque<T> {
    fn clone(&self) -> Self {
        Self::from(T::clone(self))
    }
}

impl<T: 'static> Deref for Opaque<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.downcast_ref().expect("`from` put a T in it")
    }
}

impl<T: 'static> DerefMut for Opaque<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.downcast_mut().expect("`from` put a T in it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_a_value_of_its_own() {
        let mut first = Opaque::from(vec![1, 2]);
        let second = first.clone();
        first.push(3);
        assert_eq!((first.len(), second.len()), (3, 2));
    }
}
