"""Embeddings in two dimensions by t-SNE and UMAP, for lesson 11: the CSV files beside this script.

Usage: pip install scikit-learn umap-learn, then python make.py

digits.csv   700 test images of MNIST: the label, and t-SNE and UMAP with several settings
groups.csv   three groups of points in a plane, A, B and C, and what t-SNE and UMAP make of them
noise.csv    points of one normal distribution in 20 dimensions: t-SNE with two perplexities
"""

import gzip
from pathlib import Path

import numpy as np
import umap
from sklearn.manifold import TSNE

HERE = Path(__file__).resolve().parent


def tsne(points, perplexity, seed):
    # With a random start, which is what the seed changes. (scikit-learn starts from PCA by default.)
    settings = {"init": "random", "learning_rate": "auto", "random_state": seed}
    return TSNE(perplexity=perplexity, **settings).fit_transform(points)


def neighbours(points, k, seed):
    return umap.UMAP(n_neighbors=k, random_state=seed).fit_transform(points)


def write(name, columns):
    """Columns: a name and numbers (n), or a name and points (n, 2), which become name_x and name_y."""
    names, values = [], []
    for label, column in columns:
        if column.ndim == 1:
            names.append(label)
            values.append([f"{x:g}" for x in column])
            continue
        # What the axes are called and where the origin lies means nothing; two digits are enough.
        centred = column - column.mean(0)
        for axis, letter in enumerate("xy"):
            names.append(f"{label}_{letter}")
            values.append([f"{x:.1f}" if abs(centred).max() > 20 else f"{x:.2f}" for x in centred[:, axis]])
    lines = [",".join(names), *(",".join(row) for row in zip(*values, strict=True))]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def digits(n):
    def read(name, skip):
        with gzip.open(HERE.parent / "mnist" / f"{name}.gz") as file:
            return np.frombuffer(file.read(), np.uint8)[skip:]

    images = read("t10k-images-idx3-ubyte", 16).reshape(-1, 784)[:n] / 255.0
    return images, read("t10k-labels-idx1-ubyte", 8)[:n]


def groups(rng):
    """A and B are near each other, C is far away; A is wide, B and C are narrow."""
    each = [((0, 0), 4.0), ((15, 0), 1.0), ((60, 0), 1.0)]
    points = np.concatenate([rng.normal(centre, sd, (100, 2)) for centre, sd in each])
    return points, np.repeat([0, 1, 2], 100)


images, labels = digits(700)
write(
    "digits.csv",
    [
        ("label", labels),
        ("tsne_30_seed_1", tsne(images, 30, 1)),
        ("tsne_30_seed_2", tsne(images, 30, 2)),
        ("tsne_5_seed_1", tsne(images, 5, 1)),
        ("umap_15_seed_1", neighbours(images, 15, 1)),
    ],
)

rng = np.random.default_rng(1)
points, group = groups(rng)
write(
    "groups.csv",
    [
        ("group", group),
        ("true", points),
        ("tsne_10_seed_1", tsne(points, 10, 1)),
        ("tsne_50_seed_1", tsne(points, 50, 1)),
        ("umap_15_seed_1", neighbours(points, 15, 1)),
    ],
)

noise = rng.normal(size=(200, 20))
write("noise.csv", [("tsne_2", tsne(noise, 2, 1)), ("tsne_50", tsne(noise, 50, 1))])
