"""`cargo xtask lab`, stopped in the middle of each step and begun again. The set-up is the real one;
what would take minutes or a network is played by `fake_tools.py`."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, wait_until
from jupyter_client.kernelspec import get_kernel_spec
from test_kernel import other_course

pytestmark = pytest.mark.skipif(os.name != "posix", reason="plays Unix programs")

STEPS = ["sources", "crates", "environment", "packages", "kernel", "library", "trial"]


class Computer:
    """A course and a home in which nothing is set up yet."""

    def __init__(self, folder, course="My Course"):
        self.home = folder / "home"
        self.course = folder / course
        self.course.mkdir(parents=True)
        other_course(self.course)
        shutil.copy(ROOT / "environment.yml", self.course)
        tool = f"#!{sys.executable}\n" + (ROOT / "tests/fake_tools.py").read_text(encoding="utf-8")
        for name in ["bin/rustc", "bin/cargo", "bin/rustup", "bin/python3", "toolchain/bin/cargo"]:
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(tool, encoding="utf-8")
            path.chmod(0o755)

    def start(self, *options, command="lab", stop_at="", path=None, **variables):
        words = [get_kernel_spec("rust").argv[0], command]
        words += options or (["--no-open"] if command == "lab" else [])
        env = {
            "HOME": str(self.home),
            "CARGO_HOME": str(self.home / ".cargo"),
            "CARGO_MANIFEST_DIR": str(self.course / "crates/xtask"),
            "LATENT_FAKE_HOME": str(self.home),
            "LATENT_STOP_AT": stop_at,
            "PATH": path or f"{self.home / 'bin'}:/usr/bin:/bin",
            **variables,
        }
        return subprocess.Popen(
            words,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def lab(self, *options, **settings):
        """Whether it ended well, and what it said."""
        lab = self.start(*options, **settings)
        said, _ = lab.communicate(timeout=120)
        return lab.returncode == 0, said

    def stop_in(self, step):
        lab = self.start(stop_at=step)
        try:
            assert wait_until((self.home / "reached").exists, 60), f"never came to {step}"
        finally:
            os.killpg(lab.pid, signal.SIGKILL)
            lab.communicate()

    def done(self):
        return (self.home / "log").read_text().split()


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_was_interrupted_is_done_again(tmp_path, step):
    computer = Computer(tmp_path)
    computer.stop_in(step)
    well, said = computer.lab("--check")
    assert well == (step == "trial"), said  # --check makes the trial itself
    well, said = computer.lab()
    assert well, said
    # What was done before is not done again, but for the environment that packages half lie in.
    again = 2 if step == "packages" else 1
    assert computer.done().count("environment") == again
    assert computer.done().count("packages") == 1
    assert list(computer.course.glob(".lab/venv/lib/*/site-packages/whole"))
    assert not (computer.course / ".lab/evcxr").exists()
    well, said = computer.lab("--check")
    assert well, said
    done = computer.done()
    well, said = computer.lab()
    assert well and computer.done() == done, "the next start does everything again"


@pytest.mark.parametrize(
    "name",
    [
        ".lab/venv/share/jupyter/lab/settings/overrides.json",
        ".lab/venv/share/jupyter/kernels/rust/kernel.json",
        ".lab/kernel/latent-kernel",
        ".lab/crates-fetched.txt",
        ".lab/kernel/template/built-from.txt",
        ".lab/kernel/tried.txt",
    ],
)
def test_a_file_that_was_written_by_half_is_written_again(tmp_path, name):
    computer = Computer(tmp_path)
    assert computer.lab()[0]
    file = computer.course / name
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    well, said = computer.lab()
    assert well, said
    assert file.read_bytes() == whole


def test_a_step_that_failed_is_told_with_its_number_and_its_words_are_kept(tmp_path):
    computer = Computer(tmp_path)
    well, said = computer.lab(LATENT_OFFLINE_AT="packages")
    assert not well
    assert "step 4 of 9, JupyterLab and the other Python packages" in said, said
    assert "The set-up stopped at: JupyterLab and the other Python packages (step 4 of 9, after" in said
    assert "this takes about 1 to 2 minutes" in said, said
    log = computer.course / ".lab/set-up.log"
    assert f"All that this step said: {log}" in said, said
    assert "Could not resolve host" in log.read_text()
    well, said = computer.lab()
    assert well and not log.exists(), said


def files(folder):
    return {path.relative_to(folder) for path in folder.rglob("*") if not path.is_symlink()}


def test_what_the_set_up_makes_can_lie_elsewhere_and_is_given_back(tmp_path):
    computer = Computer(tmp_path)
    lab, other = tmp_path / "local disk/lab", tmp_path / "other"
    before = files(computer.course)
    well, said = computer.lab(LATENT_LAB=str(lab))
    assert well and str(lab) in said, said
    assert files(computer.course) == before
    assert (lab / "venv").is_dir() and (lab / "kernel/template/built-from.txt").is_file()
    done = computer.done()
    well, said = computer.lab("--check", LATENT_LAB=str(lab))
    assert well and f"what the set-up made: {lab}" in said, said
    # The option is remembered, in a file that git ignores.
    well, said = computer.lab("--in", str(lab), "--no-open")
    assert well and computer.done()[: len(done)] == done, said
    assert files(computer.course) == before | {Path(".lab")}
    well, said = computer.lab(command="clean")
    assert well and not lab.exists(), said
    assert "given back" in said and f"what the set-up made: {lab}" in said
    well, said = computer.lab()
    assert well and (lab / "venv").is_dir(), said
    # A folder that holds something else is not taken, and not removed.
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    for command in ["lab", "clean"]:
        well, said = computer.lab(command=command, LATENT_LAB=str(other))
        assert not well and "holds other things" in said, said
    assert (other / "thesis.txt").read_text() == "mine"


def test_everything_that_is_missing_is_told_before_the_first_step(tmp_path):
    computer = Computer(tmp_path)
    only = tmp_path / "only"
    only.mkdir()
    (only / "rustc").symlink_to(computer.home / "bin/rustc")
    well, said = computer.lab(path=str(only))
    assert not well
    for what in ["the sources of Rust's standard library", "a C compiler", "Python 3.10 or newer"]:
        assert what in said, said
    assert "…" not in said, "a step was begun"
    assert not Path(computer.course / ".lab/venv").exists()


@pytest.mark.parametrize(("version", "will_do"), [("0.22.0", True), ("0.21.1", False)])
def test_the_kernel_of_conda_is_taken_if_its_version_will_do(tmp_path, version, will_do):
    computer = Computer(tmp_path)
    conda = tmp_path / "conda"
    for name in ["bin/evcxr_jupyter", f"conda-meta/evcxr-{version}-h1234567_0.json"]:
        (conda / name).parent.mkdir(parents=True)
        (conda / name).write_text("")
    well, said = computer.lab(path=f"{computer.home / 'bin'}:{conda / 'bin'}:/usr/bin:/bin")
    assert well, said
    assert ("kernel" in computer.done()) != will_do
    spec = (computer.course / ".lab/venv/share/jupyter/kernels/rust/kernel.json").read_text()
    assert (str(conda) in spec) == will_do
