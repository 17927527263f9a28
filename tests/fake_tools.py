"""Stands in for rustc, cargo, rustup, python and pip in `test_set_up.py`: the same words, done at
once; or done by half and then for ever, where `LATENT_STOP_AT` names the work; or done by half and
then given up for want of a network, where `LATENT_OFFLINE_AT` names it."""

import os
import shutil
import sys
import time
from pathlib import Path

HOME = Path(os.environ["LATENT_FAKE_HOME"])
SYSROOT = HOME / "toolchain"
PACKAGES = "lib/python3.12/site-packages"


def work(name, half, whole):
    """Does the work, or half of it."""
    if os.environ.get("LATENT_STOP_AT") == name:
        half()
        (HOME / "reached").write_text(name)
        time.sleep(600)
    if os.environ.get("LATENT_OFFLINE_AT") == name:
        half()
        sys.exit("error: failed to download: Could not resolve host")
    with (HOME / "log").open("a") as log:
        log.write(f"{name}\n")
    whole()


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def rustc(args):
    if args == ["-vV"]:
        version = os.environ.get("LATENT_FAKE_RUST", "1.95.0")
        print(f"rustc {version} (fake)\nhost: fake-machine")
    else:
        print(SYSROOT)
        if "target-libdir" in args:
            print(SYSROOT / "lib")


def rustup(args):
    library = SYSROOT / "lib/rustlib/src/rust/library"
    work(
        "sources",
        lambda: write(library / "std/src/lib.rs"),
        lambda: write(library / "Cargo.toml"),
    )


def cargo(args):
    program = Path(os.environ["CARGO_HOME"]) / "bin/evcxr_jupyter"
    if args[0] == "fetch":
        work("crates", lambda: None, lambda: None)
    elif args[:2] == ["install", "--list"]:
        print("evcxr_jupyter v0.22.0:" if program.exists() else "")
    elif args[0] == "install":
        building = Path(args[args.index("--target-dir") + 1])
        work("kernel", lambda: write(building / "half"), lambda: write(program))
    elif args[0] in ("build", "check"):
        target = Path("target")
        work("library", lambda: write(target / "half"), lambda: write(target / args[0]))
    else:
        sys.exit(f"cargo {args}")


def python(args):
    if args[:2] == ["-m", "venv"]:
        prefix = Path(args[-1])

        def half():
            (prefix / PACKAGES).mkdir(parents=True)
            (prefix / "bin").mkdir()
            shutil.copy(HOME / "bin/python3", prefix / "bin/python")

        def whole():
            half()
            write(prefix / PACKAGES / "pip/__init__.py")

        work("environment", half, whole)
    elif args[:2] == ["-c", "import pip"]:
        sys.exit(0 if (packages_of_this() / "pip").exists() else 1)
    elif args[0] == "-c":
        print(os.environ.get("LATENT_FAKE_PYTHON", "3 12"))
    elif args[:3] == ["-m", "pip", "install"]:
        wanted = [word for word in args if "==" in word]

        def unpack(names):
            for name in names:
                folder = name.replace("-", "_").replace("==", "-")
                write(packages_of_this() / f"{folder}.dist-info/METADATA")

        work(
            "packages", lambda: unpack(wanted), lambda: (unpack(wanted), write(packages_of_this() / "whole"))
        )
    elif Path(args[0]).name == "try_kernel.py":
        work("trial", lambda: None, lambda: print("a kernel started"))
    else:
        sys.exit(f"python {args}")


def packages_of_this():
    return Path(sys.argv[0]).parent.parent / PACKAGES


if __name__ == "__main__":
    tool = {"rustc": rustc, "rustup": rustup, "cargo": cargo}.get(Path(sys.argv[0]).name, python)
    tool(sys.argv[1:])
