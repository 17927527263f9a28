//! Makes the recording that comes with the course, as if a laboratory had sent it: spike counts with
//! the heading of the animal, in a file of NumPy.
//!
//! ```text
//! cargo run --release -p latent --example make_recording [-- FILE]
//! counts (bins, cells), uint8       heading (bins), radians, float32       time (bins), s, float64
//! ```
//!
//! **It is a simulation.** Its cells are those of [`HeadDirection`], and with them comes what real
//! recordings add:
//!
//! - *silent cells*: three never fire, and one fires a few times;
//! - *untuned cells*, which do not know where the head points;
//! - *shared noise*: a factor common to all cells, which wanders within seconds;
//! - *drift*: each cell becomes louder or quieter during the session;
//! - *a pause*: for 90 s nothing was recorded, so the time stamps jump.

use latent::ndarray::{Array1, Array2};
use latent::prelude::*;
use ndarray_npy::WriteNpyExt;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

/// Of the recording that comes with the course.
pub const SEED: u64 = 12;
/// Length of a bin in seconds.
const BIN: f32 = 0.02;
/// Bins with the pause, and the bins in which nothing was recorded.
const BINS: usize = 39_000;
const PAUSE: std::ops::Range<usize> = 19_502..24_004;
/// What the clock showed at the first bin, in seconds.
const BEGIN: f64 = 30.0;

const HEADING_CELLS: usize = 34;
const UNTUNED_CELLS: usize = 8;
const SILENT_CELLS: usize = 4;

/// The arrays of the file.
#[derive(Debug, PartialEq)]
pub struct Session {
    pub counts: Array2<u8>,
    pub heading: Array1<f32>,
    pub time: Array1<f64>,
}

/// One cell: its tuning, and how much drift and shared noise change its rate.
struct Cell {
    tuning: HeadDirection,
    drift: f32,
    shared: f32,
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/recording/head-direction.npz");
    let path = std::env::args().nth(1).map_or(shipped, PathBuf::from);
    let bytes = npz(&simulate(SEED)?)?;
    fs::write(&path, &bytes)?;
    println!("wrote {}: {} kB", path.display(), bytes.len() / 1000);
    Ok(())
}

/// The whole session. The same seed gives the same session.
pub fn simulate(seed: u64) -> Result<Session> {
    let path = HeadDirection::evenly_spaced(1).simulate(BINS, BIN, seed)?;
    let shared = wander(BINS, 2.0, seed + 1000)?;
    let cells = cells(seed)?;
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed + 2000);
    let mut counts = Array2::<u8>::zeros((BINS, cells.len()));
    for bin in 0..BINS {
        // From -1 at the beginning to 1 at the end.
        let late = 2.0 * bin as f32 / BINS as f32 - 1.0;
        for (number, cell) in cells.iter().enumerate() {
            let gain = (cell.drift * late + cell.shared * shared[bin]).exp();
            let rate = cell.tuning.rates(path.heading[bin])[0] * gain;
            counts[[bin, number]] = draw(f64::from(rate * BIN), rng);
        }
    }
    let recorded: Vec<usize> = (0..BINS).filter(|bin| !PAUSE.contains(bin)).collect();
    let time = |bin: &usize| BEGIN + (2 * bin) as f64 / 100.0;
    // The camera measures to a hundredth of a radian.
    let camera = |bin: &usize| (100.0 * path.heading[*bin]).floor() / 100.0;
    Ok(Session {
        counts: counts.select(Axis(0), &recorded),
        heading: recorded.iter().map(camera).collect(),
        time: recorded.iter().map(time).collect(),
    })
}

/// All cells, in the random order in which the electrodes found them.
fn cells(seed: u64) -> Result<Vec<Cell>> {
    let count = HEADING_CELLS + UNTUNED_CELLS + SILENT_CELLS;
    let uniform = random::uniform(count, 5, 0.0, 1.0, seed + 3000)?;
    let drift = random::normal(count, 1, 0.0, 0.35, seed + 4000)?;
    let mut cells: Vec<(f32, Cell)> = Vec::new();
    for number in 0..count {
        let u = uniform.row(number);
        let (gain, concentration, background) = if number < HEADING_CELLS {
            (6.0 + 26.0 * u[1], 1.5 + 5.0 * u[2], 0.3 + 1.5 * u[3])
        } else if number < HEADING_CELLS + UNTUNED_CELLS {
            (0.0, 0.0, 1.5 + 9.0 * u[3])
        } else if number == count - 1 {
            (0.0, 0.0, 0.012)
        } else {
            (0.0, 0.0, 0.0)
        };
        let tuning = HeadDirection {
            preferred: array![u[0] * std::f32::consts::TAU],
            gains: array![gain],
            concentration,
            background,
            ..HeadDirection::evenly_spaced(1)
        };
        let cell = Cell {
            tuning,
            drift: drift[[number, 0]],
            shared: 0.2 + 0.2 * u[2],
        };
        cells.push((u[4], cell));
    }
    cells.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(cells.into_iter().map(|(_, cell)| cell).collect())
}

/// An Ornstein-Uhlenbeck process with mean 0 and standard deviation 1, which forgets within
/// `seconds`.
fn wander(bins: usize, seconds: f32, seed: u64) -> Result<Array1<f32>> {
    let keep = (-BIN / seconds).exp();
    let pushes = random::normal(bins, 1, 0.0, (1.0 - keep * keep).sqrt(), seed)?;
    let mut now = 0.0;
    Ok(pushes.column(0).mapv(|push| {
        now = keep * now + push;
        now
    }))
}

/// A Poisson count: how many waiting times fit into a time in which `mean` events are expected.
fn draw(mean: f64, rng: &mut impl Rng) -> u8 {
    let limit = (-mean).exp();
    let mut product: f64 = rng.r#gen();
    let mut count = 0;
    while product > limit {
        count += 1;
        product *= rng.r#gen::<f64>();
    }
    count
}

/// The bytes that `np.savez_compressed` would write, with the names of its arguments.
pub fn npz(session: &Session) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_level(Some(9))
        .last_modified_time(DateTime::default());
    for name in ["counts", "heading", "time"] {
        let mut bytes = Vec::new();
        match name {
            "counts" => session.counts.write_npy(&mut bytes)?,
            "heading" => session.heading.write_npy(&mut bytes)?,
            _ => session.time.write_npy(&mut bytes)?,
        }
        zip.start_file(format!("{name}.npy"), options)?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
