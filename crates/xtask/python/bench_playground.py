"""Images and frames a second of the playground, while it trains 784-64-2 in a headless browser.

On a machine with other work the clock says little, so the processor time of the worker's thread is
taken too, where the system tells it (Linux)."""

import argparse
import os
import time
from pathlib import Path

from playwright.sync_api import sync_playwright
from stills import chromium

IMAGES, FRAMES = 3000, 30  # a second, at least
WARM_UP, MEASURED = 5, 15  # seconds


def stat(path):
    """A thread's or a process's name and the fields after it."""
    name, fields = path.read_text().split("(", 1)[1].rsplit(")", 1)
    return name, fields.split()


def descendants(parent):
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(stat(path)[1][1])
        except OSError:
            continue  # It has ended meanwhile.
    found, more = set(), {parent}
    while more:
        found |= more
        more = {child for child, above in parents.items() if above in more} - found
    return found - {parent}


def worker_seconds():
    """Processor time of the workers of this program's browser; 0 where nobody tells."""
    ticks = 0
    for process in descendants(os.getpid()):
        for path in Path(f"/proc/{process}/task").glob("*/stat"):
            try:
                name, fields = stat(path)
            except OSError:
                continue
            if name.startswith("DedicatedWorker"):
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, help="playground.html, as the example `widgets` writes it")
    page = parser.parse_args().page.resolve()
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        tab = browser.new_page()
        tab.goto(page.as_uri())
        host = tab.locator("[data-latent=playground]")
        host.wait_for()
        host.get_by_role("button", name="Play").click()
        time.sleep(WARM_UP)

        def now():
            stats = host.evaluate("host => host.stats()")
            return time.perf_counter(), worker_seconds(), stats["trained"], stats["drawn"]

        before = now()
        time.sleep(MEASURED)
        seconds, busy, images, frames = (b - a for a, b in zip(before, now()))
        browser.close()
    print(f"by the clock: {images / seconds:,.0f} images and {frames / seconds:.1f} frames a second")
    if busy > 0:
        print(
            f"for each second that the worker had a processor ({busy / seconds:.0%} of the time): "
            f"{images / busy:,.0f} images and {frames / busy:.1f} frames"
        )
    kept = images / seconds >= IMAGES and frames / seconds >= FRAMES
    print(
        f"wanted by the clock, {IMAGES} images and {FRAMES} frames a second: {'kept' if kept else 'MISSED'}"
    )


if __name__ == "__main__":
    main()
