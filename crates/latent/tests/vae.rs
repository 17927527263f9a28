//! The variational autoencoder: its gradients, its training, its files, and its place in the
//! figures.

use latent::autoencoder::Elbo;
use latent::ndarray::Array1;
use latent::nn::init;
use latent::prelude::*;
use latent::training::{Batch, Model, Objective, Pass};

fn samples(n: usize, seed: u64) -> Array2<f32> {
    let hidden = init::uniform(n, 2, 1.0, seed);
    let mixing = init::uniform(12, 2, 2.0, 99);
    hidden.dot(&mixing.t()).mapv(|x| 1.0 / (1.0 + (-x).exp()))
}

fn vae() -> Vae {
    Vae::new(&[12, 16, 2], Activation::Tanh, 4).unwrap()
}

fn config(epochs: usize) -> TrainConfig {
    TrainConfig {
        epochs,
        batch_size: 32,
        learning_rate: 3e-3,
        progress: false,
        ..TrainConfig::default()
    }
}

fn file(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!(
        "latent-vae-{name}-{}.safetensors",
        std::process::id()
    ))
}

fn spread(values: &[f32]) -> f64 {
    let mean = values.iter().map(|&x| f64::from(x)).sum::<f64>() / values.len() as f64;
    let squares = values.iter().map(|&x| (f64::from(x) - mean).powi(2));
    (squares.sum::<f64>() / values.len() as f64).sqrt()
}

type Layers = Vec<(Array2<f64>, Array1<f64>, Activation)>;

fn layers(network: &Mlp) -> Layers {
    let layers = network.layers().iter();
    layers
        .map(|l| {
            let linear = &l.linear;
            let (weight, bias) = (linear.weight.mapv(f64::from), linear.bias.mapv(f64::from));
            (weight, bias, l.activation)
        })
        .collect()
}

fn forward(layers: &Layers, x: &Array2<f64>) -> Array2<f64> {
    layers.iter().fold(x.clone(), |a, (weight, bias, f)| {
        (a.dot(&weight.t()) + bias).mapv(|z| match f {
            Activation::Identity => z,
            Activation::Tanh => z.tanh(),
            Activation::Sigmoid => 1.0 / (1.0 + (-z).exp()),
            Activation::Softplus => z.exp().ln_1p(),
            other => panic!("{other:?} is not needed here"),
        })
    })
}

/// The objective of the module's formulas once more, in f64.
fn objective(
    [encoder, decoder]: &[Layers; 2],
    (inputs, targets): (&Array2<f64>, &Array2<f64>),
    noise: &Array2<f64>,
    (loss, penalty, beta): (Loss, Penalty, f64),
) -> f64 {
    let outputs = forward(encoder, inputs);
    let (n, k) = noise.dim();
    let (mean, log_var) = (outputs.slice(s![.., ..k]), outputs.slice(s![.., k..]));
    let z = &mean + &(log_var.mapv(|v| (v / 2.0).exp()) * noise);
    let p = forward(decoder, &z);
    let reconstruction: f64 = (p.iter().zip(targets))
        .map(|(&p, &t)| match loss {
            Loss::MeanSquaredError => (p - t).powi(2),
            Loss::BinaryCrossEntropy => -(t * p.ln() + (1.0 - t) * (1.0 - p).ln()),
            Loss::Poisson => p - t * (p + 1e-8).ln(),
        })
        .sum();
    let kl: f64 = (mean.iter().zip(&log_var))
        .map(|(&m, &v)| (m * m + v.exp() - 1.0 - v) / 2.0)
        .sum();
    let size = (n * k) as f64;
    let penalty = match penalty {
        Penalty::None => 0.0,
        Penalty::L1(w) => f64::from(w) * mean.mapv(f64::abs).sum() / size,
        Penalty::L2(w) => f64::from(w) * mean.mapv(|m| m * m).sum() / size,
    };
    (reconstruction + beta * kl) / n as f64 + penalty
}

