"""What the tests share."""

import re
import time

import lessons
import pytest
import runner
from browser import ROOT, browser, page, pages
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


@pytest.fixture(scope="session")
def course():
    return ROOT


def cell(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def notebook(*cells):
    return new_notebook(cells=list(cells), metadata=lessons.METADATA)


def text(executed):
    """All that a cell showed, as plain text."""
    words = "\n".join(runner.shown(output) for output in executed.outputs)
    return re.sub(r"\x1b\[[0-9;]*m", "", words)


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


__all__ = ["ROOT", "browser", "cell", "new_markdown_cell", "notebook", "page", "pages", "text", "wait_until"]
