"""The process level: what a submission does to its own process costs nobody else anything."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from graders.sandbox.errors import (
    GraderFault,
    Hung,
    LoadFailed,
    NotPlainData,
    Remote,
    RemoteBaseException,
    WorkerDied,
    remote_of,
)
from graders.sandbox.host import Host
from graders.sandbox.isolation import bubblewrap
from graders.sandbox.limits import Limits
from graders.sandbox.proxy import Submission
from graders.sandbox.transcript import Transcript
from tests.support import Loads, linux_only, reload

RIGHT = "def fine():\n    return 7\n"


def alive(pid: int) -> bool:
    """Whether there is a process of this id, a zombie included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("import os; os._exit(3)", "ended by itself, with exit code 3"),
        ("import os; os._exit(0)", "ended by itself, with exit code 0"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "ended by signal SIGSEGV"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "was killed"),
        ("import os; os.abort()", "ended by signal SIGABRT"),
    ],
)
def test_a_call_that_ends_the_process_says_how_it_ended(loads: Loads, body: str, message: str) -> None:
    """Each way to die is a WorkerDied with its reason, and the next load works."""
    host = loads.open(f"{RIGHT}def die():\n    {body}\n")
    submission = reload(host)

    with pytest.raises(WorkerDied, match=message):
        submission.die()
    assert reload(host).fine() == 7


