"""What a learner sees, looked at in a real browser without a network.

Screenshots of all that is looked at here are kept in `.lab/screenshots`.
"""

import json
import shutil
import subprocess
import sys
import time

import lessons
import pytest
import server
from browser import opened
from conftest import ROOT, wait_until

GALLERY = "90-gallery"
SHOTS = lessons.lab() / "screenshots"
PATIENCE = 900  # seconds: a busy machine is no fault of a figure
PLAYGROUND = "figure::playground()"  # in lesson 05; the gallery would be too large with it
WANTED = {"plot:": 17, "picture:": 9, "canvas:": 4}  # what the gallery shows, and the playground


def gallery(folder):
    """The copy of the gallery in this folder of lessons, with the playground at its end."""
    notebook = lessons.load(folder / f"{GALLERY}.ipynb")
    lesson = lessons.load(folder / "05-autoencoder.ipynb")
    notebook.cells += [cell for cell in lesson.cells if cell.source == PLAYGROUND]
    return notebook


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory):
    """A Jupyter server with the gallery in three forms: to run, solved, and edited by a stranger."""
    folder = tmp_path_factory.mktemp("course")
    crate = f'path = "{(ROOT / "crates/latent").as_posix()}"'
    for name, copies in {"live": lessons.NOTEBOOKS, "solved": lessons.SOLUTIONS}.items():
        notebook = gallery(copies)
        for cell in notebook.cells:
            cell.source = cell.source.replace('path = "../../crates/latent"', crate)
            cell.source = cell.source.replace('path = "../crates/latent"', crate)
        (folder / f"{name}.ipynb").write_text(lessons.written(notebook), encoding="utf-8")
    shutil.copy(lessons.NOTEBOOKS / lessons.KERNEL_SETTINGS, folder)
    with server.jupyterlab(folder) as url:
        yield url


def shoot(page, name):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


# JupyterLab keeps only the cells near the window in the page, so each is brought into view first.
PANEL = ".jp-WindowedPanel-outer"


def walk(page, name, wanted):
    """Scrolls through a notebook and gathers what is drawn, again if not all of it was yet."""
    found = {}
    for _ in range(4):
        top = shot = 0
        while top < page.evaluate(f"document.querySelector('{PANEL}').scrollHeight"):
            page.evaluate(f"top => document.querySelector('{PANEL}').scrollTo(0, top)", top)
            page.wait_for_timeout(700)
            for key, value in page.evaluate(LOOK).items():
                found[key] = found.get(key) or value
            shoot(page, f"{name}-{shot:02d}")
            top, shot = top + 700, shot + 1
        if wanted(found):
            break
    return found


def everything(found):
    """Whether all plots, pictures and widgets of the gallery are drawn."""
    return all(len(kinds(found, kind)) >= count for kind, count in WANTED.items())


def everything_still(found):
    """The same where scripts do not run: a still counts for what it stands for."""
    return len(kinds(found, "plot:")) + len(kinds(found, "picture:")) >= sum(WANTED.values())


# A plot counts by its title, a picture by its words, a widget by the words of its first canvas.
LOOK = """() => {
  const found = {};
  for (const plot of document.querySelectorAll(".js-plotly-plot")) {
    const title = plot.querySelector(".gtitle")?.textContent;
    const drawn = plot.querySelector(".trace, .hm, .contourlayer, .bars");
    if (title && drawn) found["plot: " + title] = plot.getBoundingClientRect().width > 300;
  }
  for (const image of document.querySelectorAll(".jp-OutputArea-output img, .output img")) {
    if (image.naturalWidth > 50) found["picture: " + (image.alt || image.src.slice(-40))] = true;
  }
  // The four to play with live in a shadow root each, out of reach of the page's styles.
  for (const host of document.querySelectorAll(".jp-OutputArea-output *")) {
    const canvases = [...(host.shadowRoot?.querySelectorAll("canvas") ?? [])];
    const drawn = canvases.filter(canvas => {
      const { width, height } = canvas;
      return new Set(canvas.getContext("2d").getImageData(0, 0, width, height).data).size > 3;
    });
    if (drawn.length) found["canvas: " + drawn[0].getAttribute("aria-label")] = true;
  }
  return found;
}"""


def kinds(found, kind):
    return sorted(key for key, value in found.items() if key.startswith(kind) and value)


def open_notebook(page, url, path):
    page.goto(f"{url}/{path}", wait_until="load")
    page.wait_for_selector(".jp-Notebook", timeout=120_000)
    page.wait_for_selector(".jp-Cell", timeout=60_000)


def run_all(page):
    page.get_by_role("menuitem", name="Kernel").first.click()
    page.get_by_text("Restart Kernel and Run All Cells…").first.click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    # Cells far from the window are not in the page, so the kernel's own state counts too; between
    # two cells it is idle for a moment.
    start, idle = time.monotonic(), 0
    while time.monotonic() - start < PATIENCE:
        page.wait_for_timeout(1000)
        waiting = page.evaluate(
            """document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status !== 'idle' ||
            [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
                .some(e => e.textContent.includes('*'))"""
        )
        idle = 0 if waiting else idle + 1
        if time.monotonic() - start > 15 and idle >= 5:
            return
    raise AssertionError(f"not done after {PATIENCE} s")


