"""The playground: the steps of Rust, in a worker or without one, by pointer, touch and keyboard."""

import json
import re
import shutil
import subprocess

import pytest
from browser import ROOT, opened, visit, without_scripts
from conftest import wait_until
from test_widgets import COUNT_INK, GLOBALS, middle_of, status

SCRIPTS = ROOT / "crates/latent/src/figure/js/playground"
STEPS = ROOT / "tests/playground_steps.js"
PARTS = "{ training, autoencoder, epochOrder, trainStep }"
# The time that a busy machine may need for an epoch.
LONG = 120


def stats(host):
    return host.evaluate("host => host.stats()")


def press(host, name):
    host.get_by_role("button", name=name, exact=True).click()


def choose(host, label, value):
    host.get_by_label(label).select_option(value)


def ink(canvas):
    return canvas.evaluate(COUNT_INK)


def heard(host, words):
    assert wait_until(lambda: words in status(host), LONG), status(host)


def one_epoch(host, number):
    press(host, "One epoch")
    heard(host, f"to epoch {number}.0")
    return status(host)


def validation_loss(host):
    return float(re.search(r"validation loss (0\.\d+)", status(host))[1])


def found_by_node():
    return json.loads(subprocess.check_output(["node", str(STEPS)], text=True))


def found_by_chromium(page):
    names = re.search(r"SCRIPTS = (\[.*?\])", STEPS.read_text())[1]
    text = [(SCRIPTS / f"{name}.js").read_text() for name in json.loads(names)]
    steps = STEPS.read_text()
    return page.evaluate(f"() => {{ {''.join(text)} {steps} return followAll({PARTS}); }}")


@pytest.mark.parametrize("program", ["node", "chromium"])
def test_the_steps_are_those_of_rust(page, program):
    """crates/latent/tests/playground.rs compares `Trainer` with the same file."""
    if program == "node" and not shutil.which("node"):
        pytest.skip("Node is not there; Chromium runs the same steps")
    expected = json.loads((ROOT / "crates/latent/tests/golden/playground.json").read_text())
    found = found_by_node() if program == "node" else found_by_chromium(page)
    assert len(found) == len(expected) == 7
    for ours, theirs in zip(found, expected):
        assert len(ours["losses"]) == len(theirs["losses"]) == 20
        assert ours["losses"] == pytest.approx(theirs["losses"], rel=1e-4)
        assert ours["parameters"] == pytest.approx(theirs["parameters"], abs=1e-4)


def test_it_learns_while_one_watches(page, pages):
    host = visit(page, pages, "playground")
    heard(host, "Press Play")
    plane = host.locator("canvas.plane")
    assert wait_until(lambda: stats(host)["drawn"] > 0, LONG)
    seen = {ink(plane)}
    press(host, "Play")
    assert wait_until(lambda: seen.add(ink(plane)) or stats(host)["trained"] > 6000, LONG)
    assert len(seen) > 3
    press(host, "Pause")
    heard(host, "Paused at epoch")
    assert stats(host)["inWorker"]
    # The mean image has 0.0655.
    assert validation_loss(host) < 0.062
    stopped = stats(host)["step"]
    page.wait_for_timeout(500)
    assert stats(host)["step"] == stopped
    assert page.problems == []


@pytest.mark.parametrize("refused", ["an error", "a policy"])
def test_without_workers_it_trains_on_the_page(browser, pages, tmp_path, refused):
    with opened(browser) as page:
        folder = pages
        if refused == "an error":
            page.add_init_script("window.Worker = class { constructor() { throw new Error('refused'); } };")
        else:
            folder = tmp_path
            policy = '<meta http-equiv="Content-Security-Policy" content="worker-src \'none\'">'
            html = (pages / "playground.html").read_text()
            (folder / "playground.html").write_text(html.replace("<title>", policy + "<title>", 1))
        host = visit(page, folder, "playground")
        one_epoch(host, 1)
        assert not stats(host)["inWorker"] and stats(host)["trained"] == 2000
        # The browser itself reports what the policy refuses.
        assert [text for text in page.problems if "Content Security Policy" not in text] == []


def test_each_width_has_its_map(page, pages):
    host = visit(page, pages, "playground")
    plane = host.locator("canvas.plane")
    for width, words in [
        ("1", "a row for each digit"),
        ("3", "three dimensions"),
        ("8", "PCA of the codes"),
        ("2", "z2 up"),
    ]:
        choose(host, "Bottleneck", width)
        heard(host, "Started again")
        press(host, "One step")
        heard(host, "One step: epoch 0.0, step 1")
        assert words in plane.get_attribute("aria-label")
        assert words in host.locator("figcaption").first.inner_text()
        assert all(ink(canvas) > 0 for canvas in host.locator("canvas").all())
        assert f"PCA, {width} dimension" in host.locator("svg").text_content()
    assert page.problems == []


