//! The failure clinic: trainings that went wrong, each for one reason, to be diagnosed from what
//! they show.
//!
//! ```text
//! clinic(number) trains for real -> Patient: curves, errors, the network -> check_patient(number)
//! ```
//!
//! Spoilers: the causes stand below.

use crate::autoencoder::Autoencoder;
use crate::codec::Codec;
use crate::data::{Dataset, Mnist};
use crate::error::{Error, Result};
use crate::exercise::Feedback;
use crate::exercise::question::{Case, diagnosis};
use crate::nn::Activation;
use crate::training::{History, TrainConfig};
use ndarray::Array2;
use std::fmt;

/// A trained network with its file.
#[derive(Clone, Debug)]
pub struct Patient {
    /// The network after its training.
    pub autoencoder: Autoencoder,
    /// Its losses.
    pub history: History,
    number: usize,
    /// Mean squared errors: training, validation and test images, nonsense.
    errors: [f64; 4],
}

/// What a patient has. The letters are those of the lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Healthy,
    TooHigh,
    TooLow,
    Dead,
    Linear,
    TooFew,
    Leak,
    TooWide,
}

/// Patient 0 is healthy; the lesson shows it as such.
const CAUSES: [Cause; 8] = [
    Cause::Healthy,
    Cause::TooLow,
    Cause::TooFew,
    Cause::Dead,
    Cause::Linear,
    Cause::Leak,
    Cause::TooHigh,
    Cause::TooWide,
];

const SEED: u64 = 1;
const IMAGES: usize = 3000;

/// Trains patient `number`, 1 to 7, or the healthy one, 0.
///
/// ```
/// use latent::prelude::*;
/// let mnist = Mnist::load()?;
/// let healthy = exercise::training::clinic(0, &mnist)?;
/// assert!(healthy.history.best_validation_loss() < 0.03);
/// # Ok::<(), latent::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] if there is no such patient; [`Error::Interrupted`] if the training was
/// interrupted.
pub fn clinic(number: usize, mnist: &Mnist) -> Result<Patient> {
    let Some(&cause) = CAUSES.get(number) else {
        return Err(Error::Setting {
            setting: "the patient's number",
            value: number.to_string(),
            expected: "a number from 1 to 7, or 0 for the healthy one",
        });
    };
    let (mut autoencoder, config) = case(cause)?;
    let train = mnist.train.take(match cause {
        Cause::TooFew => 60,
        Cause::TooWide => IMAGES / 2,
        _ => IMAGES,
    });
    let validation = match cause {
        Cause::Leak => train.take(1000),
        _ => mnist.validation.take(1000),
    };
    let history = autoencoder.fit(&train.samples, &validation.samples, &config)?;
    if history.interrupted {
        return Err(Error::Interrupted);
    }
    let error = |data: &Dataset| autoencoder.reconstruction_error(&data.samples);
    let errors = [
        error(&train)?,
        error(&validation)?,
        error(&mnist.test.take(1000))?,
        autoencoder.reconstruction_error(&nonsense(mnist, 100))?,
    ];
    Ok(Patient {
        autoencoder,
        history,
        number,
        errors,
    })
}

/// The network before its training, and how it is trained.
fn case(cause: Cause) -> Result<(Autoencoder, TrainConfig)> {
    let healthy = TrainConfig {
        epochs: 12,
        batch_size: 32,
        learning_rate: 1e-3,
        restore_best_weights: false,
        seed: SEED,
        progress: false,
        ..TrainConfig::default()
    };
    let network = |hidden| Autoencoder::new(&[784, 144, 16], hidden, SEED);
    Ok(match cause {
        // A leak differs from a healthy training in its validation images alone.
        Cause::Healthy | Cause::Leak => (network(Activation::Relu)?, healthy),
        // Steps so long that the weights are thrown about; with an output that nothing bounds,
        // one can see how far.
        Cause::TooHigh => (
            network(Activation::Tanh)?.with_output_activation(Activation::Identity),
            TrainConfig {
                learning_rate: 0.1,
                ..healthy
            },
        ),
        Cause::TooLow => (
            network(Activation::Relu)?,
            TrainConfig {
                learning_rate: 5e-6,
                ..healthy
            },
        ),
        // No image brings a unit across a threshold as high as this.
        Cause::Dead => {
            let mut network = network(Activation::Relu)?;
            network.network_mut().layers_mut()[0].linear.bias.fill(-5.0);
            (network, healthy)
        }
        Cause::Linear => (
            network(Activation::Identity)?.with_output_activation(Activation::Identity),
            healthy,
        ),
        Cause::TooFew => (
            network(Activation::Relu)?,
            TrainConfig {
                epochs: 60,
                batch_size: 10,
                learning_rate: 3e-3,
                ..healthy
            },
        ),
        // As many dimensions as pixels: the weights begin near a plain copy, and no step has to
        // change that.
        Cause::TooWide => {
            let mut copy = Autoencoder::new(&[784, 784, 784], Activation::Relu, SEED)?
                .with_output_activation(Activation::Identity);
            for layer in copy.network_mut().layers_mut() {
                layer.linear.weight *= 0.25;
                layer.linear.weight.diag_mut().mapv_inplace(|w| w + 1.0);
            }
            let config = TrainConfig {
                epochs: 3,
                batch_size: 64,
                learning_rate: 1e-4,
                ..healthy
            };
            (copy, config)
        }
    })
}

