"""Grading at isolation level ``none`` in a process of its own, since nothing confines what a solution does to it.

A wrong one leaves threads and processes, or never ends; here they end with the process that it had for itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from graders.catalogue import Kata
from graders.examiner import Examiner
from graders.sandbox.inprocess import InProcessHost
from graders.sandbox.limits import Source
from graders.scoring import Outcome

# A guard against a hang, far above what the slowest solution takes on a loaded machine; no verdict rests on it.
LONGEST = 200.0  # seconds

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


def grade_alone(kata: Kata, path: Path, seed: int) -> list[Outcome]:
    """Grade a solution by itself, by the checks alone; a test fails whose solution hangs or exits."""
    answers, answer = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_grade, args=(answer, kata, path, seed))
    process.start()
    answer.close()
    try:
        if not answers.poll(LONGEST):
            pytest.fail(f"{path.name} hangs at level none: let the check attend the call that does not return")
        found: list[Outcome] = answers.recv()
        return found
    except EOFError:
        pytest.fail(f"{path.name} ends the examiner's process at level none")
    finally:
        # It is there still, unless it ended itself: its number is nobody else's.
        if process.is_alive() and process.pid is not None:
            os.killpg(process.pid, signal.SIGKILL)
        process.join()
        process.close()
        answers.close()


def _grade(answer: Connection, kata: Kata, path: Path, seed: int) -> None:
    os.setpgid(0, 0)
    host = InProcessHost(Source(kata.slug, path.read_bytes(), seed), path)
    # A value that the suite's code can't compute with is the solution's: the reference passes, or its test fails.
    examiner = Examiner(host, seed, control=lambda _: True, shrink=False)
    outcomes = [examiner.examine(criterion) for criterion in kata.suite().criteria]
    host.close()
    answer.send(outcomes)
    # Whoever ended now would wait for the threads that the solution left: it is ended from outside, with all that is
    # left.
    signal.pause()
