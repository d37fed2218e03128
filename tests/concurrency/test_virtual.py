"""Every reason by which virtual time convicts, and what it lets pass."""

from __future__ import annotations

import builtins
import ctypes
import errno
import os
import re
from types import SimpleNamespace

import pytest

from graders.concurrency import (
    EVERY,
    Leftovers,
    Plan,
    Violation,
    VirtualTime,
    WebServer,
    ends,
    stillness,
    tasks,
    watching,
)
from graders.grading.examiner import ALONE
from graders.sandbox import exchange
from graders.sandbox.errors import Forged, Hung
from tests.exams import Examine
from tests.support import Loads, linux_only

pytestmark = linux_only

PLAN = Plan(("/a", "/b", "/c", "/d"), (40, 10, 20, 30), 2)
POOL = """
from concurrent.futures import ThreadPoolExecutor
def run(items, fetch, workers):
    with ThreadPoolExecutor({size}) as executor:
        return list(executor.map({what}, items))
"""
FULL = POOL.format(size="workers", what="fetch")
SERIAL = "def run(items, fetch, workers):\n    return [fetch(item) for item in items]\n"
LOOP = """
import asyncio
def run(items, fetch, workers):
    async def one(item):
        return fetch(item)
    async def all_of_them():
        return await asyncio.gather(*map(one, items))
    return asyncio.run(all_of_them())
"""
PROCESSES = """
from concurrent.futures import ProcessPoolExecutor
def run(items, fetch, workers):
    with ProcessPoolExecutor(workers) as executor:
        return list(executor.map(fetch, items))
"""
DEADLOCK = "import threading\ndef run(items, fetch, workers):\n    threading.Event().wait()\n"


def run(loads: Loads, text: str, plan: Plan = PLAN, level: str = "process", **options: object) -> VirtualTime:
    """Run a submission's `run`, and check what came back."""
    submission = loads.load(text, level)
    made = VirtualTime(plan, **options)  # type: ignore[arg-type]
    with submission.attended(made.attend):
        results = submission.run(list(plan.items), made.tool, plan.workers)
    made.check(submission, results)
    return made


@pytest.mark.parametrize("level", ["process", "none"])
def test_a_full_pool_passes_with_an_exact_speedup(loads: Loads, level: str) -> None:
    """100 ms one after another; 60 ms with two workers: the clock knows nothing else."""
    made = run(loads, FULL, level=level, convict=EVERY)

    assert (made.now, made.peak) == (60, 2)
    assert made.speedup() == "4 calls kept 2 workers busy\n1.7 x of at most 1.7 x (virtual time, 4 calls, 2 workers)"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SERIAL, "serial"),
        (LOOP, "loop-blocked"),
        (PROCESSES, "processes-for-io"),
        (DEADLOCK, "deadlock"),
        (POOL.format(size="workers + 1", what="fetch"), "limit-exceeded"),
        (FULL.replace("list(executor.map(fetch, items))", "[fetch(items[0])]"), "serial"),
        (FULL.replace("return list", "return list(executor.map(fetch, items)) + list"), "wrong-calls"),
        (FULL.replace("map(fetch, items))", "map(fetch, items))[::-1]"), "wrong-order"),
        (FULL.replace("return list(", "return len("), "wrong-calls"),
        (FULL.replace("map(fetch, items)", "map(fetch, items[:0])"), "wrong-calls"),
        (FULL.replace("map(fetch, items)", "map(fetch, [1])"), "wrong-calls"),
    ],
)
def test_each_mistake_has_its_name(loads: Loads, text: str, reason: str) -> None:
    """The first one that is seen ends the run."""
    with pytest.raises((Violation, TypeError)) as caught:
        run(loads, text.replace("return len(", "return tuple("), convict=EVERY)

    assert isinstance(caught.value, Violation)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("called", "shown"),
    [("fetch", "fetch('/A')"), ("lambda item: fetch('/a', item)", r"fetch(*('/a', '/A'))")],
)
def test_a_call_that_nobody_asked_for_is_shown(loads: Loads, called: str, shown: str) -> None:
    """With what it was called, as a learner could type it."""
    text = FULL.replace("map(fetch, items)", f"map({called}, ['/A'])")

    with pytest.raises(Violation, match=re.escape(f"wrong-calls: {shown} is no call that was asked for")):
        run(loads, text)


