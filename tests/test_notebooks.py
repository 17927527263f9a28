"""Every lesson from top to bottom in a fresh kernel, and every solution; and proofs that a broken one
would be found."""

import copy
import shutil

import lessons
import pytest
import runner
from conftest import ROOT, cell, notebook
from nbformat.v4 import new_output

STUDENT_LIMIT = 100_000
SOLVED_LIMIT = 3_000_000
# The sections of the paths run in the lessons, and the gallery runs in JupyterLab in
# `test_browser.py`; by themselves they run with `cargo xtask test --long`.
LONG = {"short-course", "three-hours-1", "three-hours-2", "90-gallery"}
NAMES = [pytest.param(name, marks=pytest.mark.long if name in LONG else ()) for name in lessons.names()]
PICTURE = """println!("EVCXR_BEGIN_CONTENT image/svg+xml\\n<svg/>\\nEVCXR_END_CONTENT");"""


@pytest.mark.parametrize("name", NAMES)
def test_lesson_runs_untouched_and_takes_its_solutions(name, tmp_path):
    """The untouched copy from top to bottom; then, in the same kernel, each answer and its check.

    That the solved copy runs from top to bottom is seen when it is made, and its outputs say so. The
    kernel works in a folder of its own, so that nothing passes for the learner's progress.
    """
    untouched = lessons.without_outputs(lessons.load(lessons.NOTEBOOKS / f"{name}.ipynb"))
    for _, code in runner.code_cells(untouched):
        code.source = code.source.replace('path = "../crates', f'path = "{(ROOT / "crates").as_posix()}')
    shutil.copy(lessons.NOTEBOOKS / lessons.KERNEL_SETTINGS, tmp_path)
    committed = lessons.load(lessons.SOLUTIONS / f"{name}.ipynb")
    answers = notebook(*runner.answers(lessons.without_outputs(committed)))
    faults = runner.run(untouched, tmp_path, then=answers).faults
    faults += runner.missing_figures(untouched, committed)
    faults += runner.unexpected_checks(untouched, runner.STUDENT)
    faults += [*runner.faults(answers), *runner.unexpected_checks(answers, runner.SOLVED)]
    assert not faults, "\n" + "\n".join(str(fault) for fault in faults)
    answered = any(runner.CHECK.search(code.source) for _, code in runner.code_cells(answers))
    assert (tmp_path / "progress.tsv").is_file() == answered


@pytest.mark.parametrize("name", lessons.names())
def test_lesson_keeps_its_size(name):
    assert (lessons.NOTEBOOKS / f"{name}.ipynb").stat().st_size <= STUDENT_LIMIT
    assert (lessons.SOLUTIONS / f"{name}.ipynb").stat().st_size <= SOLVED_LIMIT


@pytest.mark.parametrize("name", lessons.names())
def test_committed_solution_has_no_faults(name):
    solved = lessons.load(lessons.SOLUTIONS / f"{name}.ipynb")
    faults = [*runner.faults(solved), *runner.unexpected_checks(solved, runner.SOLVED)]
    assert not faults, "\n" + "\n".join(str(fault) for fault in faults)