#[test]
fn the_gradients_are_those_of_finite_differences_with_the_same_noise() {
    let (inputs, targets) = (samples(7, 1), samples(7, 2));
    for (loss, output, penalty, beta) in [
        (
            Loss::MeanSquaredError,
            Activation::Identity,
            Penalty::None,
            1.0,
        ),
        (
            Loss::MeanSquaredError,
            Activation::Sigmoid,
            Penalty::L1(0.7),
            0.3,
        ),
        (
            Loss::BinaryCrossEntropy,
            Activation::Sigmoid,
            Penalty::L2(0.7),
            4.0,
        ),
        (Loss::Poisson, Activation::Softplus, Penalty::None, 0.0),
    ] {
        let mut vae = vae()
            .with_output_activation(output)
            .with_beta(beta)
            .unwrap();
        // Away from 0, where the variance is 1 whatever the gradient says.
        let mut networks = vae.networks_mut();
        let linear = &mut networks[0].layers_mut()[1].linear;
        linear.weight *= 3.0;
        linear.bias[3] = -1.5;
        let batch = Batch {
            inputs: &inputs,
            targets: &targets,
            seed: 5,
        };
        let settings = Objective {
            loss,
            code_penalty: penalty,
        };
        let mut pass = Pass::new(&vae, 7);
        vae.forward(&batch, &mut pass);
        let value = vae.loss(&batch, &settings, &mut pass);
        vae.backward(&batch, &settings, &mut pass);

        let noise = pass.arrays[0].mapv(f64::from);
        assert!(noise.iter().all(|e| *e != 0.0));
        let pair = (inputs.mapv(f64::from), targets.mapv(f64::from));
        let at = |networks: &[Layers; 2]| {
            let pair = (&pair.0, &pair.1);
            objective(networks, pair, &noise, (loss, penalty, f64::from(beta)))
        };
        let networks = [layers(vae.encoder()), layers(vae.decoder())];
        let expected = at(&networks);
        assert!((value / expected - 1.0).abs() < 1e-6, "{value} {expected}");

        let h = 1e-6;
        for (part, gradients) in pass.gradients.iter().enumerate() {
            for layer in 0..networks[part].len() {
                let largest =
                    |g: &dyn Fn(&f32) -> f64, all: &[f32]| all.iter().map(g).fold(0.0, f64::max);
                let size = |g: &f32| f64::from(*g).abs();
                let weight = &gradients.weights[layer];
                let norm = largest(&size, weight.as_slice().unwrap());
                assert!(norm > 1e-4, "a gradient that says something");
                let close = |found: f32, expected: f64| {
                    assert!(
                        (f64::from(found) - expected).abs() < 2e-5 * norm,
                        "{loss:?} {penalty:?}, network {part}, layer {layer}: {found}, not {expected}"
                    );
                };
                for (place, &found) in weight.indexed_iter() {
                    let moved = |h: f64| {
                        let mut networks = networks.clone();
                        networks[part][layer].0[place] += h;
                        at(&networks)
                    };
                    close(found, (moved(h) - moved(-h)) / (2.0 * h));
                }
                for (place, &found) in gradients.biases[layer].indexed_iter() {
                    let moved = |h: f64| {
                        let mut networks = networks.clone();
                        networks[part][layer].1[place] += h;
                        at(&networks)
                    };
                    close(found, (moved(h) - moved(-h)) / (2.0 * h));
                }
            }
        }
    }
}

