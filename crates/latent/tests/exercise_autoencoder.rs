//! Lesson 05: each check against the stub, two solutions, the usual mistakes, and worse.

mod common;

use common::{choice, not_attempted, not_yet, passed, prediction, prediction_by_letter, refused};
use latent::exercise::autoencoder::{
    Forward, SquaredError, TrainLoop, Update, check_breaking_rate, check_decode, check_encode,
    check_first_lesson, check_output, check_rung, check_squared_error, check_train, check_update,
    check_wide, your_loop, your_parts,
};
use latent::prelude::*;

fn linear(layer: &Linear, inputs: &Array2<f32>) -> Array2<f32> {
    inputs.dot(&layer.weight.t()) + &layer.bias
}

fn relu(inputs: &Array2<f32>) -> Array2<f32> {
    inputs.mapv(|x| x.max(0.0))
}

fn sigmoid(inputs: &Array2<f32>) -> Array2<f32> {
    inputs.mapv(|x| 1.0 / (1.0 + (-x).exp()))
}

fn encode(layers: &[Linear], images: &Array2<f32>) -> Array2<f32> {
    let hidden = relu(&linear(&layers[0], images));
    let hidden = relu(&linear(&layers[1], &hidden));
    linear(&layers[2], &hidden)
}

fn decode(layers: &[Linear], codes: &Array2<f32>) -> Array2<f32> {
    sigmoid(&encode(layers, codes))
}

fn update(parameters: &mut [f32], gradient: &[f32], learning_rate: f32) {
    for i in 0..parameters.len() {
        parameters[i] -= learning_rate * gradient[i];
    }
}

