"""A real browser without a network: what the tests of figures look through."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright
from stills import chromium

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
