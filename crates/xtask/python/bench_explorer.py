"""How long the explorer takes for one image, in a headless browser: from a code to its pixels."""

import argparse
import statistics
from pathlib import Path

from playwright.sync_api import sync_playwright
from stills import chromium

BUDGET = 5.0  # milliseconds
DECODES = 500

# Browsers round their clock to a tenth of a millisecond, so ten decodes are timed at once.
TIME = """(host, decodes) => {
  const times = [];
  for (let i = 0; i < decodes / 10; i++) {
    const start = performance.now();
    for (let j = 0; j < 10; j++) host.decode(new Float32Array([Math.sin(i + j), Math.cos(3 * i - j)]));
    times.push((performance.now() - start) / 10);
  }
  return times;
}"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, help="explorer.html, as the example `widgets` writes it")
    page = parser.parse_args().page.resolve()
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        tab = browser.new_page()
        tab.goto(page.as_uri())
        host = tab.locator("[data-latent=explorer]")
        host.wait_for()
        times = host.evaluate(TIME, DECODES)
        browser.close()
    median, slowest = statistics.median(times), max(times)
    print(f"one decode: {median:.2f} ms (median of {DECODES}), {slowest:.2f} ms (slowest ten)")
    print(f"budget {BUDGET} ms: {'kept' if median <= BUDGET else 'MISSED'}")


if __name__ == "__main__":
    main()
