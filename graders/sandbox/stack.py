"""Where a worker's threads are, as its faulthandler wrote it. The submission may write there too.

The format is faulthandler's: threads, each with its frames, the innermost first (docs.python.org, "faulthandler").
"""

from __future__ import annotations

import re

from graders.sandbox.errors import Frames, Remote

MOST_BYTES = 1 << 16  # read at most; faulthandler itself writes at most 100 threads of 100 frames
_THREADS = 20
_FRAMES = 16  # of a thread: half from each end
_FRAME = re.compile(r'  File "(.{1,600})", line (\d{1,7}) in (.{1,80})')
_SERVE = ("<worker>", "serve")
_HEAD = re.compile(r"(Current thread|Thread) 0x[0-9a-f]{1,16}\b")

Stack = tuple[Frames, ...]


def parse(text: str, path: str) -> Stack:
    """Return the frames in the file `path` of each thread that has any, first the thread that has to answer."""
    threads: list[list[tuple[int, str]]] = []
    answers = 0
    for line in text.split("\n"):
        head, frame = _HEAD.match(line), _FRAME.fullmatch(line)
        if head is not None:
            # Usually the main thread takes the signal.
            answers = len(threads) if head[1] != "Thread" else answers
            threads.append([])
        elif frame is not None and threads:
            if frame[1] == path:
                threads[-1].append((int(frame[2]), frame[3]))
            elif frame.group(1, 3) == _SERVE:
                answers = len(threads) - 1
    found = []
    for inner in [*threads[answers : answers + 1], *threads[:answers], *threads[answers + 1 :]][:_THREADS]:
        frames = inner[::-1]
        half = _FRAMES // 2
        # By the same rules as other frames that a worker reports.
        told = Remote.told("", "", tuple(frames[:half] + frames[half:][-half:])).frames
        if told:
            found.append(told)
    return tuple(found)


class Hangs:
    """The places of a submission's calls that used up a whole limit."""

    def __init__(self) -> None:
        self._places: list[tuple[str, ...]] = []

    def remember(self, stack: Stack) -> None:
        """Keep the place of a call that used up its whole limit."""
        place = _place(stack)
        if place and place not in self._places:
            self._places.append(place)

    def __bool__(self) -> bool:
        return bool(self._places)

    def again(self, stack: Stack) -> bool:
        """Whether a call is where one hung: in the same functions, as far down as both go."""
        here = _place(stack)
        return bool(here) and any(here[: len(known)] == known[: len(here)] for known in self._places)


def _place(stack: Stack) -> tuple[str, ...]:
    """Return the functions that the answering thread is in, outermost first."""
    return tuple(function for _, function in stack[0]) if stack else ()
