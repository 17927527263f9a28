"""What a learner takes of a machine that many share, and that the analyser still knows what it must."""

import sys
from pathlib import Path

import pytest
import runner
from conftest import text
from test_kernel import OPENING, end, execute, start

LIMIT = 600  # MB, all processes of a kernel that holds MNIST

TYPES = """\
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use latent::linfa;
let mut counts = HashMap::new();
counts.insert("ones".to_owned(), vec![1_u8]);
let seen: HashSet<usize> = (0..3).collect();
let sorted = BTreeMap::from([(1, 'a')]);
let queue = VecDeque::from([1.5_f64]);
let start = std::time::Instant::now();
let seconds = start.elapsed().as_secs_f32();
let bits = 7_u32.count_ones() + 3_u32.pow(2);
let words = "a b".split(' ').map(str::to_owned).collect::<Vec<_>>();
let shared = std::sync::Arc::new(std::sync::Mutex::new(1));
let mean = array![[1.0, 2.0], [3.0, 4.0]].mean_axis(Axis(0)).unwrap();
let product = array![[1.0_f32, 2.0]].dot(&mean.mapv(|x: f32| x * 2.0));
let theirs = linfa::Dataset::from(Dataset::new(array![[0.0, 1.0]], array![0])?);
let pca = Pca::fit(&array![[1.0, 2.0], [3.0, 4.5], [0.0, 1.0]], 1)?;
let plot = figure::line(&[0.0, 1.0], &[0.0, 1.0], "a line")?;"""
SHOW = """\
println!("{} {} {} {} {} {}", counts.len(), seen.len(), sorted[&1], queue[0], seconds < 9.0, bits);
println!("{} {} {:?}", words.len(), shared.lock().unwrap(), product.dim());
println!("{:?} {:?}", theirs.records.dim(), pca.components().dim());"""

LOAD = """\
let mnist = Mnist::load()?;
let few = mnist.test.take(20);
figure::digits(&few.samples, &few.labels)"""


def megabytes(process):
    """The memory of a process and of all that it started; what they share is counted once."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    pss = next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))
    children = [
        child
        for thread in Path(f"/proc/{process}/task").iterdir()
        for child in (thread / "children").read_text().split()
    ]
    return int(pss) / 1024 + sum(map(megabytes, children))


@pytest.fixture(scope="module")
def kernel():
    session = start()
    assert "rror" not in text(execute(session, OPENING))
    yield session
    end(session)


def test_the_types_of_variables_are_known_although_the_analyser_sees_less(kernel):
    assert text(execute(kernel, TYPES)) == ""
    lines = text(execute(kernel, SHOW)).splitlines()
    assert lines == ["1 3 a 1.5 true 12", "2 1 1", "(1, 2) (1, 2)"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_learner_with_mnist_takes_less_than_600_mb(kernel):
    shown = execute(kernel, LOAD)
    found = megabytes(kernel.manager.provisioner.process.pid)
    print(f"{found:.0f} MB")
    assert runner.figures(shown), text(shown)
    assert found < LIMIT
