"""Workers: whether the holder of a claim is gone, and what only one of them does."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.workers import Duty, Worker

PROJECT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from core.workers import Worker
worker = Worker(Path(sys.argv[1]))
print(worker.name, flush=True)
sys.stdin.readline()
worker.close()
"""


@contextmanager
def process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process, and its worker's name."""
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        yield child, child.stdout.readline().strip()
    finally:
        child.kill()
        child.communicate(timeout=10)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(tmp_path / "workers")
    yield worker
    worker.close()


def test_a_killed_process_is_gone_a_living_one_is_not(worker: Worker, tmp_path: Path) -> None:
    with process(tmp_path / "workers") as (child, name):
        for _ in range(3):
            assert not worker.is_gone(name)
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=10)
        for _ in range(3):
            assert worker.is_gone(name)
    assert len(list((tmp_path / "workers").iterdir())) == 1, "what it left behind is cleared away"


def test_one_that_left_in_order_is_gone(worker: Worker, tmp_path: Path) -> None:
    with process(tmp_path / "workers") as (child, name):
        child.communicate("leave\n", timeout=10)
        assert child.returncode == 0
        assert worker.is_gone(name)


def test_two_of_one_process_see_each_other(worker: Worker, tmp_path: Path) -> None:
    other = Worker(tmp_path / "workers")
    assert not worker.is_gone(other.name)
    assert not other.is_gone(worker.name)
    other.close()
    assert worker.is_gone(other.name)


def test_of_other_places_nobody_here_can_tell(worker: Worker, tmp_path: Path) -> None:
    elsewhere = Worker(tmp_path / "elsewhere")
    assert not worker.is_gone(elsewhere.name), "no file of it is here, yet it lives"
    elsewhere.close()
    assert not worker.is_gone(elsewhere.name)


def test_names_that_are_none_are_not_gone(worker: Worker, tmp_path: Path) -> None:
    place = worker.name.partition(":")[0]
    (tmp_path / "precious").write_text("keep")
    for name in ("", ":", "some-host:0123", f"{place}:", f"{place}:../precious", worker.name):
        assert not worker.is_gone(name)
    assert (tmp_path / "precious").exists()


def test_a_name_fits_its_column(worker: Worker) -> None:
    assert len(worker.name) <= 36


def test_a_duty_is_done_by_one_at_a_time(tmp_path: Path) -> None:
    first, second, other = (Duty(tmp_path, name) for name in ("polling", "polling", "sweeping"))
    assert first.take()
    assert first.take(), "it is ours already"
    assert not second.take()
    assert other.take(), "another duty"
    first.leave()
    assert second.take()
    assert not first.take()
    second.leave()
    other.leave()