/// Images of nothing (n, 784): each pixel comes from another training image, so that each pixel
/// alone is as dark as it should be, and no stroke hangs together.
pub fn nonsense(mnist: &Mnist, n: usize) -> Array2<f32> {
    let samples = &mnist.train.samples;
    Array2::from_shape_fn((n, samples.ncols()), |(image, pixel)| {
        samples[[(image * 2503 + pixel * 7919) % samples.nrows(), pixel]]
    })
}

/// The patient's chart.
impl fmt::Display for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => writeln!(f, "a healthy training")?,
            number => writeln!(f, "patient {number}")?,
        }
        let before = self.history.initial_validation_loss;
        writeln!(f, "  validation loss before the first step  {before:.4}")?;
        writeln!(f, "  error at the end, of")?;
        let [train, validation, test, nonsense] = self.errors;
        writeln!(f, "    the training images                  {train:.4}")?;
        writeln!(
            f,
            "    the validation images                {validation:.4}"
        )?;
        writeln!(f, "    1,000 test images                    {test:.4}")?;
        write!(f, "    100 nonsense images                  {nonsense:.4}")
    }
}

/// What patient `number` has: a letter from a to g.
pub fn check_patient(number: usize, my_diagnosis: Option<char>) -> Feedback {
    diagnosis("the clinic", "patient", &FILES, number, my_diagnosis)
}

