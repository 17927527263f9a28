"""A real browser without a network: what the tests of figures look through."""

import os
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from stills import chromium

ROOT = Path(__file__).resolve().parents[1]
LOCAL = ("http://127.0.0.1", "http://localhost", "data:", "blob:", "file:")


@contextmanager
def opened(browser, **options):
    """A page that reaches this machine only. `page.problems` gathers what a learner would find
    broken: errors in the console, and requests that went elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.problems = []

    def route(request):
        if request.request.url.startswith(LOCAL):
            request.continue_()
        else:
            page.problems.append(f"asked for {request.request.url}")
            request.abort()

    context.route("**/*", route)
    page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    try:
        yield page
    finally:
        context.close()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        found = chromium(playwright)
        yield found
        found.close()


@pytest.fixture
def page(browser):
    with opened(browser) as page:
        yield page


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """The folder of pages that the example writes."""
    folder = tmp_path_factory.mktemp("widgets")
    command = [
        "cargo",
        "run",
        "--locked",
        "--quiet",
        "-p",
        "latent",
        "--example",
        "widgets",
        "--",
        str(folder),
    ]
    subprocess.run(command, cwd=ROOT, check=True, env=os.environ)
    return folder


def visit(page, pages, name, kind=None):
    """Opens one page, and waits for its widget to live."""
    page.goto((pages / f"{name}.html").as_uri())
    host = page.locator(f"[data-latent={kind or name}]").first
    host.wait_for()
    return host


def without_scripts(path):
    return re.sub(r"<script>.*?</script>", "", path.read_text(), flags=re.S)
