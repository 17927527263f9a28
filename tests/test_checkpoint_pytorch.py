"""The shipped checkpoint, loaded by PyTorch as it is. Skipped where PyTorch is not installed.

What can be said without PyTorch (names, shapes, types) is in crates/latent/tests/checkpoint.rs.
"""

import gzip
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
safetensors_torch = pytest.importorskip("safetensors.torch")

DATA = Path(__file__).parents[1] / "crates" / "latent" / "data"


def sequential():
    nn = torch.nn
    sizes = [784, 512, 256, 2]

    def half(sizes, last):
        layers = []
        for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
            layers.append(nn.Linear(inputs, outputs))
            layers.append(nn.ReLU() if i < len(sizes) - 2 else last)
        return layers

    return nn.Sequential(*half(sizes, nn.Identity()), *half(sizes[::-1], nn.Sigmoid()))


def test_the_weights_load_as_they_are_and_reconstruct_the_test_digits():
    net = sequential()
    weights = safetensors_torch.load_file(DATA / "checkpoints" / "mnist-2d.safetensors")
    net.load_state_dict(weights)
    with gzip.open(DATA / "mnist" / "t10k-images-idx3-ubyte.gz") as images:
        pixels = images.read()[16:]
    x = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).reshape(-1, 784) / 255
    with torch.no_grad():
        error = torch.nn.functional.mse_loss(net(x), x).item()
    # What the crate finds for the same file: crates/latent/tests/checkpoint.rs.
    assert error == pytest.approx(0.034550, rel=1e-3)