#[test]
fn it_learns_and_the_validation_loss_is_the_negative_elbo() {
    // Features of 0 and 1, which two numbers describe.
    let bits = |n, seed| samples(n, seed).mapv(|x| f32::from(x > 0.5));
    let (train, validation) = (bits(500, 1), bits(100, 2));
    for loss in [Loss::MeanSquaredError, Loss::BinaryCrossEntropy] {
        let mut vae = vae();
        let config = TrainConfig { loss, ..config(60) };
        let history = vae.fit(&train, &validation, &config).unwrap();
        let (before, after) = (
            history.initial_validation_loss,
            history.best_validation_loss(),
        );
        assert!(after < 0.8 * before, "{loss:?}: {before} -> {after}");
        let elbo = vae.elbo(&validation, loss, 0).unwrap();
        let off = elbo.mean() + history.best_validation_loss();
        assert!(off.abs() < 1e-4, "{off}");
        // Another draw of the codes is another estimate of the same.
        let other = vae.elbo(&validation, loss, 1).unwrap();
        assert_ne!(other.elbo, elbo.elbo);
        assert_eq!(other.kl, elbo.kl);
        assert!((other.mean() / elbo.mean() - 1.0).abs() < 0.2);
    }
}

#[test]
fn the_terms_of_the_elbo_are_the_formulas() {
    let (vae, x) = (vae(), samples(5, 1));
    let (mean, log_var) = vae.posterior(&x).unwrap();
    assert_eq!((mean.dim(), log_var.dim()), ((5, 2), (5, 2)));
    assert_eq!(mean, vae.encode(&x).unwrap());
    let Elbo {
        reconstruction,
        kl,
        elbo,
    } = vae.elbo(&x, Loss::BinaryCrossEntropy, 3).unwrap();
    for i in 0..5 {
        let expected: f64 = (0..2)
            .map(|j| {
                let (m, v) = (f64::from(mean[[i, j]]), f64::from(log_var[[i, j]]));
                (m * m + v.exp() - 1.0 - v) / 2.0
            })
            .sum();
        assert!((kl[i] - expected).abs() < 1e-9);
        assert_eq!(elbo[i], -(reconstruction[i] + kl[i]));
    }
    // With no variance left, the code is the mean.
    let mut sure = vae.clone();
    sure.networks_mut()[0].layers_mut()[1].linear.bias[2] = -60.0;
    sure.networks_mut()[0].layers_mut()[1].linear.bias[3] = -60.0;
    let found = sure.elbo(&x, Loss::MeanSquaredError, 3).unwrap();
    let errors = (sure.reconstruct(&x).unwrap() - &x).mapv(|e| f64::from(e * e));
    let off = &found.reconstruction - &errors.sum_axis(Axis(1));
    assert!(off.iter().all(|off| off.abs() < 1e-5), "{off}");
    assert!(found.to_string().contains("nats a sample"), "{found}");
}

#[test]
fn any_memory_layout_gives_the_same_result() {
    let x = samples(40, 1);
    let columns = x.t().as_standard_layout().reversed_axes().to_owned();
    let reversed = x.slice(s![..;-1, ..]).to_owned();
    let twice = Array2::from_shape_fn((80, 12), |(i, j)| x[[i / 2, j]]);
    let loss = Loss::MeanSquaredError;
    let fitted = |x: &dyn Matrix| {
        let mut vae = vae();
        vae.fit(x, x, &config(2)).unwrap();
        vae
    };
    let (codes, elbo, model) = (
        vae().encode(&x).unwrap(),
        vae().elbo(&x, loss, 1).unwrap(),
        fitted(&x),
    );
    for x in [
        columns.view(),
        reversed.slice(s![..;-1, ..]),
        twice.slice(s![..;2, ..]),
    ] {
        assert_eq!(vae().encode(&x).unwrap(), codes);
        assert_eq!(vae().elbo(&x, loss, 1).unwrap(), elbo);
        assert_eq!(fitted(&x), model);
    }
}

#[test]
fn a_large_beta_pulls_the_codes_to_the_prior_and_none_lets_them_go() {
    let data = samples(300, 1);
    let kl = |beta: f32| {
        let mut vae = vae().with_beta(beta).unwrap();
        vae.fit(&data, &data, &config(80)).unwrap();
        let elbo = vae.elbo(&data, Loss::MeanSquaredError, 0).unwrap();
        elbo.kl.mean().unwrap()
    };
    let (none, one, many) = (kl(0.0), kl(1.0), kl(20.0));
    assert!(none > 2.0 * one && one > 2.0 * many, "{none} {one} {many}");
    assert!(many < 0.05, "{many}");
}

