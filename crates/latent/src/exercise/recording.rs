//! Checks of lesson 12, Your own recording.

mod clinic;

pub use clinic::{Case, check_case, clinic};

use super::Feedback;
use super::check::Check;
use super::question::Choice;
use super::value::{named, table};
use ndarray::{Array1, Array2, Axis, array, s};

/// Counts (bins, cells) and a width, to the counts in bins that are `width` times as long.
pub type LongerBins = fn(&Array2<f32>, usize) -> Array2<f32>;

/// A number of bins and the reach of a kernel, to the end of the training part and the begin of the
/// test part.
pub type TimeSplit = fn(usize, usize) -> Vec<usize>;

/// Held-out cells in the training part, in the test part, and their prediction in the test part, to
/// a score.
pub type Score = fn(&Array2<f32>, &Array2<f32>, &Array2<f32>) -> f32;

/// Counts (bins, cells) and the shift of each cell, to the shifted counts (bins, cells).
pub type CircularShift = fn(&Array2<f32>, &[usize]) -> Array2<f32>;

/// Whole numbers that differ from each other: counts of spikes.
fn counts(bins: usize, cells: usize, seed: u64) -> Array2<f32> {
    table(bins, cells, seed).mapv(|x| (1.7 * x.abs()).floor())
}

/// Sums of rows: row i of `counts` goes into row `to(i)` of the result, if it has one.
fn gathered(counts: &Array2<f32>, rows: usize, to: impl Fn(usize) -> Option<usize>) -> Array2<f32> {
    let mut sums = Array2::zeros((rows, counts.ncols()));
    for (bin, row) in counts.rows().into_iter().enumerate() {
        if let Some(to) = to(bin).filter(|&to| to < rows) {
            let mut sum = sums.row_mut(to);
            sum += &row;
        }
    }
    sums
}

/// `longer_bins(counts, width)`: the counts in bins that are `width` times as long; bins at the end
/// that do not fill a longer bin are left out.
///
/// ```
/// use latent::exercise::{Outcome, recording::check_bins};
/// let feedback = check_bins(|_counts, _width| todo!());
/// assert_eq!(feedback.outcome(), Outcome::NotAttempted);
/// ```
pub fn check_bins(longer_bins: LongerBins) -> Feedback {
    type Input = (Array2<f32>, usize);
    fn sums((counts, width): &Input) -> Array2<f32> {
        gathered(counts, counts.nrows() / width, |bin| Some(bin / width))
    }
    Check {
        exercise: "bins",
        arguments: |(counts, width): &Input| {
            vec![named("counts", counts), named("width", width)]
        },
        answer: sums,
        mistakes: vec![
            (
                |input| sums(input) / input.1 as f32,
                "You took the mean of the short bins. A longer bin contains all spikes of its short bins: add them up. Half a spike is no count, and the square root of section 4 needs counts.",
            ),
            (
                |(counts, width)| {
                    gathered(counts, counts.nrows() / width, |bin| {
                        (bin % width == 0).then_some(bin / width)
                    })
                },
                "You kept the first bin of each group and threw the spikes of the others away. Add them up.",
            ),
            (
                |(counts, width)| {
                    gathered(counts, counts.nrows() / width, |bin| {
                        (bin % width == width - 1).then_some(bin / width)
                    })
                },
                "Each longer bin has the spikes of its last short bin alone. Add up all of them: with arrays, `+=` adds and `=` replaces.",
            ),
            (
                |(counts, width)| {
                    gathered(counts, counts.nrows().div_ceil(*width), |bin| {
                        Some(bin / width)
                    })
                },
                "Your last bin is shorter than the others, so its counts are too low. Leave out the bins at the end that do not fill a longer bin: there are `counts.nrows() / width` longer bins.",
            ),
            (
                |(counts, width)| {
                    let rows = counts.nrows() / width;
                    let skipped = counts.nrows() % width;
                    gathered(counts, rows, |bin| {
                        bin.checked_sub(skipped).map(|bin| bin / width)
                    })
                },
                "You left out the extra bins at the beginning. Leave them out at the end: otherwise the longer bins no longer begin where the recording and the heading begin.",
            ),
            (
                |(counts, width)| {
                    let cells = counts.ncols() / width;
                    Array2::from_shape_fn((counts.nrows(), cells), |(bin, cell)| {
                        counts
                            .slice(s![bin, cell * width..(cell + 1) * width])
                            .sum()
                    })
                },
                "You added up neighbouring cells. Bins are the rows: add up `width` rows, separately for each cell.",
            ),
            (
                |(counts, width)| {
                    let rows = counts.nrows() / width;
                    gathered(counts, rows, |bin| Some(bin % rows))
                },
                "You added up bins that are far apart in time. The first longer bin consists of the rows 0 to `width - 1`, the second one of the next `width` rows.",
            ),
            (
                |(counts, width)| {
                    let length = counts.nrows() / width;
                    gathered(counts, *width, |bin| Some(bin / length))
                },
                "You made `width` long bins out of the whole recording. `width` is the number of short bins in each longer bin.",
            ),
            (
                |(counts, width)| {
                    Array2::from_shape_fn(
                        (counts.nrows() + 1 - width, counts.ncols()),
                        |(bin, cell)| counts.slice(s![bin..bin + width, cell]).sum(),
                    )
                },
                "Your longer bins overlap, so each spike is counted several times. That is smoothing (section 4). Here each spike goes into one longer bin: go on by `width` rows each time.",
            ),
        ],
        shapes_clash: Some(
            "The result has `counts.nrows() / width` rows, and as many columns as `counts`.",
        ),
        inputs: vec![
            (
                array![
                    [1.0, 0.0],
                    [2.0, 5.0],
                    [0.0, 1.0],
                    [4.0, 0.0],
                    [3.0, 2.0],
                    [1.0, 7.0]
                ],
                2,
            ),
            (counts(7, 3, 511), 3),
            (counts(23, 4, 512), 5),
        ],
        passed: "No spike is lost, except in the last bins, which do not fill a longer bin. Counts add up; a mean would not be a count.",
    }
    .run(move |(counts, width)| longer_bins(counts, *width))
    .if_panicked(
        "must be less than axis length",
        "There are `counts.nrows() / width` longer bins: the last few rows may belong to none of them.",
    )
    .if_panicked(
        "out of bounds",
        "The rows of longer bin `i` are `i * width` to `(i + 1) * width - 1`. There are `counts.nrows() / width` longer bins: the division of two counts cuts off what is after the decimal point.",
    )
}

