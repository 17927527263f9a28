"""The compiler's errors that learners meet most come with a sentence of ours, in a real kernel."""

import json

import pytest
from conftest import ROOT, text
from test_kernel import end, execute, start

MAKE = f"""\
:dep latent = {{ path = {json.dumps(str(ROOT / "crates/latent"))} }}
use latent::prelude::*;
let a: Array2<f32> = Array2::zeros((3, 3));
let data = Dataset {{ samples: a.clone(), labels: array![1, 2, 3] }};
fn centre(points: Array2<f32>) -> Array2<f32> {{ points }}"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A kernel in a folder that has nothing to do with the course."""
    session = start(tmp_path_factory.mktemp("my-notebooks"))
    assert "rror" not in text(execute(session, MAKE))
    yield session
    end(session)


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("a.dot(a.t())", ("overflow evaluating the requirement", "`a.dot(&b.t())`")),
        (
            "let first = a.row(0);",
            ("`first` cannot be kept for the next cells", "`first` refers to `a`", "`.to_owned()`"),
        ),
        ("// µ\nlet first = a.row(0);", ("`first` refers to `a`", "`.to_owned()`")),
        (
            "exercise::pca::check_centre(centre)",
            ("expected fn pointer, found fn item", "must be `&Array`, but yours is `Array`"),
        ),
        ("exercise::representations::check_feature(feature)", ("run the cell with `fn feature` first",)),
        ("let b = a.clone();\nlet c = b;\nb.sum()", ("borrow of moved value", "`let c = b.clone();`")),
        ("let x: f32 = 3.0;\n2 * x", ("cannot multiply", "with a point, as in `2.0`")),
        ("(1 + 2", ("A bracket is missing",)),
    ],
)
def test_an_error_says_what_to_write(elsewhere, line, sentences):
    found = text(execute(elsewhere, line))
    for sentence in sentences:
        assert sentence in found, found


def test_a_variable_that_an_earlier_cell_gave_away_is_explained(elsewhere):
    assert "rror" not in text(execute(elsewhere, "let labels = data.labels;"))
    found = text(execute(elsewhere, "data.samples.sum()"))
    assert "an earlier cell gave it away with `let labels = data.labels;`" in found, found
    assert "`data.labels.clone()`" in found, found


def test_warnings_stay_away_from_errors_and_unknown_errors_as_they_are(elsewhere):
    warned = "fn stub(x: f32) -> f32 { todo!() }\nfn endless(x: f32) -> f32 { endless(x) }\n"
    cell = warned + 'let x: bool = "text";'
    found = text(execute(elsewhere, cell))
    assert "expected `bool`, found `&str`" in found, found
    assert "unused" not in found and "unconditional" not in found and "Note" not in found, found