#[test]
fn a_trained_decoder_turns_the_prior_into_samples_like_the_data() {
    let data = samples(1000, 1);
    let mut vae = vae().with_beta(0.02).unwrap();
    let config = TrainConfig {
        learning_rate: 1e-2,
        ..config(100)
    };
    vae.fit(&data, &data, &config).unwrap();
    let made = vae.sample(1000, 7).unwrap();
    assert_eq!(made.dim(), (1000, 12));
    assert_eq!(made, vae.sample(1000, 7).unwrap());
    assert_ne!(made, vae.sample(1000, 8).unwrap());
    for j in 0..12 {
        let (column, of_data) = (made.column(j), data.column(j));
        let off = column.mean().unwrap() - of_data.mean().unwrap();
        assert!(off.abs() < 0.05, "feature {j}: {off}");
        let ratio = spread(&column.to_vec()) / spread(&of_data.to_vec());
        assert!((0.7..1.4).contains(&ratio), "feature {j}: {ratio}");
    }
    assert_eq!(vae.sample(0, 1).unwrap().dim(), (0, 12));
    let text = vae.sample(usize::MAX, 1).unwrap_err().to_string();
    assert!(text.contains("at most 1000000"), "{text}");
}

/// Settings that use all that a training can carry from one epoch to the next.
fn configs() -> Vec<TrainConfig> {
    vec![
        config(6),
        TrainConfig {
            loss: Loss::BinaryCrossEntropy,
            noise: Noise::Gaussian(0.1),
            code_penalty: Penalty::L1(0.1),
            weight_decay: 0.1,
            snapshots: Some(SnapshotPlan {
                samples: samples(5, 3),
                grid: 3,
                every: 2,
            }),
            seed: 9,
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
            ..config
        };
        let mut expected = vae();
        let mut history = expected.fit(&train, &validation, &config).unwrap();
        assert_ne!(expected, vae());

        let mut vae = vae();
        let mut trainer = Trainer::new(&vae, config.clone()).unwrap();
        trainer.validate(&vae, (&validation, &validation)).unwrap();
        for _ in 0..config.epochs {
            for rows in trainer.batches(train.nrows()) {
                let batch = train.select(Axis(0), &rows);
                trainer.step(&mut vae, &batch, &batch).unwrap();
            }
            trainer.validate(&vae, (&validation, &validation)).unwrap();
        }
        trainer.restore_best(&mut vae);
        assert_eq!(vae, expected);
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
        let mut expected = vae();
        let mut history = expected.fit(&train, &validation, &config).unwrap();
        history.seconds.clear();
        for interrupted_after in 1..=5 {
            let mut net = vae();
            let mut trainer = Trainer::new(&net, config.clone()).unwrap();
            for _ in 0..interrupted_after {
                let (train, validation) = ((&train, &train), (&validation, &validation));
                trainer
                    .epoch(&mut net, (train.0, train.1), (validation.0, validation.1))
                    .unwrap();
            }
            trainer.save(&net, &path).unwrap();
            assert_eq!(Vae::load(&path).unwrap(), net);

            let mut resumed = vae();
            let mut again = Trainer::resume(&mut resumed, config.clone(), &path).unwrap();
            assert_eq!((&again, &resumed), (&trainer, &net));
            again
                .run(&mut resumed, (&train, &train), (&validation, &validation))
                .unwrap();
            assert_eq!(resumed, expected);
            let mut found = again.into_history();
            found.seconds.clear();
            assert_eq!(found, history);

            let mut other = vae().with_beta(0.5).unwrap();
            let error = Trainer::resume(&mut other, config.clone(), &path).unwrap_err();
            assert!(error.to_string().contains("beta \"1\""), "{error}");
        }
    }
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    // Wide enough, and a last batch of another size, for the work to be shared out.
    let data = init::uniform(300, 200, 0.5, 1) + 0.5;
    let run = |threads, seed| {
        let mut vae = Vae::new(&[200, 150, 40], Activation::Relu, 4).unwrap();
        let config = TrainConfig {
            batch_size: 128,
            threads: Some(threads),
            seed,
            ..config(3)
        };
        let mut history = vae.fit(&data, &data, &config).unwrap();
        history.seconds.clear();
        (vae, history)
    };
    let one = run(1, 7);
    assert_eq!(one, run(2, 7));
    assert_eq!(one, run(8, 7));
    assert_ne!(one.0, run(1, 8).0);
}

