//! What `Trainer` promises: the same bits by steps, by epochs and after an interruption; no
//! training that ends with NaN; noise and penalties.

mod small;

use latent::nn::init;
use latent::prelude::*;
use small::{autoencoder, config, samples};

fn file(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("latent-{name}-{}.safetensors", std::process::id()))
}

/// Settings that use all that a training can carry from one epoch to the next.
fn configs() -> Vec<TrainConfig> {
    vec![
        config(6),
        TrainConfig {
            noise: Noise::Gaussian(0.3),
            code_penalty: Penalty::L1(0.01),
            weight_decay: 0.1,
            patience: Some(2),
            learning_rate: 0.05,
            snapshots: Some(SnapshotPlan {
                samples: samples(5, 3),
                grid: 3,
                every: 2,
            }),
            ..config(6)
        },
        TrainConfig {
            noise: Noise::Masking(0.3),
            optimizer: OptimizerConfig::sgd_with_momentum(0.9),
            restore_best_weights: false,
            seed: 9,
            ..config(6)
        },
        TrainConfig {
            optimizer: OptimizerConfig::sgd(),
            ..config(6)
        },
    ]
}

#[test]
fn steps_by_hand_give_the_same_bits_as_fit() {
    let (train, validation) = (samples(100, 1), samples(30, 2));
    for config in configs() {
        let config = TrainConfig {
            snapshots: None,
            patience: None,
            ..config
        };
        let mut expected = autoencoder();
        let mut history = expected.fit(&train, &validation, &config).unwrap();

        let mut net = autoencoder();
        let mut trainer = Trainer::new(&net, config.clone()).unwrap();
        trainer.validate(&net, (&validation, &validation)).unwrap();
        for _ in 0..config.epochs {
            for rows in trainer.batches(train.nrows()) {
                let batch = train.select(Axis(0), &rows);
                trainer.step(&mut net, &batch, &batch).unwrap();
            }
            trainer.validate(&net, (&validation, &validation)).unwrap();
        }
        if config.restore_best_weights {
            trainer.restore_best(&mut net);
        }
        assert_eq!(net, expected);
        let mut found = trainer.into_history();
        found.seconds.clear();
        history.seconds.clear();
        assert_eq!(found, history);
    }
}

