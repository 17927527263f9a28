//! Checks of lesson 02, Principal components analysis.

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction, Scale};
use super::value::{named, row, table};
use ndarray::{Array1, Array2, Axis, array};

/// Points (n, d), mean (d) and direction (d) to codes (n).
pub type Encode = fn(&Array2<f32>, &Array1<f32>, &Array1<f32>) -> Array1<f32>;

/// Codes (n), mean (d) and direction (d) to points (n, d).
pub type Decode = fn(&Array1<f32>, &Array1<f32>, &Array1<f32>) -> Array2<f32>;

/// `centre(points)`: points (n, d) to the same points with the mean moved to the origin.
///
/// ```
/// use latent::exercise::{Outcome, pca::check_centre};
/// let feedback = check_centre(|points| points.clone());
/// assert_eq!(feedback.outcome(), Outcome::NotYet);
/// assert!(feedback.message().contains("Subtract the mean of each column"));
/// ```
pub fn check_centre(centre: fn(&Array2<f32>) -> Array2<f32>) -> Feedback {
    Check {
        exercise: "centre",
        arguments: |points: &Array2<f32>| vec![named("points", points)],
        answer: |points| points - &mean(points),
        mistakes: vec![
            (
                |points| {
                    let means = points.sum_axis(Axis(1)) / points.ncols() as f32;
                    points - &means.insert_axis(Axis(1))
                },
                "You subtracted each point's own mean. `Axis(n)` names the axis that disappears: to average over the points, which are the rows, it is `Axis(0)`.",
            ),
            (
                |points| points - points.sum() / points.len() as f32,
                "You subtracted one mean of all numbers. Each column has its own mean: `mean_axis(Axis(0))` gives them all.",
            ),
            (
                |points| points - &points.sum_axis(Axis(0)),
                "You subtracted each column's sum. Divide it by the number of points first, or use `mean_axis`.",
            ),
            (
                |points| &mean(points) - points,
                "You subtracted the points from the mean, so every point is mirrored. It is points minus mean.",
            ),
            (
                |points| points + &mean(points),
                "You added the mean. To bring the middle of the cloud to the origin, subtract it.",
            ),
            (
                |points| (points - &mean(points)) / spread(points),
                "The mean is right. You also divided by the standard deviation; here the points should keep their spread.",
            ),
            (
                |points| (points - &mean(points)) / points.std_axis(Axis(0), 0.0),
                "The mean is right. You also divided by the standard deviation; here the points should keep their spread.",
            ),
            (
                |points| points / &points.std_axis(Axis(0), 0.0),
                "You divided by the standard deviation. Centring only subtracts the mean.",
            ),
            (
                |points| points.clone(),
                "The points came back as they were. Subtract the mean of each column.",
            ),
        ],
        shapes_clash: Some(
            "Most often this is a mean over `Axis(1)`: it has one number for each point, but the subtraction needs one for each column. `Axis(n)` names the axis that disappears, so average over `Axis(0)`.",
        ),
        inputs: vec![
            array![[1.0, 10.0], [2.0, 20.0], [6.0, 60.0]],
            table(6, 2, 11),
            table(9, 5, 12),
        ],
        passed: "Every column now has the mean 0, and your function works in any number of dimensions.",
    }
    .run(centre)
}

/// `covariance(centred)`: centred points (n, d) to their covariance matrix (d, d).
pub fn check_covariance(covariance: fn(&Array2<f32>) -> Array2<f32>) -> Feedback {
    Check {
        exercise: "covariance",
        arguments: |centred: &Array2<f32>| vec![named("centred", centred)],
        answer: |centred| centred.t().dot(centred) / (centred.nrows() as f32 - 1.0),
        mistakes: vec![
            (
                |centred| centred.t().dot(centred) / centred.nrows() as f32,
                "You divided by n. The mean was computed from the same points, so they lie a little too close to it: divide by n - 1.",
            ),
            (
                |centred| centred.t().dot(centred) / centred.nrows() as f32 - 1.0,
                "Division comes before subtraction, so you divided by n and then took 1 from every element. Put brackets around n - 1: `(centred.nrows() as f32 - 1.0)`.",
            ),
            (
                |centred| centred.t().dot(centred),
                "The sums of products are right. Divide them by n - 1 to get averages.",
            ),
            (
                |centred| centred.dot(&centred.t()) / (centred.nrows() as f32 - 1.0),
                "You multiplied the points with each other and got one row for each point. The transpose belongs on the left: `centred.t().dot(centred)` has one row for each feature.",
            ),
            (
                |centred| centred.dot(&centred.t()) / centred.nrows() as f32,
                "The transpose belongs on the left: `centred.t().dot(centred)` has one row for each feature. And divide by n - 1, not n.",
            ),
            (
                |centred| centred.dot(&centred.t()),
                "The transpose belongs on the left: `centred.t().dot(centred)` has one row for each feature. Then divide by n - 1.",
            ),
            (
                |centred| centred.t().dot(centred) / (centred.ncols() as f32 - 1.0),
                "You divided by the number of features minus 1. The sum runs over the points: use `centred.nrows()`.",
            ),
            (
                |centred| centred.t().dot(centred) / centred.ncols() as f32,
                "You divided by the number of features. The sum runs over the points: use `centred.nrows()`, minus 1.",
            ),
            (
                |centred| centred.t().dot(centred) / centred.len() as f32,
                "`centred.len()` counts all numbers in the array. The sum runs over the points: use `centred.nrows()`, minus 1.",
            ),
            (
                |centred| {
                    let scaled = centred / &spread(centred);
                    scaled.t().dot(&scaled) / (centred.nrows() as f32 - 1.0)
                },
                "That is the correlation: each feature was divided by its standard deviation. The covariance keeps the units.",
            ),
            (
                |centred| {
                    let covariance = centred.t().dot(centred) / (centred.nrows() as f32 - 1.0);
                    Array2::from_diag(&covariance.diag())
                },
                "The variances on the diagonal are right, but the covariances are missing: element (i, j) multiplies column i by column j, also where i and j differ. `centred.t().dot(centred)` computes all of them.",
            ),
        ],
        shapes_clash: Some(
            "To multiply `centred` by itself, one of the two factors has to be transposed: `centred.t().dot(centred)`.",
        ),
        inputs: vec![
            array![[-2.0, -1.0], [0.0, -1.0], [2.0, 2.0]],
            centred(table(7, 2, 21)),
            centred(table(10, 4, 22)),
        ],
        passed: "Variances on the diagonal, covariances beside it, divided by n - 1. The same code works for 784 pixels.",
    }
    .run(covariance)
}

