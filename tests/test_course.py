"""The course as a whole: what its pages say of one another is true."""

import re

import jupytext
import lessons
import paths
import pytest
import runner
from conftest import ROOT

COURSE = [name for name in lessons.names() if not lessons.is_path(name) and name < "90"]
PATHS = [name for name in lessons.names() if lessons.is_path(name)]
DOCS = ROOT / "docs"

# Numbers of the prose that no cell prints, and where they come from.
KNOWN = {
    "784": "28 x 28",
    "60000": "MNIST as it was published",
    "70000": "MNIST as it was published",
}
# The same for one lesson.
KNOWN_HERE = {
    ("01-representations", "25"): "more than ink and asymmetry reach, in the check of exercise 4",
    ("01-representations", "33"): "the score that exercise 4 asks for, in its check",
    ("01-representations", "31"): "what a single pixel reaches, in the check of exercise 4",
    ("03-mnist", "85"): "a score that somebody else might report",
    ("05-autoencoder", "217538"): "784 x 256 + 256 + 256 x 64 + 64 + 64 x 2 + 2",
    ("05-autoencoder", "0.0413"): "the lowest test error of seeds 1 to 3, of which the cell shows the first",
    ("05-autoencoder", "0.0426"): "the highest of them",
    ("05-autoencoder", "63"): "the lowest accuracy of seeds 1 to 3, of which the cell shows the first",
    ("05-autoencoder", "70"): "the highest of them",
    ("05-autoencoder", "88"): "the share at 2 dimensions with the seeds 2 and 3",
    ("05-autoencoder", "66"): "the share at 8 dimensions with the seeds 2 and 3",
    ("05-autoencoder", "76"): "the share at 32 dimensions with the seeds 2 and 3",
    ("05-autoencoder", "0.0440"): "the error at 4 pixels with seed 3, of which the cell shows seed 1",
    ("05-autoencoder", "0.003"): "the learning rate that the playground starts with",
    ("05-autoencoder", "0.0655"): "the error of the mean image of its 2,000 training images",
    ("06-linear-layers", "26"): "3 x 4 + 4 + 4 x 2 + 2",
    ("06-linear-layers", "481"): "1 x 20 + 20 + 20 x 20 + 20 + 20 + 1",
    ("07-nonlinearities", "0.14"): "exp(-2), the slope of ELU",
    ("08-training", "128"): "the batch size that `fit` takes by itself",
    ("08-training", "2.4"): "an example in the text of exercise 5",
    ("08-training", "3.9"): "read off the playground, with seeds 1 to 8",
    ("08-training", "4.9"): "the highest of them",
    ("08-training", "26"): "dead units after one epoch in the playground, learning rate 0.003, seed 1",
    ("08-training", "35"): "the fewest with 0.03 and the seeds 2 to 14",
    ("08-training", "63"): "the same with tanh and seed 1",
    ("08-training", "54"): "the same with tanh and seed 2",
    ("09-neural-data", "5.5"): "the square root of 30",
    ("09-neural-data", "6.5"): "the square root of 42",
    ("11-generation", "1.44"): "1 / ln(2)",
}


def source(name):
    return (lessons.SOURCES / f"{name}.md").read_text(encoding="utf-8")


def minutes(name):
    """The minutes of each section, and what the lesson says is their sum."""
    row = r"^\| (.+?) \| \**(\d+)\** \|(?: (?:core |optional )?\|)?$"
    rows = re.findall(row, source(name), flags=re.MULTILINE)
    parts = [int(value) for title, value in rows if re.match(r"\d+\. ", title)]
    (together,) = [int(value) for title, value in rows if title == "**together**"]
    return parts, together


def test_minutes_add_up():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    of_the_course = 0
    for name in COURSE:
        parts, together = minutes(name)
        assert sum(parts) == together, name
        row = re.search(
            rf"^\| \d\d \| \[.*\]\(notebooks/{name}\.ipynb\) \| .* \| (\d+) \|$", readme, re.MULTILINE
        )
        assert row, f"the README does not list {name}"
        assert int(row[1]) == together, name
        of_the_course += together
    assert f"| **{of_the_course}** |" in readme