#[test]
fn a_saved_model_comes_back_bit_by_bit() {
    let path = file("bits");
    let model = Vae::new(&[6, 5, 3], Activation::LeakyRelu, 1)
        .unwrap()
        .with_output_activation(Activation::Softplus)
        .with_beta(0.1)
        .unwrap();
    model.save(&path).unwrap();
    assert_eq!(Vae::load(&path).unwrap(), model);
    let text = Autoencoder::load(&path).unwrap_err().to_string();
    assert!(text.contains("cannot be used"), "{text}");

    Autoencoder::new(&[6, 5, 3], Activation::Relu, 1)
        .unwrap()
        .save(&path)
        .unwrap();
    let text = Vae::load(&path).unwrap_err().to_string();
    assert!(text.contains("not a variational autoencoder"), "{text}");
    std::fs::write(&path, "a poem").unwrap();
    assert!(Vae::load(&path).is_err());
    std::fs::remove_file(&path).unwrap();
    assert!(Vae::load(&path).is_err());
}

#[test]
fn a_variance_that_runs_away_is_an_error_and_no_nan() {
    let data = samples(32, 1);
    let mut vae = vae();
    vae.networks_mut()[0].layers_mut()[1].linear.bias[2] = 100.0;
    let before = vae.clone();
    let mut trainer = Trainer::new(&vae, config(1)).unwrap();
    let error = trainer.step(&mut vae, &data, &data).unwrap_err();
    assert!(matches!(error, Error::Diverged { .. }), "{error}");
    let error = vae.fit(&data, &data, &config(1)).unwrap_err();
    assert!(matches!(error, Error::Diverged { .. }), "{error}");
    assert_eq!(vae, before);
    let error = vae.elbo(&data, Loss::MeanSquaredError, 0).unwrap_err();
    assert!(error.to_string().contains("ELBO"), "{error}");

    // The other way, the code has no variance, and that is no harm.
    vae.networks_mut()[0].layers_mut()[1].linear.bias[2] = -300.0;
    vae.fit(&data, &data, &config(3)).unwrap();
    assert!(
        vae.elbo(&data, Loss::MeanSquaredError, 0)
            .unwrap()
            .mean()
            .is_finite()
    );

    let wild = TrainConfig {
        learning_rate: 1e30,
        restore_best_weights: false,
        ..config(2)
    };
    let before = vae.clone();
    let error = vae.fit(&data, &data, &wild).unwrap_err();
    assert!(matches!(error, Error::Diverged { .. }), "{error}");
    assert_eq!(vae, before);
}

