"""The process level: what a submission does to its own process costs nobody else anything."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graders.sandbox import wire
from graders.sandbox.errors import (
    Forged,
    GraderFault,
    Hung,
    LoadFailed,
    NotPlainData,
    RemoteBaseException,
    SubmissionFault,
    WorkerDied,
    remote_of,
)
from graders.sandbox.host import Host
from graders.sandbox.limits import Limits
from tests.support import Loads, linux_only, reload

RIGHT = "def fine():\n    return 7\n"
WAIT = "import threading\ndef wait():\n    threading.Event().wait()\n"


def repeat(call: Callable[..., Any], times: int, *arguments: Any) -> list[Any]:
    """Call so many times."""
    return [call(*arguments) for _ in range(times)]


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


@pytest.mark.parametrize("wait", ["while True: pass", "threading.Event().wait()"], ids=["loop", "wait"])
def test_an_endless_call_is_hung(loads: Loads, wait: str) -> None:
    """A call has a deadline, whether it burns time or sleeps, and the next load works."""
    host = loads.open(f"import threading\n{RIGHT}def endless():\n    {wait}\n", call_seconds=0.5)

    with pytest.raises(Hung, match=r"no answer within 0\.5 s"):
        reload(host).endless()
    assert reload(host).fine() == 7


def test_many_slow_calls_are_hung_in_sum(loads: Loads) -> None:
    """A criterion has a deadline too: no call is too long, all of them are."""
    text = "import threading\ndef slow():\n    threading.Event().wait(0.1)\n"
    submission = loads.load(text, call_seconds=5.0, criterion_seconds=0.4)

    with pytest.raises(Hung, match=r"more than 0\.4 s in one criterion"):
        repeat(submission.slow, 100)


def test_a_flood_of_output_ends_at_the_limit(loads: Loads) -> None:
    """Printing without end fails, and what is kept of it is bounded."""
    host = loads.open("def flood():\n    while True:\n        print('spam' * 100)\n", printed_bytes=1 << 16)
    assert isinstance(host, Host)
    worker = host.fresh()
    answer = wire.decode(worker.request(wire.encode(("exec", "flood()\n"))))

    assert answer[:3] == ("raised", "OSError", "OSError")
    assert worker.printed_bytes() == 1 << 16
    assert worker.printed().startswith("spamspam")
    assert len(worker.printed()) <= 1 << 16


def test_a_process_that_a_flood_ends_says_so(loads: Loads) -> None:
    """Where the signal that comes with the limit kills, the reason is the printing."""
    text = (
        "import os, signal\ndef flood():\n    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
        "    while True:\n        os.write(1, b'spam' * 1000)\n"
    )

    with pytest.raises(WorkerDied, match="printed more than 65,536 bytes"):
        loads.load(text, printed_bytes=1 << 16).flood()


def test_what_is_printed_is_kept_from_where_it_was_asked(loads: Loads) -> None:
    """Standard output and error both, in order, from a byte on; odd bytes become text."""
    host = loads.open(
        "import os, sys\nprint('at import')\ndef say(text):\n    print(text)\n    print('err', file=sys.stderr)\n"
        "def raw():\n    os.write(1, b'\\xff\\n')\n"
    )
    assert isinstance(host, Host)
    worker = host.fresh()
    before = worker.printed_bytes()
    for source in ("say('\\ud800 hello')\n", "raw()\n"):
        assert wire.decode(worker.request(wire.encode(("exec", source)))) == ("value", None)

    assert before == len("at import\n")
    assert worker.printed(before) == "\\ud800 hello\nerr\n\N{REPLACEMENT CHARACTER}\n"


@linux_only
def test_memory_without_end_is_a_memory_error(loads: Loads) -> None:
    """A value beyond the memory limit raises in the submission, which goes on."""
    host = loads.open(RIGHT + "def big():\n    return len(bytearray(1 << 30))\n", memory_bytes=1 << 28)
    submission = reload(host)

    with pytest.raises(MemoryError) as caught:
        submission.big()
    assert remote_of(caught.value) is not None
    assert submission.fine() == 7


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


FORGE = """
import os, socket, stat, struct, sys, threading

def channel():
    # The way to the examiner is among the descriptors: any submission can find it.
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return socket.socket(fileno=os.dup(number))
        except OSError:
            pass

def asked():
    frame = sys._getframe()
    while "number" not in frame.f_locals or "payload" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["number"]

NONE = b"t\\0\\0\\0\\2s\\0\\0\\0\\5valueN"

def frame(number, payload=NONE, length=None):
    return struct.pack(">IQ", len(payload) if length is None else length, number) + payload

