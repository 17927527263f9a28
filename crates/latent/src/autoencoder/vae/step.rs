//! Forward, loss and backward of a mini-batch.
//!
//! ```text
//! forward    x -> m, v     z = m + exp(v / 2) * e     z -> x'
//! backward   dL/dz from the decoder, then by the chain rule
//!            dL/dm = dL/dz                      + beta m / n
//!            dL/dv = dL/dz * e * exp(v / 2) / 2 + beta (exp(v) - 1) / (2 n)
//!            and through the encoder
//! ```

use super::Vae;
use super::gaussian::{self, codes, kl, noise};
use crate::check;
use crate::codec::Codec;
use crate::error::Result;
use crate::matrix::Matrix;
use crate::nn::{Activation, Mlp, blocked};
use crate::training::{Batch, Model, Objective, Pass};
use ndarray::{ArrayView2, Axis, s};
use serde_json::{Value, json};

/// The seed of the noise in the validation loss.
const VALIDATION_SEED: u64 = 0;

impl Vae {
    /// reconstruction + beta KL, for a loss that is a mean over d features.
    fn objective(&self, loss: f64, mean: ArrayView2<f32>, log_var: ArrayView2<f32>) -> f64 {
        let d = self.decoder.out_features() as f64;
        d * loss + f64::from(self.beta) * gaussian::mean(&kl(mean, log_var))
    }
}

impl Model for Vae {
    fn networks(&self) -> Vec<(&'static str, &Mlp)> {
        vec![("encoder", &self.encoder), ("decoder", &self.decoder)]
    }

    fn networks_mut(&mut self) -> Vec<&mut Mlp> {
        vec![&mut self.encoder, &mut self.decoder]
    }

    fn check(&self) -> Result<()> {
        let (encoder, decoder) = (&self.encoder, &self.decoder);
        encoder.check()?;
        decoder.check()?;
        check::count(
            "output features of the encoder (a mean and a log variance for each input of the decoder)",
            2 * decoder.in_features(),
            encoder.out_features(),
        )?;
        check::count(
            "output features of the decoder (the input features of the encoder)",
            encoder.in_features(),
            decoder.out_features(),
        )
    }

    fn in_features(&self) -> usize {
        self.encoder.in_features()
    }

    fn out_features(&self) -> usize {
        self.decoder.out_features()
    }

    fn output_activation(&self) -> Activation {
        self.decoder.output_activation()
    }

    fn metadata(&self) -> Value {
        // As text, which gives back the same bits.
        json!({ "beta": self.beta.to_string() })
    }

    /// Keeps the noise e and the codes z in `pass.arrays`.
    fn forward(&self, batch: &Batch, pass: &mut Pass) {
        self.encoder
            .forward_into(batch.inputs.view(), &mut pass.caches[0]);
        let k = self.decoder.in_features();
        let (mean, log_var) = pass.caches[0].output().view().split_at(Axis(1), k);
        let noise = noise(mean.dim(), batch.seed);
        let codes = codes(mean, log_var, &noise);
        self.decoder.forward_into(codes.view(), &mut pass.caches[1]);
        pass.arrays = vec![noise, codes];
    }

    fn loss(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) -> f64 {
        let k = self.decoder.in_features();
        let (mean, log_var) = pass.caches[0].output().view().split_at(Axis(1), k);
        let gradient = pass.gradients[1].last_mut();
        let loss = objective.loss.value_and_gradient(
            pass.caches[1].output().view(),
            batch.targets.view(),
            gradient.view_mut(),
        );
        *gradient *= self.decoder.out_features() as f32;
        self.objective(loss, mean, log_var) + objective.code_penalty.value(mean)
    }

    fn backward(&self, batch: &Batch, objective: &Objective, pass: &mut Pass) {
        let [noise, codes] = &pass.arrays[..] else {
            unreachable!("forward keeps two arrays");
        };
        self.decoder
            .backward_into(codes.view(), &pass.caches[1], &mut pass.gradients[1]);
        let of_codes = self.decoder.input_gradient(&pass.gradients[1]);

        let (n, k) = codes.dim();
        let outputs = pass.caches[0].output();
        let of_penalty = (objective.code_penalty).gradient(&outputs.slice(s![.., ..k]).to_owned());
        let weight = self.beta / n as f32;
        let gradient = pass.gradients[0].last_mut();
        for ((i, j), &dz) in of_codes.indexed_iter() {
            let (mean, log_var) = (outputs[[i, j]], outputs[[i, k + j]]);
            let sd = (0.5 * log_var).exp();
            gradient[[i, j]] = dz + weight * mean + of_penalty[[i, j]];
            gradient[[i, k + j]] = 0.5 * (dz * noise[[i, j]] * sd + weight * log_var.exp_m1());
        }
        self.encoder
            .backward_into(batch.inputs.view(), &pass.caches[0], &mut pass.gradients[0]);
    }

    fn validation_loss(
        &self,
        inputs: &dyn Matrix,
        targets: &dyn Matrix,
        objective: &Objective,
    ) -> Result<f64> {
        // The parameters may have diverged, which the loss shall tell.
        let outputs = blocked::forward(self.encoder.layers(), inputs)?;
        let (mean, log_var) = outputs.view().split_at(Axis(1), self.latent_dim());
        let codes = codes(mean, log_var, &noise(mean.dim(), VALIDATION_SEED));
        let decoded = blocked::forward(self.decoder.layers(), &codes)?;
        let loss = objective.loss.value_in_training(&decoded, targets)?;
        Ok(self.objective(loss, mean, log_var) + objective.code_penalty.value(mean))
    }

    fn codec(&self) -> Option<&dyn Codec> {
        Some(self)
    }
}
