"""Training speed of PyTorch: `cargo xtask bench train` runs this.

Usage: python train_pytorch.py MNIST_DIR
Each line on standard input is a request `KIND LAYERS BATCH EPOCHS THREADS SEED`, and is answered
with the line of JSON that crates/latent/examples/bench_train answers with; the kinds are those of its
`training.rs`.

The loop is the one that PyTorch's own tutorials show, without a DataLoader, whose copying of
single samples would cost more than the training: all images lie in one tensor, and a batch is
drawn from it by indices.
"""

import gzip
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def images(name):
    with gzip.open(Path(sys.argv[1]) / f"{name}-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(), np.uint8)[16:].reshape(-1, 784)
    return torch.from_numpy(pixels.astype(np.float32) / 255)


def half(sizes, last):
    layers = []
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layers += [nn.Linear(inputs, outputs), nn.ReLU() if i < len(sizes) - 2 else last]
    return layers


class Plain(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.net = nn.Sequential(*half(sizes, nn.Identity()), *half(sizes[::-1], nn.Sigmoid()))

    def loss(self, x):
        return functional.mse_loss(self.net(x), x)

    test = loss


class Denoising(Plain):
    def loss(self, x):
        return functional.mse_loss(self.net(x + 0.5 * torch.randn_like(x)), x)

    test = loss


class Variational(nn.Module):
    """Binary cross-entropy and KL summed over features and dimensions, mean over the samples."""

    def __init__(self, sizes):
        super().__init__()
        self.encoder = nn.Sequential(*half([*sizes[:-1], 2 * sizes[-1]], nn.Identity()))
        self.decoder = nn.Sequential(*half(sizes[::-1], nn.Sigmoid()))

    def loss(self, x):
        mean, log_var = self.encoder(x).chunk(2, dim=1)
        z = mean + torch.exp(0.5 * log_var) * torch.randn_like(mean)
        reconstruction = functional.binary_cross_entropy(self.decoder(z), x, reduction="sum")
        kl = -0.5 * torch.sum(1 + log_var - mean.pow(2) - log_var.exp())
        return (reconstruction + kl) / len(x)

    def test(self, x):
        return -self.loss(x)


KINDS = {"plain": Plain, "denoising": Denoising, "variational": Variational}


def train(train_images, test_images, kind, sizes, batch, epochs, seed):
    torch.manual_seed(seed)
    model = KINDS[kind](sizes)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    seconds = []
    for _ in range(epochs):
        order = torch.randperm(len(train_images))
        start = time.perf_counter()
        for rows in order.split(batch):
            x = train_images[rows]
            optimizer.zero_grad()
            loss = model.loss(x)
            loss.backward()
            optimizer.step()
        seconds.append(time.perf_counter() - start)
    with torch.no_grad():
        test = model.test(test_images).item()
    weights = [layer.weight.numel() for layer in model.modules() if isinstance(layer, nn.Linear)]
    flop = 2 * (3 * sum(weights) - weights[0])
    return seconds, flop, test


def peak_gflops():
    a, b = torch.rand(1000, 1000), torch.rand(1000, 1000)
    out = torch.empty(1000, 1000)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        torch.mm(a, b, out=out)
        times.append(time.perf_counter() - start)
    return 2 / min(times)


train_images, test_images = images("train")[:50_000], images("t10k")
for request in sys.stdin:
    kind, layers, batch, epochs, threads, seed = request.split()
    sizes = [int(size) for size in layers.split(",")]
    torch.set_num_threads(int(threads))
    seconds, flop, test = train(train_images, test_images, kind, sizes, int(batch), int(epochs), int(seed))
    fastest = len(train_images) / min(seconds)
    answer = {
        "images_per_second": fastest,
        "median_images_per_second": len(train_images) / statistics.median(seconds),
        "gflops": fastest * flop / 1e9,
        "peak_gflops": peak_gflops(),
        "test": test,
    }
    print(json.dumps(answer), flush=True)
