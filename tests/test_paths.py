"""A path through the course: its sections, and what they need."""

import paths
import pytest
from conftest import cell
from nbformat.v4 import new_markdown_cell

LESSON = [
    new_markdown_cell("# A lesson\n\n| section | minutes | |\n| 1. One | 5 | core |\n| 2. Two | 7 | core |"),
    cell(":dep latent = { path = \"../crates/latent\" }\nuse latent::prelude::*;\nnotebook::start()?;"),
    new_markdown_cell("## 1. One\n\nText."),
    cell("let a = 1;"),
    cell("fn twice(x: i32) -> i32 {\n    2 * x\n}\n\nlet unused = a;"),
    cell("let mut net = Net::new(a);\nfigure::digits(&a)?"),
    cell("net.fit(&a)?;"),
    cell("fn answer() { todo!() }", "stub"),
    cell("fn answer() {}", "solution"),
    cell("check_answer(answer)"),
    new_markdown_cell("## 2. Two\n\nAs in section 1, and in section 2 of lesson 01."),
    cell('println!("{}", net.error());'),
    new_markdown_cell("More."),
    cell("let answer = twice(3);\nlet x = x_of(answer);\nx"),
]  # fmt: skip


def assembled(*sources):
    return paths.assemble([new_markdown_cell(source) for source in sources], {"07-l": LESSON}.__getitem__)


def code(path):
    return [cell.source for cell in path.cells if cell.cell_type == "code"]


def test_a_section_brings_what_it_needs_and_no_more():
    path = assembled("# Path", "<!-- section: 07-l, Two -->")
    assert code(path) == [
        "let a = 1;",
        "let mut net = Net::new(a);",
        "net.fit(&a)?;",
        "fn twice(x: i32) -> i32 {\n    2 * x\n}\n\nlet unused = a;",
        'println!("{}", net.error());',
        "let answer = twice(3);\nlet x = x_of(answer);\nx",
    ]
    assert [cell.source for cell in path.cells if cell.cell_type == "markdown"].count(paths.NEEDED) == 1


def test_what_is_there_is_not_made_again():
    path = assembled("<!-- section: 07-l, One -->\n\n<!-- section: 07-l, Two -->")
    assert code(path).count("let a = 1;") == code(path).count("net.fit(&a)?;") == 1
    assert paths.NEEDED not in [cell.source for cell in path.cells]


def test_what_another_lesson_has_changed_is_made_again():
    other = [
        new_markdown_cell("# Other\n\n| 1. Else | 1 | core |"),
        new_markdown_cell("## 1. Else"),
        cell("let a = 5;"),
    ]
    lessons = {"07-l": LESSON, "08-o": other}
    sources = ["<!-- section: 07-l, One -->", "<!-- section: 08-o, Else -->", "<!-- section: 07-l, Two -->"]
    path = paths.assemble([new_markdown_cell(source) for source in sources], lessons.__getitem__)
    # Two needs the network and the function, which are still there, and not the number itself.
    assert code(path)[-4:] == [
        "check_answer(answer)",
        "let a = 5;",
        'println!("{}", net.error());',
        code(path)[-1],
    ]
    again = paths.assemble([new_markdown_cell(source) for source in sources[1::-1]], lessons.__getitem__)
    assert code(again)[:2] == ["let a = 5;", "let a = 1;"]


def test_an_exercise_that_is_left_out_comes_along_solved():
    lesson = [*LESSON[:-1], cell("let r = answer();")]
    path = paths.assemble([new_markdown_cell("<!-- section: 07-l, Two -->")], {"07-l": lesson}.__getitem__)
    assert "fn answer() {}" in code(path)
    assert not any(cell.metadata.get("tags") for cell in path.cells)
    assert "check_answer(answer)" not in code(path)


def test_sections_are_numbered_and_say_where_they_are_from():
    path = assembled(
        "# Path\n\n<!-- table -->", "## Own\n<!-- minutes: 3 -->\n\nText.", "<!-- section: 07-l, Two -->"
    )
    text = "\n\n".join(cell.source for cell in path.cells if cell.cell_type == "markdown")
    assert "## 1. Own\n\nText." in text
    assert "## 2. Two\n\n*Lesson [07](07-l.ipynb), section 2.*" in text
    assert "As in section 1 of lesson 07, and in section 2 of lesson 01." in text
    assert (
        "| 1. Own |  | 3 |\n| 2. Two | [07](07-l.ipynb), section 2 | 7 |\n| **together** | | **10** |" in text
    )
    assert path.minutes() == 10


def test_text_below_a_section_introduces_it():
    path = assembled(
        "<!-- section: 07-l, Two -->\n\nFirst.\n\n<!-- section: 07-l, One -->\n\n## End\n\nText."
    )
    text = [cell.source for cell in path.cells if cell.cell_type == "markdown"]
    assert text[0] == "## 1. Two\n\n*Lesson [07](07-l.ipynb), section 2.*\n\nFirst."
    assert text[-1] == "## End\n\nText."
    assert "## 2. One\n\n*Lesson [07](07-l.ipynb), section 1.*" in text


def test_a_path_numbers_its_exercises_and_names_its_own_sections():
    lesson = [
        LESSON[0],
        new_markdown_cell("## 1. One\n\n### Exercise 4: this\n\nAs in exercise 3, and in section 2."),
        new_markdown_cell("## 2. Two\n\n### Exercise 5b: that\n\nAs in exercise 4."),
    ]
    source = "<!-- section: 07-l, One -->\n\n<!-- section: 07-l, Two -->"
    path = paths.assemble([new_markdown_cell(source)], {"07-l": lesson}.__getitem__)
    text = "\n\n".join(cell.source for cell in path.cells)
    assert "### Exercise 1: this\n\nAs in exercise 3 of lesson 07, and in section 2." in text
    assert "### Exercise 2: that\n\nAs in exercise 1." in text


def test_a_cell_without_its_figure_shows_nothing():
    lesson = [
        LESSON[0],
        new_markdown_cell("## 1. One"),
        cell('let b = 1;\nfor k in 0..b {\n    println!("{k}");\n}\nfigure::scree(&b)'),
        new_markdown_cell("## 2. Two"),
        cell("let c = b;"),
    ]
    path = paths.assemble([new_markdown_cell("<!-- section: 07-l, Two -->")], {"07-l": lesson}.__getitem__)
    assert code(path)[0].endswith("\n};")


def test_a_section_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(paths.PathError, match="no section 'Three'; it has: One, Two"):
        assembled("<!-- section: 07-l, Three -->")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("let b = a.sum() + c[i];", {"a", "c", "i"}),
        ("let b = 1;\nlet c = b;", set()),
        ("let b = b + 1;", {"b"}),
        ('println!("{a:.2} and b {}", c); // d', {"println", "a", "c"}),
        ("v.iter().map(|x| x + y);", {"v", "y"}),
        ("for i in 0..n {\n    let z = i;\n}", {"for", "in", "n", "let"}),
        ("fn f(a: &A) -> B {\n    a.g(h)\n}", {f"fn {name}" for name in ["fn", "f", "a", "A", "B", "h"]}),
        ("latent::readout::neighbours(&codes)", {"codes"}),
        ("s![..k]", {"s", "k"}),
    ],
)
def test_names_that_a_cell_uses(source, names):
    assert paths.used(source) - {"let"} == names - {"let"}