@pytest.mark.parametrize("name", PATHS)
def test_minutes_of_a_path_are_those_of_its_sections(name):
    title, minutes = path_of(name)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"| [{title}](notebooks/{name}.ipynb) | **{minutes}** |" in readme


def path_of(name):
    """The title of a path, and the minutes of all its sections."""
    cells = jupytext.read(lessons.SOURCES / f"{name}.md").cells
    return cells[0].source.splitlines()[0].removeprefix("# "), paths.assemble(cells, lessons.read).minutes()


def test_the_short_paths_keep_to_their_time():
    assert path_of("short-course")[1] <= 90
    assert sum(path_of(f"three-hours-{part}")[1] for part in (1, 2)) <= 180


@pytest.mark.parametrize("name", COURSE)
def test_each_section_is_core_or_optional(name):
    marks = re.findall(r"^\| \d+\. .+? \| \d+ \| (core|optional) \|$", source(name), flags=re.MULTILINE)
    assert len(marks) == len(minutes(name)[0])
    assert "core" in marks


@pytest.mark.parametrize("name", COURSE)
def test_sections_are_those_of_the_table(name):
    row = r"^\| (\d+\. .+?) \| \d+ \|(?: (?:core|optional) \|)?$"
    table = re.findall(row, source(name), flags=re.MULTILINE)
    assert table == re.findall(r"^## (\d+\. .+)$", source(name), flags=re.MULTILINE)


def checked(name):
    """The exercises whose checks a solved lesson shows, in their order."""
    solved = lessons.load(lessons.SOLUTIONS / f"{name}.ipynb")
    found = []
    for cell in solved.cells:
        for output in cell.get("outputs", []):
            first = runner.shown(output).strip().splitlines()[:1]
            match = re.match(r"✓ Passed: (.+)", first[0]) if first else None
            if match:
                found.append((name, match[1]))
    return found


def test_progress_knows_every_exercise():
    listed = (ROOT / "crates/latent/src/exercise/course.tsv").read_text(encoding="utf-8")
    listed = [tuple(line.split("\t")) for line in listed.splitlines()]
    shown = [exercise for name in COURSE for exercise in checked(name)]
    assert listed == shown
    assert len(listed) >= 30
    for name in COURSE:
        assert len(checked(name)) >= 3, name


def prose(text):
    """A lesson's sentences: no code, no tables, no headings, no references."""
    text = text.split("## To read next")[0]
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`", "", text)
    return "\n".join(line for line in text.splitlines() if not line.startswith(("#", "| ", ">")))


def told(output):
    """The words of an output that a reader sees; a widget's HTML is data."""
    return output.get("text") or str(output.get("data", {}).get("text/plain", ""))


def unfounded(name, notebook):
    """Numbers of the prose that neither a cell nor its output holds, nor anything known.

    A number of the prose may be rounded, or a share written in per cent.
    """
    shown = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for text in [cell.source, *map(told, cell.outputs)]:
                for match in re.findall(r"\d+(?:[_,]\d{3})*(?:\.\d+)?(?:e-?\d+)?", text):
                    shown.add(float(match.replace(",", "").replace("_", "")))
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        for match in re.findall(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w)", prose(cell.source)):
            number = match.replace(",", "")
            value = float(number)
            decimals = len(number.partition(".")[2])
            counted = decimals == 0 and value <= 12
            year = "," not in match and decimals == 0 and 1900 <= value <= 2026
            if counted or year or number in KNOWN or (name, number) in KNOWN_HERE:
                continue
            half = 0.5 * 10**-decimals + 1e-9
            if not any(
                abs(seen - value) <= half
                for other in shown
                for seen in (other, 100 * other, 100 - 100 * other)
            ):
                found.append(match)
    return found


@pytest.mark.parametrize("name", COURSE)
def test_numbers_in_the_prose_come_from_cells(name):
    assert unfounded(name, lessons.load(lessons.SOLUTIONS / f"{name}.ipynb")) == []


def test_a_number_from_nowhere_is_found():
    notebook = lessons.load(lessons.SOLUTIONS / "02-pca.ipynb")
    opening = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
    opening.source = "The error is 0.0987 on 4,321 images of 28 by 28. See `77.7`."
    assert unfounded("02-pca", notebook) == ["0.0987", "4,321"]


def table_rows(text):
    """The rows of the tables in a lesson's boxes on Rust, without their heads."""
    boxes = re.findall(r"^> \*\*[^\n]*(?:Rust|beside)[^\n]*\n(?:>[^\n]*\n)+", text, flags=re.MULTILINE)
    for box in boxes:
        rows = re.findall(r"^> (\|.*\|)$", box, flags=re.MULTILINE)
        yield from rows[2:]


def test_the_page_on_rust_collects_all_boxes():
    page = (DOCS / "rust-for-numpy-users.md").read_text(encoding="utf-8")
    missing = [
        f"{name}: {row}"
        for name in COURSE
        for row in table_rows(source(name))
        if row.rstrip("| ").strip("| ") and row.removesuffix(" |") not in page and not row.startswith("| |")
    ]
    assert not missing, "\n".join(missing)


def lecture_map():
    """Rows of docs/lecture-map.md: section, statement, lesson, heading, words."""
    text = (DOCS / "lecture-map.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (\d\.\d) \| (.+?) \| \[(\d\d)\]\((.+?)\) \| (.+?) \| (.+?) \|$", text, re.MULTILINE
    )
    return [(number, link, heading, words.strip("`")) for number, _, _, link, heading, words in rows]