/// `time_split(bins, reach)`: where the training part ends and the test part begins, so that no
/// smoothed bin of the test part shares a count with one of the training part.
pub fn check_time_split(time_split: TimeSplit) -> Feedback {
    type Input = (usize, usize);
    fn end(bins: usize) -> usize {
        bins * 7 / 10
    }
    Check {
        exercise: "time split",
        arguments: |(bins, reach): &Input| vec![named("bins", bins), named("reach", reach)],
        answer: |&(bins, reach)| vec![end(bins), end(bins) + 2 * reach],
        mistakes: vec![
            (
                |&(bins, _)| vec![end(bins), end(bins)],
                "There is no gap. After smoothing, the first test bins and the last training bins contain the same spikes. Leave out the bins between them.",
            ),
            (
                |&(bins, reach)| vec![end(bins), end(bins) + reach],
                "The gap is too short: it is one reach, but both sides are smoothed. The last training bin reaches `reach` bins forward, and the first test bin reaches `reach` bins back.",
            ),
            (
                |&(bins, reach)| vec![end(bins), end(bins) + reach + 1],
                "The gap is too short: it is one reach and a bin, but both sides are smoothed. The last training bin reaches `reach` bins forward, and the first test bin reaches `reach` bins back.",
            ),
            (
                |&(bins, reach)| vec![end(bins), end(bins) + 2 * reach + 1],
                "This is safe, but it is one bin more than needed. The last training bin is `train_end - 1`, so its kernel ends at `train_end - 1 + reach`. The kernel of the first test bin may begin at the next bin.",
            ),
            (
                |&(bins, reach)| vec![end(bins), (end(bins) + 2 * reach).saturating_sub(1)],
                "One bin too early: the last training bin and the first test bin still share one count. The last training bin is `train_end - 1`, and its kernel ends at `train_end - 1 + reach`.",
            ),
            (
                |&(bins, reach)| vec![end(bins).saturating_sub(2 * reach), end(bins)],
                "You took the gap from the training part. That is as safe, but the exercise asks for the first 70 % of the bins as training part: begin the test part later.",
            ),
            (
                |&(bins, reach)| vec![end(bins) + 2 * reach, end(bins)],
                "The two are exchanged: first the end of the training part, then the beginning of the test part.",
            ),
            (
                |&(bins, reach)| vec![end(bins), 2 * reach],
                "The second number is the length of the gap. The question is where the test part begins: add the end of the training part.",
            ),
            (
                |&(bins, reach)| {
                    vec![end(bins), bins.saturating_sub(end(bins) + 2 * reach)]
                },
                "The second number is the length of the test part. The question is where it begins.",
            ),
            (
                |&(bins, reach)| vec![bins * 3 / 10, bins * 3 / 10 + 2 * reach],
                "You gave 30 % of the bins to the training part. The exercise asks for 70 %.",
            ),
            (
                |&(bins, reach)| vec![bins / 10 * 7, bins / 10 * 7 + 2 * reach],
                "The division comes too early: `bins / 10` cuts off what is after the decimal point, and the multiplication makes this error larger. Multiply first: `bins * 7 / 10`.",
            ),
            (
                |&(_, reach)| vec![0, 2 * reach],
                "Your training part is empty. `7 / 10` is a division of two whole numbers, and gives 0. Multiply first: `bins * 7 / 10`.",
            ),
        ],
        shapes_clash: None,
        inputs: vec![(100, 3), (57, 5), (1234, 12)],
        passed: "Two contiguous parts, with a gap of two reaches between them. No spike is in both parts, not even after smoothing.",
    }
    .run(move |&(bins, reach)| time_split(bins, reach))
}