/// For each patient: its name, its letter, and what to say to each diagnosis.
const FILES: [Case; 7] = [
    (
        "patient 1",
        'b',
        &[
            (
                'a',
                "With a learning rate that is too high the curves jump, or rise. These two fall smoothly, but very slowly.",
            ),
            (
                'b',
                "Both curves fall together, smoothly, and are still falling at the last epoch, far above the error of the mean image. The training goes in the right direction, but its steps are too small. First try ten times the learning rate, and look again.",
            ),
            (
                'c',
                "Look inside: many units are active, and different images have different active units. Dead units would all be grey.",
            ),
            (
                'd',
                "Look inside: nothing is blue. Without a nonlinearity about half of the units would be below zero. And a linear network would soon have reached the error of PCA. Here learning has hardly begun.",
            ),
            (
                'e',
                "With too few images the training loss gets low, and the validation loss stays high. Here the two are the same, and both are high.",
            ),
            (
                'f',
                "With data leakage, the test error would be higher than the validation error. Here it is about the same, and so is the training error.",
            ),
            (
                'g',
                "With a code as wide as the image, a network can copy its input. This one outputs nearly the same grey for every image.",
            ),
        ],
    ),
    (
        "patient 2",
        'e',
        &[
            (
                'a',
                "The training loss falls far, and without jumps, so the learning rate is good. Look at the other curve.",
            ),
            (
                'b',
                "The training loss has fallen lower than that of the healthy network. It has learned enough. What did it learn from?",
            ),
            (
                'c',
                "Enough units are active inside, and different images have different active units.",
            ),
            (
                'd',
                "Nothing is blue inside, so there is a threshold. And a linear network with a code of 16 dimensions cannot do better than PCA on its training images.",
            ),
            (
                'e',
                "It reconstructs its training images almost perfectly and new ones badly: it has memorised them. The validation loss stopped falling long before the end, while the training loss went on falling. More images would help most. (To see how many it had, print `patient_2.history.samples`.)",
            ),
            (
                'f',
                "If the validation images were among the training images, their loss would be as low as the training loss. Here it stays far above. This validation set does its job: it shows the overfitting.",
            ),
            (
                'g',
                "A network that copies would copy new images too. This one fails on them, and it fails on nonsense.",
            ),
        ],
    ),
    (
        "patient 3",
        'c',
        &[
            (
                'a',
                "The curves neither jump nor rise. After a short fall they are level. Look inside for the reason.",
            ),
            (
                'b',
                "With a learning rate that is too low the curves would still be falling at the end. These are level, at the error of the mean image.",
            ),
            (
                'c',
                "Inside all is grey, whatever the image. No unit is above its threshold. So nothing of the image gets through, and no gradient gets back to the first layer. Only the later layers can learn, and their best constant output is the mean image. So the network reconstructs the mean image for every input, and has the error of the mean image. (The owner had set the biases of the first layer to -5.)",
            ),
            (
                'd',
                "A linear network passes everything on, above zero and below. Here nothing is passed on at all.",
            ),
            (
                'e',
                "With too few images, the training loss would be low. Here it is as high as the validation loss.",
            ),
            (
                'f',
                "With data leakage, the test error would be clearly higher than the validation error. Here all three errors are about the same.",
            ),
            (
                'g',
                "It copies nothing: it gives the same image for every input.",
            ),
        ],
    ),
    (
        "patient 4",
        'd',
        &[
            (
                'a',
                "The curves fall quickly and smoothly, and then they stay level. With a learning rate that is too high they would jump.",
            ),
            (
                'b',
                "With a learning rate that is too low the curves would still be falling. These are nearly level from the fourth epoch on.",
            ),
            (
                'c',
                "Hardly any unit is silent. Look at the colours again: there are two.",
            ),
            (
                'd',
                "About half of the units inside are blue: there is no threshold that cuts off negative values. So all layers together are one linear layer through a bottleneck of 16 dimensions, and the best that such a layer can do is PCA. The error has fallen to that of PCA. On its training images it cannot get below the error of PCA on the same images, however long you train.",
            ),
            (
                'e',
                "Training, validation and test errors are about the same: what it learned holds for new images. It has not learned enough.",
            ),
            (
                'f',
                "With data leakage, the test error would be higher than the validation error. Here the two are the same.",
            ),
            (
                'g',
                "A code as wide as the image would bring the error down to nearly zero. The error of this network stops at that of PCA with 16 components.",
            ),
        ],
    ),
    (
        "patient 5",
        'f',
        &[
            (
                'a',
                "The curves fall smoothly. Look at the chart again, and compare it with the chart of the healthy network.",
            ),
            (
                'b',
                "Both losses are as low as the training loss of the healthy network, so it has learned enough. What is too good to be true?",
            ),
            (
                'c',
                "Enough units are active inside, and different images have different active units.",
            ),
            (
                'd',
                "Nothing is blue inside, so there is a threshold. And its test error is below that of PCA.",
            ),
            (
                'e',
                "Its training and test errors are those of the healthy network, so it had as many training images. Only one of its errors at the end is different.",
            ),
            (
                'f',
                "The validation loss is as low as the training loss. But every network does a little worse on new images. The test error shows that this network does, too. Its validation images were among its training images. The network itself is healthy, but nobody would notice if it overfitted. With recordings this happens when neighbouring time bins end up in different sets. If you want to know about new animals, it also happens when two sessions of one animal end up in different sets.",
            ),
            (
                'g',
                "A network that copies would copy the nonsense images too. This one has a large error there.",
            ),
        ],
    ),
    (
        "patient 6",
        'a',
        &[
            (
                'a',
                "Both losses jump, and rise: each step overshoots and ends up higher on the other side. Nothing else in this list makes a training loss rise. At the end the network is worse than one that gives the mean image for everything. First try a tenth of the learning rate.",
            ),
            (
                'b',
                "With a learning rate that is too low the curves would fall smoothly and slowly. These jump, and rise.",
            ),
            (
                'c',
                "Not one unit is silent: they are strongly orange or strongly blue. That is saturation. It has the same cause as the jumps of the curves.",
            ),
            (
                'd',
                "There are two colours inside, but look how strong they are. Nearly all units are at one of two extremes, which is what tanh does if its inputs are very large. A linear network would show weak and strong colours, and its curves would fall to the error of PCA and stay there.",
            ),
            (
                'e',
                "With too few images the training loss is low. Here it rises.",
            ),
            (
                'f',
                "With data leakage, the test error would be higher than the validation error. Here all three errors are equally bad.",
            ),
            (
                'g',
                "A network that copies has a low error. This one has a very large error.",
            ),
        ],
    ),
    (
        "patient 7",
        'g',
        &[
            (
                'a',
                "Nothing jumps, and the errors are the lowest of all patients. Suspiciously low: look at the bottom row.",
            ),
            (
                'b',
                "The loss was low before the first step. Learning is not slow here. It is hardly needed.",
            ),
            (
                'c',
                "Look inside: you can see the image itself, so the units that carry it are active.",
            ),
            (
                'd',
                "Nothing is blue inside, so there is a threshold. And a linear network with a code of 16 dimensions cannot get below the error of PCA, as one patient showed. This network gets far below it, and reconstructs even nonsense.",
            ),
            (
                'e',
                "With too few images, it would fail on new images. It does well on all images, even on nonsense images.",
            ),
            (
                'f',
                "With data leakage, the test error would be higher than the validation error. Here the two are the same.",
            ),
            (
                'g',
                "It reconstructs every input, nonsense too, and its error was low even before its training began. Inside you can see the image itself: 784 values for 784 pixels, passed on. A low error alone does not make a good representation. The bottleneck is what forces a network to learn what digits have in common.",
            ),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_names_each_diagnosis_and_the_right_one_belongs_to_the_cause() {
        let letter = |cause| match cause {
            Cause::Healthy => None,
            Cause::TooHigh => Some('a'),
            Cause::TooLow => Some('b'),
            Cause::Dead => Some('c'),
            Cause::Linear => Some('d'),
            Cause::TooFew => Some('e'),
            Cause::Leak => Some('f'),
            Cause::TooWide => Some('g'),
        };
        for (cause, (name, right, reasons)) in CAUSES[1..].iter().zip(&FILES) {
            assert_eq!(letter(*cause), Some(*right), "{name}");
            let letters: String = reasons.iter().map(|(letter, _)| *letter).collect();
            assert_eq!(letters, "abcdefg", "{name}");
        }
    }
}