# What a broken lesson looks like: code, and the kind of fault that must be found.
BROKEN = {
    "error": ("let x: f32 = 1;", "error"),
    "panic": ('panic!("no");', "panic"),
    "panic told kindly": (
        'std::panic::set_hook(Box::new(|_| println!("\\nThis cell stopped: it panicked at …")));\n'
        'let no: Option<i32> = None;\nno.expect("some");',
        "panic",
    ),
    "early end": ('let e: Result<i32, String> = Err("bad".into());\nlet q = e?;', "error"),
    "stderr": (
        'eprintln!("a complaint");\nstd::thread::sleep(std::time::Duration::from_millis(300));',
        "stderr",
    ),
    "warning": ('println!("warning: unused variable: `x`");', "warning"),
    "no figure": (
        'println!("EVCXR_BEGIN_CONTENT text/plain\\nNo figure: a reason\\nEVCXR_END_CONTENT");',
        "no figure",
    ),
    "marker": ('println!("x EVCXR_END_CONTENT");', "kernel marker"),
    "no error": ("1 + 1", "no error"),
}


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Each broken cell, and some sound ones, run one after another in one kernel."""
    sound = {"picture": PICTURE, "words": 'println!("all is well");', "two": "1 + 1"}
    names = [*BROKEN, *sound]
    sources = {**{name: source for name, (source, _) in BROKEN.items()}, **sound}
    cells = [cell(sources[name], *(["raises-exception"] if name == "no error" else [])) for name in names]
    lesson = notebook(*cells)
    runner.run(lesson, tmp_path_factory.mktemp("broken"))
    return dict(zip(names, lesson.cells, strict=True))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_lesson_is_found(executed, name):
    kinds = {fault.kind for fault in runner.faults(notebook(executed[name]))}
    assert kinds == {BROKEN[name][1]}


def test_a_sound_lesson_has_no_faults(executed):
    lesson = notebook(executed["picture"], executed["words"], executed["two"])
    assert runner.faults(lesson) == []
    assert runner.figures(executed["picture"]) == {"image/svg+xml"}


def test_an_error_that_is_meant_is_no_fault(executed):
    meant = copy.deepcopy(executed["error"])
    meant.metadata["tags"] = ["raises-exception"]
    assert runner.faults(notebook(meant)) == []


def test_a_missing_figure_is_found(executed):
    committed = notebook(executed["picture"])
    lost = copy.deepcopy(committed)
    lost.cells[0].outputs = []
    assert runner.missing_figures(committed, committed) == []
    assert [fault.kind for fault in runner.missing_figures(lost, committed)] == ["missing figure"]


def test_a_still_that_was_added_later_is_not_missed(executed):
    live, committed = copy.deepcopy(executed["picture"]), copy.deepcopy(executed["picture"])
    live.outputs[0].data = {runner.PLOT: {}}
    committed.outputs[0].data = {runner.PLOT: {}, "image/png": ""}
    assert runner.missing_figures(notebook(live), notebook(committed)) == []
    live.outputs[0].data = {}
    assert len(runner.missing_figures(notebook(live), notebook(committed))) == 1


def test_a_check_with_the_wrong_answer_is_found():
    check = cell("exercise::pca::check_centre(centre)")
    for shown, untouched, solved in [
        ("○ Not attempted yet", 0, 1),
        ("✓ Passed", 1, 0),
        ("△ Not there yet", 1, 1),
    ]:
        check.outputs = [new_output("stream", text=shown)]
        lesson = notebook(copy.deepcopy(check))
        assert len(runner.unexpected_checks(lesson, runner.STUDENT)) == untouched
        assert len(runner.unexpected_checks(lesson, runner.SOLVED)) == solved


def test_answers_are_the_solutions_with_their_checks():
    cells = [
        cell("let x = 1;"),
        cell("fn f() {}", "solution"),
        cell("exercise::pca::check_f(f)"),
        cell("let guess = Some(1);", "solution"),
        cell("exercise::pca::check_guess(guess)"),
        cell("f()"),
    ]
    assert [found.source for found in runner.answers(notebook(*cells))] == [
        found.source for found in cells[1:5]
    ]


def test_a_wrong_solution_is_found(tmp_path):
    answers = notebook(cell("fn f() -> i32 { 3 }", "solution"), cell("panic!()"))
    run = runner.run(notebook(cell("let x = 1;")), tmp_path, then=answers)
    assert run.faults == []
    assert [fault.kind for fault in runner.faults(answers)] == ["panic"]


def test_a_dead_kernel_is_found(tmp_path):
    lesson = notebook(cell("1 + 1"))
    (tmp_path / "evcxr.toml").write_text('[evcxr]\nprelude = "nonsense"\n')
    assert runner.run(lesson, tmp_path).faults