/// What a score is computed from.
#[derive(Clone)]
struct HeldOut {
    train: Array2<f32>,
    test: Array2<f32>,
    predicted: Array2<f32>,
}

impl HeldOut {
    /// Cells whose rates differ between the two parts, and a prediction between the test part and
    /// the training means.
    fn made_up(bins: usize, cells: usize, seed: u64) -> Self {
        let train = table(bins + 3, cells, seed);
        let test = table(bins, cells, seed + 1) + 0.4;
        let noise = table(bins, cells, seed + 2);
        let predicted = &test * 0.6 + &mean(&train) * 0.4 + (&noise - &mean(&noise)) * 0.1;
        Self {
            train,
            test,
            predicted,
        }
    }

    fn residual(&self) -> f32 {
        squares(&(&self.test - &self.predicted))
    }

    /// The score against a baseline, one value for each cell.
    fn against(&self, baseline: &Array1<f32>) -> f32 {
        1.0 - self.residual() / squares(&(&self.test - baseline))
    }

    /// The mean of the scores of the cells.
    fn by_cell(&self, baseline: &Array1<f32>) -> f32 {
        let cells = 0..self.test.ncols();
        let score = |cell: usize| {
            let only = |a: &Array2<f32>| a.slice(s![.., cell..=cell]).to_owned();
            let one = Self {
                train: only(&self.train),
                test: only(&self.test),
                predicted: only(&self.predicted),
            };
            one.against(&array![baseline[cell]])
        };
        cells.clone().map(score).sum::<f32>() / cells.len() as f32
    }
}

fn mean(of: &Array2<f32>) -> Array1<f32> {
    of.mean_axis(Axis(0)).expect("there are rows")
}

fn squares(of: &Array2<f32>) -> f32 {
    of.iter().map(|x| x * x).sum()
}