def test_the_gallery_live_in_jupyterlab(jupyter, browser):
    with opened(browser) as page:
        open_notebook(page, jupyter, "lab/tree/live.ipynb?reset")
        page.wait_for_timeout(3000)
        run_all(page)
        page.wait_for_selector("body[data-jp-theme-light=true]", state="attached")
        found = walk(page, "lab-light", everything)
        assert everything(found), found
        assert legible(page), "the words of a plot are hard to read on the light page"
        assert page.problems == []

        hover_and_slide(page)
        keeps_its_height(page, lambda: bring(page, "A damped oscillation"))

        page.get_by_role("menuitem", name="Settings").first.click()
        page.get_by_text("Theme", exact=True).first.hover()
        page.get_by_text("JupyterLab Dark", exact=True).first.click()
        page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
        found = walk(page, "lab-dark", everything)
        assert everything(found), found
        assert legible(page), "the words of a plot are hard to read on the dark page"
        assert page.problems == []


def bring(page, title):
    """Scrolls until the plot with this title is in view, and returns its element."""
    top = 0
    while top < page.evaluate(f"document.querySelector('{PANEL}').scrollHeight"):
        page.evaluate(f"top => document.querySelector('{PANEL}').scrollTo(0, top)", top)
        page.wait_for_timeout(500)
        plot = page.locator(".js-plotly-plot", has_text=title)
        if plot.count():
            plot.first.scroll_into_view_if_needed()
            page.wait_for_timeout(500)
            return plot.first
        top += 500
    raise AssertionError(f"no plot {title}")


def hover_and_slide(page):
    plot = bring(page, "A damped oscillation")
    box = plot.locator(".nsewdrag").first.bounding_box()
    said = plot.locator(".hoverlayer .hovertext")
    for step in range(40):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * step / 40)
        page.wait_for_timeout(100)
        if said.count():
            break
    assert said.count() > 0, "nothing is said under the pointer"

    plot = bring(page, "A direction in a cloud")
    line = plot.locator(".scatterlayer .trace").nth(1)
    before = line.inner_html()
    rail = plot.locator(".slider-rail-touch-rect").first.bounding_box()
    page.mouse.click(rail["x"] + rail["width"] * 0.4, rail["y"] + rail["height"] / 2)
    assert wait_until(lambda: line.inner_html() != before), "the slider moves nothing"


def keeps_its_height(page, find):
    """A plot follows the width of the window and nothing else."""
    before = find().bounding_box()
    for width, height in ((1280, 1500), (900, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(1500)
        after = find().bounding_box()
        assert abs(after["height"] - before["height"]) <= 1, f"{before} became {after}"
    assert after["width"] < before["width"]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_timeout(500)


def legible(page):
    """Whether a plot's words stand out from the page behind them (WCAG's ratio, at least 3)."""
    return page.evaluate(
        """() => {
      const numbers = text => text.match(/[0-9.]+/g).slice(0, 3).map(Number);
      const light = c => c.map(v => v / 255).map(v => v <= 0.04 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      const page = light(numbers(getComputedStyle(document.querySelector(".jp-Notebook")).backgroundColor));
      return [...document.querySelectorAll(".js-plotly-plot .gtitle")].every(title => {
        const ink = light(numbers(getComputedStyle(title).fill));
        return (Math.max(ink, page) + 0.05) / (Math.min(ink, page) + 0.05) >= 3;
      });
    }"""
    )


def test_a_solved_copy_of_a_stranger_shows_everything_in_jupyterlab(jupyter, browser):
    with opened(browser) as page:
        open_notebook(page, jupyter, "lab/tree/solved.ipynb?reset")
        page.wait_for_timeout(3000)
        found = walk(page, "untrusted", everything_still)
        assert everything_still(found), found
        assert page.problems == []


def test_a_solved_copy_in_notebook_7(jupyter, browser):
    with opened(browser) as page:
        open_notebook(page, jupyter, "notebooks/solved.ipynb")
        page.wait_for_timeout(3000)
        found = walk(page, "notebook7", everything_still)
        assert everything_still(found), found
        # Notebook 7.6 has complaints of its own, about commands and settings that only JupyterLab has.
        assert [problem for problem in page.problems if problem.startswith("asked for")] == []


def test_a_page_made_by_nbconvert_stands_alone(tmp_path, browser):
    notebook = tmp_path / f"{GALLERY}.ipynb"
    notebook.write_text(lessons.written(gallery(lessons.SOLUTIONS)), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", str(notebook)], check=True)
    with opened(browser) as page:
        page.goto((tmp_path / f"{GALLERY}.html").as_uri())
        drawn = wait_until(lambda: everything(page.evaluate(LOOK)), 120)
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / "nbconvert.png", full_page=True)
        assert drawn, page.evaluate(LOOK)
        keeps_its_height(page, lambda: page.locator(".js-plotly-plot", has_text="A damped oscillation").first)
        assert page.problems == []


def test_each_figure_of_a_solved_lesson_has_a_still_with_words():
    for name in lessons.names():
        for cell in lessons.load(lessons.SOLUTIONS / f"{name}.ipynb").cells:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                if "application/vnd.plotly.v1+json" in data or "<img" in data.get("text/html", ""):
                    assert "image/png" in data, f"{name}: {cell.source}"
                    assert len(output.metadata["image/png"]["alt"]) > 20
                if "application/vnd.plotly.v1+json" in data:
                    plot = json.dumps(data["application/vnd.plotly.v1+json"])
                    assert len(plot) < 300_000, f"{name}: {len(plot)} bytes: {cell.source}"
