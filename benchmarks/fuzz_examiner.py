"""What the examiner sees of a submission, made up: does its memory grow, or does it wait for ever?

    python benchmarks/fuzz_examiner.py [--minutes 10 | --rounds N] [--seed N]

Each round makes up one thing that a submission decides over: frames on a worker's socket, values in its answers (within
a whole examination, in which the reference answers the other requests), instrument connections, files below /proc,
stacks, and wait statuses. Sizes lie at each bound and past it. The exit code is 1 if the resident memory grew by more
than 64 MiB, a round computed for more than 20 s, or an exception came out that is not the submission's failure.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import gc
import json
import math
import os
import random
import signal
import socket
import string
import struct
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any, cast
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from graders.authoring.catalogue import Kata
from graders.concurrency import tasks
from graders.grading.examiner import Examiner
from graders.grading.hypothesis_adapter import Drawn
from graders.report import card
from graders.sandbox import account, procfs, stack, tree
from graders.sandbox.channel import Warden, WorkerChannel
from graders.sandbox.child import protocol, wire
from graders.sandbox.errors import Forged, GraderFault, SubmissionFault, WorkerDied, names_of
from graders.sandbox.exchange import Exchange
from graders.sandbox.host import Host
from graders.sandbox.isolation.bubblewrap import BubblewrapCell
from graders.sandbox.isolation.none import InProcessChannel, InProcessHost
from graders.sandbox.limits import Limits, Source
from graders.sandbox.stack import Hangs

MOST_GROWTH = 64 << 20
MOST_SECONDS = 20  # of computing, for one round
WARM_UP = 30  # rounds, in which tables are filled that stay
LARGEST_RESULT = 1 << 20  # characters of one outcome
SLUGS = ("hashing", "connection_pool", "supervisor_config")  # whose suites need no instrument
BOUNDS = (0, 1, wire.MAX_DEPTH, 255, wire.MAX_HASHED, wire.MAX_INT_BYTES, 1 << 12, 1 << 16, wire.MAX_ITEMS)
WORDS = ("", "eq", "value", "Point", "x", "nan", "\ud800", "\x1b[2J", "../..", "__class__", "a" * 200, "é" * 5_000)
KINDS = ("Point", "generator", "method", "KeyError Own", "ValueError \ud800", "x" * 80, "lambda", "None")


class Stuck(BaseException):
    """A round computed for too long. No Exception, so that nothing takes it for the submission's."""