/// `score(train, test, predicted)`: 1 - (sum of squared errors) / (sum of squares around the mean of
/// each cell in the training part).
pub fn check_score(score: Score) -> Feedback {
    Check {
        exercise: "co-smoothing score",
        arguments: |h: &HeldOut| {
            vec![
                named("train", &h.train),
                named("test", &h.test),
                named("predicted", &h.predicted),
            ]
        },
        answer: |h| h.against(&mean(&h.train)),
        mistakes: vec![
            (
                |h| h.against(&mean(&h.test)),
                "Your baseline is the mean of the test part. Nobody knows it before the test, so this baseline has seen the answers. Use the mean of `train`.",
            ),
            (
                |h| h.residual() / squares(&(&h.test - &mean(&h.train))),
                "This is the share of the squares that is *not* predicted. Subtract it from 1.",
            ),
            (
                |h| h.against(&Array1::from_elem(h.test.ncols(), h.train.mean().unwrap_or(0.0))),
                "You took one mean of all cells as baseline. Then a model gets a good score because it knows which cells fire more. Each cell has its own mean: `train.mean_axis(Axis(0))`.",
            ),
            (
                |h| h.by_cell(&mean(&h.train)),
                "You averaged the scores of the cells. This is done too, but then nearly silent cells count as much as the others. The exercise asks for one fraction: one sum over all cells in the numerator, and one in the denominator.",
            ),
            (
                |h| h.by_cell(&mean(&h.test)),
                "Two things: use the mean of `train` as the baseline, not that of the test part; and take one sum over all cells, not the mean of their scores.",
            ),
            (
                HeldOut::residual,
                "This is the sum of the squared errors. Alone it says little: divide it by the sum for the baseline, and subtract the result from 1.",
            ),
            (
                |h| h.residual() / h.test.len() as f32,
                "This is the mean squared error. Alone it says little: divide the sum of the squared errors by the sum for the baseline, and subtract the result from 1.",
            ),
            (
                |h| 1.0 - squares(&(&h.test - &mean(&h.train))) / h.residual(),
                "The fraction is upside down: divide the errors of the prediction by those of the baseline.",
            ),
            (
                |h| {
                    squares(&(&h.predicted - &mean(&h.train)))
                        / squares(&(&h.test - &mean(&h.train)))
                },
                "You measured how far the prediction goes away from the mean, not how close it comes to the test part. Compare `test` with `predicted`.",
            ),
            (
                |h| 1.0 - h.residual() / squares(&h.test),
                "Your baseline predicts 0 spikes for each bin, so nearly every model beats it. The baseline is the mean of each cell in `train`.",
            ),
            (
                |h| h.against(&mean(&h.predicted)),
                "Your baseline is the mean of the prediction. It is the mean of `train`, which every model knows.",
            ),
            (
                |h| {
                    let absolute = |a: &Array2<f32>| a.iter().map(|x| x.abs()).sum::<f32>();
                    1.0 - absolute(&(&h.test - &h.predicted))
                        / absolute(&(&h.test - &mean(&h.train)))
                },
                "You added up absolute differences. The score uses their squares.",
            ),
        ],
        shapes_clash: Some(
            "`train` and `test` need not have the same number of bins. The mean of each cell over the bins, `train.mean_axis(Axis(0)).unwrap()`, has one value for each cell, and can be subtracted from any number of rows.",
        ),
        inputs: vec![
            HeldOut {
                train: array![[1.0, 4.0], [3.0, 0.0], [2.0, 2.0]],
                test: array![[3.0, 2.0], [1.0, 6.0]],
                predicted: array![[2.0, 3.0], [1.0, 4.0]],
            },
            HeldOut::made_up(6, 3, 521),
            HeldOut::made_up(30, 5, 524),
        ],
        passed: "0 is the score of a model that knows only the mean of each cell; 1 would be a perfect prediction, which the noise makes impossible. A score below 0 is worse than the mean.",
    }
    .run(move |h| score(&h.train, &h.test, &h.predicted))
}

/// Counts and a shift for each cell.
#[derive(Clone)]
struct Shifts {
    counts: Array2<f32>,
    shifts: Vec<usize>,
}

impl Shifts {
    fn made_up(bins: usize, cells: usize, seed: u64) -> Self {
        Self {
            counts: counts(bins, cells, seed),
            shifts: (0..cells).map(|cell| (3 + 5 * cell) % bins).collect(),
        }
    }

    /// The count that stands in a place of the result, if it is (bin, cell) of `counts`.
    fn from(&self, place: impl Fn(usize, usize) -> Option<(usize, usize)>) -> Array2<f32> {
        Array2::from_shape_fn(self.counts.dim(), |(bin, cell)| {
            place(bin, cell).map_or(0.0, |place| self.counts[place])
        })
    }

    fn later(&self, shift: impl Fn(usize) -> usize) -> Array2<f32> {
        let bins = self.counts.nrows();
        self.from(|bin, cell| Some(((bin + bins - shift(cell) % bins) % bins, cell)))
    }
}

