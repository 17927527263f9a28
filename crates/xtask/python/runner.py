"""Runs a notebook with the course's kernel and says what is wrong with what it showed.

A cell's status tells little here: after a panic, evcxr still answers "ok". A panic shows as text, a
figure that could not be drawn shows why. An error behind a `?` is an error of its cell with the course's
launcher; without it, the error is on stderr, where a sound lesson prints nothing. So anything on stderr
is a fault.
"""

import queue
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from jupyter_client.manager import KernelManager
from mime import PLOT
from nbformat.v4 import output_from_msg

KERNEL = "rust"
START = 300  # seconds, for a kernel that builds its crates first
CELL = 1200

FIGURES = {"image/png", "image/jpeg", "image/svg+xml", PLOT}
CHECK = re.compile(r"\bcheck_\w+\s*\(")
STUDENT = re.compile("○ not attempted yet", re.IGNORECASE)
SOLVED = re.compile("✓ passed|◆ a surprise", re.IGNORECASE)
PANIC = re.compile("panicked at")
WARNING = re.compile(r"(?m)^\s*(\x1b\[[0-9;]*m)*warning(\[\w+\])?(\x1b\[[0-9;]*m)*:")
MARKER = re.compile("EVCXR_[A-Z_]+")
NO_FIGURE = re.compile(r"(?m)^No figure: ")


class KernelDied(Exception):
    """The kernel is gone, or does not answer."""


@dataclass
class Fault:
    kind: str
    cell: int
    source: str
    detail: str

    def __str__(self):
        first = self.source.strip().splitlines()[0] if self.source.strip() else "(empty)"
        return f"{self.kind} in cell {self.cell} `{first}`: {self.detail.strip()}"


@dataclass
class Run:
    faults: list = field(default_factory=list)
    seconds: float = 0.0


class Session:
    """A kernel and what it says. Every message goes to the cell that caused it, also the one that
    comes after that cell's end: stderr takes its own way through evcxr."""

    def __init__(self, manager, client):
        self.manager = manager
        self.client = client
        self.cells = {}

    def execute(self, cell, timeout=CELL):
        """Runs a cell to its end and returns the seconds it took."""
        start = time.monotonic()
        cell.outputs = []
        request = self.client.execute(cell.source, allow_stdin=False)
        self.cells[request] = cell
        while not self.receive(request):
            if not self.manager.is_alive():
                raise KernelDied(f"the kernel died in the cell\n{cell.source}")
            if time.monotonic() - start > timeout:
                raise KernelDied(f"no end after {timeout} s in the cell\n{cell.source}")
        return time.monotonic() - start

    def receive(self, request, timeout=1.0):
        """Takes one message; true when it says that `request` is done."""
        try:
            message = self.client.get_iopub_msg(timeout=timeout)
        except queue.Empty:
            return False
        parent = message["parent_header"].get("msg_id")
        kind, content = message["msg_type"], message["content"]
        if kind in ("stream", "execute_result", "display_data", "error") and parent in self.cells:
            add(self.cells[parent].outputs, output_from_msg(message))
        return kind == "status" and content["execution_state"] == "idle" and parent == request

    def settle(self):
        """Waits for what is still on its way."""
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            self.receive(None, timeout=0.1)


@contextmanager
def session(folder):
    """A fresh kernel that works in `folder`."""
    manager = KernelManager(kernel_name=KERNEL)
    manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=START)
        yield Session(manager, client)
    except RuntimeError as error:
        raise KernelDied(str(error)) from error
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def add(outputs, output):
    """Lines of one stream become one output."""
    if outputs and output.output_type == "stream":
        last = outputs[-1]
        if last.output_type == "stream" and last.name == output.name:
            last.text += output.text
            return
    outputs.append(output)


def run(notebook, folder, then=None):
    """Executes the notebook in place, in a fresh kernel that works in `folder`; and after it, in the
    same kernel, the notebook `then`."""
    start = time.monotonic()
    try:
        with session(folder) as kernel:
            for _, cell in [*code_cells(notebook), *(code_cells(then) if then else [])]:
                kernel.execute(cell)
            kernel.settle()
        found = faults(notebook)
    except KernelDied as error:
        found = [*faults(notebook), Fault("dead kernel", 0, "", str(error))]
    for count, (_, cell) in enumerate(code_cells(notebook), start=1):
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
    return Run(found, time.monotonic() - start)


def code_cells(notebook):
    return [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]


def answers(notebook):
    """The cells that solve an exercise, each with the check that follows it."""
    found, unchecked = [], False
    for _, cell in code_cells(notebook):
        solves = "solution" in cell.metadata.get("tags", [])
        if solves or (unchecked and CHECK.search(cell.source)):
            found.append(cell)
            unchecked = solves
    return found


def faults(notebook):
    """What no executed lesson may show."""
    found = []
    for index, cell in code_cells(notebook):
        meant = "raises-exception" in cell.metadata.get("tags", [])
        here = list(cell_faults(index, cell))
        if not meant:
            found.extend(here)
        elif not here:
            found.append(Fault("no error", index, cell.source, "tagged raises-exception, and it ran well"))
    return found


def cell_faults(index, cell):
    for output in cell.outputs:
        if output.output_type == "error":
            yield Fault("error", index, cell.source, output.evalue)
        text = shown(output)
        if PANIC.search(text):
            yield Fault("panic", index, cell.source, text)
        elif WARNING.search(text):
            yield Fault("warning", index, cell.source, text)
        elif MARKER.search(text):
            yield Fault("kernel marker", index, cell.source, text)
        elif NO_FIGURE.search(text):
            yield Fault("no figure", index, cell.source, text)
        elif output.output_type == "stream" and output.name == "stderr":
            yield Fault("stderr", index, cell.source, text)


def shown(output):
    """The words of an output: a stream's text, an error's traceback, a value's plain and HTML forms."""
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return "\n".join(output.traceback)
    return "\n".join(str(output.data.get(mime, "")) for mime in ("text/plain", "text/html"))


def figures(cell):
    """The kinds of picture that a cell shows; an `img` in HTML counts as one."""
    found = set()
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        kinds = FIGURES & set(data)
        # A still that was added to a plot when the lesson was made is no figure of its own.
        found |= kinds - {"image/png"} if PLOT in kinds else kinds
        if re.search(r"<(img|svg|canvas)\b", str(data.get("text/html", ""))):
            found.add("picture in HTML")
    return found


def missing_figures(notebook, solved):
    """Figures that the committed solved copy shows, and this run of the same cells does not."""
    here = {cell.id: (index, cell) for index, cell in code_cells(notebook)}
    found = []
    for _, cell in code_cells(solved):
        if cell.id in here:
            index, again = here[cell.id]
            lost = figures(cell) - figures(again)
            if lost:
                found.append(Fault("missing figure", index, again.source, ", ".join(sorted(lost))))
    return found


def unexpected_checks(notebook, expected):
    """Checks that do not answer as they do in an untouched or a solved lesson."""
    found = []
    for index, cell in code_cells(notebook):
        if CHECK.search(cell.source):
            text = "\n".join(shown(output) for output in cell.outputs)
            if not expected.search(text):
                found.append(
                    Fault("check", index, cell.source, f"expected /{expected.pattern}/, got: {text}")
                )
    return found