def test_batches_leave_a_worker_idle(loads: Loads) -> None:
    """The timeline of the failing run shows who waits for whom."""
    batches = FULL.replace(
        "return list(executor.map(fetch, items))",
        "return [r for at in range(0, len(items), 2) for r in list(executor.map(fetch, items[at:at + 2]))]",
    )
    with pytest.raises(Violation) as caught:
        run(loads, batches, convict=EVERY)

    assert caught.value.reason == "under-utilised"
    assert caught.value.timeline == (
        "    0                              40 ms",
        "/a  =========...........................  in flight",
        "/b  =========",
        "/c                                        could be in flight",
        "/d                                        not begun",
    )


def test_a_call_too_many_is_marked(loads: Loads) -> None:
    """In the order of the items, in whatever order the calls arrived."""
    with pytest.raises(Violation) as caught:
        run(loads, POOL.format(size="workers + 1", what="fetch"), convict=EVERY)

    assert caught.value.timeline == (
        "    0                              40 ms",
        "/a  ....................................  in flight",
        "/b  .........                             in flight",
        "/c  ..................                    in flight, too many",
        "/d                                        not begun",
    )


def test_what_a_criterion_is_not_about_does_not_convict(loads: Loads) -> None:
    """A serial loop gives the right results in the right order."""
    made = run(loads, SERIAL)

    assert (made.now, made.peak) == (100, 1)


def test_what_came_back_and_what_should_have_stand_side_by_side(loads: Loads) -> None:
    """Place by place, exceptions by their parts, and without the looks that it took."""
    plan = Plan(("/a", "/b", "/a", "/c"), (10, 20, 30, 40), 1, {"/b": "KeyError"})
    text = """
class Page:
    args = property(lambda self: 1 / 0)
def run(items, fetch, workers):
    found = []
    for item in items:
        try:
            found.append(fetch(item))
        except KeyError as error:
            found.append(RuntimeError(str(error)))
    return [found[2], found[1], found[0], Page(), None]
"""
    submission = loads.load(text)
    made = VirtualTime(plan)
    with submission.attended(made.attend):
        results = submission.run(list(plan.items), made.tool, plan.workers)
    with pytest.raises(Violation, match="the results are not what the calls gave") as caught:
        made.check(submission, results)

    (b, raised, right), (c, page, other), beyond = caught.value.differences
    assert (b, c, page) == ("[1]", "[3]", "an object of class Page")
    assert raised.startswith("RuntimeError(")
    assert right.startswith("KeyError('/b', '/b ")
    assert other.startswith("'/c ")
    assert beyond == ("[4]", "None", "nothing")
    assert caught.value.timeline[2].endswith("  raised KeyError")
    assert [step.source for step in submission._connection.transcript.steps if step.tool is None] == [
        "r = run(['/a', '/b', '/a', '/c'], fetch, 1)"
    ]


def test_results_in_other_places_are_told_from_other_results(loads: Loads) -> None:
    """The same text for two calls of one item may stand in either place."""
    text = FULL.replace("map(fetch, items))", "map(fetch, items))[::-1]")
    run(loads, text, Plan(("/a", "/a"), (10, 20), 2))
    with pytest.raises(Violation, match="wrong-order: the results stand in other places") as caught:
        run(loads, text, Plan(("/a", "/b"), (10, 20), 2))

    assert [(place, seen[:3], wanted[:3]) for place, seen, wanted in caught.value.differences] == [
        ("[0]", "'/b", "'/a"),
        ("[1]", "'/a", "'/b"),
    ]


def test_what_is_no_list_is_shown(loads: Loads) -> None:
    """As what it is."""
    text = FULL.replace("return list(", "return iter(list(") + "\n"
    with pytest.raises(Violation, match="what came back is not a list: an object of class list_iterator"):
        run(loads, text.replace("items))", "items)))"))


def test_calls_may_return_all_at_once(loads: Loads) -> None:
    """Each instant is checked as ever; the clock goes on to the latest of them."""
    assert run(loads, FULL, convict=EVERY, at_once=True).now == 70
    with pytest.raises(Violation, match="serial"):
        run(loads, SERIAL, convict=EVERY, at_once=True)


def test_a_slow_call_must_end_last_where_that_is_asked(loads: Loads) -> None:
    """Whoever waits for it is named."""
    plan = Plan(("/a", "/b", "/c"), (90, 10, 10), 2)
    assert run(loads, FULL, plan, slow="/a").now == 90
    with pytest.raises(Violation, match="2 calls waited for the slow '/a'"):
        run(loads, SERIAL, plan, slow="/a")
    with pytest.raises(Violation, match="1 call waited for the slow '/a'"):
        run(loads, SERIAL, Plan(("/a", "/b"), (90, 10), 2), slow="/a")


