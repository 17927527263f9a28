"""What a visitor of the repository sees first: README, its pictures, and the pages that it leads to."""

import re
import struct

import lessons
import pictures
import pytest
import yaml
from conftest import ROOT

PAGES = [
    ROOT / name
    for name in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "ARCHITECTURE.md"]
    + [f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))]
]
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"|^\[[\w-]+\]: (\S+)$", re.MULTILINE)


def read(path):
    return path.read_text(encoding="utf-8")


def prose(text):
    """A page without its code, where brackets mean something else."""
    text = re.sub(r"^( *)(`{3,}).*?^\1\2$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "`code`", text)


def anchors(path):
    """The names by which code hosts link to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", prose(read(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_link_leads_somewhere(page):
    broken = []
    for address in ("".join(groups) for groups in LINK.findall(prose(read(page)))):
        file, _, anchor = address.partition("#")
        target = page.parent / file if file else page
        if re.match(r"[a-z]+:", address):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(address)
    assert not broken


def test_readme_shows_the_pictures_that_the_command_makes():
    shown = re.findall(r"docs/([\w-]+\.(?:png|webp))", read(ROOT / "README.md"))
    assert set(shown) == set(pictures.NAMES)
    for words in re.findall(r"<img [^>]*>", read(ROOT / "README.md")):
        assert re.search(r'alt="[^"]{20,}"', words), words


def test_the_pictures_are_small_enough_for_a_first_page():
    sizes = {name: (pictures.DOCS / name).stat().st_size for name in pictures.NAMES}
    assert sum(sizes.values()) <= pictures.LIMIT, sizes


@pytest.mark.parametrize("name", [name for name in pictures.NAMES if name.endswith(".webp")])
def test_a_film_is_whole_and_moves(name):
    data = (pictures.DOCS / name).read_bytes()
    assert data[:4] == b"RIFF" and struct.unpack_from("<I", data, 4)[0] == len(data) - 8
    found, at = [], 12
    while at < len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        found.append(kind)
        at += 8 + size + size % 2
    assert at == len(data)
    assert found[:2] == [b"VP8X", b"ANIM"] and set(found[2:]) == {b"ANMF"} and len(found) > 20


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load(read(ROOT / "CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"title", "message", "authors", "version", "license"} <= set(citation)
    version = re.search(r'^version = "(.+)"$', read(ROOT / "Cargo.toml"), re.MULTILINE)[1]
    assert citation["version"] == version
    assert citation["license"] == re.findall(
        r"MIT|Apache-2\.0", re.search("^license = .*$", read(ROOT / "Cargo.toml"), re.MULTILINE)[0]
    )
    released = f"## [{version}] - {citation['date-released']}"
    assert released in read(ROOT / "CHANGELOG.md")


def test_the_lesson_of_contributing_becomes_two_copies(tmp_path, monkeypatch):
    example = re.search(
        r"^````markdown\n(.*?)^````$", read(ROOT / "CONTRIBUTING.md"), re.MULTILINE | re.DOTALL
    )
    head = read(lessons.SOURCES / "02-pca.md").split("\n# ")[0]
    (tmp_path / "13-contrast.md").write_text(f"{head}\n{example[1]}", encoding="utf-8")
    monkeypatch.setattr(lessons, "SOURCES", tmp_path)
    untouched, solved = lessons.student("13-contrast"), lessons.solved("13-contrast")
    assert "todo!()" in str(untouched) and "fold(f32::MIN" not in str(untouched)
    assert "todo!()" not in str(solved) and "fold(f32::MIN" in str(solved)


def test_contributing_names_files_that_exist():
    """All but those that its examples make."""
    text = read(ROOT / "CONTRIBUTING.md")
    named = set(re.findall(r"`((?:crates|docs|notebooks|tests)/[\w/.-]+\.\w+)`", text))
    new = {name for name in named if "contrast" in name or "histogram" in name}
    assert len(new) == 4 and len(named) > 10
    assert not [name for name in named - new if not (ROOT / name).exists()]
