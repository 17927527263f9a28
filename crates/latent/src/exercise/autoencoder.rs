//! Checks of lesson 05, Autoencoder.
//!
//! The questions are here, the functions that the learner builds an autoencoder from in `parts`,
//! the loop that trains it in `training_loop`, what the playground shows in `playground`.

mod parts;
mod playground;
mod training_loop;

pub use parts::{
    Forward, Parts, SquaredError, Update, check_decode, check_encode, check_squared_error,
    check_update, your_parts,
};
pub use playground::check_breaking_rate;
pub use training_loop::{Loop, TrainLoop, check_train, your_loop};

use super::Feedback;
use super::question::{Choice, Prediction, Scale};

/// The output activation for data that is standardised.
///
/// ```
/// use latent::exercise::{Outcome, autoencoder::check_output};
/// assert_eq!(check_output(None).outcome(), Outcome::NotAttempted);
/// assert_eq!(check_output(Some('a')).outcome(), Outcome::NotYet);
/// ```
pub fn check_output(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "the output activation",
        right: 'c',
        reasons: &[
            (
                'a',
                "A sigmoid never gives a number below 0 or above 1. About half of the standardised values are negative, and no weights can reach them.",
            ),
            (
                'b',
                "Firing rates are never negative, but standardised ones are: each value below the neuron's mean is. A ReLU cannot give a negative number.",
            ),
            (
                'c',
                "The last layer's weighted sums can take any value, and so can standardised data. Look at the range of your data first, then choose the output activation that covers this range, and no more.",
            ),
            (
                'd',
                "Tanh gives negative numbers, too, but none below -1 or above 1. A strong response at 4 standard deviations stays out of reach.",
            ),
        ],
    }
    .check(my_answer)
}

/// What a network draws after its first thirty steps.
pub fn check_first_lesson(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "the first thing it learns",
        right: 'b',
        reasons: &[
            (
                'a',
                "Ones come early, but not first. Look at 32 and 64 steps: the images of the grid are all alike, and no digit is among them.",
            ),
            (
                'b',
                "Whatever the code is, the output is the same grey cloud: the average of all digits. Of all images that do not depend on the code, it has the smallest error. The biases of the last layer are enough to learn it. After that, only the code can lower the error further.",
            ),
            (
                'c',
                "Strokes and loops come later: go on to the end, and watch the digits become sharper. After 32 and 64 steps there are none.",
            ),
            (
                'd',
                "Plain grey is what it begins with, at step 0. After 32 steps it has already learned something: all images of the grid show the same cloud, dark in the middle and white at the edges.",
            ),
        ],
    }
    .check(my_answer)
}

/// The error of a deep autoencoder without nonlinearities, beside PCA's.
pub fn check_rung(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "deep, but linear",
        truth: 0.0557,
        within: 0.0005,
        scale: Scale {
            other_unit: Some((
                1.0,
                100.0,
                "That looks like percent, or like the error of a whole image. The question asks for the mean squared error per pixel, such as 0.0675 for the mean image.",
            )),
            ..Scale::number("a mean squared error per pixel", 0.0, 1.0)
        },
        right: "However many linear layers there are, the outputs lie in a flat plane, and the training looks for the plane with the smallest error. PCA computes this plane at once. Training cannot be better; if it is done well, it reaches the same error.",
        too_low: "That would be better than PCA. But without a nonlinearity, the decoder's outputs lie in a flat plane, however many layers it has. PCA's plane is the best one: section 5 of lesson 02.",
        too_high: "The error will be a little smaller. The outputs of the decoder lie in a flat plane, and the training looks for the plane with the smallest error. PCA computes that plane, and the training comes close to it.",
        known: &[
            (
                0.038,
                0.046,
                "That is the error of the network with nonlinearities. Without them, more layers do not help: the decoder's outputs lie in a flat plane, and the best plane is PCA's.",
            ),
            (
                0.067,
                1.0,
                "That would be no better than the mean image, which the biases alone can draw. The two dimensions of the code can only lower the error: the training looks for the best plane, and PCA's is the best.",
            ),
        ],
    }
    .check(my_guess)
}

/// What an autoencoder with a code as wide as its input learns.
pub fn check_wide(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "as wide as the input",
        right: 'd',
        reasons: &[
            (
                'a',
                "Its error can be the smallest possible one, zero. But what must it know about digits, if it can pass on all 784 pixels as they are? Nothing: it can copy.",
            ),
            (
                'b',
                "An error of zero is possible. Give each output pixel a weight of 1 for the same pixel of the input, and a weight of 0 for all others: then each pixel is copied.",
            ),
            (
                'c',
                "Overfitting would mean that it does well on the training images alone. A network that copies every pixel does well on all images: on new digits, on faces, on random noise.",
            ),
            (
                'd',
                "Copying makes no mistake, for any image. The network need not learn anything about digits. A bottleneck is one way to force it to find out what digits have in common.",
            ),
        ],
    }
    .predict(my_answer)
}