#[test]
fn interrupted_at_any_epoch_and_resumed_from_its_file_it_gives_the_same_bits() {
    let (train, validation) = (samples(100, 1), samples(30, 2));
    let path = file("resume");
    for config in configs() {
        let mut expected = autoencoder();
        let mut history = expected.fit(&train, &validation, &config).unwrap();
        history.seconds.clear();
        for interrupted_after in 1..=5_usize.min(history.epochs()) {
            let mut net = autoencoder();
            let mut trainer = Trainer::new(&net, config.clone()).unwrap();
            for _ in 0..interrupted_after {
                trainer
                    .epoch(&mut net, (&train, &train), (&validation, &validation))
                    .unwrap();
            }
            trainer.save(&net, &path).unwrap();
            // The file is a model like any other, too.
            assert_eq!(Autoencoder::load(&path).unwrap(), net);

            let mut resumed = autoencoder();
            let mut again = Trainer::resume(&mut resumed, config.clone(), &path).unwrap();
            assert_eq!((&again, &resumed), (&trainer, &net));
            again
                .run(&mut resumed, (&train, &train), (&validation, &validation))
                .unwrap();
            assert_eq!(resumed, expected);
            let mut found = again.into_history();
            found.seconds.clear();
            assert_eq!(found, history);
        }
    }
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn a_file_of_another_training_is_refused_with_the_reason() {
    let path = file("refused");
    let net = autoencoder();
    let text = |config, model: &mut Autoencoder| {
        let before = model.clone();
        let text = Trainer::resume(model, config, &path)
            .unwrap_err()
            .to_string();
        assert_eq!(*model, before, "nothing changed");
        text
    };
    net.save(&path).unwrap();
    assert!(text(config(2), &mut autoencoder()).contains("without the state of a training"));
    Trainer::new(&net, config(2))
        .unwrap()
        .save(&net, &path)
        .unwrap();
    let other_seed = TrainConfig {
        seed: 1,
        ..config(2)
    };
    assert!(text(other_seed, &mut autoencoder()).contains("seed 0"));
    let sgd = TrainConfig {
        optimizer: OptimizerConfig::sgd(),
        ..config(2)
    };
    assert!(text(sgd, &mut autoencoder()).contains("optimizer"));
    let mut wide = Autoencoder::new(&[12, 17, 2], Activation::Tanh, 4).unwrap();
    assert!(text(config(2), &mut wide).contains("other layers"));
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn divergence_in_the_last_step_is_an_error_and_leaves_the_good_file() {
    let data = samples(32, 1);
    let path = file("diverged");
    let mut net = autoencoder().with_output_activation(Activation::Identity);
    net.save(&path).unwrap();
    let before = net.clone();
    let wild = TrainConfig {
        learning_rate: 1e30,
        restore_best_weights: false,
        checkpoint: Some(CheckpointPlan {
            path: path.clone(),
            every: 1,
        }),
        ..config(1)
    };
    let error = net.fit(&data, &data, &wild).unwrap_err();
    assert!(matches!(error, Error::Diverged { epoch: 1, .. }), "{error}");
    assert_eq!(net, before);
    assert_eq!(Autoencoder::load(&path).unwrap(), before);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn a_training_that_made_the_model_worse_says_so() {
    let data = samples(100, 1);
    let mut net = autoencoder();
    net.fit(&data, &data, &config(60)).unwrap();
    let wild = TrainConfig {
        learning_rate: 1e6,
        ..config(2)
    };
    let before = net.clone();
    let history = net.fit(&data, &data, &wild).unwrap();
    assert_eq!(history.best_epoch, 0);
    assert!(
        history.to_string().contains("made the model worse"),
        "{history}"
    );
    assert_eq!(net, before);
}

#[test]
fn targets_that_the_output_cannot_reach_are_refused() {
    let data = samples(50, 1) * 255.0;
    let text = autoencoder()
        .fit(&data, &data, &config(1))
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("sigmoid") && text.contains("0 to 1"),
        "{text}"
    );
}

#[test]
fn a_batch_larger_than_the_data_is_the_whole_data() {
    let data = samples(20, 1);
    let fit = |batch_size| {
        let mut net = autoencoder();
        let config = TrainConfig {
            batch_size,
            ..config(3)
        };
        net.fit(&data, &data, &config).unwrap();
        net
    };
    assert_eq!(fit(128), fit(20));
}

#[test]
fn no_two_snapshots_of_the_same_step() {
    let data = samples(128, 1);
    let config = TrainConfig {
        snapshots: Some(SnapshotPlan {
            samples: samples(5, 3),
            grid: 0,
            every: 1,
        }),
        ..config(2)
    };
    let history = autoencoder().fit(&data, &data, &config).unwrap();
    let steps: Vec<usize> = history.snapshots.iter().map(|s| s.step).collect();
    assert_eq!(steps, [0, 1, 2, 4, 8]);
    assert_eq!(history.snapshots[3].epoch, 1);
}

#[test]
fn the_gradient_of_the_penalty_is_that_of_finite_differences() {
    let data = samples(7, 1);
    for penalty in [Penalty::L1(0.5), Penalty::L2(0.5)] {
        // One plain step of a small rate moves each parameter by -rate * gradient.
        let rate = 1e-3;
        let config = TrainConfig {
            optimizer: OptimizerConfig::sgd(),
            code_penalty: penalty,
            learning_rate: rate,
            ..config(1)
        };
        let net = autoencoder();
        let mut moved = net.clone();
        Trainer::new(&net, config.clone())
            .unwrap()
            .step(&mut moved, &data, &data)
            .unwrap();
        let objective = |net: &Autoencoder| {
            Trainer::new(net, config.clone())
                .unwrap()
                .validate(net, (&data, &data))
                .unwrap()
        };
        for (layer, row, column) in [(0, 3, 2), (1, 1, 5), (2, 4, 1), (3, 2, 7)] {
            let weight =
                |net: &Autoencoder| net.network().layers()[layer].linear.weight[[row, column]];
            let gradient = f64::from(weight(&net) - weight(&moved)) / f64::from(rate);
            let at = |h: f32| {
                let mut net = net.clone();
                net.network_mut().layers_mut()[layer].linear.weight[[row, column]] += h;
                objective(&net)
            };
            let expected = (at(1e-2) - at(-1e-2)) / 2e-2;
            assert!(
                (gradient - expected).abs() < 5e-4,
                "{penalty:?} {layer}: {gradient} {expected}"
            );
        }
    }
}

#[test]
fn noise_and_a_penalty_do_what_they_are_for() {
    let (train, validation) = (samples(300, 1), samples(100, 2));
    let codes = |penalty| {
        let mut net = autoencoder();
        let config = TrainConfig {
            code_penalty: penalty,
            ..config(30)
        };
        net.fit(&train, &validation, &config).unwrap();
        net.encode(&validation)
            .unwrap()
            .mapv(f32::abs)
            .mean()
            .unwrap()
    };
    assert!(codes(Penalty::L1(0.1)) < codes(Penalty::None) / 2.0);

    let noisy = &validation + &(init::uniform(100, 12, 0.3, 5));
    let error = |noise| {
        let mut net = autoencoder();
        net.fit(
            &train,
            &validation,
            &TrainConfig {
                noise,
                ..config(100)
            },
        )
        .unwrap();
        (net.reconstruct(&noisy).unwrap() - &validation)
            .mapv(|x| x * x)
            .mean()
            .unwrap()
    };
    assert!(error(Noise::Gaussian(0.2)) < error(Noise::None));
}
