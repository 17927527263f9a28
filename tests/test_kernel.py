"""The kernel as the set-up registers it: it comes up, stops, restarts, and says why if it cannot."""

import json
import os
import re
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from contextlib import contextmanager
from pathlib import Path

import lessons
import pytest
import runner
from conftest import ROOT, cell, text, wait_until
from jupyter_client.kernelspec import get_kernel_spec
from jupyter_client.manager import KernelManager

OPENING = ':dep latent = { path = "../crates/latent" }\nuse latent::prelude::*;'
RUNS = lessons.lab() / "kernel/runs"


def start(folder=lessons.NOTEBOOKS, argv=None, **popen):
    """A session with the registered kernel, or with one whose command line was changed."""
    manager = KernelManager(kernel_name="rust")
    if argv:
        spec = manager.kernel_spec
        spec.argv = argv(list(spec.argv))
    manager.start_kernel(cwd=str(folder), **popen)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=runner.START)
    return runner.Session(manager, client)


def end(session):
    session.client.stop_channels()
    session.manager.shutdown_kernel()


def execute(session, source):
    executed = cell(source)
    session.execute(executed)
    session.settle()
    return executed


@contextmanager
def lesson(made):
    """A kernel after the first cell of a lesson and the cell `made`."""
    session = start()
    execute(session, OPENING + "\nnotebook::start()?;")
    execute(session, made)
    yield session
    end(session)


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    log = tmp_path_factory.mktemp("kernel") / "stderr.txt"
    with log.open("w") as stderr:
        session = start(stderr=stderr)
        execute(session, OPENING)
        yield session, log
        end(session)


def test_a_lesson_finds_its_crates_built(warm):
    session, log = warm
    shown = execute(session, "let zeros: Array2<f32> = Array2::zeros((2, 3));\nzeros.dim()")
    assert "(2, 3)" in text(shown)
    compiled = [line for line in log.read_text().splitlines() if "Compiling" in line and "latent" not in line]
    assert compiled == []


def test_cells_are_compiled_for_training(warm):
    session, _ = warm
    shown = execute(session, "(cfg!(debug_assertions), i32::MAX.wrapping_add(1))")
    assert "(false, -2147483648)" in text(shown)
    shown = execute(session, "let one: i32 = std::hint::black_box(1);\ni32::MAX + one")
    assert "-2147483648" in text(shown), "overflow checks are on"


def test_an_error_is_not_buried_under_warnings(warm):
    session, _ = warm
    shown = execute(session, 'fn stub(a: f32, b: f32) -> f32 { todo!() }\nlet x: f32 = "text";')
    assert "mismatched types" in text(shown)
    assert "unused" not in text(shown)


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        (
            "Pca::fit(&array![[1.0_f64, 2.0], [3.0, 4.0]], 1)?;",
            ("expected a matrix of f32", ".mapv(|x| x as f32)"),
        ),
        (
            "figure::digits(&Array2::zeros((1, 784)), &array![5_u8])?;",
            ("expected labels", ".mapv(|x| x as usize)"),
        ),
    ],
)
def test_numbers_of_another_type_are_named_with_what_to_do(warm, line, sentences):
    session, _ = warm
    found = text(execute(session, line))
    for sentence in sentences:
        assert sentence in found, found


def test_interrupt_stops_a_cell_and_the_kernel_goes_on(warm):
    session, _ = warm
    endless = cell("loop { std::hint::black_box(1); }")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(session.execute, endless)
        with pytest.raises(TimeoutError):
            running.result(timeout=5)
        session.manager.interrupt_kernel()
        running.result(timeout=60)
    assert "error" in [output.output_type for output in endless.outputs]
    assert "42" in text(execute(session, "6 * 7"))


def test_restart_gives_an_empty_kernel_and_leaves_one_folder():
    session = start()
    try:
        execute(session, "let kept = 1;")
        first = session.manager.provisioner.process.pid
        session.manager.restart_kernel(now=False)
        session.client.wait_for_ready(timeout=runner.START)
        assert "cannot find value `kept`" in text(execute(session, "kept"))
        # Other tests start kernels at the same time, so only this one's own folder is looked for.
        assert wait_until(lambda: not list(RUNS.glob(f"{first}-*")))
    finally:
        end(session)


def test_five_kernels_at_once_all_come_up_and_clear_up():
    def one(number):
        session = start()
        try:
            execute(session, OPENING)
            execute(session, f"let mine = array![{number}.0_f32, 1.0];")
            folder = session.manager.provisioner.process.pid
            return text(execute(session, "mine.sum()")), folder
        finally:
            end(session)

    with ThreadPoolExecutor(5) as pool:
        shown = list(pool.map(one, range(5)))
    assert [f"{number + 1}.0" in words for number, (words, _) in enumerate(shown)] == [True] * 5
    # A folder goes when its kernel ends; what Jupyter kills first goes with the next start.
    end(start())
    left = {folder.name.split("-")[0] for folder in RUNS.glob("*")}
    assert not left & {str(launcher) for _, launcher in shown}


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_the_folder_of_a_killed_kernel_goes_with_the_next_start():
    session = start()
    launcher = session.manager.provisioner.process.pid
    assert list(RUNS.glob(f"{launcher}-*"))
    session.client.stop_channels()
    os.killpg(launcher, signal.SIGKILL)
    session.manager.provisioner.process.wait()
    session.manager.shutdown_kernel(now=True)
    end(start())
    assert not list(RUNS.glob(f"{launcher}-*"))


