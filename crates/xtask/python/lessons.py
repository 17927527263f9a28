"""Makes a lesson's two copies from its source.

    notebooks/source/NN-name.md           what authors edit (Jupytext Markdown)
    notebooks/NN-name.ipynb               for learners: stubs, no outputs
    notebooks/solutions/NN-name.ipynb     solved, executed, with its outputs

A source without a number is a path through the course, made of sections of lessons: see `paths.py`.
Cells tagged `stub` go to the first copy alone, cells tagged `solution` to the second alone.
"""

import argparse
import copy
import hashlib
import json
import os
import re
import sys
from pathlib import Path

import jupytext
import nbformat
import paths
from mime import PLOT
from nbformat.v4 import new_notebook

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOKS = ROOT / "notebooks"


def lab():
    """What the set-up has made: see `project.rs`."""
    named = ROOT / ".lab"
    if not os.environ.get("LATENT_LAB") and named.is_file():
        return ROOT / named.read_text(encoding="utf-8").strip()
    return ROOT / (os.environ.get("LATENT_LAB") or named)


SOURCES = NOTEBOOKS / "source"
SOLUTIONS = NOTEBOOKS / "solutions"
# Which kernel settings count depends on the folder a notebook lies in.
KERNEL_SETTINGS = "evcxr.toml"
KNOWN_TAGS = {"stub", "solution", "raises-exception"}
# A cell of JupyterLab shows 105 characters of a line in a window of 1,000 pixels, and hides the rest.
WIDEST_LINE = 100

# As JupyterLab writes them, so that opening and saving a lesson changes nothing.
METADATA = {
    "kernelspec": {"display_name": "Rust", "language": "rust", "name": "rust"},
    "language_info": {
        "codemirror_mode": "rust",
        "file_extension": ".rs",
        "mimetype": "text/rust",
        "name": "Rust",
        "pygment_lexer": "rust",
        "version": "",
    },
}


class SourceError(Exception):
    """A source that does not keep to the form."""


def names():
    """The lessons in their order, then the paths."""
    return sorted(path.stem for path in SOURCES.glob("*.md"))


def is_path(name):
    return not name[0].isdigit()


def read(name):
    """The cells of a source, checked."""
    path = SOURCES / f"{name}.md"
    cells = jupytext.read(path).cells
    if is_path(name):
        try:
            cells = paths.assemble(cells, read).cells
        except paths.PathError as error:
            raise SourceError(f"{path}: {error}") from error
    code = [cell for cell in cells if cell.cell_type == "code"]
    if not code:
        raise SourceError(f"{path}: there is no ```rust cell")
    for cell in code:
        if cell.source.startswith("%%"):
            raise SourceError(
                f"{path}: a fence of another language became a cell of its own:\n{cell.source}\n"
                "Write ```text instead."
            )
        for line in cell.source.splitlines():
            if len(line) > WIDEST_LINE:
                raise SourceError(
                    f"{path}: a line of code has {len(line)} characters:\n{line}\n"
                    f"Break it into lines of at most {WIDEST_LINE}."
                )
    for cell in cells:
        unknown = tags(cell) - KNOWN_TAGS
        if unknown:
            raise SourceError(f"{path}: unknown tags {sorted(unknown)}; known are {sorted(KNOWN_TAGS)}")
    check_pairs(path, [next(iter(tags(cell) & {"stub", "solution"}), None) for cell in code])
    return cells


def check_pairs(path, kinds):
    """Each stub is followed by its solution."""
    for kind, following in zip(kinds, [*kinds[1:], None], strict=True):
        if kind == "stub" and following != "solution":
            raise SourceError(f"{path}: a cell tagged `stub` is not followed by its `solution`")


def tags(cell):
    return set(cell.metadata.get("tags", []))


def student(name):
    return build(read(name), leave_out="solution")


def solved(name):
    """The solved copy, not executed yet. It lies one folder deeper, and its paths say so."""
    notebook = build(read(name), leave_out="stub")
    for cell in notebook.cells:
        pattern = r'(path = ")(?=\.\./)' if cell.cell_type == "code" else r"(\]\()(?=\.\./)"
        cell.source = re.sub(pattern, r"\1../", cell.source)
    return notebook


def build(cells, leave_out):
    seen = {}
    kept = []
    for cell in cells:
        if leave_out in tags(cell):
            continue
        cell = copy.deepcopy(cell)
        cell.metadata = {"tags": sorted(tags(cell))} if tags(cell) else {}
        # An id that follows from the text alone: to edit one cell changes one cell.
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        kept.append(cell)
    notebook = new_notebook(cells=kept, metadata=copy.deepcopy(METADATA))
    nbformat.validate(notebook)
    return notebook


def written(notebook):
    """A notebook as text: indented, but for plots, whose numbers would each take a line."""
    notebook = copy.deepcopy(notebook)
    plots = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if PLOT in output.get("data", {}):
                plots.append(json.dumps(output.data[PLOT], separators=(",", ":"), ensure_ascii=False))
                output.data[PLOT] = f"plot {len(plots) - 1} of this notebook"
    text = nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
    for index, plot in enumerate(plots):
        text = text.replace(f'"plot {index} of this notebook"', plot, 1)
    return text


