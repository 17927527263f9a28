//! What an interrupt does to a training and to what has no part of a result. The launcher's side of
//! it is tested with a kernel, in `tests/test_interrupt.py`.

use latent::interrupt;
use latent::prelude::*;
use latent::readout::neighbours;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The folder of the signs, for one test at a time: the whole process is interrupted.
struct Signs(
    PathBuf,
    #[expect(dead_code, reason = "held, not read")] MutexGuard<'static, ()>,
);

impl Signs {
    fn new() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        static VARIABLE: Once = Once::new();
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = std::env::temp_dir().join(format!("latent-signs-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        // SAFETY: no test of this file does anything before it has its turn.
        VARIABLE.call_once(|| unsafe { std::env::set_var("LATENT_SIGNS", &folder) });
        let signs = Self(folder, turn);
        signs.take_back();
        signs
    }

    fn ask(&self) {
        fs::write(self.0.join("interrupt"), "").unwrap();
        wait();
    }

    fn has_stopped(&self) -> bool {
        self.0.join("stopped").exists() && !self.0.join("interrupt").exists()
    }

    fn take_back(&self) {
        for name in ["interrupt", "stopped"] {
            let _ = fs::remove_file(self.0.join(name));
        }
        wait();
    }
}

impl Drop for Signs {
    fn drop(&mut self) {
        self.take_back();
    }
}

/// Longer than the pause between two looks.
fn wait() {
    thread::sleep(Duration::from_millis(60));
}

fn data() -> Array2<f32> {
    random::uniform(2000, 30, 0.0, 1.0, 1).unwrap()
}

fn training(epochs: usize) -> TrainConfig {
    TrainConfig {
        epochs,
        batch_size: 16,
        threads: Some(1),
        progress: false,
        ..TrainConfig::default()
    }
}

fn network() -> Autoencoder {
    Autoencoder::new(&[30, 20, 4], Activation::Relu, 1).unwrap()
}

#[test]
fn a_training_ends_early_with_the_bits_of_one_that_was_to_be_shorter() {
    let signs = Signs::new();
    let data = data();
    let mut net = network();
    let ask = signs.0.join("interrupt");
    let asker = thread::spawn(move || {
        thread::sleep(Duration::from_millis(400));
        fs::write(ask, "").unwrap();
    });
    let history = net.fit(&data, &data, &training(1_000_000)).unwrap();
    asker.join().unwrap();
    assert!(history.interrupted && !history.stopped_early);
    assert!(signs.has_stopped(), "the rest of the cell goes on");
    assert!(net.reconstruction_error(&data).is_ok());
    signs.take_back();

    let epochs = history.epochs();
    assert!(epochs > 0, "the machine is too slow for this test");
    let mut other = network();
    let shorter = other.fit(&data, &data, &training(epochs)).unwrap();
    assert!(!shorter.interrupted);
    assert_eq!(history.train_loss, shorter.train_loss);
    assert_eq!(history.validation_loss, shorter.validation_loss);
    assert_eq!(history.best_epoch, shorter.best_epoch);
    assert_eq!(net, other, "the best weights are kept");
}

#[test]
fn an_interrupted_trainer_can_go_on() {
    let signs = Signs::new();
    let data = data();
    let mut net = network();
    let mut trainer = Trainer::new(&net, training(2)).unwrap();
    signs.ask();
    trainer
        .run(&mut net, (&data, &data), (&data, &data))
        .unwrap();
    assert!(trainer.history().interrupted);
    assert_eq!((trainer.history().epochs(), &net), (0, &network()));
    // Another training in the same cell ends at once as well.
    assert!(net.fit(&data, &data, &training(2)).unwrap().interrupted);
    signs.take_back();
    trainer
        .run(&mut net, (&data, &data), (&data, &data))
        .unwrap();
    assert!(!trainer.history().interrupted);
    assert_eq!(trainer.history().epochs(), 2);
    let mut other = network();
    other.fit(&data, &data, &training(2)).unwrap();
    assert_eq!(net, other);
}

#[test]
fn what_has_no_part_of_a_result_is_an_error() {
    let signs = Signs::new();
    let data = data();
    let mut net = network();
    let mut trainer = Trainer::new(&net, training(1)).unwrap();
    let pair = || (&data as &dyn Matrix, &data as &dyn Matrix);
    signs.ask();
    let start = Instant::now();
    for (what, result) in [
        ("PCA", Pca::fit(&data, 2).map(drop)),
        ("neighbours", neighbours(&data, &data, 3).map(drop)),
        ("encode", net.encode(&data).map(drop)),
        ("a step", trainer.step(&mut net, &data, &data).map(drop)),
        ("an epoch", trainer.epoch(&mut net, pair(), pair())),
        ("forward", net.network().forward_cached(&data).map(drop)),
    ] {
        assert!(matches!(result, Err(Error::Interrupted)), "{what}");
    }
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(
        interrupt::check().unwrap_err().to_string(),
        "interrupted: it was stopped before its result was there"
    );
    // A loop that stops with what it has: then all works again, for the rest of the cell.
    assert!(interrupt::requested() && interrupt::requested());
    assert!(interrupt::check().is_ok() && Pca::fit(&data, 2).is_ok());
    signs.take_back();
    assert!(!interrupt::requested());
}

#[test]
fn a_check_that_is_interrupted_judges_nothing() {
    let signs = Signs::new();
    let design = exercise::training::Design {
        sizes: vec![784, 32, 8],
        activation: Activation::Relu,
        learning_rate: 1e-3,
        batch_size: 64,
    };
    let board = signs.0.join("board.tsv");
    signs.ask();
    let feedback = exercise::training::check_design_on(&board, &Some(design));
    assert_eq!(feedback.outcome(), exercise::Outcome::NotAttempted);
    assert!(feedback.message().contains("nothing was judged"));
    assert!(!board.exists());
}

#[test]
fn asking_costs_next_to_nothing() {
    let _signs = Signs::new();
    let start = Instant::now();
    for _ in 0..1_000_000 {
        interrupt::check().unwrap();
    }
    let each = start.elapsed().as_nanos() / 1_000_000;
    println!("{each} ns");
    assert!(each < 2000, "{each} ns");
}
