"""The set-up without a network, after an update of Rust, with an older Python, in a second folder. The
programs are played by `fake_tools.py`, as in `test_set_up.py`."""

import pytest
from test_set_up import Computer, pytestmark

__all__ = ["pytestmark"]

# What needs the network, and the advice that its step gives.
ONLINE = {
    "sources": "rustup component add rust-src",
    "crates": "connected to the internet",
    "packages": "connected to the internet",
    "kernel": "connected to the internet",
}


@pytest.mark.parametrize("step", ONLINE)
def test_without_a_network_the_step_says_so_and_is_done_when_there_is_one(tmp_path, step):
    computer = Computer(tmp_path)
    well, said = computer.lab(LATENT_OFFLINE_AT=step)
    assert not well
    assert "Could not resolve host" in said
    assert "The set-up stopped at: " in said
    assert "What to do: " in said and ONLINE[step] in said, said
    well, said = computer.lab()
    assert well, said
    assert step in computer.done()
    done = computer.done()
    well, said = computer.lab(LATENT_OFFLINE_AT=step)
    assert well and computer.done() == done, "a course that is set up needs no network"


def test_after_an_update_of_rust_the_library_is_built_again_and_nothing_else(tmp_path):
    computer = Computer(tmp_path)
    assert computer.lab()[0]
    before = computer.done()
    well, said = computer.lab("--check", LATENT_FAKE_RUST="1.96.0")
    assert not well and "the compiler or its settings changed since" in said, said
    well, said = computer.lab(LATENT_FAKE_RUST="1.96.0")
    assert well, said
    new = computer.done()[len(before) :]
    assert set(new) <= {"library", "trial"} and "library" in new, new


def test_an_older_python_is_named_before_the_first_step(tmp_path):
    computer = Computer(tmp_path)
    well, said = computer.lab(
        path=f"{computer.home / 'bin'}:{only_a_compiler(tmp_path)}", LATENT_FAKE_PYTHON="3 9"
    )
    assert not well
    assert "Python 3.10 or newer" in said and "python3 is 3.9" in said, said
    assert not (computer.home / "log").exists(), "a step was begun"


def only_a_compiler(folder):
    """A folder of programs without the Python of this machine."""
    programs = folder / "programs"
    programs.mkdir()
    for name in ["cc", "df", "id", "sh", "env"]:
        (programs / name).symlink_to(f"/usr/bin/{name}")
    return programs


def test_a_second_course_folder_takes_what_the_computer_has(tmp_path):
    first = Computer(tmp_path)
    assert first.lab()[0]
    kept = {path: path.stat().st_mtime_ns for path in (first.course / ".lab").rglob("*") if path.is_file()}
    second = Computer(tmp_path, "Second Course")
    before = second.done()
    well, said = second.lab()
    assert well, said
    new = second.done()[len(before) :]
    assert "kernel" not in new and "sources" not in new, "once on a computer"
    assert "library" in new
    assert first.lab("--check")[0]
    for path, time in kept.items():
        assert path.stat().st_mtime_ns == time, path
