"""The recipe of lesson 05 in plain PyTorch runs as it stands. Skipped where PyTorch is not installed."""

import re

import lessons
import pytest

pytest.importorskip("torch")
np = pytest.importorskip("numpy")


def recipe():
    """The program in the lesson's section on one's own data."""
    text = (lessons.SOURCES / "05-autoencoder.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```text\n(import .*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return program


def ring(samples, neurons, seed):
    """Spike counts of a population whose activity lies on a ring."""
    random = np.random.default_rng(seed)
    heading = np.cumsum(random.normal(0, 0.3, samples))
    preferred = random.uniform(0, 2 * np.pi, neurons)
    return random.poisson(0.5 + 3 * np.exp(4 * (np.cos(heading[:, None] - preferred) - 1)))


def test_the_recipe_beats_pca_on_a_ring(tmp_path, monkeypatch, capsys):
    program = recipe()
    assert program.count("range(100)") == 1
    np.save(tmp_path / "my-data.npy", ring(2000, 30, 1))
    monkeypatch.chdir(tmp_path)
    exec(compile(program.replace("range(100)", "range(20)"), "recipe", "exec"), {})
    printed = re.findall(r"^test error of .*: +(\S+)$", capsys.readouterr().out, re.MULTILINE)
    autoencoder, pca, mean = map(float, printed)
    assert autoencoder < pca < mean