def fine():
    return 7

def send(text):
    channel().sendall(eval(text))
    return 7
"""


@pytest.mark.parametrize(
    "forged",
    [
        "frame(asked() + 1)",
        "frame(asked() - 1)",
        "frame(2**64 - 1)",
        "frame(asked(), length=2**20 + 1)",
        "frame(asked(), length=2**32 - 1)",
        "frame(asked(), b'', length=0)",
        "frame(asked()) * 2",
        "frame(asked(), b'garbage')",
        "frame(asked(), NONE + b'N')",
        "frame(asked(), b'T')",
        "frame(asked(), b't\\0\\0\\0\\1s\\0\\0\\0\\6passed')",
        "frame(asked(), b't\\0\\0\\0\\2s\\0\\0\\0\\7verdictT')",
        "frame(asked(), b't\\0\\0\\0\\6' + b's\\0\\0\\0\\6raised' + b'N' * 5)",
        "frame(asked(), b't\\0\\0\\0\\2s\\0\\0\\0\\7refusedN')",
        "os.urandom(4096)",
    ],
)
def test_a_forged_answer_fails_closed(loads: Loads, forged: str) -> None:
    """Whatever a submission writes to the socket itself, no call returns as if nothing were; the next load works."""
    host = loads.open(FORGE, call_seconds=2.0)
    submission = reload(host)

    with pytest.raises(SubmissionFault) as caught:
        # A forged answer that came alone was taken for the real one, which then comes out of step.
        repeat(submission.send, 2, forged)
    assert isinstance(caught.value, (Forged, Hung)), caught.value
    assert reload(host).fine() == 7


@pytest.mark.parametrize(
    "forged",
    [
        ("refused", "\ud800"),
        ("raised", "ValueError", "\ud800", "\ud800", (), ((1, "\ud800"),)),
        ("missing", "\ud800"),
    ],
    ids=lambda forged: forged[0],
)
def test_text_in_a_forged_answer_can_be_written_to_any_file(loads: Loads, forged: Any) -> None:
    """A lone surrogate in one submission's message must not cost a whole class its scores."""
    submission = loads.load(FORGE + "def reply(payload):\n    channel().sendall(frame(asked(), payload))\n")

    with pytest.raises((SubmissionFault, ValueError)) as caught:
        submission.reply(wire.encode(forged))
    found = remote_of(caught.value)
    for text in (str(caught.value), *(name for _, name in (found.frames if found else ()))):
        text.encode()


def test_an_answer_written_beforehand_can_only_be_a_value(loads: Loads) -> None:
    """A right number on a forged answer buys one lie, which is judged as any value, and then the connection."""
    submission = loads.load(FORGE)

    with pytest.raises(Forged):
        repeat(submission.send, 2, "frame(asked())")


@pytest.mark.parametrize("cut", [1, 11, 12, 14])
def test_an_answer_that_is_cut_short_is_a_death(loads: Loads, cut: int) -> None:
    """The end of the stream within a frame is no answer."""
    host = loads.open(FORGE + f"def cut():\n    channel().sendall(frame(asked())[:{cut}])\n    os._exit(0)\n")

    with pytest.raises(WorkerDied, match="exit code 0"):
        reload(host).cut()
    assert reload(host).fine() == 7


def test_an_answer_that_drips_is_hung(loads: Loads) -> None:
    """The deadline is for the whole answer, not for each byte of it."""
    text = FORGE + (
        "def drip():\n    for byte in frame(asked(), b'x' * 1000):\n"
        "        channel().sendall(bytes([byte]))\n        threading.Event().wait(0.02)\n"
    )

    with pytest.raises(Hung):
        loads.load(text, call_seconds=1.0).drip()


def test_a_closed_connection_is_a_death(loads: Loads) -> None:
    """A submission that closes the socket and lives on has ended the matter."""
    host = loads.open(FORGE + "def close():\n    os.closerange(3, 256)\n    threading.Event().wait()\n")

    with pytest.raises(WorkerDied, match="closed the connection"):
        reload(host).close()
    assert reload(host).fine() == 7


def test_a_worker_that_stops_reading_is_hung(loads: Loads) -> None:
    """The examiner does not wait for a full socket either."""
    text = FORGE + (
        "def deaf():\n    number = asked()\n"
        "    threading.Timer(0.2, lambda: channel().sendall(frame(number))).start()\n    threading.Event().wait()\n"
    )
    submission = loads.load(text, call_seconds=1.0)
    fine = submission.fine

    assert submission.deaf() is None
    with pytest.raises(Hung, match="takes no requests"):
        fine("x" * 900_000)


