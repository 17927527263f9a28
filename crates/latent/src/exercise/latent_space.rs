//! Checks of lesson 04, A latent space.

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction, Scale};
use super::value::{named, row, table};
use ndarray::{Array1, Array2, array};

/// Two codes (k) and a number of steps to the codes on the line between them (steps, k).
pub type Between = fn(&Array1<f32>, &Array1<f32>, usize) -> Array2<f32>;

/// Turned codes (n, 2) and the rotation (2, 2) that turned them to the codes (n, 2).
pub type TurnBack = fn(&Array2<f32>, &Array2<f32>) -> Array2<f32>;

/// The accuracy of k nearest neighbours, in percent, from two latent variables.
///
/// ```
/// use latent::exercise::{Outcome, latent_space::check_accuracy};
/// assert_eq!(check_accuracy(None).outcome(), Outcome::NotAttempted);
/// assert_eq!(check_accuracy(Some(44.0)).outcome(), Outcome::Surprise);
/// ```
pub fn check_accuracy(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "two dimensions",
        truth: 81.7,
        within: 6.0,
        scale: Scale::PERCENT,
        right: "Close enough. From two latent variables, the classifier predicts the right digit in about four of five cases. No label was used to find these variables.",
        too_low: "The map is better than that: zeros, ones, twos, sixes and sevens lie mostly among their own kind, and about half of the fours and nines are predicted correctly as well.",
        too_high: "The map is not quite that good: fours lie among nines, and fives among threes.",
        known: &[
            (
                1.001,
                44.0,
                "That would be no better than PCA. Compare the two maps: where digits overlap on PCA's map, many have regions of their own on the autoencoder's.",
            ),
            (
                90.301,
                100.0,
                "That would be as good as all 784 pixels. Two dimensions are not that good: fours lie among nines, and fives among threes.",
            ),
        ],
    }
    .check(my_guess)
}

/// Why fours and nines share a region of the map.
pub fn check_fours(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "fours and nines",
        right: 'b',
        reasons: &[
            (
                'a',
                "The training used images and no labels. A wrong label cannot change what the network does.",
            ),
            (
                'b',
                "A nine differs from a four by the short stroke that closes it on top. If the decoder draws one instead of the other, only few pixels are wrong. The network has only two dimensions. It reduces the error more if it uses them for differences in many pixels: for example, whether there is a loop at the bottom of the image.",
            ),
            (
                'c',
                "There is room for any number of regions in a plane: a map of the world has two hundred countries. Fours and nines could lie apart, as ones and zeros do, if that reduced the error.",
            ),
            (
                'd',
                "There are about five thousand of each in the training set, as of the other digits. There are about as many zeros, and the zeros have a region of their own.",
            ),
        ],
    }
    .check(my_answer)
}