WINDOW = """
from concurrent.futures import ThreadPoolExecutor
def run(items, fetch, workers):
    results, calls = [], []
    with ThreadPoolExecutor(workers) as executor:
        for item in items:
            if len(calls) == workers:
                {wait}
            calls.append(executor.submit(fetch, item))
    return results + [call.result() for call in calls]
"""
OLDEST = WINDOW.format(wait="results.append(calls.pop(0).result())")
BATCHES = WINDOW.format(wait="results += [call.result() for call in calls]\n                calls = []")
SECOND_IS_SLOW = Plan(("/a", "/b", "/c", "/d", "/e"), (10, 90, 20, 30, 30), 3)


@pytest.mark.parametrize("options", [{"convict": EVERY}, {"slow": "/b"}])
def test_a_window_that_waits_for_its_oldest_call_is_told_from_batches(loads: Loads, options: dict[str, object]) -> None:
    """Batches begin no call while others of theirs are in flight."""
    for text, oldest in ((OLDEST, "/b"), (BATCHES, "")):
        made = VirtualTime(SECOND_IS_SLOW, **options)  # type: ignore[arg-type]
        submission = loads.load(text)
        with pytest.raises(Violation, match="under-utilised") as caught, submission.attended(made.attend):
            submission.run(list(SECOND_IS_SLOW.items), made.tool, 3)
        assert made.oldest == oldest
        told = "'/e' has not begun: '/b', the oldest, is not over, but '/c' is" in str(caught.value)
        assert told == bool(oldest and "convict" in options)


def test_a_full_pool_waits_for_no_oldest_call(loads: Loads) -> None:
    """Whichever call ends first makes room for the next one."""
    assert run(loads, FULL, SECOND_IS_SLOW, convict=EVERY, slow="/b").oldest == ""


def test_equal_items_have_a_result_for_each_call_in_one_step(loads: Loads) -> None:
    """What a card shows in place of the instrument counts right whatever threads call it."""
    made = run(loads, FULL, Plan(("/a", "/a"), (10, 20), 2))

    assert made.tool.definition == (
        "import itertools",
        "counts = {'/a': itertools.count(1)}",
        'def fetch(url): return f"page {next(counts[url])} of {url}"',
    )


def test_failures_are_raised_in_the_submission_with_their_arguments(loads: Loads) -> None:
    """And compared by type and arguments when they come back."""
    catches = """
def run(items, fetch, workers):
    results = []
    for item in items:
        try:
            results.append(fetch(item))
        except Exception as error:
            results.append({kept})
    return results
"""
    plan = Plan(("/a", "/b"), (10, 10), 1, {"/b": "KeyError"})
    run(loads, catches.format(kept="error"), plan)
    with pytest.raises(Violation, match="wrong-calls"):
        run(loads, catches.format(kept="KeyError(*error.args[:1])"), plan)


