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

/// How many percent of the test digits a vote of neighbours gets right from two latent numbers.
pub fn check_vote(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "two numbers",
        truth: 84.3,
        within: 6.0,
        scale: Scale::PERCENT,
        right: "Near enough. Two numbers, found without a single label, tell the ten digits apart more than four times out of five.",
        too_low: "The map is better than that: most zeros, ones, twos, sixes and sevens lie among their own kind, and even of the nines two in three.",
        too_high: "The map is not quite that good: fours lie among nines, and fives among threes and eights.",
        known: &[
            (
                1.001,
                44.0,
                "That would be no better than PCA. Compare the two maps: where PCA has one heap, the autoencoder has arms.",
            ),
            (
                90.301,
                100.0,
                "That would be as good as all 784 pixels. Two numbers are not that good: fours lie among nines, and fives among threes and eights.",
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
                "No label, right or wrong, had any part in this: the network was shown images alone. It could not know of a mistaken label.",
            ),
            (
                'b',
                "A nine differs from a four by the short stroke that closes it on top. To mistake one for the other costs a few pixels, and with only two numbers to spend, there are better things to spend them on: whether there is a loop at the bottom, say.",
            ),
            (
                'c',
                "There is room for any number of regions in a plane: a map of the world has two hundred. And fours and nines could lie apart as well as ones and sevens do, if it paid.",
            ),
            (
                'd',
                "There are about five thousand of each in the training set, as of every other digit. Ones and noughts are not more frequent by much, and they have regions of their own.",
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
                "Your line arrives at `b`, but it starts one step behind `a`. Row 0 has gone nothing of the way: the share is i / (steps - 1).",
            ),
            (
                |input| along(input, |i| (i + 1) as f32 / (input.2 as f32 + 1.0)),
                "Your codes lie on the line, between `a` and `b`. The two ends belong to it as well: the first row is `a`, and the last is `b`.",
            ),
            (
                |input| along(input, |i| 1.0 - share(input, i)),
                "Your line goes from `b` to `a`. It should start at `a`.",
            ),
            (
                |input| along(input, |i| (i / (input.2 - 1)) as f32),
                "Your rows are all `a` but for the last, which is `b`: whole numbers were divided, and in Rust 1 / 4 is 0. Make both of them decimal numbers first: `i as f32 / (steps - 1) as f32`.",
            ),
            (
                |input| {
                    let (a, b, steps) = input;
                    Array2::from_shape_fn((*steps, a.len()), |(i, j)| a[j] + share(input, i) * b[j])
                },
                "You added a share of `b` to all of `a`. Either add a share of the way from `a` to `b`, which is `b[j] - a[j]`; or take as much away from `a` as you add of `b`.",
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
                "You went the whole way from `a` to `b` with every step. Row i has gone the share i / (steps - 1) of it.",
            ),
            (
                |input| along(input, |_| 0.5),
                "All your rows are the middle of the line. The share of the way depends on the row, i.",
            ),
        ],
        shapes_clash: Some(
            "`a` and `b` have one number for each latent dimension, and the result has `steps` rows of as many: `(steps, a.len())`.",
        ),
        inputs: vec![
            (array![0.0, 10.0], array![4.0, 30.0], 5),
            (row(2, 131), row(2, 132), 2),
            (row(3, 133), row(3, 134), 7),
            (row(5, 135), row(5, 136), 4),
        ],
        passed: "From one code to the other in even steps, and both ends are there.",
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
                "The codes came back turned, as they were.",
            ),
            (
                |(turned, turn)| turn.dot(&turned.t()),
                "The numbers are right, but your codes stand in columns. One code a row: `turned` on the left, the transposed `turn` on the right.",
            ),
            (
                |(turned, turn)| turn.t().dot(&turned.t()).reversed_axes(),
                "You turned once more in the same direction: to transpose the whole product changes the order *and* transposes both factors.",
            ),
            (
                |(turned, _)| -turned,
                "You turned by half a turn, whatever the angle was. Use `turn`: its transpose undoes it.",
            ),
            (
                |(turned, turn)| turned.dot(&turn.mapv(|x| 1.0 / x)),
                "You took one over each number. That is not the inverse of a matrix. For a rotation the inverse is the transpose, `turn.t()`.",
            ),
            (
                |(turned, turn)| turned.dot(&-turn),
                "A minus sign in front of a matrix does not undo it. What undoes a rotation is its transpose, `turn.t()`.",
            ),
        ],
        shapes_clash: Some(
            "`turned` is (n, 2), one code a row, and `turn` is (2, 2). A product needs as many columns on its left as rows on its right, so `turned` stands on the left: `turned.dot(&...)`. (`*` and `/` go element by element, and do not undo a product.)",
        ),
        inputs: vec![
            turned(&array![[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]], 0.6, 0.8),
            turned(&table(4, 2, 141), -5.0 / 13.0, 12.0 / 13.0),
            turned(&table(5, 2, 142), 0.8, -0.6),
        ],
        passed: "Turned there and turned back: nothing has happened, and so no reconstruction can change.",
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
                "There is no chance in a decoder: the same place gives the same image, and places next to each other give nearly the same. Far out, too, so no noise can come of it.",
            ),
            (
                'b',
                "A careful person would do that. But nothing tells the decoder that it is far from all it knows: it multiplies and adds, as everywhere, and large codes make large sums, not average ones.",
            ),
            (
                'c',
                "ReLUs and weighted sums stretch: a code ten times as long makes sums about ten times as large, of the same signs, so what belongs to a direction stays. The sigmoid at the end makes of a large positive sum full ink, and of a large negative one none. What is left is a black and white exaggeration.",
            ),
            (
                'd',
                "That would need each pixel's sum to be large and negative. But many pixels' sums are positive on the way out already, and they grow like the others: full ink.",
            ),
        ],
    }
    .check(my_answer)
}

/// Why digits of one kind lie together, although no label was ever given.
pub fn check_sorted(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "who sorted them",
        right: 'c',
        reasons: &[
            (
                'a',
                "Nothing in it looks for clusters, and nobody told it to find ten. It makes one thing small: the difference between images and their drawings. Whatever else you see is a consequence.",
            ),
            (
                'b',
                "The validation *images* were handed over, to watch the loss on images that it does not learn from. Their labels were not: look at the call.",
            ),
            (
                'c',
                "A decoder is continuous: it cannot draw very different things at places close together. So the error is small only if those who are neighbours look alike, and nobody looks more like a five than another five.",
            ),
            (
                'd',
                "The seed decides where the regions lie, and how they are stretched. But both seeds of section 6, and the course's network, have regions: that is no luck.",
            ),
        ],
    }
    .check(my_answer)
}
