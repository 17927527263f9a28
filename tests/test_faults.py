"""What goes wrong in a cell: it is said in words, the kernel lives, and the learner's work is there."""

import os
import signal
import subprocess
import sys
import time
from shutil import which

import pytest
from conftest import ROOT, text, wait_until
from test_kernel import RUNS, execute, lesson

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

MADE = """
let kept = 41;
let again = 1;
let given = vec![1.0_f32];
let mut changed = 1;
let data = random::uniform(200, 12, 0.0, 1.0, 1)?;
"""
EARLY_END = """
let again = 2; let new = 3; changed = 7; let inner = given;
let pca = Pca::fit(&data, 500)?;
"""
DIVERGES = """
let mut net = Autoencoder::new(&[12, 2], Activation::Relu, 1)?.with_output_activation(Activation::Identity);
let wild = TrainConfig {
    epochs: 50, learning_rate: 1e6, optimizer: OptimizerConfig::sgd(), ..TrainConfig::default()
};
let history = net.fit(&data, &data, &wild)?;
"""
THREAD = """
let ended = std::thread::spawn(|| { if true { panic!("in a thread") } }).join().is_err();
println!("the cell goes on: {ended}");
"""


@pytest.fixture(scope="module")
def kernel():
    with lesson(MADE) as session:
        yield session


def reply(session, source):
    """The cell, and what the kernel answered to the request."""
    executed = execute(session, source)
    while True:
        answer = session.client.get_shell_msg(timeout=60)
        if answer["parent_header"]["msg_id"] in session.cells and (
            session.cells[answer["parent_header"]["msg_id"]] is executed
        ):
            return executed, answer["content"]


def kinds(executed):
    return [output.output_type for output in executed.outputs]


def test_an_error_behind_a_question_mark_is_an_error_of_its_cell(kernel):
    executed, answer = reply(kernel, EARLY_END)
    shown = text(executed)
    assert kinds(executed) == ["error"], shown
    assert answer["status"] == "error"
    assert "500" in answer["evalue"] and "components" in shown, "the error's own words"
    assert "What it defines with `let` is missing" in shown
    for name in ("again", "new", "given", "inner", "pca"):
        assert f"cannot find value `{name}`" in text(execute(kernel, name)), name
    assert "(41, 7)" in text(execute(kernel, "(kept, changed)"))
    executed, answer = reply(kernel, "let fine = data.nrows();\nfine")
    assert answer["status"] == "ok" and "200" in text(executed)


def test_a_diverging_training_does_not_take_the_network_of_its_cell_along(kernel):
    shown = text(execute(kernel, DIVERGES))
    assert "the loss became" in shown
    assert "network with its best weights so far is in a file" in shown
    path = shown.split("`load` reads it: ")[1].split("\n")[0]
    loaded = execute(kernel, f'let net = Autoencoder::load("{path}")?;\nnet.reconstruction_error(&data)?')
    assert "error" not in kinds(loaded), text(loaded)


def test_a_thread_that_panics_leaves_the_cell_running(kernel):
    executed = execute(kernel, THREAD)
    shown = text(executed)
    assert 'A thread of this cell stopped: it panicked at "in a thread"' in shown
    assert "the cell goes on: true" in shown
    assert "(41, true)" in text(execute(kernel, "(kept, ended)"))


def test_what_is_too_large_for_a_function_of_the_course_is_an_error(kernel):
    executed = execute(kernel, "let large = random::uniform(200_000, 200_000, 0.0, 1.0, 1)?;")
    assert "needs about 160.0 GB of memory" in text(executed)
    assert kinds(executed) == ["error"]
    assert "42" in text(execute(kernel, "kept + 1"))


def test_another_crate_in_the_middle_of_a_session_is_warned_of_and_keeps_what_it_can(kernel):
    execute(kernel, "let known = Dataset::new(data.clone(), Array1::zeros(200))?;")
    shown = text(execute(kernel, ":dep rand_distr\nlet drawn = 1;"))
    assert shown.startswith("`:dep rand_distr` needs an internet connection"), shown
    assert "(42, 200)" in text(execute(kernel, "(kept + 1, known.len())"))