/// What another unit for one of two neurons does to the direction of most variance.
pub fn check_unit(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "another unit",
        right: 'c',
        reasons: &[
            (
                'a',
                "The digits are the same, but the cloud is not: it is now ten times as long in the direction of the lower half. Variance is measured in the units of the data, and PCA looks only at variance. The next cell shows the angles.",
            ),
            (
                'b',
                "The diagonal would be right if both neurons varied equally. Now the lower half varies far more than the upper half. The next cell shows the angles.",
            ),
            (
                'c',
                "The variance of the lower half is now 100 times as large, so nearly all of the variance lies in its direction. The unit alone has changed what PCA calls most important. The next cell shows the angles.",
            ),
            (
                'd',
                "That would be right if the upper half had been multiplied. The lower half is on the vertical axis, and now the cloud is stretched along that axis. The next cell shows the angles.",
            ),
        ],
    }
    .predict(my_answer)
}

/// `encode(points, mean, direction)`: points (n, d) to their codes (n) along a direction (d).
pub fn check_encode(encode: Encode) -> Feedback {
    type Input = (Array2<f32>, Array1<f32>, Array1<f32>);
    Check {
        exercise: "encode",
        arguments: |(points, mean, direction): &Input| {
            vec![
                named("points", points),
                named("mean", mean),
                named("direction", direction),
            ]
        },
        answer: |(points, mean, direction)| (points - mean).dot(direction),
        mistakes: vec![
            (
                |(points, _, direction)| points.dot(direction),
                "You projected the points as they are. Subtract `mean` first, so that the code counts from the middle of the cloud.",
            ),
            (
                |(points, _, direction)| (points - &mean(points)).dot(direction),
                "You subtracted the mean of these points. Use the argument `mean`: new points are measured from the mean of the points that PCA was fitted to.",
            ),
            (
                |(points, mean, direction)| (points + mean).dot(direction),
                "You added the mean. Subtract it.",
            ),
            (
                |(points, mean, direction)| (mean - points).dot(direction),
                "All signs are reversed: it is points minus mean, not mean minus points.",
            ),
            (
                |(points, mean, direction)| ((points - mean) * direction).sum_axis(Axis(0)),
                "You summed over the points. Each point needs its own code: sum over its coordinates, or let `.dot(direction)` do it.",
            ),
            (
                |(points, mean, direction)| points.dot(direction) - mean.sum(),
                "The mean must go through the projection too: subtract it from the points first, then project.",
            ),
        ],
        shapes_clash: Some(
            "Look at the mean first: it has one entry for each coordinate, so subtract it from `points`, before the product. After the product there is one number for each point, and the mean no longer fits. In the product, the points are on the left and the direction is on the right: `.dot(direction)`.",
        ),
        inputs: vec![
            (
                array![[3.0, 1.0], [1.0, 6.0], [1.0, 1.0]],
                array![1.0, 1.0],
                array![0.6, 0.8],
            ),
            (table(6, 2, 31), row(2, 32), unit(row(2, 33))),
            (table(8, 5, 34), row(5, 35), unit(row(5, 36))),
        ],
        passed: "One number for each point, measured from the mean: that is an encoder.",
    }
    .run(move |(points, mean, direction)| encode(points, mean, direction))
}

