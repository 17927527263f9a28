//! Checks of lesson 11, Generation.
//!
//! ```text
//! z  = m + exp(v / 2) * r                                       reparameterisation
//! KL = sum over the dimensions of (m^2 + exp(v) - 1 - v) / 2    of a normal distribution from N(0, 1)
//! k-means, one step: each point to its nearest centre, each centre to the mean of its points
//! ```

mod clinic;

pub use clinic::{check_patient, patient};

use super::Feedback;
use super::check::Check;
use super::question::{Choice, Prediction, Scale};
use super::value::{named, table};
use ndarray::{Array1, Array2, Axis, array};

/// Means (n, k), log variances (n, k) and standard normal noise (n, k) to codes (n, k).
pub type DrawCodes = fn(&Array2<f32>, &Array2<f32>, &Array2<f32>) -> Array2<f32>;

/// Means (n, k) and log variances (n, k) to the Kullback-Leibler divergence of each row (n).
pub type Divergence = fn(&Array2<f32>, &Array2<f32>) -> Array1<f32>;

/// Points (n, d) and centres (k, d) to the new centres (k, d).
pub type KMeansStep = fn(&Array2<f32>, &Array2<f32>) -> Array2<f32>;

/// What an encoder says of some samples, and noise to draw codes with.
#[derive(Clone)]
struct Posterior {
    mean: Array2<f32>,
    log_var: Array2<f32>,
    noise: Array2<f32>,
}

impl Posterior {
    fn random(rows: usize, columns: usize, seed: u64) -> Self {
        let signed = |scale: f32, seed| table(rows, columns, seed).mapv(|x| scale * (x - 2.6));
        Self {
            mean: signed(0.9, seed),
            log_var: signed(0.5, seed + 50),
            noise: signed(0.7, seed + 100),
        }
    }

    fn inputs() -> Vec<Self> {
        vec![
            Self {
                mean: array![[1.0, -2.0], [0.5, 3.0], [0.0, -0.7]],
                log_var: array![[-2.0, 0.4], [1.0, -1.0], [0.6, -0.2]],
                noise: array![[0.5, -1.0], [2.0, 0.3], [-0.4, 1.2]],
            },
            Self::random(3, 2, 211),
            Self::random(5, 4, 212),
        ]
    }

    /// The mean plus the noise times a function of the log variance.
    fn plus(&self, sd: fn(f32) -> f32) -> Array2<f32> {
        &self.mean + &(self.log_var.mapv(sd) * &self.noise)
    }

    /// A term of each mean and log variance, added up over the dimensions.
    fn summed(&self, term: fn(f32, f32) -> f32) -> Array1<f32> {
        let rows = self.mean.rows().into_iter().zip(self.log_var.rows());
        rows.map(|(m, v)| m.iter().zip(v).map(|(&m, &v)| term(m, v)).sum())
            .collect()
    }
}

/// The standard deviation from a log variance.
fn sd(log_var: f32) -> f32 {
    (0.5 * log_var).exp()
}

/// The divergence of one dimension.
fn divergence(m: f32, v: f32) -> f32 {
    0.5 * (m * m + v.exp() - 1.0 - v)
}

