"""From a source to its two copies."""

import lessons
import pytest
from nbformat.v4 import new_output

HEADER = "---\njupyter:\n  kernelspec:\n    display_name: Rust\n    language: rust\n    name: rust\n---\n\n"
SOURCE = (
    HEADER
    + """# A title

See [the read me](../README.md) and [the next lesson](01-next.ipynb).

```text
no cell
```

```rust
:dep latent = { path = "../crates/latent" }
```

```rust tags=["stub"]
fn f() { todo!() }
```

```rust tags=["solution"]
fn f() {}
```

<!-- #region tags=["solution"] -->
Why this is the solution.
<!-- #endregion -->

```rust
f()
```

```rust
f()
```
"""
)


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A course with one source; returns a function that rewrites it."""
    for folder in ("source", "solutions"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(lessons, "ROOT", tmp_path)
    monkeypatch.setattr(lessons, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(lessons, "SOURCES", tmp_path / "source")
    monkeypatch.setattr(lessons, "SOLUTIONS", tmp_path / "solutions")
    for folder in (tmp_path, tmp_path / "solutions"):
        (folder / "evcxr.toml").write_text("")

    def write(text):
        (tmp_path / "source/00-x.md").write_text(text, encoding="utf-8")

    write(SOURCE)
    return write


def commit():
    (lessons.NOTEBOOKS / "00-x.ipynb").write_text(lessons.written(lessons.student("00-x")), encoding="utf-8")
    solved = lessons.solved("00-x")
    solved.cells[-1].outputs = [new_output("stream", text="ran\n")]
    (lessons.SOLUTIONS / "00-x.ipynb").write_text(lessons.written(solved), encoding="utf-8")


def code(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_each_copy_has_its_cells(source):
    assert code(lessons.student("00-x"))[1:] == ["fn f() { todo!() }", "f()", "f()"]
    assert code(lessons.solved("00-x"))[1:] == ["fn f() {}", "f()", "f()"]
    assert "Why this is the solution." not in lessons.written(lessons.student("00-x"))


def test_paths_of_the_solved_copy_go_one_folder_up(source):
    assert code(lessons.solved("00-x"))[0] == ':dep latent = { path = "../../crates/latent" }'
    text = lessons.solved("00-x").cells[0].source
    assert "(../../README.md)" in text and "(01-next.ipynb)" in text


def test_an_edit_changes_one_cell(source):
    before = {cell.id for cell in lessons.student("00-x").cells}
    source(SOURCE.replace("# A title", "# Another title"))
    after = {cell.id for cell in lessons.student("00-x").cells}
    assert len(before) == len(lessons.student("00-x").cells)
    assert len(before - after) == len(after - before) == 1


def test_stale_copies_are_found(source):
    assert len(lessons.is_current("00-x")) == 2
    commit()
    assert lessons.is_current("00-x") == []
    assert lessons.check(["00-x"])
    source(SOURCE.replace("todo!()", "todo!();"))
    assert lessons.is_current("00-x") == ["notebooks/00-x.ipynb is not what its source gives"]
    source(SOURCE.replace("fn f() {}", "fn f() { }"))
    assert lessons.is_current("00-x") == ["notebooks/solutions/00-x.ipynb is not what its source gives"]
    assert not lessons.check(["00-x"])


def test_new_text_keeps_the_outputs_and_new_code_does_not(source):
    commit()
    source(SOURCE.replace("# A title", "# Another title"))
    assert lessons.make_text(["00-x"])
    assert lessons.is_current("00-x") == []
    solved = lessons.load(lessons.SOLUTIONS / "00-x.ipynb")
    assert solved.cells[0].source.startswith("# Another title")
    assert solved.cells[-1].outputs[0].text == "ran\n"
    source(SOURCE.replace("fn f() {}", "fn f() { }"))
    assert not lessons.make_text(["00-x"])


def test_a_solution_that_was_not_run_is_found(source):
    commit()
    path = lessons.SOLUTIONS / "00-x.ipynb"
    path.write_text(lessons.written(lessons.solved("00-x")), encoding="utf-8")
    assert lessons.is_current("00-x") == ["notebooks/solutions/00-x.ipynb was not executed"]


def test_a_copy_without_a_source_is_found(source):
    commit()
    (lessons.NOTEBOOKS / "01-gone.ipynb").write_text("{}")
    assert not lessons.check(["00-x"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("```text", "```bash"), "Write ```text instead"),
        (('tags=["stub"]', 'tags=["stubb"]'), "unknown tags"),
        (('```rust tags=["solution"]', "```rust"), "not followed by its `solution`"),
        (("f()\n```", "f() //" + 95 * "x" + "\n```"), "a line of code has 101 characters"),
        (("todo!()", 'todo!("' + 90 * "x" + '")'), "Break it into lines of at most 100"),
    ],
)
def test_a_source_that_breaks_the_form_is_refused(source, change, message):
    source(SOURCE.replace(*change))
    with pytest.raises(lessons.SourceError, match=message):
        lessons.read("00-x")
