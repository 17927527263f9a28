"""Arrays as NumPy writes them, for the tests of `data::io`: python make_numpy.py (NumPy 2.4)."""

from pathlib import Path

import numpy as np

here = Path(__file__).parent
six = np.arange(6).reshape(2, 3)
half = six / 2

np.save(here / "counts.npy", np.asfortranarray(six.astype(">i8")))
# What `write_npy` and `write_npy_vector` write.
np.save(here / "matrix.npy", half.astype(np.float32))
np.save(here / "vector.npy", half.ravel())

types = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"]
numbers = {name: (six % 2 if name == "b1" else six).astype(name) for name in types}
numbers |= {f"big_{name}": six.astype(">" + name) for name in ["i2", "i4", "u8", "f4", "f8"]}
numbers |= {f"fortran_{name}": np.asfortranarray(six.astype(name)) for name in ["u1", "f4", "f8"]}
np.savez(here / "numbers.npz", **numbers)

np.savez_compressed(
    here / "others.npz",
    vector=half.ravel(),
    column=half.reshape(-1, 1),
    row=half.reshape(1, -1),
    number=np.float64(1.5),
    cube=np.zeros((2, 3, 4), np.float32),
    no_rows=np.zeros((0, 3)),
    missing=np.array([[1, 2], [3, np.nan]]),
    microseconds=np.array([[1764172800000001]]),
    seconds=np.array([1764172800.25, 1764172800.75]),
    half=half.astype("f2"),
    complex=half.astype("c8"),
    strings=np.array([["left", "right"]]),
    dates=np.array(["2026-11-26"], "M8[s]"),
    fields=np.array([(0.0, 1)], [("time", "f8"), ("count", "i4")]),
    objects=np.array([[1, 2, 3], [4]], object),
)