class Made:
    """Makes up what a submission may show, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def near(self, bounds: tuple[int, ...] = BOUNDS) -> int:
        """Return a number at one of the bounds, just before or past it; small ones are more frequent."""
        if self.random.random() < 0.7:
            return self.random.randrange(5)
        return max(0, self.random.choice(bounds) + self.random.randint(-1, 1))

    def text(self) -> str:
        """Return a text."""
        if self.random.random() < 0.5:
            return self.random.choice(WORDS)
        letters = self.random.choice(("ab", "a", string.printable, "\n", "0123456789", "\u202e\u0000é"))
        return "".join(self.random.choices(letters, k=self.near()))

    def number(self) -> int:
        """Return an int, up to the longest that may cross and past it."""
        size = self.random.choice((3, 8, 31, 63, 64, 14_000, 8 * wire.MAX_INT_BYTES - 1, 8 * wire.MAX_INT_BYTES + 8))
        return self.random.choice((-1, 1)) * (self.random.getrandbits(size) | 1 << size - 1)

    def raw(self) -> bytes:
        """Return some bytes."""
        return self.random.randbytes(self.near())

    def value(self, depth: int = 0) -> bytes:
        """Return a value as it crosses, by none of the bounds that the wire has."""
        kind = self.random.choice("NTFidIsbtlmSZh" if depth < 4 else "NTFids")
        if kind in "NTF":
            return kind.encode()
        if kind == "i":
            return b"i" + struct.pack(">q", self.random.choice((0, 1, -1, 2**63 - 1, -(2**63), 1 << 30)))
        if kind == "d":
            return b"d" + struct.pack(">d", self.random.choice((0.0, -0.0, math.nan, math.inf, 5e-324, 1e308)))
        if kind == "h":
            bits = self.random.choice((0, 1, 1 << 30, protocol.EXCEPTION_BIT, protocol.INSTRUMENT_BIT, 2**32 - 1))
            name = self.random.choice(KINDS).encode("utf-8", "replace")
            return b"h" + struct.pack(">QII", self.random.choice((0, 1, 7, 2**64 - 1)), bits, len(name)) + name
        if kind in "sbI":
            number, raw = self.number(), self.raw()
            if kind == "s":
                raw = self.text().encode("utf-8", "surrogatepass")
            if kind == "I":
                raw = number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)
            return kind.encode() + struct.pack(">I", self.lies(len(raw))) + raw
        if self.random.random() < 0.1:
            nested = self.near((wire.MAX_DEPTH,))
            return b"t\0\0\0\1" * nested + b"N"
        length = self.near()
        parts = 2 * length if kind == "m" else length
        if parts <= 12:
            members = b"".join(self.value(depth + 1) for _ in range(parts))
        else:
            members = b"".join(b"i" + struct.pack(">q", number) for number in self.row(parts))
        return kind.encode() + struct.pack(">I", self.lies(length)) + members

    def row(self, length: int) -> list[int]:
        """Return so many numbers: following each other, equal, far apart at the end, or with hashes that collide."""
        first = self.random.choice((0, -400, 2**62))
        row = list(range(first, first + length)) if self.random.random() < 0.7 else [7] * length
        if self.random.random() < 0.5:
            row[-1] = 1 << self.random.choice((20, 30, 40, 62))
        if self.random.random() < 0.2:
            row = [number % 8 * (2**61 - 1) % 2**62 for number in row]
        return row

    def lies(self, length: int) -> int:
        """Return a length, now and then another one."""
        return self.random.choice((length + 1, 2**32 - 1, 0)) if self.random.random() < 0.02 else length

    def answer(self) -> bytes:
        """Return an answer: of a right form as a rule."""

        def text() -> bytes:
            raw = self.text().encode("utf-8", "surrogatepass")[:100_000]
            return b"s" + struct.pack(">I", len(raw)) + raw

        def word(name: str) -> bytes:
            return b"s" + struct.pack(">I", len(name)) + name.encode()

        form = self.random.random()
        if form < 0.7:
            found = b"t\0\0\0\2" + word("value") + self.value()
        elif form < 0.85:
            base = word(
                self.random.choice(("ValueError", "BaseExceptionGroup", "SystemExit", "UnicodeError", "nothing"))
            )
            frame = b"t\0\0\0\2" + b"i" + struct.pack(">q", self.near()) + text()
            frames = b"t" + struct.pack(">I", 3) + frame * 3
            found = b"t\0\0\0\7" + word("raised") + base + text() + text() + b"t\0\0\0\1" + self.value(4) + frames
            found += b"t\0\0\0\3" + text() + text() + frames if self.random.random() < 0.5 else self.value(3)
        elif form < 0.9:
            found = b"t\0\0\0\2" + word(self.random.choice(("refused", "missing"))) + text()
        else:
            found = self.raw()
        if self.random.random() < 0.1 and found:
            at = self.random.randrange(len(found))
            found = found[:at] + self.raw() + found[at + 1 :]
        return found[: wire.MAX_FRAME]


class Answers:
    """A channel to the reference, which lies now and then."""

    def __init__(self, channel: InProcessChannel, made: Made, often: float) -> None:
        self._channel, self._made, self._often = channel, made, often
        self.names, self.error = channel.names, channel.error
        self.own_seconds = self.held_seconds = lambda: 0.0
        self.running = self.printed_bytes = lambda: 0

    def request(self, payload: bytes) -> bytes:
        """Answer."""
        answer = self._channel.request(payload)
        return self._made.answer() if self._made.random.random() < self._often else answer

    def printed(self, start: int = 0) -> str:
        """Return what was printed: nothing."""
        return ""

    def allow(self, seconds: float) -> None:
        """Do nothing."""


class Lies:
    """Loads of the reference, of which some answers are made up."""

    def __init__(self, host: InProcessHost, made: Made) -> None:
        self._host, self._made = host, made
        self.source, self.limits, self.stack, self.rest = host.source, host.limits, host.stack, host.rest
        self.share = host.share
        self._often = made.random.choice((0.001, 0.01, 0.1, 1.0))

    def fresh(self) -> Any:
        """Return a load."""
        return Answers(self._host.fresh(), self._made, self._often)


DRAWN = Drawn()


def answers(made: Made) -> None:
    """Examine by one criterion of one suite; show the failure and keep it."""
    kata = Kata(made.random.choice(SLUGS))
    criterion = made.random.choice(kata.suite().criteria)
    host = InProcessHost(Source(kata.slug, kata.reference.read_bytes()), kata.reference)
    try:
        examiner = Examiner(Lies(host, made), 7, control=lambda _: True, shrink=False, drawn=DRAWN)
        outcome = examiner.examine(criterion)
    finally:
        host.close()
    if outcome.outcome == "not_graded":
        raise AssertionError(f"{kata.slug}/{criterion.id}: {outcome.message}")
    kept = json.dumps(dataclasses.asdict(outcome))
    if len(kept) > LARGEST_RESULT:
        raise AssertionError(f"{kata.slug}/{criterion.id}: an outcome of {len(kept):,} characters")
    for feedback in ("full", "counterexample"):
        for line, _ in card.row(outcome, card.Look(80, feedback, "", {})):
            line.encode("utf-8")


class Idle:
    """A host that nothing runs below. A `Warden`."""

    def __init__(self) -> None:
        self.limits, self.hangs = Limits(), Hangs()
        self.excess = self.kept = lambda: None
        self.autopsy = lambda _: WorkerDied("its process ended")
        self.times = lambda _: (0.0, 0.0)
        self.known_as, self.tell, self.root = lambda _: None, lambda _: "", lambda: 2**22 + 1
        self.reap = dict[int, int]


def frames(made: Made) -> None:
    """Read an answer from a worker's socket: lengths, numbers and pieces as they come."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 10_000))
    output, written = os.memfd_create("output"), os.memfd_create("stack")
    os.write(written, made.raw())
    channel = WorkerChannel(cast(Warden, Idle()), ours, output, written, 1)
    payload = made.answer() if made.random.random() < 0.8 else b""
    length = made.random.choice((len(payload),) * 6 + (0, wire.MAX_FRAME, wire.MAX_FRAME + 1, 2**32 - 1))
    number = made.random.choice((0,) * 6 + (1, 2**64 - 1))
    with contextlib.suppress(BlockingIOError):
        theirs.send(wire.HEADER.pack(length, number) + payload + made.random.choice((b"",) * 3 + (b"more",)))
    theirs.close()
    try:
        with contextlib.suppress(SubmissionFault, wire.WireError):
            names_of(wire.decode(channel.answer(0)))
    finally:
        channel.close()