def section_of(text, heading):
    """A section from its heading to the next one of its level; the opening stands before the first."""
    if heading == "the opening":
        return text.split("\n## ")[0]
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    (found,) = [part for part in parts if part.startswith(f"{heading}\n")]
    return found


def test_the_map_of_the_lecture_holds():
    rows = lecture_map()
    per_section = {"1": 2, "2": 3, "3": 2, "4": 8, "5": 1, "6": 5, "7": 2, "8": 6}
    numbers = {number for number, *_ in rows}
    expected = {f"{part}.{index}" for part, count in per_section.items() for index in range(1, count + 1)}
    assert numbers == expected
    for number, link, heading, words in rows:
        name = re.fullmatch(r"\.\./notebooks/solutions/(.+)\.ipynb", link)[1]
        section = " ".join(section_of(source(name), heading).split())
        assert " ".join(words.split()) in section, f"{number}: {words!r} is not in {name}, {heading}"


def test_each_lesson_opens_with_the_diagram_and_a_question():
    for name in COURSE:
        opening = section_of(source(name), "the opening")
        assert "input data" in opening and "─▶" in opening and "representation" in opening, name
        assert name.startswith("00") or re.search(r"\*\*[^*]+\?\*\*", opening), name


def glossary():
    """Rows of docs/glossary.md: term, lesson, heading of the section that explains it."""
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| \*\*(.+?)\*\* \| .+? \| \[\d\d\]\(\.\./notebooks/solutions/(.+?)\.ipynb\) \| (.+?) \|$",
        text,
        re.MULTILINE,
    )
    assert len(rows) == text.count("\n| **"), "a row of the glossary does not have the form of the others"
    return rows


def test_the_glossary_leads_to_each_term_in_bold():
    rows = glossary()
    assert len(rows) > 100
    for term, name, heading in rows:
        section = section_of(source(name), heading)
        bold = " ".join(" ".join(re.findall(r"\*\*(.+?)\*\*", section, re.DOTALL)).split())
        assert term.lower() in bold.lower(), f"{term} is not in bold in {name}, {heading}"


def test_the_glossary_is_in_alphabetical_order_and_names_each_term_once():
    terms = [term.lower().replace("-", " ") for term, _, _ in glossary()]
    assert terms == sorted(set(terms))


def test_lessons_beyond_the_lecture_say_so():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COURSE:
        beyond = name >= "10"
        assert ("This lesson goes beyond the lecture" in source(name)) == beyond, name
        assert (f"(notebooks/{name}.ipynb) | beyond the lecture: " in readme) == beyond, name
