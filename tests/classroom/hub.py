"""Starts JupyterHub with the configuration of docs/classroom, logs a class in and runs lesson 02 in each
server at the same time. Writes a line of JSON for each learner to <homes>/class.txt."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "crates/xtask/python"))

import lessons  # noqa: E402
import runner  # noqa: E402
from nbformat.v4 import output_from_msg  # noqa: E402

TEST = """
load_subconfig({config!r})
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "class"
c.Authenticator.allow_all = True
c.LocalAuthenticator.allowed_groups = set()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.Spawner.env_keep = ["PATH", "LANG", "PYTHONPATH"]
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def megabytes(user):
    """The memory of all processes of one account; what they share is counted once."""
    total = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == user:
                rollup = (process / "smaps_rollup").read_text()
                total += int(re.search(r"(?m)^Pss:\s+(\d+)", rollup)[1]) / 1024
        except (OSError, TypeError):
            continue
    return total


async def learner(base, name, cells):
    found = {"name": name, "faults": []}
    start = time.monotonic()
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as web:
        login = f"{base}/hub/login"
        while True:
            async with web.get(login) as page:
                await page.text()
                if page.status == 200:
                    break
            await asyncio.sleep(1)
            assert time.monotonic() - start < 200, "no page to log in"
        token = {"_xsrf": next(cookie.value for cookie in jar if cookie.key == "_xsrf")}
        async with web.post(
            login, data={"username": name, "password": "class", **token}, params=token
        ) as page:
            assert page.status == 200, (page.status, await page.text())
        server = f"{base}/user/{name}"
        while True:
            async with web.get(f"{server}/api/status") as answer:
                if answer.status == 200 and "json" in answer.headers.get("Content-Type", ""):
                    break
            async with web.get(f"{base}/hub/spawn/{name}") as page:
                await page.text()
            await asyncio.sleep(1)
            assert time.monotonic() - start < 400, "no server"
        found["server"] = time.monotonic() - start
        async with web.get(f"{server}/lab") as page:
            await page.text()
        headers = {
            "X-XSRFToken": next(c.value for c in jar if c.key == "_xsrf" and f"/user/{name}" in c["path"])
        }
        body = {"name": "rust", "path": ""}
        async with web.post(f"{server}/api/kernels", json=body, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            kernel = (await answer.json())["id"]
        async with web.ws_connect(f"{server}/api/kernels/{kernel}/channels", max_msg_size=0) as socket_:
            folder = Path(os.path.expanduser(f"~{name}")) / "latent-course"
            for index, (_, cell) in enumerate(runner.code_cells(lessons.load(folder / "02-pca.ipynb"))):
                if index >= cells:
                    break
                await run(socket_, cell, f"{name}-{index}")
                found["faults"] += [str(fault) for fault in runner.cell_faults(index, cell)]
                if "first figure" not in found and runner.figures(cell):
                    found["first figure"] = time.monotonic() - start
            found["lesson"] = time.monotonic() - start
            found["megabytes"] = megabytes(folder.stat().st_uid)
    return found


async def run(channels, cell, name):
    """One cell, as JupyterLab sends it."""
    cell.outputs = []
    header = {
        "msg_id": name,
        "msg_type": "execute_request",
        "session": name,
        "username": "",
        "version": "5.3",
    }
    content = {"code": cell.source, "silent": False, "store_history": True, "allow_stdin": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await channels.send_json({**message, "buffers": []})
    while True:
        message = json.loads((await channels.receive(timeout=900)).data)
        if message["parent_header"].get("msg_id") != name:
            continue
        if message["msg_type"] in ("stream", "execute_result", "display_data", "error"):
            runner.add(cell.outputs, output_from_msg(message))
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return


async def main():
    homes, learners, cells = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    port, hub, proxy = free_port(), free_port(), free_port()
    config = str(ROOT / "docs/classroom/jupyterhub_config.py")
    text = TEST.format(config=config, port=port, hub=hub, proxy=proxy)
    (homes / "config.py").write_text(text, encoding="utf-8")
    (homes / "hub").mkdir(mode=0o700)
    with (homes / "hub.log").open("w") as log:
        command = [sys.executable, "-m", "jupyterhub", "-f", homes / "config.py"]
        process = subprocess.Popen(command, cwd=homes / "hub", stdout=log, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        for _ in range(120):
            await asyncio.sleep(1)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        names = [f"learner{number + 1}" for number in range(learners)]
        found = await asyncio.gather(*(learner(base, name, cells) for name in names))
        for one in found:
            print({key: round(value, 1) if isinstance(value, float) else value for key, value in one.items()})
        (homes / "class.txt").write_text("".join(json.dumps(one) + "\n" for one in found))
    except BaseException:
        print((homes / "hub.log").read_text()[-6000:])
        raise
    finally:
        process.terminate()
        process.wait(60)


if __name__ == "__main__":
    asyncio.run(main())