/// `between(a, b, steps)`: codes on the line from `a` to `b`, both ends included, one a row.
pub fn check_between(between: Between) -> Feedback {
    type Input = (Array1<f32>, Array1<f32>, usize);
    fn along((a, b, steps): &Input, share: impl Fn(usize) -> f32) -> Array2<f32> {
        Array2::from_shape_fn((*steps, a.len()), |(i, j)| a[j] + share(i) * (b[j] - a[j]))
    }
    fn share((_, _, steps): &Input, i: usize) -> f32 {
        i as f32 / (*steps as f32 - 1.0)
    }
    Check {
        exercise: "a straight line",
        arguments: |(a, b, steps): &Input| {
            vec![
                named("a", a),
                named("b", b),
                ("steps", steps.to_string()),
            ]
        },
        answer: |input| along(input, |i| share(input, i)),
        mistakes: vec![
            (
                |input| along(input, |i| i as f32 / input.2 as f32),
                "Your line starts at `a` but never arrives at `b`: you divided by the number of rows. Between n rows there are n - 1 steps.",
            ),
            (
                |input| along(input, |i| (i + 1) as f32 / input.2 as f32),
                "Your line arrives at `b`, but it starts one step after `a`. The share of row 0 must be 0. The share of row i is i / (steps - 1).",
            ),
            (
                |input| along(input, |i| (i + 1) as f32 / (input.2 as f32 + 1.0)),
                "Your codes lie on the line, between `a` and `b`, but its two ends are missing: the first row is `a`, and the last is `b`.",
            ),
            (
                |input| along(input, |i| 1.0 - share(input, i)),
                "Your line goes from `b` to `a`. It should start at `a`.",
            ),
            (
                |input| along(input, |i| (i / (input.2 - 1)) as f32),
                "All your rows are `a` except the last, which is `b`: whole numbers were divided, and in Rust 1 / 4 is 0. Turn both into decimal numbers first: `i as f32 / (steps - 1) as f32`.",
            ),
            (
                |input| along(input, |_| 0.0),
                "All your rows are `a`. If you wrote `i / steps`: whole numbers were divided, and in Rust 1 / 4 is 0. Turn both into decimal numbers first, as in `i as f32`. Between n rows there are n - 1 steps.",
            ),
            (
                |input| {
                    let (a, b, steps) = input;
                    Array2::from_shape_fn((*steps, a.len()), |(i, j)| a[j] + share(input, i) * b[j])
                },
                "You added a share of `b` to all of `a`. Add a share of the way from `a` to `b` instead, which is `b[j] - a[j]`.",
            ),
            (
                |input| {
                    let (a, b, steps) = input;
                    Array2::from_shape_fn((*steps, a.len()), |(i, j)| share(input, i) * (b[j] - a[j]))
                },
                "Your steps have the right length, but they start from zero. Start from `a`: `a[j] + ...`.",
            ),
            (
                |input| {
                    let (a, b, steps) = input;
                    Array2::from_shape_fn((*steps, a.len()), |(i, j)| a[j] + share(input, i) * (a[j] - b[j]))
                },
                "Your line leaves `a` in the wrong direction, away from `b`. The way from `a` to `b` is `b - a`.",
            ),
            (
                |input| along(input, |i| i as f32),
                "Each of your steps is as long as the whole way from `a` to `b`. The share is i / (steps - 1), because between n rows there are n - 1 steps.",
            ),
            (
                |input| {
                    let (a, b, steps) = input;
                    Array2::from_shape_fn((*steps, a.len()), |(i, j)| share(input, i) * b[j])
                },
                "Your line goes from zero to `b`. If you wrote `a[j] + share * b[j] - a[j]`: the product is computed first, so the two `a[j]` cancel. Put brackets around `b[j] - a[j]`.",
            ),
            (
                |input| along(input, |i| i as f32 / input.2 as f32 - 1.0),
                "Your codes lie on the other side of `a`, away from `b`: the shares are below 0. The division is computed before the subtraction. Put brackets around `steps - 1`.",
            ),
            (
                |input| along(input, |i| i.wrapping_sub(1) as f32 / (input.2 as f32 - 1.0)),
                "You used `i - 1`. Rows are counted from 0, so `i` itself is 0 in the first row, and there `i - 1` would be below zero, which a count (`usize`) cannot be.",
            ),
            (
                |input| along(input, |_| 0.5),
                "All your rows are the middle of the line. The share of the way depends on the row, i.",
            ),
        ],
        shapes_clash: Some(
            "`a` and `b` have one number for each latent dimension. The result has `steps` rows, and each row is as long as `a`: `(steps, a.len())`.",
        ),
        inputs: vec![
            (array![0.0, 10.0], array![4.0, 30.0], 5),
            (row(2, 131), row(2, 132), 2),
            (row(3, 133), row(3, 134), 7),
            (row(5, 135), row(5, 136), 4),
        ],
        passed: "Evenly spaced, and both ends are included.",
    }
    .run(move |(a, b, steps)| between(a, b, *steps))
}