def other_course(folder):
    """A course without anything built."""
    (folder / "crates").symlink_to(ROOT / "crates")
    (folder / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())
    (folder / "Cargo.toml").write_bytes((ROOT / "Cargo.toml").read_bytes())

    def argv(words):
        words[words.index("--root") + 1] = str(folder)
        words[words.index("--lab") + 1] = str(folder / ".lab")
        return words

    return argv


def test_kernels_come_up_without_anything_built(tmp_path):
    argv = other_course(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        sessions = list(pool.map(lambda _: start(folder=tmp_path, argv=argv), range(2)))
    for session in sessions:
        assert "42" in text(execute(session, "6 * 7"))
        end(session)


OF_THE_USER = """
[build]
target-dir = "{elsewhere}"
build-dir = "{elsewhere}"
rustc-wrapper = "no-such-wrapper"
rustc-workspace-wrapper = "no-such-wrapper"
rustflags = ["--cfg", "of_the_user", "-Coverflow-checks=on"]

[profile.dev]
opt-level = 0
debug = true
lto = "thin"
panic = "abort"
debug-assertions = true
overflow-checks = true

[env]
RUSTFLAGS = {{ value = "--cfg of_the_user", force = true }}
"""


def test_a_users_own_cargo_configuration_changes_nothing(tmp_path):
    """Cargo takes it from its home and from each folder above the one in which it builds."""
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / ".cargo").mkdir()
    settings = OF_THE_USER.format(elsewhere=elsewhere.as_posix())
    (tmp_path / ".cargo/config.toml").write_text(settings, encoding="utf-8")
    kernel = tmp_path / ".lab/kernel"
    kernel.mkdir(parents=True)
    for part in ["template", "standard-library", "analyser"]:
        (kernel / part).symlink_to(RUNS.parent / part)

    def argv(words):
        words[words.index("--lab") + 1] = str(tmp_path / ".lab")
        return words

    log = tmp_path / "stderr.txt"
    with log.open("w") as stderr:
        session = start(argv=argv, stderr=stderr)
        execute(session, OPENING)
        shown = text(execute(session, "(cfg!(debug_assertions), cfg!(of_the_user))"))
        largest = text(execute(session, "let one: i32 = std::hint::black_box(1);\ni32::MAX + one"))
        end(session)
    assert "(false, false)" in shown
    assert "-2147483648" in largest, "overflow checks are on"
    assert not elsewhere.exists()
    assert "Compiling" not in log.read_text().replace("Compiling ctx", "")


def test_a_kernel_that_cannot_start_says_why_in_the_notebook(tmp_path):
    def argv(words):
        words[words.index("--evcxr") + 1] = str(tmp_path / "no-such-program")
        return words

    session = start(argv=argv)
    shown = text(execute(session, "1 + 1"))
    again = text(execute(session, "1 + 1"))
    end(session)
    assert "A part of the kernel is missing. (" in shown
    assert "no-such-program does not run" in shown
    assert shown.count("What to do:") == 1
    assert "Stack backtrace" not in shown
    log = Path(re.search(r"All that the kernel said: (.*)", shown)[1])
    assert "no-such-program does not run" in log.read_text(encoding="utf-8")
    assert len(again.splitlines()) == 1, "said at length only once"
    assert "cargo xtask lab" in shown


def test_wrong_settings_are_told_in_the_notebook(tmp_path):
    (tmp_path / "evcxr.toml").write_text('[evcxr]\nprelude = "let x: f32 = 1;"\n')
    session = start(folder=tmp_path)
    shown = text(execute(session, "1 + 1"))
    end(session)
    assert "mismatched types" in shown


def test_the_kernel_is_registered_in_the_environment_alone():
    spec = get_kernel_spec("rust")
    assert spec.interrupt_mode == "message"
    assert Path(spec.argv[0]).is_relative_to(lessons.lab())
    homes = [Path.home() / ".local/share/jupyter", Path.home() / "Library/Jupyter"]
    assert not any(Path(spec.resource_dir).is_relative_to(home) for home in homes)


def test_the_launcher_says_what_it_is_when_run_by_hand():
    launcher = get_kernel_spec("rust").argv[0]
    answer = subprocess.run([launcher, "kernel"], capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert "started by Jupyter" in answer.stderr


def test_both_folders_of_lessons_have_the_same_settings():
    settings = [folder / "evcxr.toml" for folder in (lessons.NOTEBOOKS, lessons.SOLUTIONS)]
    assert settings[0].read_bytes() == settings[1].read_bytes()
    assert json.dumps(settings[0].read_text()).count("cache") >= 1
