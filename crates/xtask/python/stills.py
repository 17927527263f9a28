"""Still pictures of plots, for readers that run no scripts: GitHub, a PDF, a notebook made elsewhere.

Plotly itself draws them, in a headless browser without a network.
"""

import shutil
from contextlib import contextmanager

from mime import PLOT
from playwright.sync_api import sync_playwright
from plotly.offline import get_plotlyjs

WIDTH = 760
HEIGHT = 440

# Chromium of its own accord asks hosts that are not there; these end that.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A still is read on white and on black pages alike, so it brings its own paper.
DRAW = """async ({ data, layout }, { width, height }) => {
  const place = document.createElement("div");
  document.body.append(place);
  const opaque = { ...layout, width, height, paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff" };
  opaque.font = { ...layout.font, color: "#3a3f47" };
  await Plotly.newPlot(place, data, opaque, { staticPlot: true });
  const url = await Plotly.toImage(place, { format: "png", width, height });
  Plotly.purge(place);
  place.remove();
  return url;
}"""


def chromium(playwright):
    """The browser on the machine; where there is none, Playwright's own."""
    found = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    return playwright.chromium.launch(executable_path=found, args=QUIET)


@contextmanager
def painter():
    """A function from plotly's JSON to the base64 text of a PNG."""
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        page = browser.new_page()
        page.set_content("<body></body>")
        page.add_script_tag(content=get_plotlyjs())

        def paint(plot):
            layout = plot["layout"]
            size = {"width": layout.get("width", WIDTH), "height": layout.get("height", HEIGHT)}
            url = page.evaluate(f"([plot, size]) => ({DRAW})(plot, size)", [plot, size])
            return url.partition(",")[2]

        yield paint
        browser.close()


def add(notebook, paint):
    """Gives each plot of an executed notebook a still, and each still its words."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if PLOT in data:
                data["image/png"] = paint(data[PLOT])
            if "image/png" in data:
                words = data.get("text/plain", "")
                output.setdefault("metadata", {})["image/png"] = {"alt": words}
