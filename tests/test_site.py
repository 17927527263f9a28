"""The site, as `cargo xtask site` has built it: its links, its size, and what a reader sees and can do.

They run on request: `cargo xtask test --long` builds the site first. Screenshots are kept in
`.lab/screenshots`.
"""

import gzip
import importlib.util
import json
import re
import subprocess
import threading
from functools import cache, partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from shutil import which
from urllib.parse import unquote, urldefrag, urlsplit

import lessons
import pytest
from browser import opened
from conftest import ROOT, wait_until

pytestmark = pytest.mark.long

SITE = lessons.lab() / "site"
SHOTS = lessons.lab() / "screenshots"
HEAVIEST = 3_000_000  # bytes, besides plotly's script, as a server sends them: text compressed
PLOTLY = "plotly.min.js"
AXE = "axe-core@4.14.1"
# Without `preload`: axe would fetch style sheets, which a browser refuses to pages opened as files.
RUN_AXE = "axe.run(document, { resultTypes: ['violations'], preload: false })"
# What is drawn on each of several canvases.
PIXELS = "canvases => canvases.map(canvas => canvas.toDataURL())"
LOOKED_AT = ["index", "lessons/02-pca", "lessons/04-latent-space", "docs/glossary", "docs/teaching"]


class Page(HTMLParser):
    """What a page can be linked to by, what it links to, and what it loads."""

    def __init__(self, path):
        super().__init__()
        self.path, self.ids, self.links, self.loads = path, set(), set(), set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.ids |= {named[key] for key in ("id", "name") if named.get(key)}
        if tag == "a" and "href" in named:
            self.links.add(named["href"])
        elif tag == "link" and named.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.add(named["href"])
        elif "src" in named:
            self.loads.add(named["src"])

    def file(self, address):
        """The file of the site that an address on this page means."""
        path = unquote(urlsplit(address).path)
        return (self.path.parent / path).resolve() if path else self.path


def is_elsewhere(address):
    return bool(urlsplit(address).scheme or urlsplit(address).netloc)


@pytest.fixture(scope="module")
def pages():
    assert (SITE / "index.html").is_file(), "the site is not built: cargo xtask site"
    # rustdoc looks after its own pages; the theme leaves its templates lying in _static.
    ours = [path for folder in (".", "docs", "lessons") for path in (SITE / folder).glob("*.html")]
    found = [Page(path) for path in ours]
    return {page.path.relative_to(SITE).as_posix().removesuffix(".html"): page for page in found}


