"""The socket to a worker: one answer a request, in time, and whatever else comes fails closed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from graders.sandbox.child import wire
from graders.sandbox.errors import (
    Forged,
    Hung,
    SubmissionFault,
    WorkerDied,
    remote_of,
)
from graders.sandbox.host import Host
from tests.samples import FORGE
from tests.support import Loads, reload

RIGHT = "def fine():\n    return 7\n"


def repeat(call: Callable[..., Any], times: int, *arguments: Any) -> list[Any]:
    """Call so many times."""
    return [call(*arguments) for _ in range(times)]


@pytest.mark.parametrize("wait", ["while True: pass", "threading.Event().wait()"], ids=["loop", "wait"])
def test_an_endless_call_is_hung(loads: Loads, wait: str) -> None:
    """A call has a deadline, whether it burns time or sleeps, and the next load works."""
    host = loads.open(f"import threading\n{RIGHT}def endless():\n    {wait}\n", call_seconds=0.5)

    with pytest.raises(Hung, match=r"no answer within 0\.5 s"):
        reload(host).endless()
    assert reload(host).fine() == 7


def test_who_keeps_all_cores_busy_waits_for_himself(loads: Loads) -> None:
    """What others compute is not held against a submission; what its own processes compute is."""
    text = "import os\ndef spin():\n    any(os.fork() == 0 for _ in range(20))\n    while True: pass\n"
    before = os.times()
    host = loads.open(text, call_seconds=1.0, hard_factor=1_000.0)

    with pytest.raises(Hung):
        reload(host).spin()
    loads.close()
    after = os.times()
    # Twenty processes that share the cores would have used ten times as much before one of them had its second.
    assert after.children_user - before.children_user < 5


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

    with pytest.raises((Forged, Hung)):
        submission.send(forged)
    assert reload(host).fine() == 7


@pytest.mark.parametrize(
    "forged",
    [
        ("refused", "\ud800"),
        ("raised", "ValueError", "\ud800", "\ud800", (), ((1, "\ud800"),), ("\ud800", "\ud800", ((1, "\ud800"),))),
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