def test_a_seed_decides_and_a_new_structure_starts_again(page, pages):
    host = visit(page, pages, "playground")
    choose(host, "Training images", "300")
    first = one_epoch(host, 1)
    press(host, "Reset")
    heard(host, "Back to the start")
    assert one_epoch(host, 1) == first
    # A setting of the training keeps what is learned.
    choose(host, "Learning rate", "0.001")
    heard(host, "in use")
    choose(host, "Noise", "0.2")
    choose(host, "L1", "0.01")
    choose(host, "Batch size", "16")
    one_epoch(host, 2)
    seed = host.get_by_label("Seed")
    seed.fill("2")
    seed.press("Enter")
    heard(host, "Started again")
    assert wait_until(lambda: stats(host)["step"] == 0)
    assert one_epoch(host, 1) != first
    for activation in ["leaky ReLU", "ELU", "tanh", "sigmoid", "identity"]:
        choose(host, "Activation", activation)
        heard(host, "Started again")
        one_epoch(host, 1)
    assert page.problems == []


def test_the_keyboard_does_all(page, pages):
    host = visit(page, pages, "playground")
    play = host.get_by_role("button", name="Play")
    play.press("Enter")
    assert wait_until(lambda: stats(host)["step"] > 2, LONG)
    host.get_by_role("button", name="Pause").press(" ")
    heard(host, "Paused at")
    bottleneck = host.get_by_label("Bottleneck")
    bottleneck.focus()
    page.keyboard.press("ArrowDown")
    heard(host, "Started again")
    plane = host.locator("canvas.plane")
    assert wait_until(lambda: plane.get_attribute("role") == "application")
    before = ink(plane)
    plane.focus()
    page.keyboard.press("ArrowLeft")
    assert wait_until(lambda: ink(plane) != before)
    assert page.problems == []


def test_fingers_do_all(browser, pages):
    with opened(browser, has_touch=True) as page:
        page.set_viewport_size({"width": 360, "height": 780})
        host = visit(page, pages, "playground")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        choose(host, "Bottleneck", "3")
        plane = host.locator("canvas.plane")
        assert wait_until(lambda: plane.get_attribute("role") == "application")
        before = ink(plane)
        # A finger on the map sends pointer events, as a mouse does.
        page.mouse.move(*middle_of(plane, 0.4, 0.4))
        page.mouse.down()
        page.mouse.move(*middle_of(plane, 0.7, 0.5))
        page.mouse.up()
        assert wait_until(lambda: ink(plane) != before)
        step = host.get_by_role("button", name="One step")
        page.touchscreen.tap(*middle_of(step))
        heard(host, "One step: epoch 0.0, step 1")
        assert page.problems == []


def test_each_thing_has_a_name(page, pages):
    host = visit(page, pages, "playground")
    heard(host, "Press Play")
    assert wait_until(lambda: stats(host)["drawn"] > 0, LONG)
    for label in [
        "Hidden units",
        "Bottleneck",
        "Activation",
        "Noise",
        "L1",
        "Learning rate",
        "Batch",
        "Training images",
        "Seed",
    ]:
        assert host.locator("select, input").and_(host.get_by_label(label)).count() == 1, label
    for image in host.locator("canvas, svg").all():
        assert len(image.get_attribute("aria-label")) > 10
    assert host.get_by_role("group").count() == 3


def test_with_reduced_motion_the_pictures_rest(browser, pages):
    with opened(browser, reduced_motion="reduce") as page:
        host = visit(page, pages, "playground")
        assert "once a second" in host.locator("p.small").last.inner_text()
        press(host, "Play")
        assert wait_until(lambda: stats(host)["trained"] > 0, LONG)
        before = stats(host)["drawn"]
        page.wait_for_timeout(3000)
        assert stats(host)["drawn"] - before <= 4
        assert page.problems == []


def test_it_leaves_nothing_on_the_page(page, pages, tmp_path):
    bare = tmp_path / "bare.html"
    bare.write_text(without_scripts(pages / "playground.html"))
    page.goto(bare.as_uri())
    before = page.evaluate(GLOBALS)
    visit(page, pages, "playground")
    assert page.evaluate(GLOBALS) == before


def test_out_of_sight_it_rests(page, pages):
    host = visit(page, pages, "playground")
    press(host, "Play")
    assert wait_until(lambda: stats(host)["step"] > 2, LONG)
    host.evaluate("host => { host.style.display = 'none'; }")
    page.wait_for_timeout(1500)
    resting = stats(host)["step"]
    page.wait_for_timeout(1500)
    assert stats(host)["step"] == resting
    host.evaluate("host => { host.style.display = ''; }")
    assert wait_until(lambda: stats(host)["step"] > resting, LONG)
