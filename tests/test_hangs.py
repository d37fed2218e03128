"""A hang says where it is, and once one is proven, others at the same place cost little."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from graders.concurrency import Plan, VirtualTime
from graders.grading.examiner import Examiner
from graders.grading.outcome import Interruption, Line
from graders.sandbox import channel
from graders.sandbox.errors import Hung, RemoteBaseException
from graders.sandbox.host import Host
from graders.sandbox.stack import Hangs, parse
from tests.exams import INC, Examine
from tests.support import BOX_TITLES, Loads, Project, box, linux_only, reload

PATH = "/kata/submission/kata.py"
DUMP = f"""Thread 0x00007f0000000001 [worker] (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 324 in wait
  File "{PATH}", line 20 in work

Current thread 0x00007f0000000002 (most recent call first):
  File "{PATH}", line 12 in inner
  File "{PATH}", line 7 in outer
  File "<worker>", line 300 in answer
  File "<worker>", line 9 in serve
"""


def test_a_stack_is_read_from_what_faulthandler_writes() -> None:
    """The frames in the submission's file, outermost first; the thread that has to answer before others."""
    assert parse(DUMP, PATH) == (((7, "outer"), (12, "inner")), ((20, "work"),))
    assert parse(DUMP, "/elsewhere.py") == ()


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "no dump at all",
        f'  File "{PATH}", line 3 in nothing_before_it',
        f'Thread 0x1\n  File "{PATH}", line {"9" * 100_000} in f',
        f'Thread 0x1\n  File "{PATH}", line 0 in f',
        f'Thread 0x1\n  File "{PATH}", line 3 in {"f" * 100_000}',
    ],
    ids=["empty", "text", "headless", "huge line", "line 0", "huge name"],
)
def test_what_is_no_dump_is_no_stack(forged: str) -> None:
    """A submission may write there what it likes."""
    assert parse(forged, PATH) == ()


def test_a_forged_stack_is_bounded() -> None:
    """So many threads and frames as anybody reads."""
    frames = f'  File "{PATH}", line 3 in f\n' * 1_000
    stack = parse(f"Thread 0x1\n{frames}" * 100, PATH)

    assert len(stack) == 20
    assert {len(each) for each in stack} == {16}


def test_a_call_is_where_another_hung_if_it_is_in_the_same_functions() -> None:
    """At any line of them: a loop has several; not in another function, and not if nothing is known."""
    hangs = Hangs()
    hangs.remember(())
    assert not hangs
    hangs.remember((((7, "outer"), (12, "inner")),))

    assert hangs
    assert hangs.again((((9, "outer"), (13, "inner")),))
    assert hangs.again((((9, "outer"),),))
    assert hangs.again((((9, "outer"), (13, "inner"), (1, "deeper")),))
    assert not hangs.again((((9, "outer"), (1, "other")),))
    assert not hangs.again((((12, "inner"),),))
    assert not hangs.again(())


HANGING = """
import threading, time

def loop():
    while True:
        pass

def sleep():
    time.sleep(60)

def wait():
    lock = threading.Lock()
    with lock, lock:
        pass

def threads():
    started = [threading.Thread(target=sleep, daemon=True) for _ in range(2)]
    for each in started:
        each.start()
    for each in started:
        each.join()

def ignores():
    import signal
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    loop()

def busy(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "done"
"""


@linux_only
@pytest.mark.parametrize("level", ["sandbox", "process"])
@pytest.mark.parametrize(
    ("name", "function", "lines"),
    [("loop", "loop", (5, 6)), ("sleep", "sleep", (9,)), ("wait", "wait", (13,)), ("threads", "threads", (21,))],
)
def test_a_hang_says_where(loads: Loads, level: str, name: str, function: str, lines: tuple[int, ...]) -> None:
    """A loop, a sleep, a lock, and threads: down to the line in the submission's own file."""
    submission = loads.load(HANGING, level, call_seconds=0.5)

    with pytest.raises(Hung, match=r"no answer within 0\.5 s") as caught:
        getattr(submission, name)()
    line, found = caught.value.stack[0][-1]
    assert found == function
    assert line in lines
    assert [each[-1] for each in caught.value.stack[1:]] == ([(9, "sleep")] * 2 if name == "threads" else [])


@linux_only
def test_a_worker_that_does_not_say_where_it_is_hangs_all_the_same(loads: Loads) -> None:
    """Its own word decides nothing."""
    host = loads.open(HANGING, call_seconds=0.5)

    for _ in range(2):
        with pytest.raises(Hung, match=r"no answer within 0\.5 s: an") as caught:
            reload(host).ignores()
        assert caught.value.stack == ()


@linux_only
def test_after_one_hang_another_at_the_same_place_costs_little(loads: Loads) -> None:
    """What takes as long elsewhere keeps its whole limit."""
    host = loads.open(HANGING, call_seconds=2.0)

    with pytest.raises(Hung, match="no answer within 2 s: an endless loop or wait"):
        reload(host).loop()
    with pytest.raises(Hung, match=r"no answer within 0\.6 s, where a call before it had none within 2 s"):
        reload(host).loop()
    assert reload(host).busy(1.0) == "done"


ATTENDED = """
def run(items, fetch, workers):
    while items != 1:
        pass

def other(items, fetch, workers):
    import time
    end = time.process_time() + 1.0
    while time.process_time() < end:
        pass
    return [fetch(item) for item in items]
"""