/// `circular_shift(counts, shifts)`: cell j is shifted later by `shifts[j]` bins; what leaves at the
/// end comes in again at the beginning.
pub fn check_circular_shift(circular_shift: CircularShift) -> Feedback {
    Check {
        exercise: "circular shift",
        arguments: |s: &Shifts| vec![named("counts", &s.counts), named("shifts", &s.shifts)],
        answer: |s| s.later(|cell| s.shifts[cell]),
        mistakes: vec![
            (
                |s| s.later(|_| s.shifts[0]),
                "All cells are shifted by the same number of bins, so what they do together is still there: this is no control. Use `shifts[cell]`.",
            ),
            (
                |s| s.later(|cell| s.counts.nrows() - s.shifts[cell] % s.counts.nrows()),
                "The shift goes the wrong way: to earlier bins. As a control this is as good, but the exercise asks for later: the count of bin `bin` goes to bin `bin + shifts[cell]`.",
            ),
            (
                |s| s.from(|bin, cell| bin.checked_sub(s.shifts[cell]).map(|bin| (bin, cell))),
                "What leaves at the end is lost, and zeros come in. Then the cell has fewer spikes than before. The remainder brings them back to the beginning: `(bin + shifts[cell]) % bins`.",
            ),
            (
                |s| s.counts.clone(),
                "Nothing has moved. Write into the new array at another row: `(bin + shifts[cell]) % bins`.",
            ),
            (
                |s| {
                    let cells = s.counts.ncols();
                    let mut shifted = Array2::zeros(s.counts.dim());
                    for ((bin, cell), &count) in s.counts.indexed_iter() {
                        shifted[[bin, (cell + s.shifts[cell]) % cells]] = count;
                    }
                    shifted
                },
                "You shifted along the cells. Each cell keeps its column, and its counts move to other rows.",
            ),
            (
                |s| {
                    let bins = s.counts.nrows();
                    s.from(|bin, cell| Some((bins - 1 - bin, cell)))
                },
                "You turned time round. Each cell is to be shifted, with its counts in their order.",
            ),
            (
                |s| Array2::zeros(s.counts.dim()),
                "The result has zeros alone. Write each count into it: `shifted[[to, cell]] = counts[[bin, cell]];`.",
            ),
        ],
        shapes_clash: Some("The result has the shape of `counts`."),
        inputs: vec![
            Shifts {
                counts: array![[1.0, 0.0], [2.0, 5.0], [3.0, 6.0], [4.0, 7.0]],
                shifts: vec![1, 2],
            },
            Shifts::made_up(7, 3, 531),
            Shifts::made_up(19, 5, 532),
        ],
        passed: "Each cell keeps its counts, and their order in time too, except at one place. What the cells do at the same moment is gone.",
    }
    .run(move |s| circular_shift(&s.counts, &s.shifts))
    .if_panicked(
        "out of bounds",
        "A shift may lead beyond the last bin. The remainder begins again at the first one: `(bin + shifts[cell]) % bins`.",
    )
}

/// What happens to PCA if all cells are shuffled by the same permutation.
pub fn check_same_order(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "the same order",
        right: 'b',
        reasons: &[
            (
                'a',
                "In the shuffle control each cell gets an order of its own. Here all cells get the same one: in each row, the counts of the same moment still stand side by side. Run the next two code cells.",
            ),
            (
                'b',
                "PCA looks at the rows, one at a time, and never at their order. The rows are the same, so the mean, the covariance and the components are the same. A control must break what the cells do together, so each cell needs an order of its own.",
            ),
            (
                'c',
                "How much of it would be lost, and why? Write down two rows of three cells, exchange the rows, and compute the covariance of two cells. Run the next two code cells.",
            ),
            (
                'd',
                "It is the same for every random order: a sum over all bins does not depend on their order. Run the next two code cells.",
            ),
        ],
    }
    .predict(my_answer)
}

/// What a code that rises slowly through the whole session describes.
pub fn check_slow_code(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "a slow code",
        right: 'c',
        reasons: &[
            (
                'a',
                "The head turns within seconds, and each average covers half a minute. A code of the heading goes up and down without a direction, as code 1 does: look at the dashed line.",
            ),
            (
                'b',
                "The shared noise of this recording changes within seconds. Averaged over half a minute it would go up and down without a direction.",
            ),
            (
                'c',
                "Only one thing here changes in one direction from the beginning to the end: the rates that drift, up in some cells and down in others (section 2). PCA cannot know whether the electrodes or the brain caused this. The next cell compares the weights of this component with the drift of each cell.",
            ),
            (
                'd',
                "Over the pause, the long line without marks, the code rises no faster than before and after it. A pause would make one step, and not a rise over the whole session.",
            ),
        ],
    }
    .check(my_answer)
}