/// `draw_codes(mean, log_var, noise)`: the reparameterisation.
///
/// ```
/// use latent::exercise::{Outcome, generation::check_draw_codes};
/// let feedback = check_draw_codes(|mean, log_var, noise| mean + &(log_var.mapv(f32::exp) * noise));
/// assert_eq!(feedback.outcome(), Outcome::NotYet);
/// assert!(feedback.message().contains("variance"));
/// ```
pub fn check_draw_codes(draw_codes: DrawCodes) -> Feedback {
    Check {
        exercise: "draw the codes",
        arguments: |p: &Posterior| {
            vec![
                named("mean", &p.mean),
                named("log_var", &p.log_var),
                named("noise", &p.noise),
            ]
        },
        answer: |p| p.plus(sd),
        mistakes: vec![
            (
                |p| p.plus(f32::exp),
                "You multiplied the noise by the variance, exp(v). Multiply it by the standard deviation of the code, exp(v / 2), which is the square root of the variance.",
            ),
            (
                |p| p.plus(|v| v),
                "You multiplied the noise by the logarithm of the variance. Undo the logarithm first: exp(v / 2) is the standard deviation.",
            ),
            (
                |p| p.plus(|v| 0.5 * v),
                "You halved the log variance, which is right, but its exponential is missing: exp(v / 2).",
            ),
            (
                |p| p.plus(|v| 0.5 * v.exp()),
                "You halved the variance. The half belongs inside the exponential: exp(v / 2) is the root of exp(v).",
            ),
            (
                |p| p.plus(f32::sqrt),
                "You took the root of the log variance, which may be negative, and then there is no root. Undo the logarithm first: the standard deviation is exp(v / 2).",
            ),
            (
                |p| p.plus(|v| (2.0 * v).exp()),
                "You doubled the log variance. For a root, halve it: exp(v / 2).",
            ),
            (
                |p| p.plus(|v| (-0.5 * v).exp()),
                "The sign in the exponent is wrong: with it, a dimension with a large variance gets little noise. It is exp(v / 2).",
            ),
            (
                |p| &p.mean + &(sd_of(p) * p.noise.row(0)),
                "Every sample got the noise of the first row. Each sample needs noise of its own: multiply by the whole `noise`, element by element.",
            ),
            (
                |p| &p.mean + &(sd_of(p) * p.noise.column(0).insert_axis(Axis(1))),
                "All dimensions of a sample got the same noise. Each dimension needs noise of its own: multiply by the whole `noise`, element by element.",
            ),
            (
                |p| &p.mean * &p.noise + sd_of(p),
                "You multiplied the noise by the mean, and added the standard deviation. It is the other way round: the mean says where the codes lie, the standard deviation how far they spread.",
            ),
            (
                |p| (&p.mean + &sd_of(p)) * &p.noise,
                "You multiplied the mean by the noise too. The mean says where the codes lie, and no noise may change that: multiply the noise by the standard deviation, then add the mean.",
            ),
            (
                |p| &p.mean * &p.noise,
                "You multiplied the mean by the noise. The mean is added: mean + standard deviation * noise.",
            ),
            (
                |p| sd_of(p) * &p.noise,
                "The spread is right, but all codes lie around the origin. Add the mean.",
            ),
            (
                |p| &p.mean + &p.noise,
                "Every code got noise with a standard deviation of 1. Multiply the noise by the standard deviation that the encoder gives, exp(v / 2), before you add it.",
            ),
            (
                |p| &p.mean + &sd_of(p),
                "There is no noise in it: each code is the mean plus one standard deviation. Multiply the standard deviation by the noise.",
            ),
            (
                |p| p.mean.clone(),
                "These are the means, without any noise. Add the noise, multiplied by the standard deviation.",
            ),
            (
                |p| p.plus(|v| -sd(v)),
                "You subtracted the noise. This would also work, because noise is as often negative as positive. But the formula has a plus.",
            ),
            (
                |p| (&p.noise - &p.mean) / sd_of(p),
                "You standardised: you subtracted the mean and divided by the standard deviation. Here you go the other way, from noise to codes: multiply, then add.",
            ),
        ],
        shapes_clash: Some(
            "All three arrays have the same shape, one row for each sample: `mean + &(sd * noise)` works element by element.",
        ),
        inputs: Posterior::inputs(),
        passed: "The random numbers come from outside. So the code is a plain function of the mean and the log variance, and gradients can pass through it.",
    }
    .run(move |p| draw_codes(&p.mean, &p.log_var, &p.noise))
}

fn sd_of(posterior: &Posterior) -> Array2<f32> {
    posterior.log_var.mapv(sd)
}

