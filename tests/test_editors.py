"""The course's kernel in programs that the course does not start: another Jupyter, an editor."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import jupyter_client
import lessons
import pytest
import runner
from browser import opened
from conftest import ROOT, cell, notebook, text, wait_until
from jupyter_client.kernelspec import get_kernel_spec
from mime import PLOT
from test_kernel import end, execute, start

CRATE = json.dumps((ROOT / "crates/latent").as_posix())
OPENING = f":dep latent = {{ path = {CRATE} }}\nuse latent::prelude::*;"
FIGURE = 'let curve = figure::line(&[0.0, 1.0, 2.0], &[0.0, 1.0, 4.0], "a curve")?;\ncurve'
BY_THE_LAUNCHER = 'std::env::var("LATENT_SIGNS").is_ok()'

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other folders on Windows, not tried here")


def of_a_user(home):
    """The variables of a program that a user opened with a click: nothing of Jupyter, no Rust."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    env.pop("XDG_DATA_HOME", None)
    return env | {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "CARGO_HOME": os.environ.get("CARGO_HOME", str(Path.home() / ".cargo")),
        "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup")),
    }


def lab(home, option):
    env = of_a_user(home) | {"PATH": os.environ["PATH"], "CARGO_MANIFEST_DIR": str(ROOT / "crates/xtask")}
    words = [get_kernel_spec("rust").argv[0], "lab", option]
    answer = subprocess.run(words, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def other_python():
    """A Python outside of the course's environment, and where it finds nbconvert."""
    packages = Path(jupyter_client.__file__).parents[1]
    return Path(sys.base_prefix) / "bin/python3", {"PYTHONPATH": str(packages)}


def test_a_registered_kernel_opens_a_lesson_in_another_jupyter(tmp_path):
    said = lab(tmp_path, "--register")
    assert "VS Code" in said and "--unregister" in said
    python, env = other_python()
    file = tmp_path / "lesson.ipynb"
    lesson = notebook(cell(OPENING), cell(BY_THE_LAUNCHER), cell(FIGURE))
    file.write_text(lessons.written(lesson), encoding="utf-8")
    words = [python, "-m", "nbconvert", "--to=notebook", "--execute", "--output=run", file]
    answer = subprocess.run(
        [*words, f"--ExecutePreprocessor.startup_timeout={runner.START}"],
        env=of_a_user(tmp_path) | env,
        capture_output=True,
        text=True,
        timeout=runner.START,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    run = lessons.load(tmp_path / "run.ipynb")
    assert "true" in text(run.cells[1]), "another kernel of this name was started"
    assert PLOT in runner.figures(run.cells[2])
    assert "no longer registered" in lab(tmp_path, "--unregister")
    assert not list(tmp_path.glob(".local/share/jupyter/kernels/*"))
    assert "No kernel" in lab(tmp_path, "--unregister")


@pytest.mark.long
def test_jupyterlab_of_another_environment_opens_a_lesson_with_the_registered_kernel(tmp_path, browser):
    """Installs JupyterLab once more, from the network."""
    lab(tmp_path, "--register")
    venv = tmp_path / "venv"
    subprocess.run([Path(sys.base_prefix) / "bin/python3", "-m", "venv", venv], check=True)
    wanted = [
        line for line in (ROOT / "environment.yml").read_text().split() if line.startswith("jupyterlab==")
    ]
    subprocess.run([venv / "bin/pip", "install", "--quiet", *wanted], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--IdentityProvider.token=",
    ]
    server = subprocess.Popen(
        [venv / "bin/python", *words, f"--ServerApp.root_dir={ROOT / 'notebooks'}"],
        env=of_a_user(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        assert wait_until(lambda: answers(url), 60), "Jupyter does not answer"
        with opened(browser) as page:
            page.goto(f"{url}/lab/tree/00-start-here.ipynb")
            button = page.locator(".jp-Toolbar-kernelName")
            button.wait_for()
            assert wait_until(lambda: button.inner_text().strip() == "Rust", 60), button.inner_text()
            assert wait_until(lambda: kernels(url) == ["rust"], 120), kernels(url)
    finally:
        server.terminate()
        server.wait(60)


def kernels(url):
    """The names of the kernels that notebooks run with."""
    sessions = json.load(urllib.request.urlopen(f"{url}/api/sessions"))
    return [session["kernel"]["name"] for session in sessions]


def answers(url):
    try:
        return urllib.request.urlopen(f"{url}/api", timeout=2).status == 200
    except OSError:
        return False


def without_the_course(cache):
    """evcxr as it is, as `evcxr_jupyter --install` registers it, with a cache of its own."""
    spec = get_kernel_spec("rust").argv
    evcxr = spec[spec.index("--evcxr") + 1]
    env = dict(os.environ, XDG_CACHE_HOME=str(cache))
    return start(argv=lambda _: [evcxr, "--control_file", "{connection_file}"], env=env)


@pytest.mark.long
def test_a_rust_kernel_without_the_course_loses_variables(tmp_path):
    session = without_the_course(tmp_path)
    try:
        execute(session, "let kept = 1;")
        session.manager.interrupt_kernel()
        assert wait_until(lambda: "cannot find value `kept`" in text(execute(session, "kept")), 60)
    finally:
        end(session)


@pytest.mark.long
def test_a_rust_kernel_without_the_course_builds_the_crates_and_shows_a_figure(tmp_path):
    session = without_the_course(tmp_path)
    try:
        session.execute(cell(OPENING), timeout=3600)
        shown = execute(session, FIGURE)
        assert PLOT in runner.figures(shown), text(shown)
    finally:
        end(session)