def test_where_the_kernel_does_not_tell_a_full_pool_passes_at_once(
    loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card says by which method."""
    monkeypatch.setattr(tasks, "can_tell", lambda root, ours: False)

    assert "(saturation, 4 calls, 2 workers)" in run(loads, FULL, convict=EVERY).speedup()


def test_where_the_kernel_does_not_tell_time_counts_against_a_serial_loop(
    loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had all the time it was given, and started nothing more."""
    monkeypatch.setattr(tasks, "can_tell", lambda root, ours: False)
    monkeypatch.setattr(stillness, "PATIENCE", 0.3)
    with pytest.raises(Violation, match=r"^serial"):
        run(loads, SERIAL, convict=EVERY)


@pytest.mark.parametrize("since_the_load", [True, False])
def test_who_forbids_to_look_is_not_believed(
    loads: Loads, monkeypatch: pytest.MonkeyPatch, since_the_load: bool
) -> None:
    """Where the kernel would tell, no submission can choose the weaker fallback."""

    def denied(tree: tasks.Tree) -> dict[int, tasks.Wait]:
        raise PermissionError

    monkeypatch.setattr(tasks, "hidden", lambda tree: True)
    if since_the_load:
        monkeypatch.setattr(tasks, "can_tell", lambda root, ours: False)
    else:
        monkeypatch.setattr(tasks, "waits", denied)
    with pytest.raises(Forged, match="forbids the grader to look"):
        run(loads, SERIAL, convict=EVERY)


def test_who_waits_for_a_timer_far_away_is_waited_for(loads: Loads) -> None:
    """Up to the limit of a call: with nothing in flight there is nothing to convict of."""
    submission = loads.load("import threading\ndef run(fetch):\n    threading.Event().wait(900)\n", call_seconds=0.3)
    made = VirtualTime(PLAN, convict=EVERY)
    with pytest.raises(Hung), submission.attended(made.attend):
        submission.run(made.tool)


def test_threads_and_processes_that_stay_are_counted(loads: Loads) -> None:
    """A process has a thread as well; the tracker of multiprocessing's own is none of them."""
    submission = loads.load(
        "import multiprocessing, threading, time\n"
        "def nothing():\n    threading.Thread(target=int).start()\n"
        "def stay():\n"
        "    threading.Thread(target=time.sleep, args=(900,), daemon=True).start()\n"
        "    multiprocessing.get_context('fork').Process(target=time.sleep, args=(900,)).start()\n"
        "    multiprocessing.get_context('spawn').Value('i')\n"
    )
    left = Leftovers(submission)
    submission.nothing()
    assert (left.threads(), left.processes()) == (0, 0)
    submission.stay()
    assert (left.threads(), left.processes()) == (2, 1)


FETCHES = """
import threading, urllib.request
def get(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()
def run(urls, workers):
    results, limit = {}, threading.Semaphore(workers)
    def one(url):
        with limit:
            results[url] = get(url)
    threads = [threading.Thread(target=one, args=(url,)) for url in urls]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return [results[url] for url in urls]
"""


def test_real_pages_are_held_until_enough_are_asked_for(loads: Loads) -> None:
    """Three at a time go through; four are too many; pages that nobody served are no answer."""
    submission = loads.load(FETCHES)
    web = WebServer(submission, 5, 3)
    with submission.attended(web.attend):
        pages = submission.run(web.urls, 3)
    web.check(pages)
    with pytest.raises(Violation, match="the results are not the pages of the server") as caught:
        web.check([pages[0], "made up", *pages[2:]])
    assert caught.value.differences[0][:2] == ("[1]", "'made up'")
    with pytest.raises(Violation, match="the results are not the pages of the server") as caught:
        web.check([*pages, pages[0]])
    assert caught.value.differences == (("[5]", repr(pages[0]), "nothing"),)
    with pytest.raises(Violation, match="4 of the 5 pages of the server came back"):
        web.check(pages[1:])
    with pytest.raises(Violation, match="what came back is not a list of pages: None"):
        web.check(None)
    more = WebServer(submission, 5, 3)
    with pytest.raises(Violation, match="limit-exceeded"), submission.attended(more.attend):
        submission.run(more.urls, 4)


def test_real_pages_one_after_another_are_too_few(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time counts against a submission that could have asked for more."""
    monkeypatch.setattr(stillness, "PATIENCE", 0.3)
    submission = loads.load(FETCHES)
    web = WebServer(submission, 3, 2)
    with pytest.raises(Violation, match="under-utilised"), submission.attended(web.attend):
        submission.run(web.urls, 1)


@pytest.mark.parametrize("kept", [None, "example.org"])
def test_real_pages_come_past_a_users_proxy(loads: Loads, monkeypatch: pytest.MonkeyPatch, kept: str | None) -> None:
    """At level none the submission has the user's environment, which is afterwards what it was."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    if kept is not None:
        monkeypatch.setenv("no_proxy", kept)
    submission = loads.load(FETCHES, "none")
    web = WebServer(submission, 3, 2)
    with submission.attended(web.attend):
        pages = submission.run(web.urls, 2)
    web.check(pages)

    assert os.environ.get("no_proxy") == kept


def test_what_it_does_while_it_is_attended_counts_for_the_criterion(loads: Loads) -> None:
    """Each call is within its limit, all of them together are not."""
    slow = FULL.replace("    with", "    import time\n    time.sleep(0.1)\n    with")
    submission = loads.load(slow, call_seconds=5, criterion_seconds=0.5)

    def often() -> None:
        for _ in range(600):
            made = VirtualTime(PLAN)
            with submission.attended(made.attend):
                submission.run(list(PLAN.items), made.tool, 2)

    with pytest.raises(Hung, match="in one criterion"):
        often()


def test_who_keeps_the_examiner_busy_is_charged_for_it(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something comes all the time, and time goes on."""
    monkeypatch.setattr(exchange, "_MAX_OPENED", 10**9)
    flood = (
        "import socket\ndef run(fetch):\n    for _ in range(300_000):\n"
        "        with socket.socket(socket.AF_UNIX) as line:\n            line.connect(fetch._path)\n"
    )
    submission = loads.load(flood, call_seconds=0.3)
    with pytest.raises(Hung), submission.attended(VirtualTime(PLAN).attend):
        submission.run(VirtualTime(PLAN).tool)


@pytest.mark.parametrize("before", ["", "    threading.Thread(target=fetch, args=('/a',)).start()\n"])
def test_who_lent_its_memory_to_a_child_spends_its_own_time(loads: Loads, before: str) -> None:
    """The kernel shows it as one that waits for a disk, whether a call is in flight or not."""
    text = "import ctypes, threading, time\ndef run(fetch):\n" + before
    text += "    if ctypes.CDLL(None).vfork() == 0:\n        time.sleep(900)\n"
    submission = loads.load(text, call_seconds=0.3, hard_factor=1000)
    made = VirtualTime(PLAN)
    with pytest.raises(Hung), submission.attended(made.attend):
        submission.run(made.tool)


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOSYS])
def test_where_no_copy_is_given_a_full_pool_passes(loads: Loads, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """An old kernel, or a container that forbids it: threads that wait at sockets are believed."""

    def refused(*_: int) -> int:
        ctypes.set_errno(number)
        return -1

    monkeypatch.setattr(ends, "_libc", SimpleNamespace(syscall=refused))

    assert run(loads, FULL, convict=EVERY).peak == 2


@pytest.mark.parametrize("level", ["process", "none"])
def test_a_call_without_an_instrument_that_waits_for_ever_is_seen_at_once(loads: Loads, level: str) -> None:
    """Where nobody watched, level none would wait for ever, and the others for seconds."""
    submission = loads.load("import threading\ndef f(n):\n    n or threading.Event().wait()\n    return n\n", level)
    with watching(submission):
        assert submission.f(3) == 3
    with pytest.raises(Violation, match="deadlock"), watching(submission):
        submission.f(0)


WAITS_AT = """
import builtins, threading

def f(n):
    builtins.kata_calls = getattr(builtins, "kata_calls", 0) + 1
    if builtins.kata_calls in {calls}:
        threading.Event().wait()
    return n
"""


@pytest.mark.parametrize(("calls", "verdict"), [({1}, "passed"), ({1, 3}, "failed"), ({1, 2}, "failed")])
def test_a_wait_for_ever_counts_if_it_is_seen_twice(
    exam: Examine, monkeypatch: pytest.MonkeyPatch, calls: set[int], verdict: str
) -> None:
    """An interpreter can lose a wake-up: a hang that neither its example nor its criterion repeats costs nothing."""
    monkeypatch.setattr(builtins, "kata_calls", 0, raising=False)
    suite = """
from graders.concurrency import watching

@of_ten()
def returns(submission):
    with watching(submission):
        assert submission.f(3) == 3
"""
    outcome = exam(suite, WAITS_AT.format(calls=calls), shrink=False).outcome()

    assert outcome.outcome == verdict
    assert ("deadlock" in outcome.message) is (verdict == "failed")


STAYS_CLOSED = """
import threading
done = threading.Event()
def f(n):
    if done.is_set():
        threading.Event().wait()
    done.set()
    return n
"""


def test_a_wait_for_what_an_earlier_call_left_is_shown_as_one_that_passes_alone(exam: Examine) -> None:
    """The call by itself does not hang, and whoever tries it would not believe the card."""
    suite = """
from graders.concurrency import watching

@of_ten()
def returns(submission):
    with watching(submission):
        assert submission.f(3) == 3

@returns.also()
def returns_again(submission):
    with watching(submission):
        assert submission.f(3) == 3
"""
    outcome = exam(suite, STAYS_CLOSED, "process").outcome()

    assert (outcome.outcome, outcome.failure is not None) == ("failed", True)
    assert outcome.failure is not None
    assert outcome.failure.note == ALONE


def test_a_generator_in_place_of_a_list_is_named(loads: Loads) -> None:
    """It explains why calls are missing, which would else be the riddle."""
    with pytest.raises(
        Violation, match=r"^wrong-calls: a generator came back in place of a list, and calls are missing$"
    ):
        run(loads, "def run(items, fetch, workers):\n    for item in items:\n        yield fetch(item)\n")


POLLS = """
import time
from concurrent.futures import ThreadPoolExecutor
def run(items, fetch, workers):
    with ThreadPoolExecutor(workers) as executor:
        results = list(executor.map(fetch, items{some}))
        while True:
            time.sleep(0.01)
"""


@pytest.mark.parametrize(
    ("some", "progress"),
    [("", "all calls are over, and it goes on to wait"), ("[:3]", "no call is in flight, and 1 item is left")],
)
def test_who_polls_for_ever_is_shown_with_its_schedule_and_its_line(loads: Loads, some: str, progress: str) -> None:
    """What had happened by then, and where the thread is that has to answer."""
    submission = loads.load(POLLS.format(some=some), call_seconds=0.3)
    made = VirtualTime(PLAN)
    with pytest.raises(Hung, match=f"^no answer within 0.3 s: {progress}$") as caught, submission.attended(made.attend):
        submission.run(list(PLAN.items), made.tool, 2)

    assert caught.value.reason == "deadlock"
    assert caught.value.timeline[1].startswith("/a  ====")
    assert caught.value.stack[0] in (((8, "run"),), ((7, "run"),))


def test_a_deadlock_shows_the_lines_that_wait(loads: Loads) -> None:
    """Of every thread that is in the submission's own code."""
    with pytest.raises(Violation, match=r"^deadlock: every thread waits, no call is in flight") as caught:
        run(loads, DEADLOCK)

    assert caught.value.stack == (((3, "run"),),)


def test_of_several_runs_only_the_one_that_fails_is_shown(exam: Examine) -> None:
    """With the number of those that passed; a failure that compares two runs shows both."""
    suite = """
from graders.concurrency import Plan, VirtualTime, Violation

@of_ten()
def runs(submission):
    made = []
    for workers in (2, 3):
        items = ("/a", "/b", "/c", "/d")
        made.append(run := VirtualTime(Plan(items, (10, 20, 30, 40), workers), convict={CONVICT}))
        with submission.attended(run.attend):
            submission.run(list(items), run.tool, workers)
    raise Violation("under-utilised", "the second run took no less time")
"""
    two = POOL.format(size="2", what="fetch")
    for convict, calls, dropped in (("['under-utilised']", 1, 1), ("[]", 2, 0)):
        outcome = exam(suite.replace("{CONVICT}", convict), two, "process").outcome()

        assert outcome.failure is not None
        shown = [source for source, _ in outcome.failure.steps if source.startswith("run(") or " = run(" in source]
        assert (len(shown), outcome.failure.dropped) == (calls, dropped)
        assert shown[-1].endswith("fetch, 3)")


def test_a_call_that_a_check_gave_up_is_in_no_later_checks_way(exam: Examine) -> None:
    """What it passed over is another criterion's: the next check gets a load that answers, not a hang."""
    suite = """
from contextlib import suppress
from graders.concurrency import Plan, VirtualTime, Violation

@of_ten()
def passes_over(submission):
    run = VirtualTime(Plan(("/a", "/b"), (10, 20), 1), convict={"limit-exceeded"})
    with suppress(Violation), submission.attended(run.attend):
        submission.run(["/a", "/b"], run.tool, 1)

@passes_over.also()
def asks_again(submission):
    assert submission.run([1, 2], submission.str, 1) == ["1", "2"]
"""
    outcome = exam(suite, POOL.format(size="2", what="fetch"), "process", call_seconds=1.0).outcome()

    assert (outcome.outcome, outcome.message) == ("passed", "")


@pytest.mark.parametrize("wait", ["done.poll(1200)", "select.select([read], [], [], 1.2)"])
def test_a_limit_of_its_own_is_outlasted_whatever_call_keeps_it(loads: Loads, wait: str) -> None:
    """A poll tells for how long it was to wait, as long as it waits: the first look says when that is over."""
    impatient = f"""
import os, select
from concurrent.futures import ThreadPoolExecutor
read, _ = os.pipe()
done = select.poll()
done.register(read)
def run(items, fetch, workers):
    with ThreadPoolExecutor(workers) as executor:
        calls = [executor.submit(fetch, item) for item in items]
        {wait}
        if not calls[0].done():
            raise RuntimeError("too slow")
        return [call.result() for call in calls]
"""
    with pytest.raises(RuntimeError, match="too slow"):
        run(loads, impatient, Plan(("/a", "/b"), (10, 20), 2), outlast=2.0)