/// `kl(mean, log_var)`: the divergence of each row from the standard normal distribution.
pub fn check_kl(kl: Divergence) -> Feedback {
    Check {
        exercise: "the KL term",
        arguments: |p: &Posterior| vec![named("mean", &p.mean), named("log_var", &p.log_var)],
        answer: |p| p.summed(divergence),
        mistakes: vec![
            (
                |p| p.summed(|m, v| -divergence(m, v)),
                "The sign is wrong: a divergence is never negative. It is m² + exp(v) - 1 - v, divided by 2.",
            ),
            (
                |p| p.summed(|m, v| 2.0 * divergence(m, v)),
                "The half is missing: divide by 2.",
            ),
            (
                |p| p.summed(divergence) / p.mean.ncols() as f32,
                "You averaged over the dimensions. Each dimension has its own cost, and they add up: it is a sum, `sum_axis(Axis(1))`.",
            ),
            (
                |p| {
                    let pairs = ndarray::Zip::from(&p.mean).and(&p.log_var);
                    pairs.map_collect(|&m, &v| divergence(m, v)).sum_axis(Axis(0))
                },
                "You added up over the samples. `Axis(n)` names the axis that disappears: the dimensions are the columns, so it is `Axis(1)`.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m * m + v - 1.0 - v.ln())),
                "You took `log_var` for the variance. It is the logarithm of the variance: the variance is exp(v), and its logarithm is v itself.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m * m + v * v - 1.0 - (v * v).ln())),
                "You took `log_var` for the standard deviation. It is the logarithm of the variance: the variance is exp(v), and its logarithm is v itself.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m * m + v * v - 1.0 - 2.0 * v.ln())),
                "You took `log_var` for the standard deviation. It is the logarithm of the variance: the variance is exp(v), and its logarithm is v itself.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m * m + (0.5 * v).exp() - 1.0 - v)),
                "exp(v / 2) is the standard deviation. Here the variance is needed: exp(v).",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m * m + (0.5 * v).exp() - 1.0 - 0.5 * v)),
                "You used the standard deviation and its logarithm. Here the variance is needed: exp(v), and v.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m * m + (2.0 * v).exp() - 1.0 - v)),
                "You squared the variance. exp(v) is the variance already.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m * m + v.exp() - 1.0 + v)),
                "The sign of the last term is wrong: it is - v. With + v the divergence would fall for ever as the variance shrinks.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m * m + v.exp() + 1.0 - v)),
                "The sign of the 1 is wrong: with m = 0 and v = 0 the two distributions are the same, and the divergence must be 0.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m * m + v.exp() - v)),
                "The - 1 is missing: with m = 0 and v = 0 the two distributions are the same, and the divergence must be 0.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m * m + v.exp() - v)) - 0.5,
                "You subtracted the 1 once for each sample. It belongs to each dimension.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m + v.exp() - 1.0 - v)),
                "The mean is not squared. A mean of -2 is as far from 0 as a mean of 2.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * (m.abs() + v.exp() - 1.0 - v)),
                "The mean is not squared: it is m², not the absolute value.",
            ),
            (
                |p| p.summed(|_, v| 0.5 * (v.exp() - 1.0 - v)),
                "The mean is missing. The farther the mean is from 0, the more it costs: m².",
            ),
            (
                |p| p.summed(|m, _| 0.5 * m * m),
                "That is the part of the mean alone. A variance other than 1 has a cost, too: exp(v) - 1 - v.",
            ),
            (
                |p| p.summed(|m, v| 0.5 * m * m + v.exp() - 1.0 - v),
                "You halved the first term only. The half belongs to the whole sum.",
            ),
            (
                |p| p.summed(|m, v| m * m + v.exp() - 1.0 - 0.5 * v),
                "You halved the last term only. The half belongs to the whole sum.",
            ),
        ],
        shapes_clash: Some(
            "The result has one number for each sample, that is, for each row: sum over the dimensions, `sum_axis(Axis(1))`.",
        ),
        inputs: Posterior::inputs(),
        passed: "It is 0 for a mean of 0 and a variance of 1, and larger for everything else: this is the price of saying something about the input.",
    }
    .run(move |p| kl(&p.mean, &p.log_var))
}

