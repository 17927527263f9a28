"""The files for containers, read without Docker. `cargo xtask fresh --image` carries out their steps."""

import json
import os
import subprocess

import pytest
from conftest import ROOT
from fresh.image import instructions

FOLDER = ROOT / ".devcontainer"
STEPS = instructions((FOLDER / "Dockerfile").read_text(encoding="utf-8"))


def test_the_image_does_not_run_as_root_and_calls_the_one_script():
    names = [name for name, _ in STEPS]
    users = [rest for name, rest in STEPS if name == "USER"]
    assert users[-1] == "learner"
    assert ("RUN", "./postBuild") in STEPS
    assert names[-2:] == ["EXPOSE", "CMD"]
    assert json.loads(STEPS[-1][1])[:2] == ["jupyter", "lab"]


def test_codespaces_builds_a_part_of_the_same_image_and_calls_the_one_script():
    container = json.loads((FOLDER / "devcontainer.json").read_text(encoding="utf-8"))
    parts = [rest.split(" AS ")[1] for name, rest in STEPS if name == "FROM"]
    assert container["build"]["target"] in parts
    assert container["onCreateCommand"].startswith("./postBuild")


def test_what_was_built_here_does_not_go_into_the_image():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".lab", "target", "notebooks/**/progress.tsv"} <= set(ignored)


@pytest.mark.skipif(os.name != "posix", reason="asks a Unix shell")
def test_all_commands_are_ones_that_a_shell_understands():
    assert os.access(ROOT / "postBuild", os.X_OK)
    subprocess.run(["bash", "-n", ROOT / "postBuild"], check=True)
    for name, rest in STEPS:
        if name == "RUN":
            subprocess.run(["sh", "-n", "-c", rest], check=True)
