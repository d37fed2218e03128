"""The same verdicts in the sandbox, and under load: a small part of what benchmarks/concurrency_errors.py measures."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from graders.catalogue import Kata
from graders.examiner import Examiner
from graders.replay import Drawn
from graders.sandbox import bubblewrap
from graders.sandbox.inprocess import InProcessHost
from graders.sandbox.limits import Source
from tests import contract
from tests.support import ROOT, linux_only

pytestmark = linux_only


def test_a_verdict_is_the_same_on_one_core_under_load() -> None:
    """Right solutions pass and wrong ones fail by the same names, whoever else wants the core."""
    options = ["--runs", "1", "--load", "2", "--pin", "--only", "submitted_futures,two_workers_always"]
    command = [sys.executable, str(ROOT / "benchmarks" / "concurrency_errors.py"), *options]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "accepted: 5 runs, 0 wrong" in ended.stdout
    assert "rejected: 5 runs, 0 wrong" in ended.stdout


@pytest.mark.skipif(bubblewrap.unavailable() is not None, reason="there is no sandbox here")
@pytest.mark.parametrize("slug", ["thread_pool", "process_pool"])
def test_the_reference_passes_in_the_sandbox(slug: str) -> None:
    """Real pages included, by way of the loopback inside; the card tells of the speedup."""
    kata = Kata(slug)
    outcomes = contract.grade(kata, kata.reference, "sandbox", Drawn())

    assert [(each.id, each.message) for each in outcomes if each.outcome != "passed"] == []
    assert any(each.speedup for each in outcomes)


def test_threads_of_the_process_that_are_not_the_submissions_cost_it_nothing() -> None:
    """At level none each look at a crowded process would keep the interpreter from the examiner for seconds."""
    done = threading.Event()
    crowd = [threading.Thread(target=done.wait) for _ in range(300)]
    for thread in crowd:
        thread.start()
    kata = Kata("thread_pool")
    path = kata.reference.parent / "rejected" / "busy_serial_loop.py"
    host = InProcessHost(Source(kata.slug, path.read_bytes()), path)
    try:
        criterion = next(each for each in kata.suite().criteria if each.id == "order_holds")
        outcome = Examiner(host, 7, control=lambda _: True, shrink=False).examine(criterion)
    finally:
        host.close()
        done.set()
        for thread in crowd:
            thread.join()

    assert (outcome.outcome, outcome.message) == ("passed", "")