@pytest.fixture(scope="module")
def course_module():
    """site/course.py. Its name as a module is free here: `course` is a fixture."""
    spec = importlib.util.spec_from_file_location("site_course", ROOT / "site/course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def packages(text):
    return dict(re.findall(r"([\w-]+)==([\d.]+)", text))


def test_plotly_is_the_same_on_the_site_and_in_jupyterlab():
    here = packages((ROOT / "site/environment.txt").read_text(encoding="utf-8"))
    there = packages((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert here["plotly"] == there["plotly"]


@pytest.mark.parametrize("name", lessons.names())
def test_each_exercise_has_the_learners_cell_and_then_its_solution(course_module, name):
    solved = lessons.load(lessons.SOLUTIONS / f"{name}.ipynb").cells
    cells = course_module.with_stubs(solved, course_module.learner_cells(name))
    kinds = [set(cell["metadata"].get("tags", [])) & {"stub", "solution"} for cell in cells]
    for kind, cell, after in zip(kinds, cells, kinds[1:]):
        if kind == {"stub"}:
            assert after == {"solution"}, cell["source"]
    stubs = [cell for cell in lessons.student(name).cells if "stub" in lessons.tags(cell)]
    assert kinds.count({"stub"}) == len(stubs)


def test_the_usual_mistakes_of_all_checks_that_know_some_are_found(course_module):
    found = course_module.mistakes()
    sources = "".join(path.read_text(encoding="utf-8") for path in course_module.CHECKS.rglob("*.rs"))
    assert len(found) == sources.count("mistakes: vec![") > 20
    assert "You divided by n." in " ".join(found["pca", "check_covariance"])
    for sentences in found.values():
        assert all(sentence[-1] in ".!?`:" and "\\" not in sentence for sentence in sentences), sentences


def test_all_of_the_course_is_there(pages):
    for name in lessons.names():
        assert f"lessons/{name}" in pages
    for path in (ROOT / "docs").glob("*.md"):
        assert f"docs/{path.stem}" in pages
    assert (SITE / "api/latent/index.html").is_file()
    front = pages["index"].path.read_text(encoding="utf-8")
    for words in ["Autoencoders in 90 minutes", "three hours, part 1", "everything", "Neural data"]:
        assert words in front


def test_no_link_is_broken(pages):
    broken = []
    anchors = {page.path: page.ids for page in pages.values()}
    for name, page in pages.items():
        for address in page.links | page.loads:
            if is_elsewhere(address) or address == "#":
                continue
            file, anchor = page.file(address), unquote(urldefrag(address).fragment)
            if not file.is_file():
                broken.append(f"{name}: {address}")
            elif anchor and anchor not in anchors.get(file, {anchor}):
                broken.append(f"{name}: {address}: no such section")
    assert not broken, "\n".join(broken)


def test_nothing_is_loaded_from_elsewhere(pages):
    for name, page in pages.items():
        assert not [address for address in page.loads if is_elsewhere(address)], name


@cache
def sent(file):
    data = file.read_bytes()
    return len(data if file.suffix == ".png" else gzip.compress(data, 6))


def test_no_page_is_heavy(pages):
    for name, page in pages.items():
        files = {page.file(address) for address in page.loads} | {page.path}
        weight = sum(sent(file) for file in files if file.name != PLOTLY)
        assert weight < HEAVIEST, f"{name}: {weight} bytes"


def test_a_term_of_the_glossary_leads_to_its_section(pages):
    links = [link for link in pages["docs/glossary"].links if "#" in link and "lessons/" in link]
    assert len(links) > 60


@pytest.fixture
def reader(browser, pages):
    """A page of the site in a browser, opened as a file; afterwards it must have had no problem."""
    contexts = []

    def read(name, width=1280, theme="light", problems=(), **options):
        context = opened(browser, color_scheme=theme, **options)
        page = context.__enter__()
        contexts.append((context, page, list(problems)))
        page.set_default_timeout(60_000)
        page.set_viewport_size({"width": width, "height": 900 if width > 500 else 740})
        page.goto(pages[name].path.as_uri())
        return page

    yield read
    for context, page, problems in contexts:
        found = page.problems
        context.__exit__(None, None, None)
        assert found == problems


def shoot(page, name):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"site-{name.replace('/', '-')}.png")


def draw_all(page):
    """Scrolls through a page until no plot is a still any more."""
    for plot in page.locator(".plot").all():
        plot.scroll_into_view_if_needed()
        plot.locator(".main-svg").first.wait_for()


def test_formulas_are_typeset_by_the_site_itself(pages, reader):
    page = reader("lessons/06-linear-layers")
    page.locator("mjx-container mjx-mtable").first.wait_for()
    assert "\\begin" not in page.locator("article").inner_text()


def test_every_page_fits_a_narrow_window_and_has_no_problem(pages, reader):
    page = reader("index", width=360)
    wide = []
    for name, found in pages.items():
        page.goto(found.path.as_uri())
        if name.startswith("lessons/"):
            draw_all(page)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            wide.append(f"{name}: {over} pixels")
    assert not wide, wide


@pytest.fixture(scope="module")
def axe():
    """axe-core, which comes from npm; kept in `.lab/axe`."""
    folder = lessons.lab() / "axe"
    script = folder / "node_modules/axe-core/axe.min.js"
    if not script.is_file():
        npm = which("npm")
        if not npm:
            pytest.skip("axe-core comes from npm, which is not installed")
        quiet = ["--no-audit", "--no-fund", "--silent"]
        subprocess.run([npm, "install", *quiet, "--prefix", str(folder), AXE], check=True)
    return script.read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(pages, reader, axe, theme):
    serious = []
    page = reader("index", theme=theme)
    for name in LOOKED_AT:
        page.goto(pages[name].path.as_uri())
        draw_all(page)
        for folded in page.locator("details").all():
            folded.evaluate("folded => folded.open = true")
        # What unfolds fades in; halfway its contrast is too low.
        page.evaluate("() => Promise.all(document.getAnimations().map(each => each.finished))")
        page.evaluate(axe)
        for finding in page.evaluate(RUN_AXE)["violations"]:
            if finding["impact"] in ("serious", "critical"):
                places = [node["html"] for node in finding["nodes"]]
                serious.append(f"{name}: {finding['id']}: {places[:3]}")
        page.evaluate("scrollTo(0, 0)")
        shoot(page, f"{name}-{theme}")
    assert not serious, "\n".join(serious)


def test_a_lesson_in_the_browser(reader):
    page = reader("lessons/02-pca")
    hint = page.locator("details", has_text="Hint 1").first
    assert not hint.evaluate("hint => hint.open")
    assert page.get_by_text("72 minutes").is_visible()
    solution = page.locator("details.hide", has_text="Show the solution").first
    assert not solution.evaluate("solution => solution.open")
    stub = page.locator(".cell", has_text="fn centre(points").first
    assert "todo!()" in stub.inner_text()
    assert stub.locator(".highlight-rust .k", has_text="fn").count()
    said = page.locator("details", has_text="What the check says about 8 usual mistakes").first
    assert not said.get_by_text("You added the mean").is_visible()
    said.locator("summary").click()
    assert said.get_by_text("You added the mean").is_visible()
    solution.locator("summary").click()
    assert solution.get_by_text("points.mean_axis").first.is_visible()

    lab = page.get_by_role("link", name="Open in your JupyterLab")
    assert lab.get_attribute("href") == "http://localhost:8888/lab/tree/02-pca.ipynb"
    download = page.get_by_role("link", name="Download this lesson")
    file = SITE / "lessons" / download.get_attribute("href")
    learner = lessons.NOTEBOOKS / "02-pca.ipynb"
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(learner.read_text(encoding="utf-8"))

    assert page.get_by_role("link", name=re.compile("next", re.IGNORECASE)).last.is_visible()
    assert page.locator(".bd-toc, #pst-secondary-sidebar").first.get_by_text("2. Centre").is_visible()


def test_the_figures_of_the_gallery_live(reader):
    page = reader("lessons/90-gallery", width=1280)
    draw_all(page)
    assert page.locator(".js-plotly-plot").count() == page.locator(".plot").count() > 15
    assert page.locator(".plot > img").count() == 0
    widgets = page.locator("[data-latent]")
    assert widgets.count() == 3
    plot = page.locator(".js-plotly-plot", has_text="A damped oscillation").first
    plot.scroll_into_view_if_needed()
    # A pointer that moves over a plot is told the values there.
    box = plot.locator(".nsewdrag").first.bounding_box()
    for step in range(40):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * step / 40)
        page.wait_for_timeout(50)
        if plot.locator(".hoverlayer .hovertext").count():
            break
    assert plot.locator(".hoverlayer .hovertext").count(), "nothing is said under the pointer"


def test_the_front_page_trains_an_autoencoder(reader):
    page = reader("index")
    host = page.locator("[data-latent=playground]")
    host.scroll_into_view_if_needed()
    status = host.get_by_role("status")
    assert wait_until(lambda: host.evaluate("host => host.stats().drawn") > 0, 60)
    before = host.locator("canvas").evaluate_all(PIXELS)
    host.get_by_role("button", name="One epoch").click()
    assert wait_until(lambda: "to epoch 1.0" in status.inner_text(), 120), status.inner_text()
    after = host.locator("canvas").evaluate_all(PIXELS)
    # Of the map, the originals, their reconstructions, the decoded grid and the weights, all but one change.
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 4
    shoot(page, "index-playground")


def test_the_front_page_has_a_still_where_scripts_do_not_run(browser, pages):
    with opened(browser, java_script_enabled=False) as page:
        page.goto(pages["index"].path.as_uri())
        still = page.locator(".live img")
        still.scroll_into_view_if_needed()
        assert wait_until(lambda: still.evaluate("still => still.complete && still.naturalWidth > 400"))
        assert "500 validation images" in still.get_attribute("alt")
        assert page.problems == []


def test_the_words_of_a_plot_follow_light_and_dark(reader):
    page = reader("lessons/02-pca")
    draw_all(page)

    def same():
        title, body = (
            page.evaluate(f"getComputedStyle(document.querySelector('{place}')).{colour}")
            for place, colour in [(".gtitle", "fill"), ("body", "color")]
        )
        return title == body

    assert same()
    before = page.evaluate("getComputedStyle(document.body).color")
    page.get_by_role("button", name="Color mode").first.click()
    page.locator("[data-mode=dark]:visible").click()
    assert wait_until(lambda: page.evaluate("getComputedStyle(document.body).color") != before)
    assert wait_until(same)


def test_a_still_stands_where_plotly_has_not_come_yet(browser, pages):
    with opened(browser) as page:
        page.route(f"**/{PLOTLY}", lambda route: None)  # never answered
        page.goto(pages["lessons/00-start-here"].path.as_uri())
        still = page.locator(".plot img")
        still.scroll_into_view_if_needed()
        assert wait_until(lambda: still.evaluate("still => still.complete && still.naturalWidth > 300"))
        assert len(still.get_attribute("alt")) > 20
        assert page.evaluate("performance.getEntriesByName('first-contentful-paint').length") == 1
        assert page.problems == []


def test_the_search_and_the_keyboard_need_no_server(reader):
    page = reader("lessons/02-pca")
    page.keyboard.press("Tab")
    assert "Skip" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Control+k")
    page.keyboard.type("eigenvector")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=eigenvector")
    results = page.locator("#search-results li")
    results.first.wait_for()
    assert page.locator("#search-results a", has_text="Principal components analysis").count()


def test_on_paper_all_is_unfolded_and_no_navigation_is_printed(reader):
    page = reader("lessons/02-pca")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    for part in ["#pst-primary-sidebar", ".bd-header-article", ".prev-next-footer"]:
        assert not page.locator(part).is_visible(), part


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_it_works_from_a_sub_path_of_a_server(browser, pages):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE.parent)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with opened(browser) as page:
            page.set_default_timeout(60_000)
            page.goto(f"http://127.0.0.1:{server.server_port}/site/")
            page.get_by_role("link", name="Principal components analysis").last.click()
            page.wait_for_url("**/site/lessons/02-pca.html")
            draw_all(page)
            page.goto(f"http://127.0.0.1:{server.server_port}/site/search.html?q=bottleneck")
            page.locator("#search-results li").first.wait_for()
            page.goto(f"http://127.0.0.1:{server.server_port}/site/api/latent/index.html")
            page.locator("h1", has_text="latent").wait_for()
            assert page.problems == []
        server.shutdown()
