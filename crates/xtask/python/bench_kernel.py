"""How long a learner waits: kernel, `:dep` line, first variable, first figure, later cells."""

import argparse
import statistics
import time

import lessons
import runner
from nbformat.v4 import new_code_cell

# Seconds, on two cores with the machine otherwise idle.
BUDGET = {
    "until the first figure": 15.0,
    "later cell, median": 0.8,
    "later cell, slowest": 2.0,
    "whole lesson": 180.0,
}
PROBE = ["let first = vec![1.0_f32, 2.0];", "let second: usize = first.len();", 'println!("{second}");']


def cells(name):
    """The code of a lesson's untouched copy, or a few lines where there is no lesson."""
    if name:
        return [cell for _, cell in runner.code_cells(lessons.student(name))]
    opening = ':dep latent = { path = "../crates/latent" }\nuse latent::prelude::*;'
    return [new_code_cell(source) for source in [opening, *PROBE]]


def trains(cell):
    return ".fit(" in cell.source or "Mnist::load" in cell.source


def measure(name):
    """One fresh kernel through a lesson, as seconds by what was waited for."""
    found = {}
    start = time.monotonic()
    with runner.session(lessons.NOTEBOOKS) as kernel:
        found["kernel ready"] = time.monotonic() - start
        waited = found["kernel ready"]
        later = []
        for index, cell in enumerate(cells(name)):
            seconds = kernel.execute(cell)
            waited += seconds
            if index == 0:
                found["`:dep` cell"] = seconds
            elif "first `let`" not in found and "let " in cell.source:
                found["first `let`"] = seconds
            elif not trains(cell):
                later.append(seconds)
            if "until the first figure" not in found and runner.figures(cell):
                found["until the first figure"] = waited
        kernel.settle()
    if later:
        found["later cell, median"] = statistics.median(later)
        found["later cell, slowest"] = max(later)
    found["whole lesson"] = time.monotonic() - start
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, help="fresh kernels for each lesson")
    parser.add_argument("lessons", nargs="*", help="such as 02-pca; all of them if none is named")
    arguments = parser.parse_args()
    together = 0.0
    for name in arguments.lessons or lessons.names() or [None]:
        runs = [measure(name) for _ in range(arguments.repeat)]
        print(f"\n{name or 'a few lines (no lesson yet)'}: {arguments.repeat} fresh kernels, seconds")
        print(f"  {'':24} {'median':>7} {'best':>7} {'worst':>7} {'budget':>7}")
        for what in dict.fromkeys(key for run in runs for key in run):
            times = [run[what] for run in runs if what in run]
            budget = f"{BUDGET[what]:7.1f}" if what in BUDGET else ""
            median = statistics.median(times)
            print(f"  {what:24} {median:7.2f} {min(times):7.2f} {max(times):7.2f} {budget}")
        together += statistics.median(run["whole lesson"] for run in runs)
    print(f"\nall of them together: {together:.0f} s")


if __name__ == "__main__":
    main()