/// Points to group, and the centres before the step.
#[derive(Clone)]
struct Groups {
    points: Array2<f32>,
    centres: Array2<f32>,
}

type Distance = fn(f32, f32) -> f32;

fn squared(a: f32, b: f32) -> f32 {
    (a - b).powi(2)
}

impl Groups {
    /// With centres among the points, and one far away from all of them if `empty`.
    fn random(n: usize, d: usize, k: usize, empty: bool, seed: u64) -> Self {
        let points = table(n, d, seed);
        let mut centres = points.select(Axis(0), &(0..k).collect::<Vec<_>>()) + 0.3;
        if empty {
            centres.row_mut(k - 1).fill(40.0);
        }
        Self { points, centres }
    }

    /// The number of the centre with the smallest distance, for each point.
    fn assigned(&self, distance: Distance) -> Vec<usize> {
        let nearest = |point: ndarray::ArrayView1<f32>| {
            let to = |centre: ndarray::ArrayView1<f32>| -> f32 {
                let pairs = point.iter().zip(centre);
                pairs.map(|(&a, &b)| distance(a, b)).sum()
            };
            let distances: Vec<f32> = self.centres.rows().into_iter().map(to).collect();
            let smaller = |&a: &usize, &b: &usize| distances[a].total_cmp(&distances[b]);
            (0..distances.len()).min_by(smaller).unwrap_or(0)
        };
        self.points.rows().into_iter().map(nearest).collect()
    }

    /// The sum and the number of the points of each centre.
    fn sums(&self, assigned: &[usize]) -> (Array2<f32>, Array1<f32>) {
        let mut sums = Array2::zeros(self.centres.dim());
        let mut counts = Array1::zeros(self.centres.nrows());
        for (point, &centre) in self.points.rows().into_iter().zip(assigned) {
            let mut sum = sums.row_mut(centre);
            sum += &point;
            counts[centre] += 1.0;
        }
        (sums, counts)
    }

    /// The means of the points of each centre; what an empty one becomes, `empty` says.
    fn means(&self, distance: Distance, empty: fn(f32) -> f32) -> Array2<f32> {
        let (sums, counts) = self.sums(&self.assigned(distance));
        Array2::from_shape_fn(self.centres.dim(), |(j, axis)| {
            if counts[j] > 0.0 {
                sums[[j, axis]] / counts[j]
            } else {
                empty(self.centres[[j, axis]])
            }
        })
    }
}