@pytest.mark.parametrize(
    "import_time",
    [
        "channel().sendall(frame(0))\nraise RuntimeError('no')",
        "channel().sendall(frame(1))",
        "channel().sendall(frame(0, b'garbage'))",
        "channel().sendall(frame(0, b't\\0\\0\\0\\2s\\0\\0\\0\\5valueI\\0\\0\\0\\0'))",
    ],
)
def test_a_forged_answer_to_the_import_fails_closed(loads: Loads, import_time: str) -> None:
    """Nobody can say that a file loaded which did not."""
    host = loads.open(FORGE + import_time)

    with pytest.raises(SubmissionFault):
        reload(host).fine()


@linux_only
def test_a_dead_zygote_is_the_graders_failure_and_the_next_load_starts_another(loads: Loads) -> None:
    """What the grader lost is not the submission's fault, and is made anew."""
    host = loads.open(RIGHT + "import os\ndef parent():\n    return os.getppid()\n")
    os.kill(reload(host).parent(), signal.SIGKILL)

    with pytest.raises(GraderFault, match="the zygote failed"):
        host.fresh()
    assert reload(host).fine() == 7


def test_an_isolation_that_cannot_start_is_the_graders_failure(
    loads: Loads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process at all is no reason to fail a submission."""
    host = loads.open(RIGHT)
    monkeypatch.setattr("graders.sandbox.runtime.interpreter", lambda: str(tmp_path / "no-python"))

    with pytest.raises(GraderFault, match="no-python"):
        host.fresh()


HOSTILE_ERRORS = """
class Raises(Exception):
    def __str__(self): raise RuntimeError("ha")
    __repr__ = __str__

class NotText(Exception):
    def __str__(self): return 3

class Text(str):
    def __getitem__(self, key): raise RuntimeError("ha")
    def __len__(self): return -1

class SubText(Exception):
    def __str__(self): return Text("odd")

class Recursive(Exception):
    def __str__(self): return str(self)

class Exits(Exception):
    def __str__(self): raise SystemExit

class Meta(type):
    def __getattribute__(cls, name):
        if name in ("__qualname__", "__module__", "__mro__"):
            raise RuntimeError("ha")
        return type.__getattribute__(cls, name)

class Faceless(Exception, metaclass=Meta): pass

Surrogate = type("Surrogate", (Exception,), {"__qualname__": "\\ud800\\udfff"})
Escape = type("\\x1b[2J\\n", (Exception,), {})
Nameless = type("", (Exception,), {})
Long = type("L" * 10_000, (Exception,), {})

def throw(name, *args):
    raise globals()[name](*args)

def text(value):
    raise ValueError(value)

def fine():
    return 7
"""


@pytest.mark.parametrize("level", ["process", "none"])
@pytest.mark.parametrize(
    "name",
    "Raises NotText SubText Recursive Exits Faceless Surrogate Escape Nameless Long".split(),
)
def test_an_exception_of_any_make_arrives_as_a_safe_one(loads: Loads, level: str, name: str) -> None:
    """Its class, name and text are the submission's; none of them reaches the grader as more than short text."""
    submission = loads.load(HOSTILE_ERRORS, level)

    with pytest.raises(Exception) as caught:  # noqa: PT011  the type is what is looked at below
        submission.throw(name, "message")
    found = remote_of(caught.value)
    assert found is not None
    assert type(caught.value) in (Exception, RuntimeError)
    assert type(found.type) is type(found.message) is str
    assert len(found.type) <= 800
    assert len(found.message) <= 2_000
    (found.type + found.message + str(caught.value)).encode()
    assert submission.fine() == 7


@pytest.mark.parametrize("level", ["process", "none"])
@pytest.mark.parametrize(
    "name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException", "BaseExceptionGroup"]
)
def test_what_is_no_exception_never_propagates_raw(loads: Loads, level: str, name: str) -> None:
    """A SystemExit of the submission's must not end the grader."""
    text = f"def throw():\n    raise {name}('out', [SystemExit()])\n".replace(
        ", [SystemExit()]" if name != "BaseExceptionGroup" else "nothing", ""
    )

    with pytest.raises(RemoteBaseException) as caught:
        loads.load(text, level).throw()
    found = remote_of(caught.value)
    assert found is not None
    assert found.type == name


