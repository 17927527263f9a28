"""Reference trajectories from PyTorch for all that a training can add to a plain one.

Usage: python make_pytorch_objectives.py     (writes the files of CASES beside itself)

Poisson loss, AdamW, penalties on the code, noisy inputs, a variational autoencoder: ten optimizer
steps of each. The noise is the crate's own, from noise.json, which
`LATENT_WRITE_NOISE=1 cargo test -p latent --test golden_objectives noise` writes: what a mini-batch
of zeros becomes under Gaussian noise and one of ones under masking noise, and the standard normal
numbers of the variational autoencoder, in its training and in its evidence lower bound.

Layout: `layers` and `after` hold weight (out, in) and bias of each linear layer before the first
and after the last step, encoder first, then decoder; `targets` the clean samples of each step;
`inputs` what the network got, where that is another; `losses` the objective before each step;
`elbo` the two terms of the bound for each sample of the first targets, after the last step, by the
densities of torch.distributions.
"""

import json
import math
from pathlib import Path

import torch
from torch import nn
from torch.distributions import Bernoulli, Normal, Poisson, kl_divergence
from torch.nn import functional

HERE = Path(__file__).parent
NOISE = json.loads((HERE / "noise.json").read_text())
STEPS, ROWS, SIZES = 10, 16, [12, 8, 3]

PLAIN = {
    "loss": "mse",
    "output": "sigmoid",
    "lr": 1e-2,
    "weight_decay": 0.0,
    "noise": None,
    "penalty": None,
    "penalty_weight": 0.0,
    "beta": None,
}
CASES = {
    "poisson_softplus": {"loss": "poisson", "output": "softplus"},
    "poisson_exponential": {"loss": "poisson", "output": "exponential"},
    "adamw": {"weight_decay": 0.5},
    "penalty_l1": {"penalty": "l1", "penalty_weight": 0.2},
    "penalty_l2": {"penalty": "l2", "penalty_weight": 0.2},
    "noise_gaussian": {"noise": "gaussian"},
    "noise_masking": {"noise": "masking", "loss": "bce"},
    "vae_bce": {"loss": "bce", "beta": 1.0},
    "vae_mse": {"output": "identity", "beta": 0.25},
    "vae_poisson": {"loss": "poisson", "output": "softplus", "beta": 1.0},
}

LOSSES = {
    "mse": nn.MSELoss(),
    "bce": nn.BCELoss(),
    "poisson": nn.PoissonNLLLoss(log_input=False),
}


class Exponential(nn.Module):
    def forward(self, x):
        return torch.exp(x)


OUTPUTS = {
    "identity": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "softplus": nn.Softplus,
    "exponential": Exponential,
}


def network(sizes, output):
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:], strict=False)):
        layers += [nn.Linear(a, b), nn.Tanh() if i < len(sizes) - 2 else output]
    return nn.Sequential(*layers)


def linears(*networks):
    return [
        {"weight": m.weight.tolist(), "bias": m.bias.tolist()}
        for network in networks
        for m in network
        if isinstance(m, nn.Linear)
    ]


def corrupted(x, noise, step):
    if noise is None:
        return x
    values = torch.tensor(NOISE[noise][step])
    return x + values if noise == "gaussian" else x * values


def negative_log_likelihood(loss, prediction, x):
    """Of each sample, without the constants that the crate leaves out."""
    if loss == "bce":
        likelihood = Bernoulli(prediction, validate_args=False).log_prob(x)
    elif loss == "mse":
        likelihood = Normal(prediction, math.sqrt(0.5)).log_prob(x) + math.log(math.pi) / 2
    else:
        likelihood = Poisson(prediction).log_prob(x) + torch.lgamma(x + 1)
    return -likelihood.sum(dim=1)


def bound(case, encoder, decoder, x):
    mean, log_var = encoder(x).chunk(2, dim=1)
    posterior = Normal(mean, torch.exp(0.5 * log_var))
    code = posterior.mean + posterior.stddev * torch.tensor(NOISE["elbo"][0])
    kl = kl_divergence(posterior, Normal(torch.zeros_like(mean), 1.0)).sum(dim=1)
    reconstruction = negative_log_likelihood(case["loss"], decoder(code), x)
    return {"reconstruction": reconstruction.tolist(), "kl": kl.tolist()}


def make(seed, case):
    torch.manual_seed(seed)
    vae = case["beta"] is not None
    *before, k = SIZES
    encoder = network([*before, 2 * k if vae else k], nn.Identity())
    decoder = network(SIZES[::-1], OUTPUTS[case["output"]]())
    if case["loss"] == "poisson":
        targets = [torch.poisson(4 * torch.rand(ROWS, SIZES[0])) for _ in range(STEPS)]
    else:
        targets = [torch.rand(ROWS, SIZES[0]) for _ in range(STEPS)]
    inputs = [corrupted(x, case["noise"], step) for step, x in enumerate(targets)]
    parameters = [*encoder.parameters(), *decoder.parameters()]
    adam = torch.optim.AdamW if case["weight_decay"] else torch.optim.Adam
    optimizer = adam(parameters, lr=case["lr"], weight_decay=case["weight_decay"])
    document = {
        "torch": torch.__version__,
        "seed": seed,
        "sizes": SIZES,
        **case,
        "layers": linears(encoder, decoder),
        "targets": [x.tolist() for x in targets],
        "losses": [],
    }
    if case["noise"]:
        document["inputs"] = [x.tolist() for x in inputs]
    for step, (x, target) in enumerate(zip(inputs, targets, strict=True)):
        optimizer.zero_grad()
        code = encoder(x)
        if vae:
            mean, log_var = code.chunk(2, dim=1)
            code = mean + torch.exp(0.5 * log_var) * torch.tensor(NOISE["vae"][step])
        loss = LOSSES[case["loss"]](decoder(code), target)
        if vae:
            kl = 0.5 * (mean**2 + torch.exp(log_var) - 1 - log_var).sum(dim=1).mean()
            loss = SIZES[0] * loss + case["beta"] * kl
        if case["penalty"] == "l1":
            loss = loss + case["penalty_weight"] * code.abs().mean()
        if case["penalty"] == "l2":
            zero = torch.zeros_like(code)
            loss = loss + case["penalty_weight"] * functional.mse_loss(code, zero)
        loss.backward()
        optimizer.step()
        document["losses"].append(loss.item())
    document["after"] = linears(encoder, decoder)
    if vae:
        document["elbo"] = bound(case, encoder, decoder, targets[0])
    return document


for seed, (name, changes) in enumerate(CASES.items()):
    text = json.dumps(make(seed, {**PLAIN, **changes}))
    (HERE / f"objective_{name}.json").write_text(text)