/// `k_means_step(points, centres)`: assign and update.
pub fn check_k_means_step(k_means_step: KMeansStep) -> Feedback {
    Check {
        exercise: "one step of k-means",
        arguments: |g: &Groups| vec![named("points", &g.points), named("centres", &g.centres)],
        answer: |g| g.means(squared, |stays| stays),
        mistakes: vec![
            (
                |g| g.means(squared, |_| f32::NAN),
                "A centre without points became NaN: you divided zero by zero. Such a centre stays where it is: divide only if its count is above 0.",
            ),
            (
                |g| g.means(squared, |_| 0.0),
                "A centre without points moved to the origin. It should stay where it is: start from a copy of `centres`, and change only the centres that have points.",
            ),
            (
                |g| g.means(|a, b| -squared(a, b), |stays| stays),
                "You assigned each point to the centre that is farthest away. Take the smallest distance.",
            ),
            (
                |g| g.means(|a, b| -squared(a, b), |_| f32::NAN),
                "You assigned each point to the centre that is farthest away. Take the smallest distance. And a centre without points stays where it is.",
            ),
            (
                |g| g.means(|a, b| a - b, |stays| stays),
                "Your distance adds up differences with their sign, so a centre far to the right seems nearer than one at the same place. Square each difference before you add them.",
            ),
            (
                |g| g.means(|a, b| a - b, |_| f32::NAN),
                "Your distance adds up differences with their sign, so a centre far to the right seems nearer than one at the same place. Square each difference before you add them. And a centre without points stays where it is.",
            ),
            (
                |g| g.means(|a, b| (a - b).abs(), |stays| stays),
                "You added up absolute differences. Add up squares. With absolute differences, some points get another nearest centre.",
            ),
            (
                |g| g.sums(&g.assigned(squared)).0,
                "These are sums. Divide each by the number of points that belong to its centre.",
            ),
            (
                |g| g.sums(&g.assigned(squared)).0 / g.points.nrows() as f32,
                "You divided by the number of all points. Divide the sum of each centre by the number of its own points.",
            ),
            (
                |g| g.sums(&g.assigned(squared)).0 / g.centres.nrows() as f32,
                "You divided by the number of centres. Divide the sum of each centre by the number of its own points.",
            ),
            (
                |g| {
                    let (sums, counts) = g.sums(&g.assigned(squared));
                    let counts = counts.mapv(|n: f32| n.max(1.0)).insert_axis(Axis(1));
                    (sums + &g.centres) / counts
                },
                "Your sums began with the old centres, not with zeros. A new centre is the mean of its points alone.",
            ),
            (
                |g| {
                    let (sums, counts) = g.sums(&g.assigned(squared));
                    (sums + &g.centres) / (counts + 1.0).insert_axis(Axis(1))
                },
                "The old centre counts as one of the points in your mean. A new centre is the mean of its points alone.",
            ),
            (
                |g| {
                    let mut moving = g.clone();
                    let mut counts = Array1::<f32>::zeros(g.centres.nrows());
                    for row in 0..g.points.nrows() {
                        let j = moving.assigned(squared)[row];
                        counts[j] += 1.0;
                        let way = &g.points.row(row) - &moving.centres.row(j);
                        moving.centres.row_mut(j).scaled_add(1.0 / counts[j], &way);
                    }
                    moving.centres
                },
                "You moved the centres while points were still being assigned, so the later points were compared with other centres. Assign all points to the old centres first; then compute the means.",
            ),
            (
                |g| 0.5 * (g.means(squared, |stays| stays) + &g.centres),
                "Each centre went half of the way. A step of k-means goes to the mean itself.",
            ),
            (
                |g| {
                    let mean = g.points.mean_axis(Axis(0)).expect("there are points");
                    mean.broadcast(g.centres.dim()).expect("as wide").to_owned()
                },
                "All centres moved to the mean of all points. Each centre is the mean of its own points: those that are nearest to it.",
            ),
            (
                |g| g.centres.clone(),
                "The centres did not move. After the assignment, each centre becomes the mean of its points.",
            ),
            (
                |g| {
                    let first = g.means(squared, |stays| stays);
                    let again = Groups { points: g.points.clone(), centres: first };
                    again.means(squared, |stays| stays)
                },
                "You took two steps. One call is one step.",
            ),
        ],
        shapes_clash: Some(
            "The new centres have the shape of the old ones, (k, d): the mean of the points of one centre has d elements, so axis 0, the points, disappears.",
        ),
        inputs: vec![
            Groups {
                points: array![[0.0, 1.0], [1.0, 0.0], [6.0, 5.0], [5.0, 7.0], [7.0, 6.0]],
                centres: array![[1.0, 1.0], [4.0, 4.0]],
            },
            Groups {
                points: array![[0.0, 1.0], [2.0, 2.0], [1.0, 6.0]],
                centres: array![[1.0, 1.0], [2.0, 5.0], [9.0, 9.0]],
            },
            Groups::random(14, 3, 4, true, 213),
            Groups::random(40, 2, 5, false, 214),
        ],
        passed: "Assign, then update. No step can make the mean squared distance to the nearest centre larger, and there are only finitely many ways to group the points, so after some steps nothing changes any more.",
    }
    .run(move |g| k_means_step(&g.points, &g.centres))
}

