"""JupyterHub for a class: one course folder that its users may read, one account for each learner.

Start it as root in this folder's course, as docs/classroom.md says. The two variables are for a course
whose `.lab` lies elsewhere, and for a port that is taken.
"""

import os
from pathlib import Path

COURSE = Path(os.environ.get("LATENT_COURSE", Path.cwd())).resolve()
LAB = Path(os.environ.get("LATENT_LAB", COURSE / ".lab")).resolve()
PYTHON = LAB / "venv/bin/python"
# JupyterLab opens the learner's own copies of the lessons.
COPIES = "latent-course"

c = get_config()  # noqa: F821

c.JupyterHub.bind_url = f"http://:{os.environ.get('LATENT_PORT', '8000')}"
c.JupyterHub.data_files_path = os.environ.get("LATENT_HUB_FILES", str(LAB / "venv/share/jupyterhub"))

# The accounts of this computer. Name the group of the class, or `allowed_users`.
c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {"class"}


def bring_lessons(spawner):
    """Before a learner's server starts: copies of the lessons, as far as they are not there yet."""
    import subprocess

    user = spawner.user.name
    command = [str(LAB / "kernel/latent-kernel"), "lab", "--no-open"]
    login = ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "env"]
    home = os.path.expanduser(f"~{user}")
    subprocess.run([*login, f"HOME={home}", f"USER={user}", *command], cwd=home, check=True)


c.Spawner.pre_spawn_hook = bring_lessons
c.Spawner.cmd = [str(PYTHON), "-m", "jupyterhub.singleuser"]
c.Spawner.notebook_dir = f"~/{COPIES}"
c.Spawner.default_url = "/lab"
# Many kernels that start at the same time on few cores take longer than one.
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300
c.Spawner.environment = {
    "LATENT_LAB": str(LAB),
    # JupyterLab waits for as long as a kernel needs when a whole class starts one.
    "JUPYTER_PLATFORM_DIRS": "1",
}
# A learner takes 0.7 GB. Whoever leaves is stopped after an hour, with a message of JupyterHub.
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=3600",
    "--MappingKernelManager.cull_interval=300",
]
