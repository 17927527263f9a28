"""A class on one computer: JupyterHub with its proxy, real accounts, and a course they may only read."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import lessons
import pytest
from conftest import ROOT, wait_until
from test_shared import AS_ROOT, needed

LEARNERS = int(os.environ.get("LATENT_LEARNERS", "10"))
CELLS = int(os.environ.get("LATENT_CELLS", "99"))
PROGRAMS = lessons.lab() / "classroom"
HUB = "jupyterhub==6.1.1"
PROXY = "configurable-http-proxy@5.3.0"


def installed():
    """JupyterHub and its proxy in folders of their own: the course's environment stays as it is."""
    python = PROGRAMS / "venv/bin/python"
    if not (PROGRAMS / "node_modules/.bin/configurable-http-proxy").exists():
        subprocess.run([sys.executable, "-m", "venv", PROGRAMS / "venv"], check=True)
        site = Path(subprocess.check_output([python, "-c", SITE], text=True).strip())
        (site / "course.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        subprocess.run([python, "-m", "pip", "install", "--quiet", HUB], check=True)
        npm = ["npm", "install", "--silent", "--prefix", PROGRAMS, PROXY]
        subprocess.run(npm, check=True)
    return Path(subprocess.check_output([python, "-c", SITE], text=True).strip())


SITE = "import sysconfig; print(sysconfig.get_path('purelib'))"


def remains(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return folder.exists()


@pytest.mark.long
@pytest.mark.skipif(not AS_ROOT or not shutil.which("npm"), reason="needs root, npm, unshare and setpriv")
def test_a_class_runs_a_lesson_at_the_same_time():
    site = installed()
    homes = Path(tempfile.mkdtemp(prefix="latent-class-"))
    homes.chmod(0o755)
    try:
        enter = ["unshare", "--mount", "--propagation", "private", "bash", ROOT / "tests/classroom/enter.sh"]
        words = [*enter, ROOT, lessons.lab(), homes, PROGRAMS, site, str(LEARNERS), str(CELLS), *needed()]
        subprocess.run(words, check=True, text=True)
        learners = [json.loads(line) for line in (homes / "class.txt").read_text().splitlines()]
    finally:
        # The last kernels still remove their own folders.
        assert wait_until(lambda: not remains(homes), seconds=60), homes
    assert len(learners) == LEARNERS
    for learner in learners:
        assert learner["faults"] == [], learner
    memory = [learner["megabytes"] for learner in learners]
    assert max(memory) < 800, memory