@linux_only
def test_after_one_hang_an_attended_call_costs_little_if_it_computes_at_the_same_place(loads: Loads) -> None:
    """What waits for others, or computes elsewhere, keeps its whole limit."""
    host = loads.open(ATTENDED, call_seconds=2.0)
    plan = Plan(("/a",), (10,), 1)

    for message in (
        "no answer within 2 s: an endless loop",
        r"no answer within 0\.6 s, where a call before it had none",
    ):
        made, submission = VirtualTime(plan), reload(host)
        with pytest.raises(Hung, match=message) as caught, submission.attended(made.attend):
            submission.run(["/a"], made.tool, 1)
        assert caught.value.stack[0][-1][1] == "run"
    made, submission = VirtualTime(plan), reload(host)
    with submission.attended(made.attend):
        assert len(submission.other(["/a"], made.tool, 1)) == 1


@linux_only
def test_a_loop_at_the_top_level_costs_its_limit_once(loads: Loads) -> None:
    """A second load is not tried, and the line is told."""
    host = loads.open("x = 1\nwhile x:\n    x = 2\n", call_seconds=0.5)
    assert isinstance(host, Host)

    with pytest.raises(Hung) as first:
        host.fresh()
    with pytest.raises(Hung) as second:
        host.fresh()
    assert first.value is second.value
    assert first.value.unasked
    assert first.value.stack[0][0][1] == "<module>"


@linux_only
def test_an_interrupt_says_where_it_was(exam: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The criterion, the call in flight, and the learner's line."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    run = exam(INC, "import time\ndef inc(n):\n    time.sleep(60)\n", "process")
    monkeypatch.setattr(channel.WorkerChannel, "_check", interrupt)

    with pytest.raises(KeyboardInterrupt) as caught:
        Examiner(run.loader, 7).examine(run.criteria[0])
    found = caught.value.kata_where  # type: ignore[attr-defined]
    assert isinstance(found, Interruption)
    assert (found.title, found.call[:4]) == ("Title", "inc(")
    assert found.lines == (Line(3, "inc", "time.sleep(60)", "Still in your code"),)


INTERRUPT = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhile True:\n    pass"


def test_ctrl_c_in_the_same_process_ends_the_run_with_a_card(outside: Project) -> None:
    """At level none it arrives within the learner's code, which must not have it for itself."""
    done = outside.grade("-k", "keeps or doubles", submission=outside.submit(box(double=INTERRUPT)), isolation="none")
    text = " ".join(done.out.split())

    assert done.code == 2
    assert f"interrupted in: {BOX_TITLES[-1]} >>> double(21) Still in your code, line " in text
    assert " 30/30  passed " in done.out


def test_ctrl_c_with_workers_says_which_criteria_were_in_hand(outside: Project) -> None:
    """What a worker of pytest-xdist was asked is known, and no more."""
    path = outside.submit(box(double=INTERRUPT))
    done = outside.grade("-k", "doubles", "-n", "1", submission=path, isolation="none")

    assert done.code == 2
    assert f" interrupted in: {BOX_TITLES[-1]}" in done.lines


@pytest.mark.parametrize("statement", ["breakpoint()", "import pdb; pdb.set_trace()"])
def test_q_leaves_the_debugger_and_ends_the_run(outside: Project, statement: str) -> None:
    """It does not come back at the next input."""
    path = outside.submit(box(double=f"{statement}\nreturn number * 2"))
    command, environment = outside.command(
        "--kata=box", "--isolation=none", f"--submission={path}", "-k", "doubles", "-p", "no:cacheprovider"
    )
    done = subprocess.run(
        command,
        cwd=outside.root,
        env=environment,
        input="q\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 2, done.stdout
    assert done.stdout.count("(Pdb)") == 1
    assert "Quitting debugger" in done.stdout


def test_a_debugger_without_a_terminal_ends_the_run(outside: Project) -> None:
    """The end of its input is as good as q."""
    path = outside.submit(box(double="breakpoint()\nreturn number * 2"))
    done = outside.grade("-k", "doubles", submission=path, isolation="none")

    assert done.code == 2
    assert done.out.count("(Pdb)") == 1
    assert "no criterion was run." in done.lines
    assert "There are:" not in done.out


def test_a_hang_in_the_same_process_says_where_when_pytest_ends_it(outside: Project, tmp_path: Path) -> None:
    """At level none nothing else can end one; it is not tried again with smaller inputs, which would hang too."""
    quick = outside.copy(tmp_path / "quick")
    items = quick.root / "graders" / "plugin" / "items.py"
    items.write_text(items.read_text().replace("NONE_SECONDS = 60", "NONE_SECONDS = 2"))

    done = quick.grade("-k", "doubles", submission=quick.submit(box(double="while True:\n    pass")), isolation="none")
    row = done.rows[BOX_TITLES[-1]]
    assert ">>> double(21) Timeout" in row.text
    assert "Still in your code, line " in row.text
    assert "in double:" in row.text


def test_the_usual_handler_of_interrupts_is_back_afterwards(loads: Loads) -> None:
    """A submission's own KeyboardInterrupt is an exception like others."""
    before = signal.getsignal(signal.SIGINT)
    submission = loads.load("def stop():\n    raise KeyboardInterrupt\n", "none")

    with pytest.raises(RemoteBaseException):
        submission.stop()
    assert signal.getsignal(signal.SIGINT) is before