/// `turn_back(turned, turn)`: the codes (n, 2) from `turned = codes · turn`.
pub fn check_turn_back(turn_back: TurnBack) -> Feedback {
    type Input = (Array2<f32>, Array2<f32>);
    fn turned(codes: &Array2<f32>, cos: f32, sin: f32) -> Input {
        let turn = array![[cos, sin], [-sin, cos]];
        (codes.dot(&turn), turn)
    }
    Check {
        exercise: "turn back",
        arguments: |(turned, turn): &Input| vec![named("turned", turned), named("turn", turn)],
        answer: |(turned, turn)| turned.dot(&turn.t()),
        mistakes: vec![
            (
                |(turned, turn)| turned.dot(turn),
                "You turned once more in the same direction. What undoes a rotation is its transpose, `turn.t()`.",
            ),
            (
                |(turned, _)| turned.clone(),
                "You returned the codes as they were, still turned. Multiply them by the transpose of `turn`.",
            ),
            (
                |(turned, turn)| turn.dot(&turned.t()),
                "The numbers are right, but your codes are columns. For one code per row, put `turned` on the left and the transposed `turn` on the right.",
            ),
            (
                |(turned, turn)| turn.t().dot(&turned.t()).reversed_axes(),
                "You turned once more in the same direction. If you transpose a whole product, the order of its factors changes, and both factors are transposed.",
            ),
            (
                |(turned, _)| -turned,
                "You turned by half a turn, whatever the angle was. Use `turn`: its transpose undoes it.",
            ),
            (
                |(turned, turn)| turned.dot(&turn.mapv(|x| 1.0 / x)),
                "You took the reciprocal of each number. That is not the inverse of a matrix. For a rotation the inverse is the transpose, `turn.t()`.",
            ),
            (
                |(turned, turn)| turned.dot(&-turn),
                "A minus sign in front of a matrix does not undo it. What undoes a rotation is its transpose, `turn.t()`.",
            ),
        ],
        shapes_clash: Some(
            "`turned` is (n, 2), one code a row, and `turn` is (2, 2). In a matrix product, the left factor must have as many columns as the right factor has rows. So `turned` stands on the left: `turned.dot(&...)`. (`*` and `/` work element by element, and do not undo a matrix product.)",
        ),
        inputs: vec![
            turned(&array![[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]], 0.6, 0.8),
            turned(&table(4, 2, 141), -5.0 / 13.0, 12.0 / 13.0),
            turned(&table(5, 2, 142), 0.8, -0.6),
        ],
        passed: "Turned, and turned back: the codes are the same as before, so no reconstruction changes.",
    }
    .run(move |(turned, turn)| turn_back(turned, turn))
}

/// What the decoder draws far outside of the map.
pub fn check_far_out(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "far out",
        right: 'c',
        reasons: &[
            (
                'a',
                "There is nothing random in a decoder: the same code always gives the same image, and codes close together give nearly the same image. This holds far out, too.",
            ),
            (
                'b',
                "A careful person might do that. But nothing tells the decoder that it is far from the data. It multiplies and adds, as everywhere, so large codes give large sums.",
            ),
            (
                'c',
                "Weighted sums and ReLUs scale: for a code ten times as long, the sums are about ten times as large, with the same signs. So the direction decides what is drawn. The sigmoid at the end turns a large positive sum into 1 and a large negative one into 0. Only black and white are left.",
            ),
            (
                'd',
                "For an empty image, each pixel's sum would have to be large and negative. That is nearly so in some directions. But in most directions many pixels have positive sums, and these grow with the distance as well: they become 1.",
            ),
        ],
    }
    .predict(my_answer)
}

/// Why digits of one kind lie together, although no label was ever given.
pub fn check_sorted(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "who sorted them",
        right: 'c',
        reasons: &[
            (
                'a',
                "Nothing in the training looks for clusters, and nothing says that there are ten. It minimises the reconstruction error. Everything else that you see is a consequence.",
            ),
            (
                'b',
                "The validation images were used, to measure the error on images that were not trained on. Their labels were not: look at the arguments of `fit`.",
            ),
            (
                'c',
                "A decoder is continuous: codes that are close together are decoded to similar images. So the error is small only if neighbours on the map look alike, and nothing looks more like a five than another five.",
            ),
            (
                'd',
                "The seed decides where the regions are and what shape they have. But all networks of lesson 04 have regions, whatever their seed: that is not chance.",
            ),
        ],
    }
    .check(my_answer)
}
