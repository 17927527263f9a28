"""The interactive figures in a browser without a network and without a kernel."""

import json
import math
import re

import pytest
from browser import opened, visit, without_scripts
from conftest import wait_until

COUNT_INK = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 3; i < data.length; i += 4) sum += data[i] * (1 + (i % 251));
  return sum;
}"""
DECODE = "(host, codes) => codes.map(code => Array.from(host.decode(Float32Array.from(code))))"
# The colour of the darkest or brightest ink under the map, where the ticks' numbers stand.
TICK_COLOUR = """canvas => {
  const [width, height] = [canvas.width, Math.round(canvas.height * 0.06)];
  const { data } = canvas.getContext("2d").getImageData(0, canvas.height - height, width, height);
  let best = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > data[best + 3]) best = i;
  return Array.from(data.slice(best, best + 3));
}"""
GLOBALS = "Object.keys(window)"


def fingerprint(canvas):
    return canvas.evaluate(COUNT_INK)


def status(host):
    return host.locator("[role=status]").inner_text()


def middle_of(locator, x=0.5, y=0.5):
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def stated(note, pattern):
    return float(re.search(pattern, note)[1])


def differences(host, answers):
    found = host.evaluate(DECODE, answers["codes"])
    pairs = zip(answers["images"], found)
    return [ours - theirs for rust, browser in pairs for ours, theirs in zip(rust, browser)]


def test_the_browser_computes_what_rust_does(page, pages):
    answers = json.loads((pages / "whole.json").read_text())
    off = differences(visit(page, pages, "whole", "explorer"), answers)
    # The rounding of f32, which ten layers make larger.
    assert max(map(abs, off)) < 5e-4
    assert page.problems == []


def test_the_error_of_rounding_is_as_stated(page, pages):
    answers = json.loads((pages / "explorer.json").read_text())
    host = visit(page, pages, "explorer")
    note = host.locator(".small").last.inner_text()
    off = differences(host, answers)
    rms = math.sqrt(sum(x * x for x in off) / len(off))
    assert rms < 1.3 * stated(note, r"by ([\d.]+) \(root")
    assert max(map(abs, off)) <= stated(note, r"at most by (\d\.\d+)") + 0.0006


def test_the_image_follows_pointer_and_keys(page, pages):
    host = visit(page, pages, "explorer")
    plane, image = host.locator("canvas.plane"), host.locator("canvas.pixels").first
    seen = [fingerprint(image)]
    for place in [(0.4, 0.4), (0.6, 0.5), (0.5, 0.7)]:
        words = status(host)
        page.mouse.move(*middle_of(plane, *place))
        seen.append(fingerprint(image))
        assert wait_until(lambda before=words: status(host) != before)
    plane.focus()
    for key in ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"]:
        words = status(host)
        page.keyboard.press(f"Shift+{key}")
        seen.append(fingerprint(image))
        assert wait_until(lambda before=words: status(host) != before)
    # The last key came back to where the keys started from.
    assert len(set(seen)) >= len(seen) - 1
    assert "Nearest test sample: class" in status(host)
    assert page.problems == []


def test_touch_works_too(browser, pages):
    with opened(browser, has_touch=True) as page:
        host = visit(page, pages, "explorer")
        plane, image = host.locator("canvas.plane"), host.locator("canvas.pixels").first
        before = fingerprint(image)
        page.touchscreen.tap(*middle_of(plane, 0.35, 0.6))
        assert fingerprint(image) != before
        page.touchscreen.tap(*middle_of(plane, 0.65, 0.4))
        assert host.get_by_role("button", name="Play").is_enabled()
        assert page.problems == []


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_line_plays_as_a_film(browser, pages, motion):
    with opened(browser, reduced_motion=motion) as page:
        host = visit(page, pages, "explorer")
        image = host.locator("canvas.pixels").first
        play = host.get_by_role("button", name="Play")
        assert play.is_disabled()
        host.locator("canvas.plane").focus()
        page.keyboard.press("Enter")
        for _ in range(6):
            page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("Enter")
        play.press("Enter")
        seen = set()
        wait_until(
            lambda: seen.add(fingerprint(image)) or host.get_by_role("button", name="Play").count(), 15
        )
        # Seven stills, of which the ends may look alike.
        assert 5 <= len(seen) <= 7 if motion == "reduce" else len(seen) > 7
        assert page.problems == []


SEVEN = [(0.25, 0.2), (0.75, 0.2), (0.6, 0.5), (0.45, 0.85)]


def test_a_drawn_seven_finds_its_place(page, pages):
    host = visit(page, pages, "draw")
    paper, plane = host.locator("canvas[tabindex]"), host.locator("canvas.plane")
    before = fingerprint(plane)
    corners = [middle_of(paper, *corner) for corner in SEVEN]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=8)
    page.mouse.up()
    # The widget looks once a frame, so the first answers may be to a part of the stroke.
    nearest = r"Nearest test samples: ([\d ]+)\."

    def around():
        return (re.search(nearest, status(host)) or ["", ""])[1].split()

    assert wait_until(lambda: around().count("7") >= 2), status(host)
    assert "Reconstruction error" in status(host)
    assert fingerprint(plane) != before
    seen, decoded = (host.get_by_label(label) for label in ["as the network gets it", "Its reconstruction"])
    assert fingerprint(seen.first) > 0 and fingerprint(decoded.first) > 0
    host.get_by_role("button", name="Clear").click()
    assert wait_until(lambda: status(host).startswith("Draw a digit"))
    assert page.problems == []


def test_a_digit_can_be_drawn_with_the_keys(page, pages):
    host = visit(page, pages, "draw")
    host.locator("canvas[tabindex]").focus()
    for _ in range(7):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    for _ in range(14):
        page.keyboard.press("ArrowDown")
    assert wait_until(lambda: "Nearest test samples: 1 1 1" in status(host)), status(host)
    page.keyboard.press("Delete")
    assert wait_until(lambda: status(host).startswith("Draw a digit"))
    assert page.problems == []


def test_a_test_digit_is_prepared_as_it_was(page, pages):
    """Drawn ten times as large and off the middle, a digit of MNIST comes out nearly as it was."""
    host = visit(page, pages, "draw")
    off = host.evaluate("""host => {
      const image = new Float32Array(784);
      for (let row = 4; row < 24; row++) image.fill(1, 28 * row + 12, 28 * row + 16);
      const large = Float32Array.from({ length: 280 * 280 }, (_, i) =>
        image[28 * Math.floor(i / 2800) + Math.floor(((i + 50) % 280) / 10)]);
      const again = host.prepare(large, 280, 28);
      return Math.max(...again.map((value, i) => Math.abs(value - image[i])));
    }""")
    assert off < 1e-6


def test_the_slider_moves_map_grid_and_curves(page, pages):
    host = visit(page, pages, "time_machine", "time-machine")
    slider, plane = host.get_by_role("slider"), host.locator("canvas.plane")
    grid, line = host.locator("canvas.pixels"), host.locator("polyline").last

    def shown():
        return (
            fingerprint(plane),
            fingerprint(grid),
            line.get_attribute("points"),
            slider.get_attribute("aria-valuetext"),
        )

    seen = [shown()]
    assert "Before the first step" in seen[0][3]
    slider.focus()
    for key in ["ArrowRight", "ArrowRight", "End"]:
        page.keyboard.press(key)
        seen.append(shown())
        assert wait_until(lambda: status(host) == seen[-1][3])
    for column in zip(*seen):
        assert len(set(column)) == len(seen)
    assert re.search(
        r"Epoch 8, after step [\d,]+: training loss 0\.\d+, validation loss 0\.\d+", status(host)
    )
    host.get_by_role("button", name="Play").click()
    assert wait_until(lambda: "Before" in status(host) or "Epoch 1" in status(host))
    assert wait_until(lambda: "Epoch 8" in status(host))
    assert page.problems == []


@pytest.mark.parametrize(
    ("name", "most"), [("explorer", 300), ("draw", 400), ("time_machine", 300), ("playground", 900)]
)
def test_a_figure_is_small(pages, name, most):
    assert (pages / f"{name}.html").stat().st_size < 1000 * most


@pytest.mark.parametrize("name", ["explorer", "draw", "time_machine", "playground"])
def test_without_scripts_a_still_remains(page, pages, name):
    page.set_content(without_scripts(pages / f"{name}.html"))
    still = page.locator("img")
    assert still.is_visible() and len(still.get_attribute("alt")) > 60
    assert still.evaluate("image => image.complete && image.naturalWidth > 400")


def test_several_in_one_page_leave_each_other_alone(page, pages):
    bare = pages / "bare.html"
    bare.write_text(without_scripts(pages / "all.html"))
    page.goto(bare.as_uri())
    before = page.evaluate(GLOBALS)
    page.goto((pages / "all.html").as_uri())
    page.wait_for_function("document.querySelectorAll('[data-latent]').length === 4")
    assert page.locator("img").count() == 0
    assert page.evaluate(GLOBALS) == before
    first, second = page.locator("[data-latent=explorer]").all()
    images = [host.locator("canvas.pixels").first for host in [first, second]]
    before = [fingerprint(image) for image in images]
    page.mouse.move(*middle_of(second.locator("canvas.plane"), 0.3, 0.3))
    after = [fingerprint(image) for image in images]
    assert after[0] == before[0] and after[1] != before[1]
    assert page.problems == []


@pytest.mark.parametrize("name", ["explorer", "draw", "time_machine", "playground"])
@pytest.mark.parametrize("width", [1280, 600])
def test_both_themes_can_be_read_and_changed(browser, pages, name, width):
    kind = name.replace("_", "-")
    with opened(browser, color_scheme="light") as page:
        page.set_viewport_size({"width": width, "height": 1100})
        host = visit(page, pages, name, kind)
        plane = host.locator("canvas.plane")
        for scheme, dark in [("light", False), ("dark", True), ("light", False)]:
            page.emulate_media(color_scheme=scheme)

            def bright():
                return min(plane.evaluate(TICK_COLOUR)) > 180

            assert wait_until(lambda dark=dark: bright() == dark)
            text = host.locator("h3").evaluate("node => getComputedStyle(node).color")
            assert (min(map(int, re.findall(r"\d+", text)[:3])) > 180) == dark
        assert host.evaluate("host => host.scrollWidth <= host.clientWidth + 1")
        assert host.bounding_box()["width"] <= 900
        assert page.problems == []