def without_outputs(notebook):
    """A notebook as it is before it is executed, to compare it with what a source gives."""
    bare = copy.deepcopy(notebook)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    return bare


def load(path):
    return nbformat.read(path, as_version=4)


def is_current(name):
    """What is wrong with the two copies of a lesson, as sentences."""
    wrong = []
    path = NOTEBOOKS / f"{name}.ipynb"
    if not path.is_file() or path.read_text(encoding="utf-8") != written(student(name)):
        wrong.append(f"notebooks/{path.name} is not what its source gives")
    path = SOLUTIONS / f"{name}.ipynb"
    if not path.is_file() or written(without_outputs(load(path))) != written(solved(name)):
        wrong.append(f"notebooks/solutions/{path.name} is not what its source gives")
    elif not any(cell.get("outputs") for cell in load(path).cells):
        wrong.append(f"notebooks/solutions/{path.name} was not executed")
    return wrong


def orphans():
    """Copies whose source is gone."""
    copies = {*NOTEBOOKS.glob("*.ipynb"), *SOLUTIONS.glob("*.ipynb")}
    return sorted(path for path in copies if path.stem not in names())


def check(lessons):
    wrong = [sentence for name in lessons for sentence in is_current(name)]
    wrong += [f"{path.relative_to(ROOT)} has no source in notebooks/source" for path in orphans()]
    settings = [folder / KERNEL_SETTINGS for folder in (NOTEBOOKS, SOLUTIONS)]
    if not settings[1].is_file() or settings[0].read_bytes() != settings[1].read_bytes():
        wrong.append(f"notebooks/solutions/{KERNEL_SETTINGS} is not a copy of notebooks/{KERNEL_SETTINGS}")
    for sentence in wrong:
        print(sentence)
    if wrong:
        print("`cargo xtask notebooks` makes them anew.")
    else:
        print(f"{len(lessons)} lessons are what their sources give")
    return not wrong


def keep_outputs(name):
    """The solved copy with new text and the outputs that it has; None if its code has changed."""
    path = SOLUTIONS / f"{name}.ipynb"
    notebook = solved(name)
    old = [cell for cell in load(path).cells if cell.cell_type == "code"] if path.is_file() else []
    new = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.source for cell in old] != [cell.source for cell in new]:
        return None
    for cell, ran in zip(new, old, strict=True):
        cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    return notebook


def make_text(lessons):
    good = True
    for name in lessons:
        notebook = keep_outputs(name)
        if notebook is None:
            print(f"{name}: its code has changed since it was run; leave out --text")
            good = False
            continue
        (NOTEBOOKS / f"{name}.ipynb").write_text(written(student(name)), encoding="utf-8")
        (SOLUTIONS / f"{name}.ipynb").write_text(written(notebook), encoding="utf-8")
        print(f"{name}: the text is new, the outputs are those it had")
    return good


def make(lessons):
    # These take a second to import, and `--check` does not need them.
    import runner
    import stills

    SOLUTIONS.mkdir(exist_ok=True)
    (SOLUTIONS / KERNEL_SETTINGS).write_bytes((NOTEBOOKS / KERNEL_SETTINGS).read_bytes())
    good = True
    for name in lessons:
        (NOTEBOOKS / f"{name}.ipynb").write_text(written(student(name)), encoding="utf-8")
        print(f"{name}: notebooks/{name}.ipynb written; running the solved copy", flush=True)
        notebook = solved(name)
        run = runner.run(notebook, SOLUTIONS)
        faults = [*run.faults, *runner.unexpected_checks(notebook, runner.SOLVED)]
        with stills.painter() as paint:
            stills.add(notebook, paint)
        (SOLUTIONS / f"{name}.ipynb").write_text(written(notebook), encoding="utf-8")
        print(f"{name}: notebooks/solutions/{name}.ipynb written ({run.seconds:.0f} s)", flush=True)
        for fault in faults:
            print(f"  {fault}")
        good = good and not faults
    return good


def main():
    parser = argparse.ArgumentParser(description="make the lessons from their sources")
    parser.add_argument("--check", action="store_true", help="fail if a lesson is stale")
    parser.add_argument("--text", action="store_true", help="only the text has changed: keep the outputs")
    parser.add_argument("lessons", nargs="*", help="such as 02-pca or 02; all of them if none is named")
    arguments = parser.parse_args()
    known = names()
    chosen = [name for name in known if any(name == word or name[:2] == word for word in arguments.lessons)]
    if len(chosen) != len(set(arguments.lessons)):
        sys.exit(f"not all of {', '.join(arguments.lessons)} are lessons; there are: {', '.join(known)}")
    chosen = chosen or known
    try:
        good = (check if arguments.check else make_text if arguments.text else make)(chosen)
    except SourceError as error:
        sys.exit(str(error))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
