//! What `fit` promises.

mod small;

use latent::nn::init;
use latent::prelude::*;
use small::{autoencoder, config, samples};

#[test]
fn it_learns_and_the_history_tells() {
    let (train, validation) = (samples(500, 1), samples(100, 2));
    let mut model = autoencoder();
    let before = model.reconstruction_error(&validation).unwrap();
    let history = model.fit(&train, &validation, &config(60)).unwrap();
    let after = model.reconstruction_error(&validation).unwrap();
    assert!(after < before / 10.0, "{before} -> {after}");
    assert_eq!(history.epochs(), 60);
    assert!((history.initial_validation_loss - before).abs() < 1e-6);
    assert!((history.best_validation_loss() - after).abs() < 1e-6);
    let lowest = history
        .validation_loss
        .iter()
        .copied()
        .fold(f64::INFINITY, f64::min);
    assert_eq!(history.best_validation_loss(), lowest);
    assert!(history.samples_per_second() > 0.0);
    assert_eq!(history.to_string().lines().count(), 62);
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    // Wide enough, and a last batch of another size, for the work to be shared out.
    let data = init::uniform(300, 200, 0.5, 1) + 0.5;
    let run = |threads, seed| {
        let mut model = Autoencoder::new(&[200, 150, 3], Activation::Relu, 4).unwrap();
        let config = TrainConfig {
            batch_size: 128,
            threads: Some(threads),
            seed,
            ..config(3)
        };
        let mut history = model.fit(&data, &data, &config).unwrap();
        history.seconds.clear();
        (model, history)
    };
    let one = run(1, 7);
    assert_eq!(one, run(2, 7));
    assert_eq!(one, run(8, 7));
    assert_ne!(one.0, run(1, 8).0);
}

#[test]
fn fit_called_again_starts_a_new_training_from_the_present_parameters() {
    let data = samples(200, 1);
    let mut again = autoencoder();
    again.fit(&data, &data, &config(2)).unwrap();
    // The same as on a copy, which cannot know of the first training.
    let mut copy =
        Autoencoder::from_layers(again.encoder().to_vec(), again.decoder().to_vec()).unwrap();
    let history = again.fit(&data, &data, &config(3)).unwrap();
    assert_eq!(history.epochs(), 3);
    copy.fit(&data, &data, &config(3)).unwrap();
    assert_eq!(again, copy);

    // And the same rule for a network that is not an autoencoder.
    let mut again = Mlp::new(&[12, 8, 12], Activation::Tanh, Activation::Sigmoid, 1).unwrap();
    again
        .fit((&data, &data), (&data, &data), &config(2))
        .unwrap();
    let mut copy = Mlp::from_layers(again.layers().to_vec()).unwrap();
    for network in [&mut again, &mut copy] {
        network
            .fit((&data, &data), (&data, &data), &config(3))
            .unwrap();
    }
    assert_eq!(again, copy);
}

#[test]
fn a_trainer_goes_on() {
    let data = samples(200, 1);
    let mut at_once = autoencoder();
    at_once.fit(&data, &data, &config(6)).unwrap();
    let mut in_parts = autoencoder();
    let mut trainer = Trainer::new(&in_parts, config(2)).unwrap();
    for epochs in [2, 3, 6] {
        trainer.config.epochs = epochs;
        trainer
            .run(&mut in_parts, (&data, &data), (&data, &data))
            .unwrap();
        assert_eq!(
            trainer.history().best_epoch,
            epochs,
            "the premise: each epoch was better"
        );
    }
    assert_eq!(at_once, in_parts);
}