@LINUX
def test_more_memory_than_is_free_is_refused_before_the_system_kills(kernel):
    """Two matrices that the system would promise one by one, though it does not have both."""
    with open("/proc/meminfo") as lines:
        free = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    rows = int(0.6 * free * 1024 / 4000)
    both = f"let a = Array2::<f32>::zeros(({rows}, 1000)); let b = Array2::<f32>::zeros(({rows}, 1000));"
    shown = text(execute(kernel, both + "\n(a.dim(), b.dim())"))
    assert "GB of memory at once, and there is not so much" in shown
    assert "All variables are gone" in shown
    assert "42" in text(execute(kernel, "6 * 7"))


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_process_that_the_system_kills_is_told(kernel):
    execute(kernel, "let kept = 41;")
    shown = text(execute(kernel, KILLED))
    assert "the system killed it" in shown
    assert "All variables are gone" in shown
    assert "cannot find value `kept`" in text(execute(kernel, "kept"))


KILLED = """
let id = std::process::id().to_string();
std::process::Command::new("kill").args(["-9", &id]).status()?;
std::thread::sleep(std::time::Duration::from_secs(5));
"""


@LINUX
def test_a_clock_that_was_set_back_runs_each_cell_once_and_as_it_is_written(kernel):
    """Cargo tells by the files' times what has changed."""
    execute(kernel, "let first = 1;")
    hour = time.time() + 3600
    target = next(RUNS.glob(f"{kernel.manager.provisioner.process.pid}-*")) / "ctx/target"
    for folder, _, files in os.walk(target):
        for name in files:
            if "ctx" in name or "ctx-" in folder:
                os.utime(os.path.join(folder, name), (hour, hour))
    assert "second: 2" in text(execute(kernel, 'let second = first + 1;\nprintln!("second: {second}");'))
    assert "third: 3" in text(execute(kernel, 'println!("third: {}", second + 1);'))


PARENT = """
import sys, time
sys.path.insert(0, "crates/xtask/python"); sys.path.insert(0, "tests")
from test_kernel import start
session = start()
print(session.manager.provisioner.process.pid, flush=True)
time.sleep(600)
"""


@LINUX
def test_a_kernel_whose_jupyter_is_gone_ends_and_clears_up():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    # evcxr says something of its own before.
    launcher = int(next(line for line in parent.stdout if line.strip().isdigit()))
    assert list(RUNS.glob(f"{launcher}-*"))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert wait_until(lambda: not os.path.exists(f"/proc/{launcher}/exe"), 30), "the launcher runs on"
    assert wait_until(lambda: not list(RUNS.glob(f"{launcher}-*"))), "its folder is left"


SAVED = """
import os
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from nbformat.v4 import new_code_cell, new_notebook, new_output
manager = LargeFileManager(root_dir=os.getcwd())
def save(size):
    figure = new_output("display_data", {"image/png": "x" * size})
    content = new_notebook(cells=[new_code_cell("figure", outputs=[figure])])
    manager.save({"type": "notebook", "content": content}, "lesson.ipynb")
save(100)
saved = open("lesson.ipynb").read()
try:
    save(200_000)
except Exception as error:
    print(error)
print("as before:", open("lesson.ipynb").read() == saved)
"""


@LINUX
def test_a_full_disk_leaves_the_notebook_that_was_saved_before(tmp_path):
    """Figures are part of the notebook. The disk has 64 kB and is seen by this process alone."""
    mounted = 'mount -t tmpfs -o size=64k tmpfs "$1" && cd "$1" && shift && exec "$@"'
    small = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted, "sh", str(tmp_path)]
    if not which("unshare") or subprocess.run([*small, "true"], check=False).returncode:
        pytest.skip("this system gives us no disk of our own")
    ran = subprocess.run([*small, sys.executable, "-c", SAVED], capture_output=True, text=True, check=True)
    assert "No space left on device" in ran.stdout
    assert "as before: True" in ran.stdout
