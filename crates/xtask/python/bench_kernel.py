"""How long a learner waits: kernel, `:dep` line, first variable, first figure, later cells.

Each line is printed when it is known. By default lessons 00 and 02 run in fresh kernels, in turn, as
often as fits into five minutes.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import lessons
import runner
from nbformat.v4 import new_code_cell

# Seconds, on two cores with the machine otherwise idle. The first figure is that of 02: in 00 a dozen
# cells explain Rust before it.
FIRST_FIGURE = "until the first figure"
BUDGET = {
    FIRST_FIGURE: 8.0,
    "later cell, median": 0.5,
    "later cell, slowest": 2.0,
    "whole lesson": 120.0,
}
DEFAULT = ["02-pca", "00-start-here"]
PROBE = ["let first = vec![1.0_f32, 2.0];", "let second: usize = first.len();", 'println!("{second}");']
COMPILES = "LATENT_COMPILES"  # names the file in which `kernel/compiler.rs` notes each run of rustc


def cells(name):
    """The code of a lesson's untouched copy, or a few lines where there is no lesson."""
    if name:
        return [cell for _, cell in runner.code_cells(lessons.student(name))]
    opening = ':dep latent = { path = "../crates/latent" }\nuse latent::prelude::*;'
    return [new_code_cell(source) for source in [opening, *PROBE]]


def trains(cell):
    return ".fit(" in cell.source or "Mnist::load" in cell.source


def compiled(notes):
    """Seconds of rustc, and how often it ran, since the last call."""
    lines = notes.read_text().split("\n")[:-1] if notes.exists() else []
    notes.unlink(missing_ok=True)
    return sum(map(float, lines)), len(lines)


def measure(name, say):
    """One fresh kernel through a lesson, as seconds by what was waited for."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "compiles.txt"
        os.environ[COMPILES] = str(notes)
        try:
            return timed(name, notes, say)
        finally:
            del os.environ[COMPILES]


def timed(name, notes, say):
    found = {}

    def note(what, value):
        found[what] = value
        say(f"{what} {value:.2f}")

    start = time.monotonic()
    with runner.session(lessons.NOTEBOOKS) as kernel:
        note("kernel ready", time.monotonic() - start)
        compiled(notes)
        waited = found["kernel ready"]
        later, rustc, runs = [], [], []
        for index, cell in enumerate(cells(name)):
            seconds = kernel.execute(cell)
            waited += seconds
            in_rustc, times = compiled(notes)
            if index == 0:
                note("`:dep` cell", seconds)
            elif "first `let`" not in found and "let " in cell.source:
                note("first `let`", seconds)
                note("  of which rustc", in_rustc)
            elif not trains(cell):
                later.append(seconds)
                rustc.append(in_rustc)
                runs.append(times)
            if "until the first figure" not in found and runner.figures(cell):
                note("until the first figure", waited)
        kernel.settle()
    if later:
        note("later cell, median", statistics.median(later))
        note("  of which rustc, median", statistics.median(rustc))
        rest = [seconds - part for seconds, part in zip(later, rustc)]
        note("  the rest, median", statistics.median(rest))
        note("later cell, slowest", max(later))
        note("runs of rustc a cell", statistics.mean(runs))
    note("whole lesson", time.monotonic() - start)
    return found


def report(name, runs):
    print(f"\n{name or 'a few lines (no lesson yet)'}: {len(runs)} fresh kernels, seconds")
    print(f"  {'':24} {'median':>7} {'best':>7} {'worst':>7} {'budget':>7}")
    for what in dict.fromkeys(key for run in runs for key in run):
        times = [run[what] for run in runs if what in run]
        budget = BUDGET.get(what) if what != FIRST_FIGURE or name == "02-pca" else None
        budget = f"{budget:7.1f}" if budget else ""
        median = statistics.median(times)
        print(f"  {what:24} {median:7.2f} {min(times):7.2f} {max(times):7.2f} {budget}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, help="no kernel starts that would end later")
    parser.add_argument("lessons", nargs="*", help="such as 04-latent-space, or `all` (some 25 minutes)")
    arguments = parser.parse_args()
    known = lessons.names()
    names = [name for name in arguments.lessons or DEFAULT if name in known] or [None]
    everything = arguments.lessons == ["all"]
    names = known if everything else names
    end = time.monotonic() + 60 * arguments.minutes
    runs = {name: [] for name in names}
    more = True
    while more:
        more = False
        for name in names:
            took = runs[name][-1]["whole lesson"] if runs[name] else 0.0
            if runs[name] and (everything or time.monotonic() + took > end):
                continue
            print(f"{name or 'a few lines'}, kernel {len(runs[name]) + 1}: ", end="", flush=True)
            runs[name].append(measure(name, lambda words: print(words, end="; ", flush=True)))
            print(flush=True)
            more = True
    for name in names:
        report(name, runs[name])
    together = sum(statistics.median(run["whole lesson"] for run in runs[name]) for name in names)
    print(f"\nall of them together: {together:.0f} s")


if __name__ == "__main__":
    main()
