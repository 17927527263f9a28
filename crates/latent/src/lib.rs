//! Representations, PCA and autoencoders, written to be read.
//!
//! ```text
//! input data -> [encoder] -> representation -> [decoder] -> reconstruction
//!                                   |
//!                                   +-> downstream task
//! ```
//!
//! One diagram runs through the lecture that this crate teaches: the same box, with different
//! contents. The box is a [`Codec`](codec::Codec), an encoder with its decoder.
//! [`Pca`](pca::Pca), [`Autoencoder`](autoencoder::Autoencoder) and [`Vae`](autoencoder::Vae) go in
//! it. Whatever draws, measures an error or solves a downstream task takes the box, not its
//! contents:
//!
//! ```
//! use latent::prelude::*;
//!
//! let recording = HeadDirection::evenly_spaced(20).simulate(500, 0.1, 1)?; // 500 bins, 20 neurons
//! let x = recording.counts / 10.0;
//! let pca = Pca::fit(&x, 2)?;
//! let mut network = Autoencoder::new(&[20, 16, 2], Activation::Tanh, 1)?
//!     .with_output_activation(Activation::Identity);
//! network.fit(&x, &x, &TrainConfig { epochs: 5, progress: false, ..Default::default() })?;
//!
//! let codecs: [(&str, &dyn Codec); 2] = [("PCA", &pca), ("autoencoder", &network)];
//! for (name, codec) in codecs {
//!     let codes = codec.encode(&x)?; // (500, 2)
//!     println!("{name}: {:?}, error {:.4}", codes.dim(), codec.reconstruction_error(&x)?);
//! }
//! figure::latent_map(&network, &Dataset::new(x.clone(), Array1::zeros(500))?)?; // shows itself in a cell
//! # Ok::<(), latent::Error>(())
//! ```
//!
//! Samples are rows, everywhere: samples (n, d), codes (n, k), weights (out, in). Data and networks
//! are `f32`. Whatever is random takes a seed, and the same seed gives the same bits. A mistake of
//! the caller is an [`Error`] whose text says what was expected and what was found.
//!
//! Each function and each type has an example that runs; a method without one of its own is called
//! in an example of its type.
//!
//! # Names you may know
//!
//! | PyTorch | here |
//! | --- | --- |
//! | `nn.Linear(in_features, out_features)`, `.weight`, `.bias` | [`nn::Linear`] |
//! | `nn.ReLU()`, `nn.Sigmoid()`, `nn.GELU()`, … | [`nn::Activation`] |
//! | `nn.Sequential(…)` | [`nn::Mlp`]: [`new`](nn::Mlp::new), [`from_layers`](nn::Mlp::from_layers) |
//! | `model(x)` | [`Mlp::forward`](nn::Mlp::forward), [`forward_cached`](nn::Mlp::forward_cached) |
//! | `nn.MSELoss()`, `nn.BCELoss()`, `nn.PoissonNLLLoss(log_input=False)` | [`nn::Loss`] |
//! | `loss.backward()` | [`Loss::gradient`](nn::Loss::gradient), then [`Mlp::backward`](nn::Mlp::backward) |
//! | `torch.optim.SGD`, `Adam`; `weight_decay` of `AdamW` | [`nn::OptimizerConfig`]; [`TrainConfig::weight_decay`](training::TrainConfig::weight_decay) |
//! | `optimizer.step()`; `exp_avg`, `exp_avg_sq` | [`Optimizer::step`](nn::Optimizer::step); [`nn::OptimizerState`] |
//! | the training loop | [`training::Trainer`]: a step, an epoch, a run |
//! | `DataLoader(shuffle=True)` | [`Trainer::batches`](training::Trainer::batches) |
//! | `sum(p.numel() for p in model.parameters())` | [`Mlp::num_parameters`](nn::Mlp::num_parameters) |
//! | `model.state_dict()`, `load_state_dict` | [`Mlp::save`](nn::Mlp::save), [`Mlp::load`](nn::Mlp::load): see [`checkpoint`] |
//! | `one_hot`, `argmax` | [`nn::one_hot`], [`nn::argmax`] |
//!
//! | scikit-learn, NumPy | here |
//! | --- | --- |
//! | `PCA(n_components).fit(X)`; `svd_solver` | [`Pca::fit`](pca::Pca::fit); [`pca::Solver`] |
//! | `transform`, `inverse_transform` | [`Codec::encode`](codec::Codec::encode), [`decode`](codec::Codec::decode) |
//! | `components_`, `mean_`, `explained_variance_ratio_` | [`components`](pca::Pca::components), [`mean`](pca::Pca::mean), [`explained_variance_ratio`](pca::Pca::explained_variance_ratio) |
//! | `joblib.dump`, `load` | [`Pca::save`](pca::Pca::save), [`Pca::load`](pca::Pca::load) |
//! | `KNeighborsClassifier(n_neighbors).fit(X, y)`; `score` | [`readout::KnnClassifier`]; [`accuracy`](readout::KnnClassifier::accuracy) |
//! | `confusion_matrix` | [`KnnClassifier::confusion_matrix`](readout::KnnClassifier::confusion_matrix) |
//! | `scipy.linalg.subspace_angles` | [`pca::principal_angles`] |
//! | `default_rng(seed).normal`, `.uniform` | [`random::normal`], [`random::uniform`] |
//! | `np.load`, `np.save`; `pandas.read_csv` | [`data::io`]: [`read_npy`](data::io::read_npy), [`read_npz`](data::io::read_npz), [`write_npy`](data::io::write_npy); [`read_csv`](data::io::read_csv) |
//!
//! | linfa | here |
//! | --- | --- |
//! | `Pca::params(k).fit(&dataset)`, `transform` | the same traits: [`Pca::params`](pca::Pca::params) |
//! | `Fit`, `Predict` of a classifier | [`KnnClassifier::params`](readout::KnnClassifier::params) |
//! | `Dataset`, `DatasetBase` | [`data::Dataset`] converts to it and back; fits and transforms take either |
//!
//! A lesson needs one import:
//!
//! ```
//! use latent::prelude::*;
//! ```

#![warn(missing_docs)]

pub mod autoencoder;
mod check;
pub mod checkpoint;
pub mod codec;
pub mod data;
pub mod error;
pub mod exercise;
pub mod figure;
mod file;
pub mod interrupt;
pub mod matrix;
mod memory;
pub mod nn;
pub mod notebook;
mod pack;
pub mod pca;
pub mod prelude;
mod quantise;
pub mod random;
pub mod readout;
mod rng;
mod signs;
mod tensors;
mod threads;
pub mod training;

pub use error::{Error, Result};
pub use {linfa, linfa_reduction, ndarray, plotly};

/// The examples of the page for users of NumPy, so that they are run with the others.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/rust-for-numpy-users.md")]
struct RustForNumpyUsers;