def connections(made: Made) -> None:
    """Serve instrument connections: forged calls, cut ones, many, and some that are closed again."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as opened:
        listener = opened.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind(f"{folder}/line")
        listener.listen(512)
        ours, theirs = socket.socketpair()
        opened.enter_context(ours)
        opened.enter_context(theirs)
        exchange = Exchange(listener, ours)
        opened.callback(exchange.close)
        with contextlib.suppress(Forged):
            for _ in range(made.near((255, 256))):
                line = opened.enter_context(socket.socket(socket.AF_UNIX))
                line.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    line.connect(listener.getsockname())
                    payload = made.random.choice((made.value(), wire.encode((1, (), os.getpid(), False))))[: 1 << 17]
                    length = made.random.choice((len(payload),) * 4 + (0, 1 << 16, (1 << 16) + 1, 2**32 - 1))
                    line.send((wire.HEADER.pack(length, 1) + payload)[: made.random.choice((None, None, 5))])
                if made.random.random() < 0.3:
                    line.close()
                exchange.take(0)
            for _ in range(3):
                for call in exchange.take(0)[0]:
                    call.returns(made.near())
        exchange.waiting()


def proc(made: Made) -> None:
    """Look at processes whose files below /proc hold anything, at any length."""
    pids = [made.random.randrange(1, 2**22) for _ in range(made.near((64,)) + 1)]

    def read(path: str, most: int = procfs.MOST) -> bytes:
        if made.random.random() < 0.05:
            raise made.random.choice((ProcessLookupError(), PermissionError(), FileNotFoundError()))
        name = path.rpartition("/")[2]
        some = [made.random.choice((b"0", b"1", b"-1", b"%d" % 2**64, b"x", b"R")) for _ in range(60)]
        comm = made.random.choice((b"python3", b") R 1 (", b"\n\xff) ", b"a\nState:\tZ\nNSpid:\t1\n"))
        found = {
            "stat": b"1 (" + comm + b") " + made.random.choice((b"R", b"S", b"Z", b"D", b"?")) + b" " + b" ".join(some),
            "schedstat": b" ".join(some[:3]),
            "statm": b" ".join(some[:7]),
            "children": b" ".join(b"%d" % made.random.choice(pids) for _ in range(made.random.choice((0, 1, 9))))
            + b" ",
            "syscall": made.random.choice((b"running", b"-1 0x0 0x0", b"202 " + b"0xffffffffffffffff " * 8)),
            "status": b"Name:\t" + comm + b"\nUid:\t0 0\nState:\tS\nNSpid:\t1 7\nvoluntary_ctxt_switches:\t" + some[0],
            "cmdline": made.random.choice((b"-c\0from multiprocessing", b"\0" * 10, made.raw())),
        }.get(name, made.raw())
        if made.random.random() < 0.1:
            found = made.random.choice((b"", made.raw(), found * made.near((4_096,))))
        return found[:most]

    def listed(path: str) -> list[str]:
        if made.random.random() < 0.05:
            raise FileNotFoundError
        return [str(pid) for pid in made.random.choices(pids, k=made.random.choice((0, 1, 2, 3)))]

    with mock.patch.object(procfs, "read", read), mock.patch.object(os, "listdir", listed):
        seen = account.Account()
        for _ in range(3):
            found = account.tasks(pids[0])
            seen.look(found)
            with contextlib.suppress(PermissionError):
                tasks.sleepers(found)
            tasks.hidden(found)
        tree.usage(pids[0], own_files=True)
        tree.cpu_seconds(pids[0], but=pids[-1])
        tree.main_seconds(pids[0])
        tree.kept_by_multiprocessing(pids[0])
        BubblewrapCell.host_pid(cast(BubblewrapCell, SimpleNamespace(_init=pids[0])), 7)


def deaths(made: Made) -> None:
    """Say how a worker ended, and where its threads were."""
    status = made.random.choice((None, 0, 9, 0x7F, 0xFFFF, made.random.randrange(1 << 16)))
    worker = SimpleNamespace(pid=7, printed_bytes=lambda: made.near((1 << 20,)))
    host = SimpleNamespace(_cell=None, limits=Limits(), reap=lambda: {} if status is None else {7: status})
    str(Host.autopsy(cast(Host, host), cast(WorkerChannel, worker)))
    lines = (
        "Thread 0x1 (most recent call first):",
        f'  File "/k.py", line {made.near()} in {made.text()}',
        made.text(),
    )
    told = "\n".join(made.random.choice(lines) for _ in range(made.near((1_000,))))[: stack.MOST_BYTES]
    hangs = Hangs()
    for _ in range(2):
        hangs.again(stack.parse(told, "/k.py"))
        hangs.remember(stack.parse(told, "/k.py"))


VIEWS: tuple[tuple[Callable[[Made], None], int], ...] = (
    (answers, 3),
    (frames, 4),
    (connections, 1),
    (proc, 3),
    (deaths, 2),
)


def rounds(seed: int) -> Iterator[tuple[str, float, str]]:
    """Yield (view, seconds that it computed, what came out that should not) without end."""

    def stuck(number: int, frame: FrameType | None) -> None:
        raise Stuck("".join(traceback.format_stack(frame, 6)))

    signal.signal(signal.SIGPROF, stuck)
    choose = random.Random(seed)
    names, weights = zip(*VIEWS, strict=True)
    while True:
        view, own = choose.choices(names, weights)[0], choose.getrandbits(32)
        start, wrong = time.process_time(), ""
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
        try:
            view(Made(own))
        except (Exception, Stuck) as error:
            if isinstance(error, GraderFault) or not isinstance(error, SubmissionFault):
                wrong = f"{view.__name__}(Made({own})): {''.join(traceback.format_exception(error)[-6:])}"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        yield view.__name__, time.process_time() - start, wrong


def main() -> int:
    """Run and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=sys.maxsize)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    end, growth, before = time.monotonic() + 60 * options.minutes, 0, 0
    counts: dict[str, int] = {}
    longest: dict[str, float] = {}
    wrong = set[str]()
    for number, (view, seconds, what) in enumerate(rounds(options.seed)):
        if number == WARM_UP:
            gc.collect()
            before = tree.resident(os.getpid())
        if number >= WARM_UP:
            growth = max(growth, tree.resident(os.getpid()) - before)
        counts[view] = counts.get(view, 0) + 1
        longest[view] = max(longest.get(view, 0.0), seconds)
        if what and len(wrong) < 10:
            wrong.add(what)
            print(what, flush=True)
        if number + 1 >= options.rounds or time.monotonic() > end:
            break
    for view, count in counts.items():
        print(f"{count:7,} rounds of {view}, the longest computed for {longest[view]:.2f} s")
    print(f"the resident memory grew by {growth / (1 << 20):.1f} MiB at most; {len(wrong)} things went wrong")
    return int(growth > MOST_GROWTH or bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