/// `decode(codes, mean, direction)`: codes (n) to points (n, d) on the line.
pub fn check_decode(decode: Decode) -> Feedback {
    type Input = (Array1<f32>, Array1<f32>, Array1<f32>);
    Check {
        exercise: "decode",
        arguments: |(codes, mean, direction): &Input| {
            vec![
                named("codes", codes),
                named("mean", mean),
                named("direction", direction),
            ]
        },
        answer: |(codes, mean, direction)| outer(codes, direction) + mean,
        mistakes: vec![
            (
                |(codes, _, direction)| outer(codes, direction),
                "These points lie on a line through the origin. Add the `mean`, which the encoder subtracted.",
            ),
            (
                |(codes, mean, direction)| outer(codes, direction) - mean,
                "You subtracted the mean. The encoder did that; the decoder has to add it back.",
            ),
            (
                |(codes, mean, direction)| outer(direction, codes) + mean.view().insert_axis(Axis(1)),
                "Your points are the columns. Each point should be a row: element (i, j) is `codes[i] * direction[j] + mean[j]`.",
            ),
            (
                |(codes, _, direction)| outer(direction, codes),
                "Your points are the columns, and the mean is missing: element (i, j) is `codes[i] * direction[j] + mean[j]`.",
            ),
            (
                |(codes, mean, direction)| outer(codes, &(direction + mean)),
                "You multiplied the mean by the code as well. Multiply the direction alone, then add the mean once.",
            ),
            (
                |(codes, mean, direction)| {
                    Array2::from_shape_fn((codes.len(), mean.len()), |(i, j)| {
                        codes[i] + direction[j] + mean[j]
                    })
                },
                "You added the code to the direction. Multiply the two: the code says how far to go along it.",
            ),
        ],
        shapes_clash: Some(
            "There is one code for each point, and one entry of the direction for each coordinate: they cannot be multiplied element by element. Build element (i, j) from `codes[i]` and `direction[j]`.",
        ),
        inputs: vec![
            (array![5.0, 10.0, -5.0], array![1.0, 2.0], array![0.6, 0.8]),
            (row(4, 41), row(2, 42), unit(row(2, 43))),
            (row(7, 44), row(5, 45), unit(row(5, 46))),
        ],
        passed: "Each code became a point on the line: that is a decoder.",
    }
    .run(move |(codes, mean, direction)| decode(codes, mean, direction))
}

/// How many of 784 components hold nine tenths of the variance of the digits.
pub fn check_components(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "nine tenths",
        truth: COMPONENTS_FOR_NINE_TENTHS,
        within: 20.0,
        scale: Scale {
            other_unit: Some((
                0.0,
                0.999,
                "That looks like a share. The question asks for a number of components, from 1 to 784.",
            )),
            ..Scale::count("a number of components", 1.0, 784.0)
        },
        right: "A good guess. About one component for nine pixels is enough.",
        too_low: "It takes more than that: each digit can be written in many ways, and each way changes many pixels. The next figure shows the whole curve.",
        too_high: "It takes fewer than that: neighbouring pixels change together, so a few components explain a large share. The next figure shows the whole curve.",
        known: &[
            (
                700.0,
                710.0,
                "That is nine tenths of the components. But they are sorted: the first ones explain far more than the last ones.",
            ),
            (
                1.0,
                10.0,
                "Ten, one for each digit? The ways of writing one digit differ as well: slant, width, thickness, loops. Each of these needs more components.",
            ),
            (
                784.0,
                784.0,
                "All 784 hold all of the variance. Nine tenths take far fewer, because neighbouring pixels are nearly the same.",
            ),
        ],
    }
    .check(my_guess)
}

/// On 50,000 training digits; a test counts anew.
const COMPONENTS_FOR_NINE_TENTHS: f64 = 87.0;

/// What the two colours in the picture of a component mean.
pub fn check_colours(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "two colours",
        right: 'b',
        reasons: &[
            (
                'a',
                "The mean image was subtracted before the directions were found, so a component is not a picture of ink. A pixel with the same amount of ink in every digit does not vary, so it is white in a component.",
            ),
            (
                'b',
                "A step along the component adds ink in one colour and takes it away in the other. It is a convention which colour is positive. If you reverse all signs, of the component and of its codes, all reconstructions stay the same.",
            ),
            (
                'c',
                "A component is a direction. A negative number in it is not an error: it says that this pixel loses ink when the code grows. A component does not show the errors of the reconstruction.",
            ),
            (
                'd',
                "PCA never saw a label. Some components look like two digits on top of each other, because these digits differ in many pixels at once.",
            ),
        ],
    }
    .check(my_answer)
}

fn mean(points: &Array2<f32>) -> Array1<f32> {
    points.sum_axis(Axis(0)) / points.nrows() as f32
}

fn spread(points: &Array2<f32>) -> Array1<f32> {
    points.std_axis(Axis(0), 1.0)
}

fn centred(points: Array2<f32>) -> Array2<f32> {
    &points - &mean(&points)
}

fn unit(vector: Array1<f32>) -> Array1<f32> {
    let length = vector.dot(&vector).sqrt();
    vector / length
}

fn outer(column: &Array1<f32>, row: &Array1<f32>) -> Array2<f32> {
    Array2::from_shape_fn((column.len(), row.len()), |(i, j)| column[i] * row[j])
}
