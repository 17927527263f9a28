"""One round of the PCA benchmark with scikit-learn: `cargo xtask bench pca` runs this.

Usage: python pca_sklearn.py MNIST_DIR SAMPLES K...
Prints a line of JSON for each K, as the example bench_pca of the crate does. The data are handed
over in f64, the precision in which both programs compute.
"""

import contextlib
import gzip
import json
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA


def images(name):
    with gzip.open(Path(sys.argv[1]) / f"{name}-images-idx3-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8)[16:].reshape(-1, 784) / 255.0


def megabytes(field):
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def forget_peak():
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


x, test = images("train")[: int(sys.argv[2])].copy(), images("t10k")
for k in map(int, sys.argv[3:]):
    forget_peak()
    before = megabytes("VmRSS:")
    start = time.perf_counter()
    pca = PCA(k, svd_solver="covariance_eigh").fit(x)
    seconds = time.perf_counter() - start
    memory = megabytes("VmHWM:") - before
    error = ((pca.inverse_transform(pca.transform(test)) - test) ** 2).mean()
    print(json.dumps({"k": k, "seconds": seconds, "megabytes": memory, "error": error}))
