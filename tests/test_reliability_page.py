"""The page of promises names tests that exist, and says truly when they run."""

import re

from conftest import ROOT

PAGE = ROOT / "docs/reliability.md"
NAMED = re.compile(r"`((?:crates|tests)/[\w/.]+)::(\w+)`")


def rows():
    return [line for line in PAGE.read_text(encoding="utf-8").splitlines() if NAMED.search(line)]


def test_each_promise_has_a_test_that_exists():
    assert len(rows()) > 25
    for row in rows():
        for file, name in NAMED.findall(row):
            code = (ROOT / file).read_text(encoding="utf-8")
            assert re.search(rf"^\s*(?:def|fn) {name}\(", code, re.MULTILINE), f"{file}::{name}"


def test_each_promise_says_when_its_test_runs():
    for row in rows():
        runs = row.rstrip(" |").rsplit("|", 1)[1].strip()
        marked = [is_long(file, name) for file, name in NAMED.findall(row)]
        assert runs == ("on request" if any(marked) else "daily"), row


def is_long(file, name):
    code = (ROOT / file).read_text(encoding="utf-8")
    before = code[: re.search(rf"(?:def|fn) {name}\(", code).start()]
    decorators = before.rsplit("\n\n", 1)[1] if "\n\n" in before else before
    return "pytest.mark.long" in decorators
