"""README's pictures, drawn anew: so they show the course as it is.

    docs/lesson.png                        a solved lesson in JupyterLab
    docs/explorer.webp, .png               the explorer while a pointer moves, and a still of it
    docs/playground.webp, .png             the playground while it trains, and a still of it

The two figures come from the course's kernel. A still is for readers whose system asks for less motion.
"""

import shutil
import tempfile
from pathlib import Path

import film
import lessons
import runner
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright
from server import jupyterlab
from stills import chromium

DOCS = lessons.ROOT / "docs"
LIMIT = 2_000_000  # bytes, for all of them
PATIENCE = 120_000  # milliseconds, on a busy machine

LESSON = "02-pca"
PASSAGE = "Now decode. The test digits were not used"
# JupyterLab's text is small in a wide window: so a narrow one, enlarged to 1280 pixels.
WINDOW = {"width": 1024, "height": 800}
ENLARGED = 1280 / WINDOW["width"]

OPENING = """
:dep latent = { path = "../crates/latent" }
use latent::prelude::*;
let autoencoder = Autoencoder::pretrained()?;
let mnist = Mnist::load()?;
"""
CELLS = {
    "explorer": "figure::explorer(&autoencoder, &mnist.test)",
    "playground": "figure::playground()",
}
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>A figure</title>
<body style="margin: 12px; background: #fff; color: #000">{}</body></html>
"""
WIDTH = 924  # a figure is at most 900 pixels wide

# Shares of the map's width and height that the pointer passes, in a circle: ones, twos, sixes, zeros,
# threes, the crowd in the middle, sevens, nines.
PLACES = [
    (0.2, 0.27),
    (0.5, 0.25),
    (0.66, 0.36),
    (0.85, 0.5),
    (0.72, 0.75),
    (0.5, 0.55),
    (0.25, 0.75),
    (0.42, 0.6),
]
BETWEEN = 11  # frames from one place to the next
POINTING = 90  # milliseconds a frame

TRAINED = 80_000  # images: forty epochs
FRAMES = 22
TRAINING = 220  # milliseconds a frame
LAST = 2500  # the same, for the last one

# Of each colour, in frames after the first: all pixels of the playground's map change each time.
LEVELS = {"explorer": 32, "playground": 9}


def main():
    html = figures()
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        lesson(browser)
        for name, draw in [("explorer", explorer), ("playground", playground)]:
            page = browser.new_page(viewport={"width": WIDTH, "height": 900})
            page.set_default_timeout(PATIENCE)
            page.set_content(PAGE.format(html[name]))
            host = page.locator(f"[data-latent={name}]")
            host.wait_for()
            frames = list(draw(page, host))
            page.close()
            save(f"{name}.png", frames[-1][0])
            save(f"{name}.webp", film.encode(browser, frames, LEVELS[name]))
        browser.close()
    size = sum((DOCS / name).stat().st_size for name in NAMES)
    print(f"together {size / 1e6:.2f} MB, of {LIMIT / 1e6:.0f}")
    if size > LIMIT:
        raise SystemExit("The pictures are too large for the first page: take fewer frames.")


NAMES = ["lesson.png", *[f"{name}.{kind}" for name in CELLS for kind in ("webp", "png")]]


def save(name, data):
    (DOCS / name).write_bytes(data)
    print(f"docs/{name}: {len(data) / 1000:.0f} kB")


def figures():
    """The HTML of the figures, by the kernel that learners have."""
    sources = [OPENING.strip(), *CELLS.values()]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    faults = runner.run(notebook, lessons.NOTEBOOKS).faults
    if faults:
        raise SystemExit("\n".join(map(str, faults)))
    shown = [cell.outputs[0].data["text/html"] for cell in notebook.cells[1:]]
    return dict(zip(CELLS, shown))


def lesson(browser):
    """A solved lesson where it asks a question and answers it with digits."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        shutil.copy(lessons.SOLUTIONS / f"{LESSON}.ipynb", folder)
        with jupyterlab(folder) as url:
            page = browser.new_page(viewport=WINDOW, device_scale_factor=ENLARGED)
            page.set_default_timeout(PATIENCE)
            page.goto(f"{url}/lab/tree/{LESSON}.ipynb?reset")
            page.locator(".jp-Notebook .jp-Cell").first.wait_for()
            page.get_by_text("Rust | Idle").wait_for()
            page.keyboard.press("Control+b")
            bring(page, PASSAGE)
            page.mouse.move(0, 0)
            page.wait_for_timeout(2000)
            save("lesson.png", page.screenshot())
            page.close()


def bring(page, words):
    """Scrolls until a paragraph with these words stands at the top: JupyterLab keeps only the cells near
    the window in the page."""
    panel = page.locator(".jp-WindowedPanel-outer")
    paragraph = page.locator(".jp-MarkdownCell p", has_text=words)
    while not paragraph.count():
        before = panel.evaluate("panel => panel.scrollTop")
        panel.evaluate("panel => panel.scrollBy(0, 400)")
        page.wait_for_timeout(200)
        if panel.evaluate("panel => panel.scrollTop") == before:
            raise SystemExit(f"{LESSON} has no cell any more that says: {words}")
    for _ in range(5):
        # Cells above become as high as they are only when they are drawn.
        paragraph.evaluate("paragraph => paragraph.scrollIntoView()")
        panel.evaluate("panel => panel.scrollBy(0, -12)")
        page.wait_for_timeout(500)


def explorer(page, host):
    """A pointer moves over the map in a circle."""
    fit(page, host.bounding_box())
    box = host.locator("canvas.plane").bounding_box()
    for x, y in circle(PLACES, BETWEEN):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_timeout(120)  # The words below the image change ten times a second.
        yield page.screenshot(), POINTING


def circle(places, between):
    """Points on a smooth closed curve through `places` (Catmull and Rom's)."""
    for index in range(len(places)):
        a, b, c, d = (places[(index + k) % len(places)] for k in (-1, 0, 1, 2))
        for step in range(between):
            t = step / between
            yield [
                b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
                for a, b, c, d in zip(a, b, c, d)
            ]


def playground(page, host):
    """It trains: often looked at in the beginning, where most of it changes."""
    row = host.locator(".row").first.bounding_box()
    fit(page, row)
    page.wait_for_function("host => host.stats().drawn > 0", arg=host.element_handle())
    yield page.screenshot(), 10 * TRAINING
    host.get_by_role("button", name="Play").click()
    page.mouse.move(0, 0)
    for frame in range(1, FRAMES + 1):
        wanted = TRAINED * (frame / FRAMES) ** 2
        page.wait_for_function(
            "([host, wanted]) => host.stats().trained >= wanted", arg=[host.element_handle(), wanted]
        )
        yield page.screenshot(), TRAINING if frame < FRAMES else LAST


def fit(page, box):
    """A window that ends below what is to be seen."""
    page.set_viewport_size({"width": WIDTH, "height": round(box["y"] + box["height"]) + 12})
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
