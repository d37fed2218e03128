"""The same verdicts in the sandbox, and under load: a small part of what benchmarks/concurrency_errors.py measures."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.concurrency import tasks
from graders.grading.examiner import Examiner
from graders.sandbox.host import Host
from graders.sandbox.isolation import bubblewrap, levels
from graders.sandbox.isolation.none import InProcessHost
from graders.sandbox.limits import Source
from tests.support import ROOT, linux_only

pytestmark = linux_only

# Workers that wait a fifth of a second at a time, so that they see when there is nothing to do any more, and a thread
# that does nothing but wake up.
PERIODS = """
import queue
import threading
import urllib.request


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    jobs, results, done = queue.Queue(), {}, threading.Event()

    def work():
        while not done.is_set():
            try:
                place, url = jobs.get(timeout=0.2)
            except queue.Empty:
                continue
            try:
                results[place] = fetch(url)
            except Exception as error:
                results[place] = error
            jobs.task_done()

    def beat():
        while not done.wait(0.45):
            pass

    threads = [threading.Thread(target=work) for _ in range(max_workers)] + [threading.Thread(target=beat)]
    for thread in threads:
        thread.start()
    for job in enumerate(urls):
        jobs.put(job)
    jobs.join()
    done.set()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(results))]
"""
# A new interpreter for each item, which takes long to start, above all on a busy machine.
SPAWNS = """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers, mp_context=spawn, max_tasks_per_child=1) as executor:
        return list(executor.map(fn, items))
"""
TWO = ("never_more_than_allowed", "slow_one_stalls_nobody")


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
    host = Host(levels.choose("sandbox"), Source(slug, kata.reference.read_bytes()))
    try:
        examiner = Examiner(host, 7, control=lambda _: True, shrink=False)
        outcomes = [examiner.examine(criterion) for criterion in kata.suite().criteria]
    finally:
        host.close()

    assert [(each.id, each.message) for each in outcomes if each.outcome != "passed"] == []
    assert any(each.speedup for each in outcomes)


def test_threads_of_the_process_that_are_not_the_submissions_cost_it_nothing() -> None:
    """At level none each look at a crowded process would keep the interpreter from the examiner for seconds."""
    done = threading.Event()
    crowd = [threading.Thread(target=done.wait) for _ in range(300)]
    for thread in crowd:
        thread.start()
    kata = Kata("thread_pool")
    path = kata.solution("rejected/busy_serial_loop")
    host = InProcessHost(Source(kata.slug, solutions.read(path)), path)
    try:
        criterion = next(each for each in kata.suite().criteria if each.id == "order_holds")
        outcome = Examiner(host, 7, control=lambda _: True, shrink=False).examine(criterion)
    finally:
        host.close()
        done.set()
        for thread in crowd:
            thread.join()

    assert (outcome.outcome, outcome.message) == ("passed", "")


HOLDS = """
import concurrent.futures.thread, contextlib, threading, time
def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers == 1:
        threading.Thread(target=hold).start()
        for url in urls:
            threading.Thread(target=ask, args=(fetch, url)).start()
        threading.Event().wait()
    with concurrent.futures.ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(fetch, urls))
def ask(fetch, url):
    with contextlib.suppress(Exception):
        fetch(url)
def hold():
    with concurrent.futures.thread._global_shutdown_lock:
        end = time.thread_time() + 0.3
        while time.thread_time() < end:
            pass
"""


def test_what_an_earlier_criterion_left_behind_convicts_nobody_of_a_deadlock(tmp_path: Path) -> None:
    """At level none both run in one process, where the first one's thread may hold a lock that the next one needs."""
    path = tmp_path / "thread_pool.py"
    path.write_text(HOLDS)
    kata = Kata("thread_pool")
    host = InProcessHost(Source(kata.slug, path.read_bytes()), path)
    try:
        examiner = Examiner(host, 7, control=lambda _: True, shrink=False)
        found = {each.id: examiner.examine(each) for each in kata.suite().criteria if each.id in TWO}
    finally:
        host.close()

    assert [found[name].outcome for name in TWO] == ["failed", "passed"]
    assert found[TWO[0]].message == "limit-exceeded: 2 calls are in flight where at most 1 may be"


def test_who_wakes_up_now_and_then_is_right_all_the_same() -> None:
    """What a submission sleeps while the examiner holds its calls is not its own time."""
    kata = Kata("thread_pool")
    host = Host(levels.choose("process"), Source(kata.slug, PERIODS.encode()))
    try:
        criterion = next(each for each in kata.suite().criteria if each.id == "pool_is_full")
        # Of the further checks, which cost most, the polling solutions in accepted/ are the test.
        criterion = dataclasses.replace(criterion, checks=criterion.checks[:2])
        outcome = Examiner(host, 7, shrink=False).examine(criterion)
    finally:
        host.close()

    assert (outcome.outcome, outcome.message) == ("passed", "")
    assert outcome.speedup == "12 calls kept 4 workers busy\n3.5 x of at most 3.5 x (virtual time, 12 calls, 4 workers)"


def test_processes_that_end_meanwhile_hide_nothing() -> None:
    """A process that is about to end belongs to root, as one that forbids the grader to look at it does."""
    # As another user where that can be: to root nothing of his own is hidden.
    ended = subprocess.Popen(["/bin/true"], user=65534 if os.geteuid() == 0 else None)
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    try:
        tree = {ended.pid: tasks.Task("S", 1, 1, ended.pid)}
        assert not tasks.hidden(tree)
    finally:
        ended.wait()


@pytest.mark.parametrize("name", ["results_in_order", "all_work_at_once"])
def test_who_starts_an_interpreter_for_each_item_is_right_however_long_it_takes(name: str) -> None:
    """What its children wait for a core is not its own time. It is no accepted solution, as that is close at `none`."""
    kata = Kata("process_pool")
    host = Host(levels.choose("process"), Source(kata.slug, SPAWNS.encode()))
    try:
        criterion = next(each for each in kata.suite().criteria if each.id == name)
        outcome = Examiner(host, 7, shrink=False).examine(criterion)
    finally:
        host.close()

    assert (outcome.outcome, outcome.message) == ("passed", "")
