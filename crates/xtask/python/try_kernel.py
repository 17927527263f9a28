"""Starts the course's kernel as Jupyter does, runs a cell and shows a figure; says how it went."""

import sys
import time

import lessons
import runner
from nbformat.v4 import new_code_cell

OPENING = ':dep latent = { path = "../crates/latent" }\nuse latent::prelude::*;'
FIGURE = 'let curve = figure::line(&[0.0, 1.0, 2.0], &[0.0, 1.0, 4.0], "a trial")?;\ncurve'


def words(cell):
    return "\n".join(runner.shown(output) for output in cell.outputs).strip()


def attempt():
    """What went wrong, or nothing, and a sentence on what was done."""
    start = time.monotonic()
    with runner.session(lessons.NOTEBOOKS) as kernel:
        product = new_code_cell("6 * 7")
        kernel.execute(product)
        kernel.settle()
        if "42" not in words(product):
            return words(product) or "The kernel started, but answered nothing to `6 * 7`."
        first = time.monotonic() - start
        opening, figure = new_code_cell(OPENING), new_code_cell(FIGURE)
        kernel.execute(opening)
        kernel.execute(figure)
        kernel.settle()
        if not runner.figures(figure):
            return (
                "The kernel answers, but a cell of the course does not show its figure:\n"
                + words(opening)
                + words(figure)
            )
    seconds = time.monotonic() - start
    print(f"a kernel started, `6 * 7` gave 42 after {first:.0f} s, and a figure showed after {seconds:.0f} s")
    return None


def main():
    try:
        wrong = attempt()
    except runner.KernelDied as error:
        wrong = f"The kernel did not start: {error}"
    if wrong:
        print(wrong)
        sys.exit(1)


if __name__ == "__main__":
    main()
