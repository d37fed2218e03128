"""Grades at isolation level ``none`` in a separate process, since nothing confines a solution there.

A wrong solution may leave threads and processes, or never end; here they end with its own process.
"""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import signal
import time
import traceback
import warnings
from multiprocessing.connection import Connection
from pathlib import Path

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.concurrency import tasks
from graders.contract.finding import Finding
from graders.grading.examiner import Examiner
from graders.grading.hypothesis_adapter import Drawn
from graders.grading.outcome import Outcome
from graders.sandbox.isolation.none import InProcessHost
from graders.sandbox.limits import Source

# A guard against a hang, far above the time of the slowest solution on a loaded machine; no verdict rests on it.
_LONGEST = 200.0  # seconds
_LOOK = 0.5  # seconds between looks at the state of its tasks


def grade_alone(kata: Kata, path: Path, seed: int, drawn: Drawn | None = None) -> list[Outcome]:
    """Grade a solution by itself, by the checks alone; fail the test if it hangs or ends the process.

    drawn: the inputs of this seed; None to let Hypothesis draw them.
    """
    kata.suite()  # load it here, once for all solutions
    answers, answer = multiprocessing.Pipe(duplex=False)
    with warnings.catch_warnings():
        # The other threads of a test run hold no lock that the child needs; Python >= 3.12 can't know that.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _grade(answer, kata, path, seed, drawn)
    answer.close()
    try:
        found = answers.recv() if _comes(answers, pid) else "it hangs: let the check attend the call"
    except EOFError:
        found = "it ends the examiner's process"
    finally:
        # It has not been waited for yet, so no other process can have its id or its group's.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        answers.close()
    if isinstance(found, str):
        raise Finding(f"{path.name} at level none: {found}")
    outcomes: list[Outcome] = found
    return outcomes


def _comes(answers: Connection, pid: int) -> bool:
    """Whether an answer comes: False as soon as each task of the process and its children waits for another."""
    end = time.monotonic() + _LONGEST
    before: tasks.Tree | None = None
    while not answers.poll(_LOOK):
        now = _at_rest(pid)
        # The same twice, and no task ran in between: none is left to wake them.
        if time.monotonic() > end or (now is not None and now == before):
            return False
        before = now
    return True


def _at_rest(pid: int) -> tasks.Tree | None:
    """Return the tasks of a process group of ours if all of them sleep and none has a timer, else None."""
    ours = frozenset(map(int, os.listdir("/proc/self/task"))) if os.path.isdir("/proc/self/task") else frozenset()
    tree = {}
    for thread, task in tasks.tasks(os.getpid(), ours).items():
        with contextlib.suppress(ProcessLookupError):
            if os.getpgid(task.pid) == pid:
                tree[thread] = task
    if not tree or not tasks.asleep(tree):
        return None
    with contextlib.suppress(OSError):
        waits = tasks.waits(tree)
        if waits is not None and all(math.isinf(wait.deadline) for wait in waits.values()):
            return tree
    return None


def _grade(answer: Connection, kata: Kata, path: Path, seed: int, drawn: Drawn | None) -> None:
    """Grade and send the outcomes; then wait to be killed, with everything that the solution left. Never returns."""
    try:
        os.setpgid(0, 0)
        host = InProcessHost(Source(kata.slug, solutions.read(path), seed), path)
        # If the suite's code can't compute with a value, blame the solution: the reference has its own test.
        examiner = Examiner(host, seed, control=lambda _: True, shrink=False, drawn=drawn)
        outcomes = [examiner.examine(criterion) for criterion in kata.suite().criteria]
        host.close()
        answer.send(outcomes)
    except BaseException:
        answer.send(traceback.format_exc())
    finally:
        signal.pause()
        os._exit(1)