#[test]
fn patience_stops_and_the_best_weights_stay() {
    // Twenty samples of pure noise: soon they are learned by heart.
    let (train, validation) = (
        init::uniform(20, 12, 0.5, 1) + 0.5,
        init::uniform(50, 12, 0.5, 2) + 0.5,
    );
    let mut model = Autoencoder::new(&[12, 64, 8], Activation::Relu, 4).unwrap();
    let config = TrainConfig {
        patience: Some(10),
        batch_size: 10,
        ..config(2000)
    };
    let history = model.fit(&train, &validation, &config).unwrap();
    assert!(history.stopped_early);
    assert_eq!(history.epochs(), history.best_epoch + 10);
    let kept = model.reconstruction_error(&validation).unwrap();
    assert!((kept - history.best_validation_loss()).abs() < 1e-6);

    let mut last = Autoencoder::new(&[12, 64, 8], Activation::Relu, 4).unwrap();
    let config = TrainConfig {
        restore_best_weights: false,
        ..config
    };
    let history = last.fit(&train, &validation, &config).unwrap();
    let kept = last.reconstruction_error(&validation).unwrap();
    assert!((kept - history.validation_loss.last().unwrap()).abs() < 1e-6);
}

#[test]
fn a_diverging_loss_stops_with_the_best_weights() {
    let data = samples(200, 1) * 10.0;
    let mut model = Autoencoder::new(&[12, 16, 2], Activation::Relu, 4)
        .unwrap()
        .with_output_activation(Activation::Identity);
    model.fit(&data, &data, &config(3)).unwrap();
    let before = model.clone();
    let wild = TrainConfig {
        optimizer: OptimizerConfig::sgd(),
        learning_rate: 1e6,
        ..config(50)
    };
    let error = model.fit(&data, &data, &wild).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("learning rate, 0.001") && !text.contains("100000"),
        "{text}"
    );
    assert_eq!(model, before);

    // The losses before it are in the trainer.
    let mut trainer = Trainer::new(&model, wild).unwrap();
    let result = trainer.run(&mut model, (&data, &data), (&data, &data));
    let Err(Error::Diverged { epoch, .. }) = result else {
        panic!("{result:?}");
    };
    assert_eq!(trainer.history().epochs() + 1, epoch);
    assert_eq!(model, before);
}

#[test]
fn snapshots_are_frequent_at_first() {
    let data = samples(200, 1);
    let mut model = autoencoder();
    let plan = SnapshotPlan {
        samples: data.slice(s![..50, ..]).to_owned(),
        grid: 4,
        every: 2,
    };
    let history = model
        .fit(
            &data,
            &data,
            &TrainConfig {
                snapshots: Some(plan),
                ..config(4)
            },
        )
        .unwrap();
    let steps: Vec<usize> = history.snapshots.iter().map(|s| s.step).collect();
    assert_eq!(steps, [0, 1, 2, 4, 14, 28]);
    let last = history.snapshots.last().unwrap();
    assert_eq!(
        (last.codes.dim(), last.grid_codes.dim(), last.grid.dim()),
        ((50, 2), (16, 2), (16, 12))
    );
    assert_eq!(
        last.codes,
        model.encode(&data.slice(s![..50, ..]).to_owned()).unwrap()
    );
    assert_eq!(last.grid, model.decode(&last.grid_codes).unwrap());
    assert!(
        last.grid_codes[[0, 1]] > last.grid_codes[[12, 1]],
        "the top row is the largest"
    );
    assert_eq!(history.snapshots[0].train_loss, None);
    assert_eq!(last.validation_loss, history.validation_loss[3]);
}

