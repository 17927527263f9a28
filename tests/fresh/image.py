"""Carries out the steps of a Dockerfile in a folder that holds a system, without Docker.

    image.py <Dockerfile> <folder of the system> <the course, for git clone> [<words>]

FROM is what the caller has made: a Debian with Rust where the official image has it. Each RUN is a
shell in that folder, as the user and with the variables that hold at its place. A RUN that contains
the words runs without the command that they are in (to take a kernel that is built already). CMD, the
last step, must serve JupyterLab at the port of EXPOSE.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

QUIET = ["-c", "advice.detachedHead=false", "-c", "init.defaultBranch=main"]


def instructions(text):
    """Pairs such as ("RUN", "apt-get update && ..."), with continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in whole.splitlines() if line.strip()]


class Image:
    def __init__(self, root, course, without):
        self.root, self.course, self.without = Path(root), Path(course), without
        self.user, self.folder, self.port = "root", "/", None
        # As the official image of Rust has them.
        self.variables = {
            "PATH": "/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "CARGO_HOME": "/usr/local/cargo",
            "RUSTUP_HOME": "/usr/local/rustup",
        }

    def command(self, words):
        """A command line that runs the words inside."""
        home = "/root" if self.user == "root" else f"/home/{self.user}"
        own = [f"{name}={value}" for name, value in {"HOME": home, **self.variables}.items()]
        entered = f"cd {shlex.quote(self.folder)} && exec {shlex.join(words)}"
        chroot = ["chroot", f"--userspec={self.user}", str(self.root)]
        return [*chroot, "env", "-i", *own, "sh", "-c", entered]

    def run(self, words):
        subprocess.run(self.command(words), check=True)

    def step(self, name, rest):
        if name == "RUN":
            commands = [part.strip() for part in rest.split("&&")]
            kept = [part for part in commands if not (self.without and self.without in part)]
            self.run(["sh", "-c", " && ".join(kept)])
        elif name == "COPY":
            self.copy(rest)
        elif name == "ENV":
            variable, value = rest.split("=", 1)
            known = dict(self.variables)
            self.variables[variable] = re.sub(r"\$(\w+)", lambda match: known[match[1]], value)
        elif name == "ARG":
            variable, value = rest.split("=", 1)
            self.variables[variable] = value.strip('"')
        elif name == "USER":
            self.user = rest.strip()
        elif name == "WORKDIR":
            self.folder = rest.strip()
        elif name == "EXPOSE":
            self.port = int(rest)
        elif name not in ("FROM", "CMD"):
            sys.exit(f"{name} is not known here")

    def copy(self, rest):
        """The course as it was committed, and no other source."""
        owner, source, target = re.fullmatch(r"--chown=(\S+) (\S+) (\S+)", rest.strip()).groups()
        assert source == ".", rest
        inside = Path(f"{self.root}{target}")
        subprocess.run(["git", *QUIET, "clone", "--quiet", self.course, inside], check=True)
        subprocess.run(["chroot", self.root, "chown", "-R", owner, target], check=True)

    def serve(self, words):
        """CMD answers like JupyterLab, and as the user."""
        server = subprocess.Popen(self.command(words))
        try:
            address = f"http://127.0.0.1:{self.port}/api"
            end = time.monotonic() + 60
            while True:
                try:
                    with urllib.request.urlopen(address, timeout=5) as answer:
                        print("CMD serves Jupyter", json.load(answer)["version"])
                        return
                except OSError:
                    assert server.poll() is None and time.monotonic() < end, "CMD does not serve"
                    time.sleep(0.5)
        finally:
            server.terminate()
            server.wait()


def main(dockerfile, root, course, without=None):
    os.umask(0o022)
    image = Image(root, course, without)
    for name, rest in instructions(Path(dockerfile).read_text(encoding="utf-8")):
        start = time.monotonic()
        print(f"── {name} {rest}", flush=True)
        image.step(name, rest)
        if name == "CMD":
            image.serve(json.loads(rest))
        if time.monotonic() - start >= 1:
            print(f"── {time.monotonic() - start:.0f} s", flush=True)
    assert image.user != "root", "the image's programs would run as root"


if __name__ == "__main__":
    main(*sys.argv[1:])
