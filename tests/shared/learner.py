"""A learner in a course that may only be read: copies of the lessons, a cell, a figure, an exercise."""

import os
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "crates/xtask/python"))

import lessons  # noqa: E402
import runner  # noqa: E402
from nbformat.v4 import new_code_cell  # noqa: E402

FIGURE = 'let curve = figure::line(&[0.0, 1.0], &[0.0, 1.0], "a figure")?;\ncurve'


def words(cell):
    return "\n".join(runner.shown(output) for output in cell.outputs)


def main():
    lab, home = Path(sys.argv[1]), Path.home()
    said = subprocess.check_output([lab / "kernel/latent-kernel", "lab", "--no-open"], text=True)
    print(said)
    folder = home / "latent-course"
    assert str(folder) in said
    start = time.monotonic()
    opening = runner.code_cells(lessons.load(folder / "02-pca.ipynb"))[0][1]
    assert str(ROOT / "crates/latent") in opening.source, opening.source
    solved = lessons.without_outputs(lessons.load(folder / "solutions/02-pca.ipynb"))
    answers = runner.answers(solved)
    first = next(index for index, cell in enumerate(answers) if runner.CHECK.search(cell.source))
    with runner.session(folder) as kernel:
        product, figure = new_code_cell("6 * 7"), new_code_cell(FIGURE)
        for cell in [product, opening, figure, *answers[: first + 1]]:
            kernel.execute(cell)
        kernel.settle()
        print(f"seconds: {time.monotonic() - start:.0f}")
        runs = list((home / ".cache/latent").glob("*/*/ctx"))
        print("kernel:", runs)
        size = subprocess.check_output(["du", "-sm", runs[0].parent], text=True)
        print("MB:", size)
        # With its last kernel the folder goes, so it is looked at while this one lives.
        for own in [runs[0].parents[2], runs[0].parents[1]]:
            assert own.stat().st_mode & 0o077 == 0, own
            assert os.getuid() == own.stat().st_uid
    assert "42" in words(product), words(product)
    assert runner.figures(figure), words(opening) + words(figure)
    assert runner.SOLVED.search(words(answers[first])), words(answers[first])
    progress = (folder / "progress.tsv").read_text(encoding="utf-8")
    print(progress)
    assert progress.count("passed") == 1, progress
    print("well")


if __name__ == "__main__":
    main()