/// What images drawn from a standard normal distribution look like, for a plain autoencoder.
pub fn check_random_points(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "twenty random codes",
        right: 'b',
        reasons: &[
            (
                'a',
                "That would need codes from all parts of the map. But the map is much wider than the standard normal distribution, so all your draws come from a small part of it. Run the next cell.",
            ),
            (
                'b',
                "The draws come from a small part of a wide map, so they show only the few kinds of digits that lie there. Nothing in the loss says how wide the map is, so without a look at the codes nobody can know where to draw.",
            ),
            (
                'c',
                "The decoder is continuous, and the draws lie in the midst of the codes, where it has learned to draw digits. Noise is not what comes out. Run the next cell.",
            ),
            (
                'd',
                "The draws are near each other if you compare them with the whole map, but not so near that they all give the same image: their images still differ. Run the next cell.",
            ),
        ],
    }
    .predict(my_answer)
}

/// Which beta to choose for drawing new digits.
pub fn check_beta(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "choose beta",
        right: 'c',
        reasons: &[
            (
                'a',
                "It has the smallest reconstruction error, but nothing has put its codes where the prior is: look at how many of its new digits are of one kind. For reconstruction alone it would be a good choice.",
            ),
            (
                'b',
                "Better than 0, but look at the last column: one kind still takes a much larger part than among real digits.",
            ),
            (
                'c',
                "Its new digits are spread over the kinds most evenly, and about half of them are readable. The reconstruction error is a little larger than in the first two rows, but that was not asked for.",
            ),
            (
                'd',
                "So little information is left that its new digits are blurred, and half of them are of one kind: look at the last column, and at the images.",
            ),
        ],
    }
    .check(my_answer)
}

/// The adjusted Rand index of k-means and the labels.
pub fn check_rand_index(my_guess: Option<f64>) -> Feedback {
    Prediction {
        exercise: "clusters and labels",
        truth: 0.43,
        within: 0.12,
        scale: Scale::number("an adjusted Rand index", -1.0, 1.0),
        right: "Far better than chance, and far from perfect agreement. k-means divides wide regions, and puts together what lies side by side, such as fours and nines.",
        too_low: "It is more. Similar digits lie close together, so the clusters have much to do with the labels, although no label was used.",
        too_high: "It is less. k-means knows nothing of digits: it divides wide regions, and puts together what lies side by side, such as fours and nines.",
        known: &[(
            0.75,
            0.95,
            "That is about the accuracy of a k-nearest-neighbours classifier, which has seen labels. k-means has not: it divides wide regions, and puts fours and nines together. And the index counts pairs, which is stricter than counting digits.",
        )],
    }
    .check(my_guess)
}

/// What a map by t-SNE preserves.
pub fn check_map_of_neighbours(my_answer: Option<char>) -> Feedback {
    Choice {
        exercise: "what a map preserves",
        right: 'c',
        reasons: &[
            (
                'a',
                "Look at the table: A is four times as wide as B, and on each map the two are about equally wide. t-SNE and UMAP use distances relative to those of each point's neighbours, so a dense group and a loose one come out alike.",
            ),
            (
                'b',
                "Look at the table: C is three times as far from B as A is, and on the maps by t-SNE this factor is smaller, or gone. Beyond the neighbours, the distances hardly count.",
            ),
            (
                'c',
                "This is what both methods try to preserve: neighbours stay neighbours, mostly. Everything else on the map needs another test.",
            ),
            (
                'd',
                "Look at the map of pure noise: with a low perplexity it shows clumps, and there are no groups at all.",
            ),
        ],
    }
    .check(my_answer)
}
