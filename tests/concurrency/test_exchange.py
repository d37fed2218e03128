"""The sockets of the instruments: what a process may send, and what it may claim."""

from __future__ import annotations

import itertools
import os
import pickle
import socket
from pathlib import Path

import pytest

from graders.concurrency import Plan, VirtualTime
from graders.sandbox.child import wire
from graders.sandbox.child.instrument import Instrument, work
from graders.sandbox.errors import Forged
from graders.sandbox.exchange import Exchange
from tests.support import Loads, linux_only

pytestmark = linux_only

CONNECT = """
import os, socket
from graders.sandbox.child import wire
def run(fetch):
    line = socket.socket(socket.AF_UNIX)
    line.connect(fetch._path)
    {does}
    line.recv(1)
"""


def attempt(loads: Loads, does: str) -> None:
    """Run a submission that speaks the protocol itself."""
    submission = loads.load(CONNECT.format(does=does))
    run = VirtualTime(Plan(("/a",), (10,), 1))
    with submission.attended(run.attend):
        submission.run(run.tool)


@pytest.mark.parametrize(
    "does",
    [
        "line.send(b'x' * 100)",
        "line.send(wire.frame(1, b'') + b'more')",
        "line.send(wire.frame(1, b'x'))",
        "line.send(wire.frame(1, wire.encode((1, 2))))",
        "line.send(wire.frame(1, wire.encode((True, (), 1, False))))",
        "line.send((1 << 20).to_bytes(4, 'big') + bytes(8))",
    ],
)
def test_bytes_that_are_no_call_end_the_run(loads: Loads, does: str) -> None:
    """They are the submission's doing."""
    with pytest.raises(Forged, match="no call of an instrument"):
        attempt(loads, does)


def test_a_call_on_top_of_a_call_ends_the_run(tmp_path: Path) -> None:
    """A connection carries one at a time."""
    listener, main, caller = socket.socket(socket.AF_UNIX), socket.socket(), socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "socket"))
    listener.listen()
    exchange = Exchange(listener, main)
    with main, caller:
        caller.connect(str(tmp_path / "socket"))
        caller.sendall(wire.frame(1, wire.encode((1, ("/a",), os.getpid(), False))))
        calls, _, _ = exchange.take(1)
        assert [(call.args, call.pid) for call in calls] == [(("/a",), os.getpid())]
        assert exchange.waiting() == calls
        caller.sendall(wire.frame(1, wire.encode((1, ("/b",), os.getpid(), False))))
        with pytest.raises(Forged, match="before it had an answer"):
            exchange.take(1)
    exchange.close()


def test_too_many_connections_end_the_run(loads: Loads) -> None:
    """An honest submission has one for each thread."""
    with pytest.raises(Forged, match="connections"):
        attempt(
            loads,
            "lines = []\n"
            "    import resource\n"
            "    for child in range(2):\n"
            "        if os.fork() == 0: break\n"
            "    for n in range(240):\n"
            "        lines.append(socket.socket(socket.AF_UNIX))\n"
            "        lines[-1].connect(fetch._path)",
        )


def test_what_never_ends_is_left_for_another_look(tmp_path: Path) -> None:
    """A descriptor that is always ready keeps nobody from looking at the clock."""
    listener, main = socket.socket(socket.AF_UNIX), socket.socket()
    listener.bind(str(tmp_path / "socket"))
    listener.listen()
    exchange = Exchange(listener, main)
    ours, theirs = socket.socketpair()
    rounds = itertools.count()

    def ready() -> None:
        assert next(rounds) < 10_000

    with main, ours, theirs:
        theirs.send(b"!")
        exchange.watch(ours.fileno(), ready)
        calls, _, happened = exchange.take(0)
    exchange.close()

    assert (calls, happened) == ([], True)


def test_what_stands_in_the_way_is_the_submissions_doing(loads: Loads) -> None:
    """The grader can't open its socket where there is a folder."""
    submission = loads.load("import os\nos.makedirs(os.environ['TMPDIR'] + '/.instruments/x')\n")
    with pytest.raises(Forged, match="in the way"):
        submission.place()


def test_an_instrument_pickles_as_its_address() -> None:
    """So it reaches child processes, however they are started."""
    copied = pickle.loads(pickle.dumps(Instrument("/nowhere", 3, "fetch")))

    assert (copied._path, copied._number, copied.__name__, repr(copied)) == (
        "/nowhere",
        3,
        "fetch",
        "<function fetch>",
    )


def test_an_instrument_takes_plain_data_only() -> None:
    """It says so where it was called."""
    with pytest.raises(TypeError, match="fetch takes plain data"):
        Instrument("/nowhere", 3, "fetch")(object())


def test_work_is_a_loop_and_its_result_is_known() -> None:
    """So nobody can leave it out without being seen by who looks at it."""
    assert work(4) == 14
    assert wire.MAX_FRAME > 0
