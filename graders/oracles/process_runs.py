"""LAYER 2. How process_pool is driven: what is typed at its prompt, and runs in which processes meet, die or stay."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from graders import Submission, raises
from graders.concurrency import Leftovers, Plan, Rendezvous, Violation, VirtualTime
from graders.sandbox.exchange import Call

_TRAFFIC = 32  # calls; all at the same time are still no more processes than there may be
_MOMENT = 0.02  # seconds

CAUGHT = """
def caught(fn, items, **options):
    try:
        return parallel_map(fn, items, **options)
    except NotImplementedError:
        raise
    except Exception as error:
        return type(error).__name__, error.args
"""
# A function that every process has, however it was started.
RETURNS = """
def shown(items, **options):
    return [repr(result) for result in parallel_map(eval, items, **options)]
"""
# The same bytes twice are one call's.
DIFFERENT = """
from os import urandom
def different(fn, items, **options):
    return len(set(parallel_map(fn, items, **options)))
"""
# Larger than what a pipe holds, and pickled just within the bounds.
LARGE_RESULTS = """
def large_results(count, **options):
    return [len(result) for result in parallel_map(eval, ["'x' * 499_900"] * count, **options)]
"""
LARGE_ITEMS = """
def large_items(fn, items, **options):
    return [len(result) for result in parallel_map(fn, [item * 499_900 for item in items], **options)]
"""
# As it is on a machine of one core, so that the verdict is the same on all.
ONE_CORE = """
import os
def on_one_core(fn, items, **options):
    before = dict(vars(os))
    os.cpu_count, os.sched_getaffinity = lambda: 1, lambda pid: {0}
    try:
        return parallel_map(fn, items, **options)
    finally:
        vars(os).update(before)
"""
# The items bring the learner's own file into each child, whatever `compute` gives.
SPAWNED = """
import multiprocessing
def spawned(**options):
    multiprocessing.set_start_method("spawn", force=True)
    try:
        return [*parallel_map(callable, [compute, compute], **options)]
    finally:
        multiprocessing.set_start_method(None, force=True)
"""
# A process of the caller's own, which ends with it.
OTHER = """
import multiprocessing, time
other = multiprocessing.Process(target=time.sleep, args=(60,), daemon=True)
other.start()
"""


def letters(count: int) -> tuple[str, ...]:
    """Return so many different names."""
    return tuple(chr(97 + i // 26) + chr(97 + i % 26) if count > 26 else chr(97 + i) for i in range(count))


@contextmanager
def nobody_left(submission: Submission, ends: str, usual: int = 0) -> Iterator[None]:
    """Check that a call leaves no more processes than usual; what was there before is no fault of this call's."""
    left = Leftovers(submission)
    before = left.processes()
    yield
    more = left.processes() - before
    assert more <= usual, f"no process is left when it {ends} (found: {more})"


def meet(
    submission: Submission, count: int, workers: int, *, measure: bool = False, by: str = "parallel_map"
) -> Rendezvous:
    """Have processes meet over so many items; where the speedup is measured, as many as there are by default."""
    run = Rendezvous(letters(count), workers, measure=measure)
    options = {} if measure else {"max_workers": workers}
    with submission.attended(run.attend):
        getattr(submission, by)(run.tool, list(run.items), **options)
    run.check_calls()
    return run


def die(submission: Submission, plan: Plan) -> None:
    """Have a worker die, and check that it is noticed at once."""
    submission.execute("from concurrent.futures.process import BrokenProcessPool")
    ((item, code),) = plan.dies.items()
    # The name says what no call shows.
    run = VirtualTime(plan, name=f"killed_at_{item}" if code < 0 else f"exits_with_{code}_at_{item}")
    with raises(submission.BrokenProcessPool), submission.attended(run.attend):
        submission.parallel_map(run.tool, list(run.plan.items), max_workers=2)
    died = run.ends(item)
    if run.now != died:
        raise Violation("wrong-calls", f"a worker died at {died} ms, others went on to {run.now} ms", run.timeline())


class _Traffic(VirtualTime):
    """Calls that end soon from the first death on: an answer every 20 ms, and no moment of rest."""

    def arrived(self, call: Call) -> None:
        """Hold a call; once a worker has died, let it return as soon as something took a moment."""
        super().arrived(call)
        if self._told:
            time.sleep(_MOMENT)
            self._end()


def die_amid_traffic(submission: Submission) -> None:
    """Have a worker die at once, and check that the other one does not do all the work that is left.

    What decides is how much work is done, not a clock. A look every 0.1 s, as the statement has it, comes when a sixth
    of the work is over; it may be late by far.
    """
    submission.execute("from concurrent.futures.process import BrokenProcessPool")
    submission.execute(f"many = [str(n) for n in range({_TRAFFIC})]")
    items = tuple(map(str, range(_TRAFFIC)))
    run = _Traffic(Plan(items, (10,) * _TRAFFIC, 2, dies={"0": 1}), name="exits_with_1_at_0", at_once=True)
    with raises(submission.BrokenProcessPool), submission.attended(run.attend):
        submission.parallel_map(run.tool, submission.many, max_workers=2)
    # What had begun before is no work that was left.
    if all(map(run.ends, items)) and run.ends(items[-1]) > run.ends("0"):
        raise Violation("wrong-calls", f"a worker died at the first of {_TRAFFIC} calls, and all the others were made")
