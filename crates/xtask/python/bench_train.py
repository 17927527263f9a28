"""Training speed inside a notebook: `cargo xtask bench train` runs this.

Starts the course's kernel as a lesson does. Each line on standard input is a request, handed to
`training` of crates/latent/examples/bench_train in a cell of its own, whose line of JSON is the
answer.
"""

import json
import sys

import lessons
import runner
from nbformat.v4 import new_code_cell

OPENING = """:dep latent = { path = "../crates/latent" }
use latent::prelude::*;
notebook::start()?;"""
TRAINING = lessons.ROOT / "crates/latent/examples/bench_train/training.rs"
LOAD = "let mnist = Mnist::load()?;"


def execute(kernel, source):
    cell = new_code_cell(source)
    kernel.execute(cell)
    kernel.settle()
    text = "\n".join(runner.shown(output) for output in cell.outputs)
    found = list(runner.cell_faults(0, cell))
    if found:
        sys.exit("\n".join(map(str, found)))
    return text


def main():
    with runner.session(lessons.NOTEBOOKS) as kernel:
        execute(kernel, OPENING)
        execute(kernel, LOAD)
        execute(kernel, TRAINING.read_text(encoding="utf-8"))
        for request in sys.stdin:
            cell = f'println!("{{}}", training(&mnist, "{request.strip()}")?);'
            text = execute(kernel, cell)
            answer = next(line for line in text.splitlines() if line.startswith("{"))
            print(json.dumps(json.loads(answer)), flush=True)


if __name__ == "__main__":
    main()
