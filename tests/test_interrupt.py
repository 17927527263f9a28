"""An interrupt stops the running code, and variables stay; if the process ends, the notebook says so."""

from concurrent.futures import ThreadPoolExecutor, TimeoutError

import pytest
from conftest import cell, text, wait_until
from test_kernel import execute, lesson

MADE = """
let kept = 41;
let data = random::uniform(20_000, 784, 0.0, 1.0, 1)?;
let few = data.slice(s![..200, ..]).to_owned();
let mut net = Autoencoder::new(&[784, 256, 2], Activation::Relu, 1)?;
let config = TrainConfig { epochs: 1000, ..TrainConfig::default() };
let short = TrainConfig { epochs: 1, progress: false, ..TrainConfig::default() };
"""
TRAINING = """
let history = net.fit(&data, &few, &config)?;
println!("after it: {:.3}", net.reconstruction_error(&few)?);
"""
NEIGHBOURS = """
println!("begins");
let wide = random::uniform(40_000, 700, 0.0, 1.0, 1)?;
let found = latent::readout::neighbours(&wide, &wide, 5)?;
"""
COMPONENTS = """
println!("begins");
for _ in 0..10_000 { Pca::fit(&data, 2)?; }
"""
PANIC = """
let again = 2; let new = 3; changed = 7; let inner = moved;
if kept > 0 { panic!("on purpose"); }
"""
ENDLESS = """
println!("begins");
loop { std::hint::black_box(1); }
"""
DEEP = """
fn deep(n: u64) -> u64 { if n == 0 { 0 } else { 1 + deep(std::hint::black_box(n) - 1) } }
deep(u64::MAX)
"""


@pytest.fixture(scope="module")
def kernel():
    with lesson(MADE) as session:
        yield session


def shows(running, words):
    return wait_until(lambda: words in text(running), seconds=60)


def from_vs_code(session):
    """VS Code sends its interrupts on the channel of the cells."""
    client = session.client
    client.shell_channel.send(client.session.msg("interrupt_request", {}))


def interrupted(session, source, after, times=1, press=None):
    """Runs a cell and presses the button as soon as it shows the words `after`."""
    running = cell(source)
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(session.execute, running, timeout=60)
        assert shows(running, after), text(running)
        for _ in range(times):
            with pytest.raises(TimeoutError):
                run.result(timeout=1)
            press(session) if press else session.manager.interrupt_kernel()
        run.result(timeout=60)
    session.settle()
    return text(running)


def test_a_training_ends_with_its_best_weights_and_all_variables_stay(kernel):
    shown = interrupted(
        kernel,
        TRAINING,
        after="epoch    1/1000",
    )
    assert "interrupted in epoch" in shown
    assert "after it: 0." in shown, "the rest of the cell has run"
    assert "process" not in shown
    assert "(true, 42)" in text(execute(kernel, "(history.interrupted, kept + 1)"))
    again = text(execute(kernel, "net.fit(&few, &few, &short)?.interrupted"))
    assert "false" in again, "the next training is not stopped"


@pytest.mark.parametrize("source", [NEIGHBOURS, COMPONENTS], ids=["neighbours", "PCA"])
def test_what_has_no_part_of_a_result_says_that_it_was_interrupted(kernel, source):
    shown = interrupted(kernel, source, after="begins")
    assert "interrupted: it was stopped" in shown
    assert "42" in text(execute(kernel, "kept + 1"))


def test_an_interrupt_from_vs_code_keeps_all_variables(kernel):
    assert "interrupted: it was stopped" in interrupted(kernel, NEIGHBOURS, "begins", press=from_vs_code)
    assert "42" in text(execute(kernel, "kept + 1"))


def test_an_interrupt_while_nothing_runs_changes_nothing(kernel):
    kernel.manager.interrupt_kernel()
    shown = text(execute(kernel, "(net.fit(&few, &few, &short)?.interrupted, kept + 1)"))
    assert "(false, 42)" in shown


def test_an_interrupt_while_a_cell_is_compiled_runs_nothing_of_it(kernel):
    running = cell('println!("it ran");')
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(kernel.execute, running, timeout=60)
        with pytest.raises(TimeoutError):
            run.result(timeout=0.2)
        kernel.manager.interrupt_kernel()
        run.result(timeout=60)
    kernel.settle()
    # On a quick machine the compiler may be done before the interrupt arrives.
    assert ("while this cell was being compiled" in text(running)) != ("it ran" in text(running))
    assert "42" in text(execute(kernel, "kept + 1"))


def test_the_message_of_a_panic_is_true_of_every_variable(kernel):
    execute(kernel, "let again = 1; let moved = vec![1]; let mut changed = 1; let untouched = 1;")
    shown = text(execute(kernel, PANIC))
    assert "This cell stopped" in shown
    for name in ("again", "moved"):
        assert f"cannot find value `{name}`" in text(execute(kernel, name)), name
    assert "(7, 1)" in text(execute(kernel, "(changed, untouched)"))
    for words in ("defines again", "moves", "stays changed"):
        assert words in shown, words


def test_an_endless_loop_ends_the_process_and_says_what_to_do(kernel, tmp_path):
    file = tmp_path / "net.safetensors"
    execute(kernel, f'net.save("{file}")?;')
    shown = interrupted(kernel, ENDLESS, after="begins")
    assert "did not stop within 3 seconds" in shown
    assert "All variables are gone" in shown
    assert "Run All Above Selected Cell" in shown
    assert f"The last checkpoint: {file}" in shown
    assert "SIGKILL" not in shown
    assert "Subprocess" not in shown
    assert "cannot find value `kept`" in text(execute(kernel, "kept"))
    shown = text(execute(kernel, "let v = vec![1]; v[v.len() + 2]"))
    assert "Counting starts at 0" in shown, "panics are told in plain words again"
    assert "stack backtrace" not in shown


def test_a_second_interrupt_ends_the_process_at_once(kernel):
    shown = interrupted(kernel, ENDLESS, after="begins", times=2)
    assert "Interrupted twice" in shown


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("std::process::exit(1)", "called `exit(1)`"),
        (DEEP, "stack overflowed"),
        ("Array2::<f32>::zeros((200_000, 20_000_000))", "GB of memory at once"),
        ("std::process::abort()", "aborted itself"),
    ],
)
def test_the_end_of_the_process_is_told_in_words(kernel, source, words):
    shown = text(execute(kernel, source))
    assert words in shown
    assert "All variables are gone" in shown
    assert "backtrace" not in shown.lower()
    assert len(shown.splitlines()) <= 4, shown
    assert "42" in text(execute(kernel, "6 * 7"))