#[test]
fn a_training_saves_as_it_goes() {
    let folder = std::env::temp_dir().join(format!("latent-training-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("model.safetensors");
    let data = samples(200, 1);
    let mut model = autoencoder();
    let plan = CheckpointPlan {
        path: path.clone(),
        every: 2,
    };
    let config = TrainConfig {
        checkpoint: Some(plan),
        restore_best_weights: false,
        ..config(4)
    };
    model.fit(&data, &data, &config).unwrap();
    assert_eq!(Autoencoder::load(&path).unwrap(), model);
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        1,
        "nothing is left beside it"
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_network_fits_targets_of_its_own() {
    let x = Array2::from_shape_fn((200, 1), |(i, _)| i as f32 / 100.0 - 1.0);
    let y = x.mapv(|x| (3.0 * x).sin());
    let mut network = Mlp::new(&[1, 20, 1], Activation::Tanh, Activation::Identity, 1).unwrap();
    let history = network.fit(
        (&x, &y),
        (&x, &y),
        &TrainConfig {
            learning_rate: 0.01,
            ..config(300)
        },
    );
    assert!(history.unwrap().best_validation_loss() < 1e-3);
}

/// Training samples, validation samples, settings, and words of the error they must give.
type Case<'a> = (&'a Array2<f32>, &'a Array2<f32>, TrainConfig, &'a [&'a str]);

#[test]
fn each_mistake_has_its_own_error_with_the_numbers_in_it() {
    let good = samples(100, 1);
    let wide = Array2::zeros((100, 13));
    let empty = Array2::zeros((0, 12));
    let mut nan = good.clone();
    nan[[17, 5]] = f32::NAN;
    let mut above = good.clone();
    above[[17, 5]] = 1.25;
    let bce = || TrainConfig {
        loss: Loss::BinaryCrossEntropy,
        ..config(1)
    };
    let cases: Vec<Case> = vec![
        (&wide, &good, config(1), &["12 columns", "got 13"]),
        (&good, &wide, config(1), &["12 columns", "got 13"]),
        (&empty, &good, config(1), &["empty", "0 x 12"]),
        (&good, &empty, config(1), &["empty", "0 x 12"]),
        (&nan, &good, config(1), &["NaN", "row 17", "column 5"]),
        (&good, &nan, config(1), &["NaN", "row 17", "column 5"]),
        (&above, &good, bce(), &["1.25", "row 17", "column 5"]),
        (&good, &above, bce(), &["1.25", "row 17", "column 5"]),
        (
            &good,
            &good,
            TrainConfig {
                batch_size: 0,
                ..config(1)
            },
            &["batch_size", "got 0"],
        ),
        (
            &good,
            &good,
            TrainConfig {
                learning_rate: 0.0,
                ..config(1)
            },
            &["learning rate", "got 0"],
        ),
        (
            &good,
            &good,
            TrainConfig {
                learning_rate: -0.1,
                ..config(1)
            },
            &["-0.1"],
        ),
        (
            &good,
            &good,
            TrainConfig {
                learning_rate: f32::NAN,
                ..config(1)
            },
            &["NaN"],
        ),
        (
            &good,
            &good,
            TrainConfig {
                learning_rate: f32::INFINITY,
                ..config(1)
            },
            &["inf"],
        ),
        (&good, &good, config(0), &["epochs", "got 0"]),
        (
            &good,
            &good,
            TrainConfig {
                patience: Some(0),
                ..config(1)
            },
            &["patience", "got 0"],
        ),
        (
            &good,
            &good,
            TrainConfig {
                threads: Some(0),
                ..config(1)
            },
            &["threads", "got 0"],
        ),
        (
            &good,
            &good,
            TrainConfig {
                optimizer: OptimizerConfig::sgd_with_momentum(1.5),
                ..config(1)
            },
            &["momentum", "1.5"],
        ),
        (
            &good,
            &good,
            TrainConfig {
                snapshots: Some(SnapshotPlan {
                    samples: wide.clone(),
                    grid: 3,
                    every: 1,
                }),
                ..config(1)
            },
            &["12 columns", "got 13"],
        ),
        (
            &good,
            &good,
            TrainConfig {
                checkpoint: Some(CheckpointPlan {
                    path: "no/such/folder/x".into(),
                    every: 1,
                }),
                ..config(1)
            },
            &["cannot write", "no/such/folder/x"],
        ),
    ];
    for (train, validation, config, expected) in cases {
        let text = autoencoder()
            .fit(train, validation, &config)
            .unwrap_err()
            .to_string();
        for part in expected {
            assert!(text.contains(part), "{text:?} does not say {part:?}");
        }
    }
    let text = autoencoder()
        .with_output_activation(Activation::Identity)
        .fit(&good, &good, &bce())
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("identity") && text.contains("sigmoid"),
        "{text}"
    );
}