@pytest.mark.parametrize(
    ("line", "kind", "message"),
    [
        ("import os; os._exit(0)", WorkerDied, "exit code 0"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", WorkerDied, "SIGSEGV"),
        ("while True: pass", Hung, "endless loop or wait"),
        ("import threading; threading.Event().wait()", Hung, "endless loop or wait"),
        ("raise RuntimeError('not today')", LoadFailed, "RuntimeError: not today"),
        ("import sys; sys.exit(0)", LoadFailed, "SystemExit: 0"),
        ("raise KeyboardInterrupt", LoadFailed, "KeyboardInterrupt"),
        ("def broken(:", LoadFailed, "SyntaxError: invalid syntax"),
        ("x = '\0'", LoadFailed, "SyntaxError: .*null bytes"),
    ],
)
def test_an_import_that_fails_says_how(loads: Loads, line: str, kind: type[Exception], message: str) -> None:
    """An exception at import is told from a death and from a hang."""
    host = loads.open(f"{RIGHT}{line}\n", call_seconds=0.5)

    with pytest.raises(kind, match=message):
        host.fresh()


def test_an_import_that_raises_names_the_line(loads: Loads) -> None:
    """The remote traceback holds the file's own lines, outermost first."""
    host = loads.open("def helper():\n    raise RuntimeError('no')\n\nhelper()\n")

    with pytest.raises(LoadFailed) as caught:
        host.fresh()
    assert caught.value.remote is not None
    assert caught.value.remote.frames == ((4, "<module>"), (2, "helper"))


def test_what_a_worker_tells_of_an_exception_is_cut_and_can_be_encoded() -> None:
    """A report that no encoder takes would end the run of a whole class."""
    frames = ((3, "f\ud800" * 80), (0, "nowhere"), (1 << 4_000, "far"), ("3", "text"), (4,), 5, *[(7, "g")] * 100)
    told = Remote.told("Error" * 80, "no\ud800" * 2_000, frames)

    assert (len(told.type), told.frames[1:]) == (80, ((7, "g"),) * 14)
    assert told.frames[0] == (3, "f\\ud800" * 40)
    assert told.message == ("no\\ud800" * 2_000)[: len(told.message)]
    assert Remote.told("E", "m", "no frames") == Remote("E", "m")


@linux_only
def test_memory_without_end_is_a_memory_error(loads: Loads) -> None:
    """A value beyond the memory limit raises in the submission, which goes on."""
    host = loads.open(RIGHT + "def big():\n    return len(bytearray(1 << 30))\n", memory_bytes=1 << 28)
    submission = reload(host)

    with pytest.raises(MemoryError) as caught:
        submission.big()
    assert remote_of(caught.value) is not None
    assert submission.fine() == 7


STACKS = """
import threading
import time

def one_after_another(count):
    kept = []
    for _ in range(count):
        thread = threading.Thread(target=int)
        thread.start()
        kept.append(thread)
        while thread.is_alive():
            time.sleep(0)
    return len(kept)

def at_one_time(count):
    threading.stack_size(64 << 20)
    over = threading.Event()
    try:
        for _ in range(count):
            threading.Thread(target=over.wait).start()
    finally:
        over.set()
"""


@linux_only
def test_the_stacks_of_ended_threads_are_no_data(loads: Loads) -> None:
    """What they reserve is not what they use: since Python 3.13 an ended thread keeps its stack until it is joined."""
    assert loads.load(STACKS, memory_bytes=1 << 28).one_after_another(150) == 150


@linux_only
def test_stacks_have_a_bound_as_well(loads: Loads) -> None:
    """No more address space than there may be: a start that finds none fails, and only that."""
    host = loads.open(STACKS, memory_bytes=1 << 28)

    with pytest.raises(RuntimeError, match="can't start new thread"):
        reload(host).at_one_time(300)
    assert reload(host).one_after_another(1) == 1


@linux_only
def test_cpu_time_without_end_is_a_death_with_its_reason(loads: Loads) -> None:
    """CPU seconds are limited by the kernel, whatever the clock says."""
    text = "def burn():\n    while True:\n        pass\n"

    with pytest.raises(WorkerDied, match="used up its 1 s of CPU time"):
        loads.load(text, cpu_seconds=1, call_seconds=60.0).burn()


def test_a_file_that_grows_without_end_is_an_error(loads: Loads) -> None:
    """The limit of what is printed holds for every file."""
    text = "def grow():\n    with open('big', 'wb') as file:\n        file.write(bytes(1 << 20))\n"

    with pytest.raises(OSError, match="too large"):
        loads.load(text, printed_bytes=1 << 16).grow()


def test_recursion_without_end_is_a_recursion_error(loads: Loads) -> None:
    """The submission's stack is not the grader's, and it goes on."""
    submission = loads.load(RIGHT + "def deep():\n    return deep()\n")

    with pytest.raises(RecursionError) as caught:
        submission.deep()
    found = remote_of(caught.value)
    assert found is not None
    assert set(found.frames) == {(4, "deep")}
    assert len(found.frames) <= 16
    assert submission.fine() == 7


@pytest.mark.parametrize(
    "value",
    [
        "'x' * (1 << 21)",
        "bytes(1 << 21)",
        "1 << 100_000",
        "[None] * 60_000",
        "nest(100)",
        "cycle()",
        "set(range(3000))",
    ],
)
def test_a_value_that_is_too_large_to_cross_is_no_plain_data(loads: Loads, value: str) -> None:
    """The worker says so; the grader's memory never sees it."""
    text = (
        f"{RIGHT}def nest(n):\n    return [nest(n - 1)] if n else []\n"
        f"def cycle():\n    c = []\n    c.append(c)\n    return c\ndef value():\n    return {value}\n"
    )
    submission = loads.load(text)

    with pytest.raises(NotPlainData, match="can't be used"):
        submission.value()
    assert submission.fine() == 7


DAEMON = """
import os, signal, sys

def daemon():
    # Twice forked, in a session of its own, deaf to every signal but one.
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            os.write(write, str(os.getpid()).encode())
            signal.pause()
        os._exit(0)
    return int(os.read(read, 20))
"""


@linux_only
@pytest.mark.parametrize("end", ["fresh", "close"])
def test_a_daemon_that_is_left_behind_is_killed(loads: Loads, end: str) -> None:
    """Nothing that a load started outlives it, however it hides."""
    host = loads.open(DAEMON)
    submission = reload(host)
    pids = [submission.daemon() for _ in range(3)]
    assert all(map(alive, pids))

    getattr(host, end)()

    assert not any(map(alive, pids))


@linux_only
def test_a_daemon_of_a_dead_process_is_killed(loads: Loads) -> None:
    """A worker that dies does not save its children."""
    host = loads.open(DAEMON + "def leave():\n    os._exit(0)\n")
    submission = reload(host)
    pid = submission.daemon()

    with pytest.raises(WorkerDied, match="exit code 0"):
        submission.leave()
    host.fresh()

    assert not alive(pid)


@linux_only
def test_many_processes_left_behind_are_killed(loads: Loads) -> None:
    """So many that one look at them is not enough."""
    text = (
        "import os, signal\npids = []\ndef spawn(count):\n    for _ in range(count):\n        pid = os.fork()\n"
        "        if pid == 0:\n            signal.pause()\n        pids.append(pid)\n    return pids\n"
    )
    host = loads.open(text, processes=4096)
    pids = reload(host).spawn(150)

    host.fresh()

    assert not any(map(alive, pids))


@linux_only
def test_a_dead_zygote_is_the_graders_failure_and_the_next_load_starts_another(loads: Loads) -> None:
    """What the grader lost is not the submission's fault, and is made anew."""
    host = loads.open(RIGHT + "import os\ndef parent():\n    return os.getppid()\n")
    os.kill(reload(host).parent(), signal.SIGKILL)

    with pytest.raises(GraderFault, match="the zygote failed"):
        host.fresh()
    assert reload(host).fine() == 7


@linux_only
@pytest.mark.parametrize("verb", ["place", "reap"])
def test_a_zygote_that_dies_of_the_submissions_memory_is_the_submissions_death(
    loads: Loads, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """Whatever is asked of the zygote next: it is never a reason to leave the submission ungraded."""
    host = loads.open(RIGHT + "import os\ndef parent():\n    return os.getppid()\n")
    assert isinstance(host, Host)
    channel = host.fresh()
    zygote = Submission(channel, Transcript()).parent()
    assert host._cell is not None
    monkeypatch.setattr(type(host._cell), "ran_out", lambda self: True)  # as the kernel's cgroup tells
    os.kill(zygote, signal.SIGKILL)

    with pytest.raises(WorkerDied, match="used up their memory"):
        {"place": lambda: host.place(channel), "reap": host.reap}[verb]()
    assert reload(host).fine() == 7, "the next load starts another"


def test_an_isolation_that_cannot_start_is_the_graders_failure(
    loads: Loads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process at all is no reason to fail a submission."""
    host = loads.open(RIGHT)
    monkeypatch.setattr("graders.sandbox.runtime.interpreter", lambda: str(tmp_path / "no-python"))

    with pytest.raises(GraderFault, match="no-python"):
        host.fresh()


def test_a_submission_sees_nothing_of_the_graders_environment(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its variables, folder and import path are its own; the suite and the grader's libraries are not on it."""
    monkeypatch.setenv("SECRET", "token")
    submission = loads.load(
        "import os, sys\n"
        "def environment():\n    return dict(os.environ)\n"
        "def listing():\n    return os.listdir()\n"
        "def can_import(name):\n    try:\n        __import__(name)\n"
        "    except ImportError:\n        return False\n    return True\n"
        "def argv():\n    return sys.argv\n"
    )

    assert "SECRET" not in submission.environment()
    assert submission.listing() == []
    hidden = ("graders.suites.hashing.suite", "graders.authoring.criterion", "hypothesis", "pytest", "tests")
    assert [name for name in hidden if submission.can_import(name)] == []
    assert submission.can_import("json") is True


@pytest.mark.parametrize("level", ["process", "none"])
def test_every_load_starts_from_nothing(loads: Loads, level: str) -> None:
    """What one criterion changed in the module, or in a module that it imports, the next one does not see."""
    text = "count = 0\ndef up():\n    global count\n    count += 1\n    return count\n"
    host = loads.open(text, level)

    assert [reload(host).up() for _ in range(3)] == [1, 1, 1]


def test_every_load_starts_from_the_standard_library_as_it_is(loads: Loads) -> None:
    """A patched module of the standard library is gone with the process that patched it."""
    host = loads.open("import math\ndef patch():\n    math.pi = 3\ndef pi():\n    return math.pi\n")
    reload(host).patch()

    assert reload(host).pi() > 3.14


def test_a_submission_runs_under_its_own_name(loads: Loads) -> None:
    """Its module has the kata's name, so that pickle and multiprocessing find it again, and never __main__."""
    submission = loads.load(
        "import sys\nname = __name__\nfound = sys.modules[__name__].__dict__ is globals()\n"
        "if __name__ == '__main__':\n    raise RuntimeError\n"
    )

    assert submission.name == "kata"
    assert submission.found is True


def test_the_limits_are_the_kernels_too(loads: Loads) -> None:
    """Each limit is set in the worker before the submission is loaded."""
    wanted = Limits(open_files=77, printed_bytes=1 << 16, cpu_seconds=9)
    submission = loads.load(
        "import resource\ndef limit(name):\n    return resource.getrlimit(getattr(resource, name))\n",
        open_files=77,
        printed_bytes=1 << 16,
        cpu_seconds=9,
    )
    found: dict[str, Any] = {name: submission.limit(name)[0] for name in wanted.resources()}
    resources = wanted.resources()

    # The kernel counts what else the user runs, so that this one is relative to it here.
    assert found.pop("RLIMIT_NPROC") > resources.pop("RLIMIT_NPROC") + 1_000
    assert found == resources


@linux_only
def test_closing_leaves_no_file_and_no_process(
    loads: Loads, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of a submission goes with it."""
    folder = tmp_path_factory.mktemp("t")  # a path that is short enough for sockets
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    host = loads.open(RIGHT + "import os\ndef pid():\n    return os.getpid()\ndef parent():\n    return os.getppid()\n")
    submission = reload(host)
    pids = [submission.pid(), submission.parent()]
    # The worker's own code is kept for the next submission, until this process ends.
    made = {path for path in folder.iterdir() if not path.name.startswith("katas-runtime-")}

    host.close()

    assert made
    assert [path for path in made if path.exists()] == []
    assert not any(map(alive, pids))


def test_closing_twice_and_before_the_start_is_fine(loads: Loads) -> None:
    """A run that ends early closes what it has not opened."""
    host = loads.open(RIGHT)
    host.close()
    host.fresh()
    host.close()
    host.close()

    assert reload(host).fine() == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_that_a_submission_sends_to_its_group_stays_there(loads: Loads, number: int) -> None:
    """A worker leads a session of its own, so Ctrl-C from it does not reach the grader."""
    host = loads.open(f"{RIGHT}import os\ndef shout():\n    os.killpg(0, {int(number)})\n    return 5\n")

    with pytest.raises((WorkerDied, RemoteBaseException)):
        assert reload(host).shout() == "unreachable"
    assert reload(host).fine() == 7


def test_a_patched_builtin_is_not_what_the_prompt_has(loads: Loads) -> None:
    """The prompt's builtins are taken before the submission is loaded."""
    submission = loads.load("import builtins\nbuiltins.max = builtins.delattr = None\nclass Box: pass\n", "process")

    assert submission.max([1]) == 1
    submission.define("largest = max([1])")
    assert submission.largest == 1
    box = submission.Box()
    box.held = 1
    del box.held
    assert not hasattr(box, "held")


@pytest.mark.parametrize("level", ["process", "sandbox"])
def test_warnings_about_its_text_fill_no_file_of_the_graders(loads: Loads, level: str) -> None:
    """They show its lines, which may be long, and it is compiled where no limit on files holds."""
    if level == "sandbox" and bubblewrap.unavailable() is not None:
        pytest.skip("there is no sandbox here")
    host = loads.open(RIGHT + "".join(f"a{i} = '{'x' * 1000}' is {i}\n" for i in range(50)), level)
    for _ in range(3):  # compiled once it is known to load
        assert reload(host).fine() == 7
    assert isinstance(host, Host)
    assert host._cell is not None

    assert os.fstat(host._cell._errors.fileno()).st_size < 1000  # type: ignore[attr-defined]