#[test]
fn encoder() {
    not_attempted(&check_encode(|_, _| todo!()));
    passed(&check_encode(encode));
    passed(&check_encode(|layers, images| {
        let mut output = images.clone();
        for (i, layer) in layers.iter().enumerate() {
            output = layer.forward(&output).unwrap();
            if i < 2 {
                output = relu(&output);
            }
        }
        output
    }));
    let mistakes: [(Forward, &str); 17] = [
        (|l, x| relu(&encode(l, x)), "leave the last `relu` out"),
        (|l, x| sigmoid(&encode(l, x)), "a sigmoid after your last"),
        (
            |l, x| linear(&l[2], &linear(&l[1], &linear(&l[0], x))),
            "no ReLU between them",
        ),
        (
            |l, x| linear(&l[2], &linear(&l[1], &relu(&linear(&l[0], x)))),
            "one after the second layer as well",
        ),
        (
            |l, x| linear(&l[2], &relu(&linear(&l[1], &linear(&l[0], x)))),
            "one after the first layer as well",
        ),
        (
            |l, x| linear(&l[2], &sigmoid(&linear(&l[1], &sigmoid(&linear(&l[0], x))))),
            "`sigmoid` between the layers",
        ),
        (
            |l, x| relu(&linear(&l[2], &linear(&l[1], &linear(&l[0], x)))),
            "Your only ReLU comes after the last layer",
        ),
        (
            |l, x| relu(&linear(&l[2], &linear(&l[1], &relu(&linear(&l[0], x))))),
            "second ReLU comes after the third",
        ),
        (
            |l, x| relu(&linear(&l[2], &relu(&linear(&l[1], &linear(&l[0], x))))),
            "after the second and the third layer",
        ),
        (|l, x| encode(l, &relu(x)), "to the images before"),
        (
            |l, x| linear(&l[2], &linear(&l[1], &relu(&linear(&l[0], &relu(x))))),
            "before each layer",
        ),
        (
            |l, x| relu(&linear(&l[1], &relu(&linear(&l[0], x)))),
            "after the second layer",
        ),
        (|l, x| relu(&linear(&l[0], x)), "after the first layer"),
        (|l, x| linear(&l[0], x), "after the first layer"),
        (
            |l, x| linear(&l[2], &relu(&linear(&l[0], &relu(&linear(&l[1], x))))),
            "wrong number of columns",
        ),
        (|l, x| linear(&l[3], x), "Counting starts"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ];
    for (wrong, word) in mistakes {
        not_yet(&check_encode(wrong), word);
    }
}

#[test]
fn decoder() {
    not_attempted(&check_decode(|_, _| todo!()));
    passed(&check_decode(decode));
    passed(&check_decode(|layers, codes| {
        let mut output = codes.clone();
        for (i, layer) in layers.iter().enumerate() {
            output = layer.forward(&output).unwrap();
            let activation = if i < 2 {
                Activation::Relu
            } else {
                Activation::Sigmoid
            };
            output.mapv_inplace(|x| activation.apply(x));
        }
        output
    }));
    let mistakes: [(Forward, &str); 19] = [
        (encode, "output activation is missing"),
        (|l, z| relu(&encode(l, z)), "larger than 1"),
        (
            |l, z| sigmoid(&relu(&encode(l, z))),
            "in front of your sigmoid",
        ),
        (
            |l, z| {
                let hidden = sigmoid(&linear(&l[1], &sigmoid(&linear(&l[0], z))));
                sigmoid(&linear(&l[2], &hidden))
            },
            "after all three layers",
        ),
        (
            |l, z| sigmoid(&linear(&l[2], &linear(&l[1], &linear(&l[0], z)))),
            "no ReLU between your layers",
        ),
        (
            |l, z| linear(&l[2], &linear(&l[1], &linear(&l[0], z))),
            "no activation function at all",
        ),
        (
            |l, z| sigmoid(&linear(&l[2], &linear(&l[1], &relu(&linear(&l[0], z))))),
            "one after the second layer as well",
        ),
        (
            |l, z| sigmoid(&linear(&l[2], &relu(&linear(&l[1], &linear(&l[0], z))))),
            "one after the first layer as well",
        ),
        (
            |l, z| linear(&l[2], &sigmoid(&linear(&l[1], &sigmoid(&linear(&l[0], z))))),
            "in the wrong places",
        ),
        (|l, z| sigmoid(&decode(l, z)), "twice"),
        (
            |l, z| linear(&l[2], &linear(&l[1], &relu(&linear(&l[0], z)))),
            "no activation function any more",
        ),
        (|l, z| relu(&linear(&l[0], z)), "after the first layer"),
        (
            |l, z| sigmoid(&linear(&l[0], z)),
            "after a ReLU, are the inputs",
        ),
        (|_, z| z.clone(), "as they were"),
        (|l, z| decode(l, &relu(z)), "negative codes are lost"),
        (
            |l, z| sigmoid(&linear(&l[1], &relu(&linear(&l[0], z)))),
            "after the second layer",
        ),
        (|l, z| linear(&l[2], z), "three layers of the decoder"),
        (|l, z| linear(&l[5], z), "Counting starts"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ];
    for (wrong, word) in mistakes {
        not_yet(&check_decode(wrong), word);
    }
}

#[test]
fn squared_error() {
    not_attempted(&check_squared_error(|_, _| todo!()));
    passed(&check_squared_error(|x, r| {
        (x - r).mapv(|d| d * d).mean().unwrap()
    }));
    passed(&check_squared_error(|x, r| {
        let mut sum = 0.0;
        for (a, b) in x.iter().zip(r) {
            sum += (a - b).powi(2);
        }
        sum / x.len() as f32
    }));
    let mistakes: [(SquaredError, &str); 20] = [
        (|x, r| (x - r).mapv(|d| d * d).sum(), "That is the sum"),
        (
            |x, r| (x - r).mapv(|d| d * d).sum() / x.nrows() as f32,
            "number of images",
        ),
        (
            |x, r| (x - r).mapv(|d| d * d).sum() / x.ncols() as f32,
            "pixels of one image",
        ),
        (|x, r| (x - r).mean().unwrap(), "cancel"),
        (|x, r| (r - x).mean().unwrap(), "cancel"),
        (
            |x, r| (x - r).mapv(f32::abs).mean().unwrap(),
            "mean size of the differences",
        ),
        (
            |x, r| (x - r).mapv(|d| d * d).mean().unwrap().sqrt(),
            "root at the end",
        ),
        (
            |x, r| (x - r).mapv(|d| d * d).sum().sqrt(),
            "That is the distance",
        ),
        (|x, r| (x - r).mean().unwrap().powi(2), "mean first"),
        (|x, r| (x - r).mapv(|d| d * 2.0).mean().unwrap(), "doubled"),
        (|x, r| (x - r).var(0.0), "variance of the differences"),
        (|x, r| (x - r).std(0.0), "standard deviation"),
        (
            |x, r| (x * x).mean().unwrap() - (r * r).mean().unwrap(),
            "subtracted the squares",
        ),
        (
            |x, r| {
                let sums = x.sum_axis(Axis(1)) - r.sum_axis(Axis(1));
                (&sums * &sums).mean().unwrap()
            },
            "sums of the images",
        ),
        (
            |x, r| (x - r).mapv(|d| d * d).mean().unwrap() / 2.0,
            "0.5 times",
        ),
        (|x, r| x.dot(r).sum(), "can be subtracted as they are"),
        (|_, _| 0.5, "on paper"),
        (|_, _| f32::NAN, "NaN"),
        (|x, _| x[[7, 0]], "Counting starts"),
        (|_, _| panic!("a bad day"), "a bad day"),
    ];
    for (wrong, word) in mistakes {
        not_yet(&check_squared_error(wrong), word);
    }
}

#[test]
fn one_step() {
    not_attempted(&check_update(|_, _, _| todo!()));
    passed(&check_update(update));
    passed(&check_update(|p, g, rate| {
        for (p, g) in p.iter_mut().zip(g) {
            *p += -rate * g;
        }
    }));
    let mistakes: [(Update, &str); 18] = [
        (|_, _, _| {}, "same as before"),
        (
            |p, g, rate| (0..p.len()).for_each(|i| p[i] += rate * g[i]),
            "a step up",
        ),
        (
            |p, g, _| (0..p.len()).for_each(|i| p[i] -= g[i]),
            "learning rate is missing",
        ),
        (
            |p, g, _| (0..p.len()).for_each(|i| p[i] += g[i]),
            "up instead of down",
        ),
        (
            |p, g, rate| (0..p.len()).for_each(|i| p[i] = -rate * g[i]),
            "by the step",
        ),
        (
            |p, g, rate| (0..p.len()).for_each(|i| p[i] = rate * g[i]),
            "by the step",
        ),
        (
            |p, _, rate| p.iter_mut().for_each(|p| *p -= rate),
            "gradient is missing",
        ),
        (
            |p, g, rate| (0..p.len()).for_each(|i| p[i] -= g[i] / rate),
            "divided",
        ),
        (
            |p, g, rate| (0..p.len()).for_each(|i| p[i] = rate * (p[i] - g[i])),
            "Only the gradient is multiplied",
        ),
        (
            |p, g, rate| (0..p.len()).for_each(|i| p[i] = rate * g[i] - p[i]),
            "the other way round",
        ),
        (
            |p, g, rate| (0..p.len()).for_each(|i| p[i] -= rate * g[i] * p[i]),
            "by the parameter as well",
        ),
        (
            |p, g, rate| (0..p.len()).for_each(|i| p[i] -= rate * g[i].signum()),
            "only the sign",
        ),
        (
            |p, g, rate| (0..p.len()).for_each(|i| p[i] -= rate * g[i].abs()),
            "without its sign",
        ),
        (|p, g, rate| p[0] -= rate * g[0], "Only the first"),
        (
            |p, g, rate| (0..p.len() - 1).for_each(|i| p[i] -= rate * g[i]),
            "The last parameter",
        ),
        (
            |p, g, rate| (1..p.len()).for_each(|i| p[i] -= rate * g[i]),
            "The first parameter",
        ),
        (
            |p, g, rate| {
                let sum: f32 = g.iter().sum();
                p.iter_mut().for_each(|p| *p -= rate * sum);
            },
            "sum of all gradients",
        ),
        (
            |p, g, rate| (0..=p.len()).for_each(|i| p[i] -= rate * g[i]),
            "Counting starts",
        ),
    ];
    for (wrong, word) in mistakes {
        not_yet(&check_update(wrong), word);
    }
}

fn one_epoch(net: &mut Autoencoder, trainer: &mut Trainer, images: &Array2<f32>) -> Result<()> {
    for rows in trainer.batches(images.nrows()) {
        let batch = images.select(Axis(0), &rows);
        trainer.step(net, &batch, &batch)?;
    }
    Ok(())
}

fn train(
    net: &mut Autoencoder,
    trainer: &mut Trainer,
    images: &Array2<f32>,
    validation: &Array2<f32>,
) -> Result<()> {
    for _ in 0..trainer.config.epochs {
        one_epoch(net, trainer, images)?;
        trainer.validate(net, (validation, validation))?;
    }
    Ok(())
}

#[test]
fn training_loop() {
    not_attempted(&check_train(|_, _, _, _| todo!()));
    passed(&check_train(train));
    passed(&check_train(|net, trainer, images, validation| {
        for _ in 0..trainer.config.epochs {
            trainer.epoch(net, (images, images), (validation, validation))?;
        }
        Ok(())
    }));
    let mistakes: [(TrainLoop, &str); 23] = [
        (|_, _, _, _| Ok(()), "No step was taken"),
        (
            |net, trainer, _, validation| {
                for _ in 0..trainer.config.epochs {
                    trainer.validate(net, (validation, validation))?;
                }
                Ok(())
            },
            "No step was taken",
        ),
        (
            |net, trainer, images, _| {
                for _ in 0..trainer.config.epochs {
                    one_epoch(net, trainer, images)?;
                }
                Ok(())
            },
            "What is missing is the validation loss",
        ),
        (
            |net, trainer, images, validation| {
                one_epoch(net, trainer, images)?;
                trainer.validate(net, (validation, validation))?;
                Ok(())
            },
            "That is one epoch",
        ),
        (
            |net, trainer, images, validation| {
                for _ in 0..trainer.config.epochs {
                    one_epoch(net, trainer, images)?;
                }
                trainer.validate(net, (validation, validation))?;
                Ok(())
            },
            "once, at the end",
        ),
        (
            |net, trainer, images, validation| {
                for _ in 0..trainer.config.epochs {
                    for rows in trainer.batches(images.nrows()) {
                        let batch = images.select(Axis(0), &rows);
                        trainer.step(net, &batch, &batch)?;
                        trainer.validate(net, (validation, validation))?;
                    }
                }
                Ok(())
            },
            "after each step",
        ),
        (
            |net, trainer, images, validation| {
                for _ in 0..trainer.config.epochs {
                    trainer.step(net, images, images)?;
                    trainer.validate(net, (validation, validation))?;
                }
                Ok(())
            },
            "on all images at once",
        ),
        (
            |net, trainer, images, validation| {
                for _ in 0..trainer.config.epochs {
                    for _ in trainer.batches(images.nrows()) {
                        trainer.step(net, images, images)?;
                    }
                    trainer.validate(net, (validation, validation))?;
                }
                Ok(())
            },
            "Each step uses all images",
        ),
        (
            |net, trainer, images, validation| {
                for _ in 0..trainer.config.epochs {
                    let rows = trainer.batches(images.nrows()).swap_remove(0);
                    let batch = images.select(Axis(0), &rows);
                    trainer.step(net, &batch, &batch)?;
                    trainer.validate(net, (validation, validation))?;
                }
                Ok(())
            },
            "only the first mini-batch",
        ),
        (
            |net, trainer, images, validation| {
                let batches = trainer.batches(images.nrows());
                for _ in 0..trainer.config.epochs {
                    for rows in &batches {
                        let batch = images.select(Axis(0), rows);
                        trainer.step(net, &batch, &batch)?;
                    }
                    trainer.validate(net, (validation, validation))?;
                }
                Ok(())
            },
            "the same in each epoch",
        ),
        (
            |net, trainer, images, validation| {
                for _ in 0..trainer.config.epochs {
                    for batch in images.axis_chunks_iter(Axis(0), trainer.config.batch_size) {
                        trainer.step(net, &batch, &batch)?;
                    }
                    trainer.validate(net, (validation, validation))?;
                }
                Ok(())
            },
            "their order in the file",
        ),
        (
            |net, trainer, images, _| {
                for _ in 0..trainer.config.epochs {
                    one_epoch(net, trainer, images)?;
                    trainer.validate(net, (images, images))?;
                }
                Ok(())
            },
            "measured on the training images",
        ),
        (
            |net, trainer, images, validation| {
                for _ in 1..trainer.config.epochs {
                    one_epoch(net, trainer, images)?;
                    trainer.validate(net, (validation, validation))?;
                }
                Ok(())
            },
            "One epoch is missing",
        ),
        (
            |net, trainer, images, validation| {
                for rows in trainer.batches(images.nrows()) {
                    for _ in 0..trainer.config.epochs {
                        let batch = images.select(Axis(0), &rows);
                        trainer.step(net, &batch, &batch)?;
                    }
                }
                trainer.validate(net, (validation, validation))?;
                Ok(())
            },
            "two loops have changed places",
        ),
        (
            |net, trainer, _, validation| {
                for _ in 0..trainer.config.epochs {
                    one_epoch(net, trainer, validation)?;
                    trainer.validate(net, (validation, validation))?;
                }
                Ok(())
            },
            "trained on the validation images",
        ),
        (
            |net, trainer, images, validation| {
                for rows in trainer.batches(images.nrows()) {
                    let batch = images.select(Axis(0), &rows);
                    trainer.step(net, &batch, images)?;
                }
                trainer.validate(net, (validation, validation))?;
                Ok(())
            },
            "The target of a mini-batch",
        ),
        (
            |net, trainer, images, validation| {
                train(net, trainer, images, validation)?;
                train(net, trainer, images, validation)
            },
            "number of steps is not right",
        ),
        (
            |net, trainer, images, validation| {
                train(net, trainer, images, validation)?;
                let batch = images.slice(s![..4, ..]);
                trainer.step(net, &batch, &batch)?;
                Ok(())
            },
            "number of steps is not right",
        ),
        (
            |net, trainer, images, validation| {
                for _ in 0..trainer.config.epochs {
                    trainer.validate(net, (validation, validation))?;
                    one_epoch(net, trainer, images)?;
                }
                Ok(())
            },
            "after its mini-batches",
        ),
        (
            |net, trainer, images, validation| {
                for _ in 0..trainer.config.epochs {
                    for rows in trainer.batches(images.nrows()) {
                        let batch = images.select(Axis(0), &rows);
                        trainer.step(net, &(&batch * 0.5), &batch)?;
                    }
                    trainer.validate(net, (validation, validation))?;
                }
                Ok(())
            },
            "not the expected one",
        ),
        (
            |_, _, images, _| {
                let _ = images.row(99);
                Ok(())
            },
            "Counting starts",
        ),
        (
            |net, trainer, images, _| {
                for rows in trainer.batches(images.nrows()) {
                    let batch = images.select(Axis(1), &rows);
                    trainer.step(net, &batch, &batch)?;
                }
                Ok(())
            },
            "`images.select(Axis(0), &rows)` takes these rows",
        ),
        (|_, _, _, _| panic!("a bad day"), "a bad day"),
    ];
    for (wrong, word) in mistakes {
        not_yet(&check_train(wrong), word);
    }
}

/// The cells after an exercise run the learner's function if it is right, and otherwise go on.
#[test]
fn the_later_cells_run_with_any_answer() {
    let error: SquaredError = |x, r| (x - r).mapv(|d| d * d).mean().unwrap();
    let yours = your_parts(encode, decode, error, update);
    assert_eq!(
        yours.to_string(),
        "encode: yours, decode: yours, squared_error: yours, update: yours"
    );
    let mixed = your_parts(
        |_, _| todo!(),
        decode,
        |_, _| 0.0,
        |_, _, _| panic!("a bad day"),
    );
    assert_eq!(
        mixed.to_string(),
        "encode: the library's, decode: yours, squared_error: the library's, update: the library's"
    );
    let net = Autoencoder::new(&[6, 5, 4, 2], Activation::Relu, 1).unwrap();
    let linears = |layers: &[Layer]| -> Vec<Linear> {
        layers.iter().map(|layer| layer.linear.clone()).collect()
    };
    let x = random::uniform(7, 6, 0.0, 1.0, 2).unwrap();
    let reconstruction = net.reconstruct(&x).unwrap();
    for parts in [yours, mixed] {
        let codes = (parts.encode)(&linears(net.encoder()), &x);
        let off = (parts.decode)(&linears(net.decoder()), &codes) - &reconstruction;
        assert!(off.iter().all(|x| x.abs() < 1e-5), "{off}");
        let loss = f64::from((parts.squared_error)(&x, &reconstruction));
        assert!((loss - net.reconstruction_error(&x).unwrap()).abs() < 1e-6);
        let mut p = [1.0, -2.0];
        (parts.update)(&mut p, &[2.0, -1.0], 0.5);
        assert_eq!(p, [0.0, -1.5]);
    }
}

/// A loop by hand leaves the same bits as `fit`, whoever wrote it.
#[test]
fn the_loop_leaves_the_same_bits_as_fit() {
    let start = Autoencoder::new(&[6, 5, 2], Activation::Relu, 1).unwrap();
    let x = random::uniform(50, 6, 0.0, 1.0, 2).unwrap();
    let config = TrainConfig {
        epochs: 4,
        batch_size: 8,
        progress: false,
        ..TrainConfig::default()
    };
    let mut by_fit = start.clone();
    by_fit.fit(&x, &x, &config).unwrap();
    for train in [train as TrainLoop, |_, _, _, _| todo!()] {
        let mut net = start.clone();
        let mut trainer = Trainer::new(&net, config.clone()).unwrap();
        your_loop(train)
            .run(&mut net, &mut trainer, &x, &x)
            .unwrap();
        trainer.restore_best(&mut net);
        assert_eq!(net, by_fit);
    }
}

#[test]
fn choices() {
    choice(
        check_output,
        'c',
        &[
            ('a', "below 0 or above 1"),
            ('b', "standardised ones are"),
            ('d', "out of reach"),
            ('y', "not among"),
        ],
    );
    choice(
        check_first_lesson,
        'b',
        &[
            ('a', "not first"),
            ('c', "come later"),
            ('d', "step 0"),
            ('y', "not among"),
        ],
    );
    prediction_by_letter(
        check_wide,
        'd',
        &[
            ('a', "it can copy"),
            ('b', "each pixel is copied"),
            ('c', "all"),
        ],
    );
}

#[test]
fn deep_but_linear() {
    prediction(
        check_rung,
        &[0.0557, 0.056],
        &[
            (0.05, "better than PCA"),
            (0.042, "with nonlinearities"),
            (0.06, "a little smaller"),
            (0.08, "mean image"),
        ],
    );
    refused(&check_rung(Some(5.57)), "percent");
    refused(&check_rung(Some(-0.1)), "from 0 to 1");
    refused(&check_rung(Some(500.0)), "from 0 to 1");
}

#[test]
fn breaking_rate() {
    not_attempted(&check_breaking_rate(None));
    passed(&check_breaking_rate(Some(0.1)));
    passed(&check_breaking_rate(Some(f64::from(0.1_f32))));
    for (rate, word) in [
        (0.0001, "slow, but not broken"),
        (0.0003, "falls from epoch to epoch"),
        (0.001, "falls from epoch to epoch"),
        (0.003, "press Reset"),
        (0.01, "press Reset"),
        (0.03, "still learns"),
        (0.05, "not one of the learning rates"),
        (1.0, "0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1"),
        (0.0, "not one of"),
        (-0.1, "not one of"),
        (f64::NAN, "not one of"),
        (f64::INFINITY, "not one of"),
    ] {
        not_yet(&check_breaking_rate(Some(rate)), word);
    }
}
