//! MNIST.
/// The data set.
pub struct Mnist;
