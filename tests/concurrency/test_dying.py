"""A pool of CPython's own that leaves workers by a race of its own keeps its points."""

from __future__ import annotations

from pathlib import Path

from graders.authoring.catalogue import Kata
from graders.contract.alone import grade_alone
from graders.grading.run import Run

# The executor of CPython 3.11 marks the calls as failed one by one, while `map` cancels those that none has taken.
# After the first one the caller goes as far as it can, as it may on a loaded machine.
SLOW_TO_TELL = """
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

_told, _cancel, _cancelled = Future.set_exception, Future.cancel, threading.Event()

def _tell(self, exception):
    _told(self, exception)
    if isinstance(exception, BrokenProcessPool):
        _cancelled.wait()

def _note(self):
    found = _cancel(self)
    _cancelled.set()
    return found

Future.set_exception, Future.cancel = _tell, _note

def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))

def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    _cancelled.clear()
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
"""


def test_an_executor_that_is_slow_to_tell_of_a_death_keeps_its_points(tmp_path: Path) -> None:
    """On a loaded machine the caller cancels calls meanwhile, and CPython's manager ends without its workers."""
    kata, path = Kata("process_pool"), tmp_path / "process_pool.py"
    path.write_text(SLOW_TO_TELL)

    outcomes = [*Run("process", 7).grade(kata, path.read_bytes(), shrink=False), *grade_alone(kata, path, 7)]

    assert [outcome.message for outcome in outcomes if outcome.outcome != "passed"] == []
