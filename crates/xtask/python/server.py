"""A JupyterLab for programs: on a free port of this machine, without a password and without a browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

START = 60  # seconds


@contextmanager
def jupyterlab(folder):
    """The address of a JupyterLab that shows `folder` and keeps its settings there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [
            *[sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"],
            *[f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="],
            f"--ServerApp.root_dir={folder}",
        ],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A theme or a window that a program chooses is not the learner's choice.
        env={
            **os.environ,
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces"),
            "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"),
        },
    )
    try:
        end = time.monotonic() + START
        while not answers(url):
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError("JupyterLab does not answer")
            time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def answers(url):
    try:
        return urllib.request.urlopen(f"{url}/api", timeout=2).status == 200
    except OSError:
        return False