@pytest.mark.parametrize("level", ["process", "none"])
@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        ("ValueError('no')", ValueError),
        ("KeyError('no')", KeyError),
        ("json.JSONDecodeError('no', '', 0)", ValueError),
        ("UnicodeDecodeError('utf-8', b'x', 0, 1, 'no')", UnicodeError),
        ("StopIteration('no')", StopIteration),
        ("FileNotFoundError(2, 'no')", FileNotFoundError),
        ("ExceptionGroup('no', [ValueError()])", Exception),
        ("class_of_their_own('no')", LookupError),
    ],
)
def test_an_exception_arrives_as_its_nearest_builtin_class(
    loads: Loads, level: str, raised: str, kind: type[Exception]
) -> None:
    """Classes that the suite does not name are reduced to what Python itself defines."""
    text = (
        "import json\nclass class_of_their_own(IndexError, RuntimeError): pass\n"
        f"def throw():\n    error = {raised}\n    raise error\n"
    )

    with pytest.raises(kind) as caught:
        loads.load(text, level).throw()
    found = remote_of(caught.value)
    assert found is not None
    assert "no" in found.message
    assert type(caught.value).__module__ == "builtins"


@pytest.mark.parametrize("level", ["process", "none"])
def test_a_message_is_cut_and_holds_no_lone_surrogate(loads: Loads, level: str) -> None:
    """A message of any length, of any characters, can be written to any file."""
    submission = loads.load(HOSTILE_ERRORS, level)

    with pytest.raises(ValueError, match="xxx") as caught:
        submission.text("x" * 100_000)
    assert len(str(caught.value)) <= 2_000
    with pytest.raises(ValueError, match="udc80") as caught:
        submission.text("\udc80")
    str(caught.value).encode()


@pytest.mark.parametrize("level", ["process", "none"])
@pytest.mark.parametrize("name", ["a\\0b", "\\ud800", "", "x" * 5000, "mro", "Exception int"])
def test_an_exception_class_of_any_name_can_be_declared(loads: Loads, level: str, name: str) -> None:
    """A suite that asks for a kata's exception class gets one, whatever the submission calls it."""
    submission = loads.load(
        f"class E(ValueError): pass\nE.__qualname__ = '{name}'\ndef throw(): raise E('why')\n", level
    )

    assert issubclass(submission.E, ValueError)
    with pytest.raises(submission.E, match="why"):
        submission.throw()


ODD_CLASSES = """
class Meta(type):
    def __getattribute__(cls, name):
        return 5 if name == "__qualname__" else type.__getattribute__(cls, name)
    def __getattr__(cls, name): raise RuntimeError("ha")

class Odd(metaclass=Meta): pass

class Loud:
    def __getattribute__(self, name): raise RuntimeError("ha")
    __repr__ = __eq__ = __hash__ = None

def make(name):
    return {"odd": Odd, "loud": Loud, "empty": type("", (), {}),
            "surrogate": type("X", (), {"__qualname__": "\\ud800"}),
            "escape": type("\\x1b[2J", (), {}), "long": type("L" * 9999, (), {})}[name]()

def fine():
    return 7
"""


@pytest.mark.parametrize("level", ["process", "none"])
@pytest.mark.parametrize("name", ["odd", "loud", "empty", "surrogate", "escape", "long"])
def test_an_object_of_any_make_is_a_handle_or_an_exception(loads: Loads, level: str, name: str) -> None:
    """Whatever its class does when it is looked at, the grader holds a handle with a printable name, or is told."""
    submission = loads.load(ODD_CLASSES, level)

    try:
        found = submission.make(name)
    except Exception as error:
        if remote_of(error) is None and not isinstance(error, SubmissionFault):
            raise
    else:
        repr(found).encode()
        assert len(repr(found)) < 200
    assert submission.fine() == 7


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
    hidden = ("graders.suites.hashing", "graders.criterion", "hypothesis", "pytest", "tests")
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


@pytest.mark.parametrize("level", ["process", "none"])
def test_the_docstring_comes_with_the_load(loads: Loads, level: str) -> None:
    """The public examples are read from it; one that is no text is none."""
    host = loads.open('"""Doc.\n\n>>> 1\n1\n"""\n' + RIGHT, level)
    host.fresh()
    odd = loads.open("__doc__ = 5\n" + RIGHT, level)
    odd.fresh()

    assert host.doc == "Doc.\n\n>>> 1\n1\n"
    assert odd.doc == ""


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

    assert found == wanted.resources()


@linux_only
def test_closing_leaves_no_file_and_no_process(loads: Loads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a submission goes with it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    host = loads.open(RIGHT + "import os\ndef pid():\n    return os.getpid()\ndef parent():\n    return os.getppid()\n")
    submission = reload(host)
    pids = [submission.pid(), submission.parent()]
    # The worker's own code is kept for the next submission, until this process ends.
    made = {path for path in tmp_path.iterdir() if not path.name.startswith("kata-runtime-")}

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
