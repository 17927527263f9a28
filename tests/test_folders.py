"""The kernel on the computers of its users: in their home folders, and in folders of any name."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import lessons
import pytest
from conftest import text
from jupyter_client.kernelspec import get_kernel_spec
from test_kernel import end, execute, other_course, start

ON_REQUEST = pytest.mark.skipif(
    "LATENT_ALL_FOLDERS" not in os.environ, reason="on request: LATENT_ALL_FOLDERS=1"
)
FOLDERS = {
    "a space": "My Course",
    "an apostrophe": "Anna's",
    "a quotation mark": 'the "best"',
    "letters beyond ASCII": "Übung-練習",
    "an accent as a letter of its own": "U\u0308bung",
    "a number sign": "course#1",
    "a per cent sign": "100%25",
    "a dollar sign": "$HOME-$ORIGIN",
    "brackets": "latent [copy] {1} (2)",
    "a comma and a semicolon": "a,b;c",
    "200 letters": "long" * 50,
    "all of them": "Anna's Übung #1 [50 %] $ORIGIN",
}
DAILY = ["all of them"]


def answer(folder, argv, env=None):
    """What a kernel of the course in this folder makes of `6 * 7`."""
    session = start(folder=folder, argv=argv, **({"env": env} if env else {}))
    try:
        return text(execute(session, "6 * 7"))
    finally:
        end(session)


def link_or_copy(source, target):
    """A second name for a file; on another file system, a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def users_home(folder):
    """A home folder as rustup leaves it, with the parts of the toolchain that a kernel needs. Their
    paths must really lie in it, so links to folders would not do."""

    def rustc(what):
        return Path(subprocess.check_output(["rustc", "--print", what], text=True).strip())

    sysroot, libraries = rustc("sysroot"), rustc("target-libdir")
    toolchain = folder / ".rustup/toolchains" / sysroot.name
    for part in [sysroot / "bin", *sysroot.glob("lib/*.*"), libraries.parent]:
        target = toolchain / part.relative_to(sysroot)
        if part.is_dir():
            shutil.copytree(part, target, copy_function=link_or_copy, symlinks=True)
        elif part.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(part, target)
    spec = get_kernel_spec("rust").argv
    evcxr = Path(spec[spec.index("--evcxr") + 1])
    (folder / ".cargo/bin").mkdir(parents=True)
    link_or_copy(evcxr, folder / ".cargo/bin" / evcxr.name)
    return toolchain / "bin", folder / ".cargo/bin" / evcxr.name


def home_environment(home, toolchain):
    """The variables of a user whose home this is."""
    own = ("RUST", "CARGO", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "DYLD_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return env | {
        "HOME": str(home),
        "CARGO_HOME": str(home / ".cargo"),
        "RUSTUP_HOME": str(home / ".rustup"),
        "PATH": os.pathsep.join([str(toolchain), env["PATH"]]),
    }


# What stands between the launcher and the kernel, so that one of the two ways to the standard
# library is left.
LEFT = {
    "both ways": "",
    "the run path alone": "unset LD_LIBRARY_PATH DYLD_FALLBACK_LIBRARY_PATH",
    "the variable alone": "export CARGO_ENCODED_RUSTFLAGS=-Cprefer-dynamic",
}


@pytest.mark.skipif(os.name != "posix", reason="builds a home folder of links")
@pytest.mark.parametrize(
    ("course", "left"),
    [("latent", "both ways"), ("My Course/latent", "both ways")]
    + [("latent", left) for left in LEFT if left != "both ways"],
)
def test_a_kernel_starts_in_the_home_folder_that_holds_the_toolchain(tmp_path, course, left):
    """Here the run path that rustc writes into a cell's library leads nowhere, as it does on nearly
    every user's computer: it is computed for another folder than the one it is loaded from, which
    goes unnoticed only where course and toolchain share no folder but the root."""
    home = tmp_path / "home"
    toolchain, evcxr = users_home(home)
    between = home / "evcxr"
    between.write_text(f'#!/bin/sh\n{LEFT[left]}\nexec "{evcxr}" "$@"\n', encoding="utf-8")
    between.chmod(0o755)
    folder = home / course
    folder.mkdir(parents=True)
    of_the_course = other_course(folder)

    def argv(words):
        words = of_the_course(words)
        words[words.index("--evcxr") + 1] = str(between)
        words[words.index("--rust") + 1] = str(toolchain.parent)
        words[words.index("--cargo-home") + 1] = str(home / ".cargo")
        return words

    assert "42" in answer(folder, argv, home_environment(home, toolchain))


def daily_or_on_request(kind):
    return pytest.param(FOLDERS[kind], id=kind, marks=[] if kind in DAILY else [ON_REQUEST])


@pytest.mark.parametrize("name", [daily_or_on_request(kind) for kind in FOLDERS])
def test_a_kernel_starts_in_a_folder_of_any_name(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    assert "42" in answer(folder, other_course(folder))


def test_a_kernel_starts_behind_a_link(tmp_path):
    """A link with a plain name to a folder without one."""
    (tmp_path / "My Course").mkdir()
    link = tmp_path / "course"
    link.symlink_to(tmp_path / "My Course")
    assert "42" in answer(link, other_course(link))


def test_a_kernel_starts_where_no_cache_folder_can_be_used(tmp_path):
    """A user whose home has a space in its name: the folder for temporary files is left."""
    home = tmp_path / "Anna Smith"
    course = home / "latent"
    course.mkdir(parents=True)
    cargo = os.environ.get("CARGO_HOME", str(Path.home() / ".cargo"))
    rustup = os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup"))
    env = dict(os.environ, HOME=str(home), CARGO_HOME=cargo, RUSTUP_HOME=rustup)
    env.pop("XDG_CACHE_HOME", None)
    assert "42" in answer(course, other_course(course), env)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_a_kernel_starts_where_links_do_not_reach(tmp_path):
    """The course on one file system, the cache folder on another: files are copied."""
    course = tmp_path / "My Course"
    course.mkdir()
    cache = Path("/dev/shm") / f"latent-test-{os.getpid()}"
    cache.mkdir()
    try:
        env = dict(os.environ, XDG_CACHE_HOME=str(cache), TMPDIR=str(cache))
        assert "42" in answer(course, other_course(course), env)
    finally:
        shutil.rmtree(cache)


def test_a_rust_kernel_of_the_users_own_is_not_taken_for_the_courses(tmp_path):
    own = tmp_path / ".local/share/jupyter/kernels/rust"
    own.mkdir(parents=True)
    (own / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "Rust"}))
    env = dict(os.environ, HOME=str(tmp_path))
    env.pop("JUPYTER_DATA_DIR", None)
    program = "from jupyter_client.kernelspec import get_kernel_spec as s; print(s('rust').argv[0])"
    found = subprocess.check_output([sys.executable, "-c", program], env=env, text=True).strip()
    assert found == get_kernel_spec("rust").argv[0]


def test_the_course_itself_is_registered():
    assert Path(get_kernel_spec("rust").argv[0]).is_relative_to(lessons.lab())
