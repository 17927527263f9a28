"""One course for several users, who may read it and not write to it."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import lessons
import pytest
from conftest import ROOT
from jupyter_client.kernelspec import get_kernel_spec

TOOLS = ("unshare", "setpriv", "mount")
AS_ROOT = os.name == "posix" and os.geteuid() == 0 and all(map(shutil.which, TOOLS))


def needed():
    """Folders below this user's home that a kernel needs, if the home is closed to others."""
    home = Path.home()
    if home.stat().st_mode & 0o001:
        return []
    argv = get_kernel_spec("rust").argv
    option = {name: Path(argv[argv.index(name) + 1]) for name in ("--rust", "--cargo-home", "--evcxr")}
    folders = [option["--rust"], option["--cargo-home"], option["--evcxr"].parent, sys.base_prefix]
    inside = [Path(folder) for folder in [*folders, ROOT, lessons.lab()] if Path(folder).is_relative_to(home)]
    return [folder for folder in inside if not any(other in folder.parents for other in inside)]


@pytest.mark.long
@pytest.mark.skipif(not AS_ROOT, reason="becomes two ordinary users: needs root, unshare and setpriv")
def test_two_users_work_at_the_same_time_in_a_course_that_they_may_only_read():
    # Not pytest's own folder: it is closed to other users.
    homes = Path(tempfile.mkdtemp(prefix="latent-shared-"))
    homes.chmod(0o755)
    try:
        enter = ["unshare", "--mount", "--propagation", "private", "bash", ROOT / "tests/shared/enter.sh"]
        run = subprocess.run([*enter, ROOT, lessons.lab(), homes, *needed()], check=False, text=True)
        said = {file.stem: file.read_text(encoding="utf-8") for file in homes.glob("*.txt")}
        print(said)
        assert run.returncode == 0 and len(said) == 2, said
        for user, words in said.items():
            assert words.rstrip().endswith("well"), words
            files = subprocess.check_output(["find", ROOT, lessons.lab(), "-uid", user], text=True)
            assert files == "", "written to the course"
    finally:
        shutil.rmtree(homes)