#[test]
fn what_makes_no_vae_is_refused_with_the_reason() {
    for sizes in [&[][..], &[784], &[784, 0], &[0, 2], &[4, usize::MAX]] {
        let text = Vae::new(sizes, Activation::Relu, 0)
            .unwrap_err()
            .to_string();
        assert!(text.contains(&format!("{sizes:?}")), "{text}");
    }
    for beta in [-1.0, f32::NAN, f32::INFINITY] {
        let text = vae().with_beta(beta).unwrap_err().to_string();
        assert!(text.contains("beta"), "{text}");
    }
    let part = |sizes: &[usize]| {
        let network = Mlp::new(sizes, Activation::Relu, Activation::Identity, 0).unwrap();
        network.layers().to_vec()
    };
    assert!(Vae::from_layers(part(&[4, 6]), part(&[3, 4])).is_ok());
    for (encoder, decoder) in [
        (part(&[4, 3]), part(&[3, 4])),
        (part(&[4, 6]), part(&[3, 5])),
        (Vec::new(), part(&[3, 4])),
        (part(&[4, 6]), Vec::new()),
    ] {
        assert!(Vae::from_layers(encoder, decoder).is_err());
    }
    // Parts that were exchanged by hand.
    let mut broken = vae();
    *broken.networks_mut()[0] =
        Mlp::new(&[12, 3], Activation::Relu, Activation::Identity, 0).unwrap();
    let data = samples(8, 1);
    assert!(Trainer::new(&broken, config(1)).is_err());
    assert!(broken.encode(&data).is_err());
    assert!(broken.fit(&data, &data, &config(1)).is_err());

    let data = samples(8, 1) * 255.0;
    let text = vae().fit(&data, &data, &config(1)).unwrap_err().to_string();
    assert!(
        text.contains("sigmoid") && text.contains("0 to 1"),
        "{text}"
    );
    let vae = vae().with_output_activation(Activation::Identity);
    let error = vae.elbo(&data, Loss::BinaryCrossEntropy, 0).unwrap_err();
    assert!(matches!(error, Error::LossOutput { .. }), "{error}");
}

#[test]
fn a_penalty_applies_to_the_mean() {
    let data = samples(300, 1);
    let codes = |code_penalty| {
        let mut vae = vae().with_beta(0.0).unwrap();
        let config = TrainConfig {
            code_penalty,
            ..config(30)
        };
        vae.fit(&data, &data, &config).unwrap();
        vae.encode(&data).unwrap().mapv(f32::abs).mean().unwrap()
    };
    assert!(codes(Penalty::L1(5.0)) < codes(Penalty::None) / 2.0);
}

#[test]
fn every_figure_that_takes_a_codec_takes_it() {
    let vae = Vae::new(&[16, 8, 2], Activation::Relu, 1).unwrap();
    let images = init::uniform(30, 16, 0.5, 1) + 0.5;
    let labels = Array1::from_shape_fn(30, |i| i % 3);
    let data = Dataset::new(images.clone(), labels).unwrap();
    for text in [
        figure::latent_map(&vae, &data).unwrap().to_string(),
        figure::latent_grid(&vae, &images, 4).unwrap().to_string(),
        figure::traversal(&vae, &images, 4).unwrap().to_string(),
        figure::reconstructions(&images.slice(s![..5, ..]), &[("VAE", &vae)])
            .unwrap()
            .to_string(),
        figure::denoising(&images, &images, &[("VAE", &vae)])
            .unwrap()
            .to_string(),
        figure::error_ladder(&[("VAE", &vae)], &data)
            .unwrap()
            .to_string(),
        figure::digits(&vae.sample(30, 2).unwrap(), &data.labels)
            .unwrap()
            .to_string(),
    ] {
        assert!(!text.is_empty());
    }
}

#[test]
fn it_shows_its_layers() {
    let vae = Vae::new(&[6, 4, 2], Activation::Relu, 1).unwrap();
    assert_eq!(
        vae.to_string(),
        "part     layer         weight      activation    parameters\n\
         encoder      6 -> 4        4 x 6      ReLU                  28\n\
         \u{20}            4 -> 4        4 x 4      identity              20\n\
         decoder      2 -> 4        4 x 2      ReLU                  12\n\
         \u{20}            4 -> 6        6 x 4      sigmoid               30\n\
         90 parameters, 2 means and 2 log variances, beta 1"
    );
    assert_eq!(vae.num_parameters(), 90);
}
