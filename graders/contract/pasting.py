"""Pastes a card's calls below the submission in a separate process: do they run, and do they show the same?"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import io
import multiprocessing
import os
import re
import signal
import sys
import tempfile
import types
import warnings
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from graders.authoring import solutions
from graders.grading.outcome import Failure
from graders.sandbox.transcript import masked

# What can be compared with the card, line by line as a prompt shows it.
Kind = Literal[
    "the same",  # each line shows what the card shows
    "in flight",  # only the grader shows which calls run at the same time: the calls run, and raise nothing else
    "earlier calls",  # they cause the failure, and the card says so: nothing can be compared
    "left behind",  # only the grader shows processes and threads that remain: as for "in flight"
    "no answer",  # the last call does not return, or ends its process: it is left out
    "a server",  # the last call needs pages of the grader, which are gone: it is left out
]
# Lines whose results have only the same type.
_BY_CHANCE = re.compile(r"\bhash(es)?\(|\bid\(")  # str hashes have a seed, others a place in memory
_LONGEST = 20  # seconds, a guard: calls that take longer are "no answer"
_CUT = 380  # characters that a card always shows
_GONE = ("no answer within", "its process", "its processes", "it printed more")
_STAND_IN = re.compile(r"def \w+\((url|item)\):")
_LEFT = re.compile(r"no (process|thread) is left")


def kind_of(failure: Failure) -> Kind:
    """Return the kind of comparison that a failure allows."""
    if failure.note:
        return "earlier calls"
    if failure.words.startswith(_GONE) or failure.words.startswith("deadlock:"):
        return "no answer"
    if any("http://127.0.0.1:" in source for source, _ in failure.steps):
        return "a server"
    # A stand-in's calls end at any time: the result of several differs from run to run.
    stands_in = any(_STAND_IN.match(source) for source, _ in failure.steps)
    if failure.timeline or stands_in or re.match(r"[a-z-]+: ", failure.words):
        return "in flight"
    return "left behind" if _LEFT.search(failure.expected) else "the same"


def differences(slug: str, path: Path, failure: Failure) -> list[str]:
    """Return the differences between a failure's steps, pasted below a submission, and its card."""
    kind = kind_of(failure)
    if kind == "earlier calls":
        return []
    steps = failure.steps[:-1] if kind in ("no answer", "a server") else failure.steps
    found = _pasted(slug, path, [source for source, _ in steps])
    if isinstance(found, str):
        return [found]
    said = []
    for (source, observed), (shown, raised) in zip(steps, found, strict=True):
        if kind != "the same" and not raised:
            continue
        if not _alike(source, observed, shown):
            said.append(f">>> {source}\n{shown or '(nothing)'}\n--- the card:\n{observed or '(nothing)'}")
    return said


def _alike(source: str, observed: str, shown: str) -> bool:
    if masked(observed)[:_CUT] == masked(shown)[:_CUT]:
        return True
    with contextlib.suppress(SyntaxError, ValueError):
        card, prompt = ast.literal_eval(observed), ast.literal_eval(shown)
        if type(card) is type(prompt) is list and sorted(map(repr, card)) == sorted(map(repr, prompt)):
            return True  # the order is that in which processes end
        return type(card) is type(prompt) and _BY_CHANCE.search(source) is not None
    return False


def _pasted(slug: str, path: Path, sources: list[str]) -> list[tuple[str, bool]] | str:
    """Return (what a prompt shows, whether it is an exception) for each source, or how the process ended."""
    with tempfile.TemporaryDirectory(prefix="kata-") as folder:
        # A spawned child imports it by name.
        module = Path(folder, f"{slug}.py")
        module.write_bytes(solutions.read(path))
        return _in_a_process(slug, module, sources)


def _in_a_process(slug: str, path: Path, sources: list[str]) -> list[tuple[str, bool]] | str:
    answers, answer = multiprocessing.Pipe(duplex=False)
    with warnings.catch_warnings():
        # See alone.py.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _paste(answer, slug, path, sources)
    answer.close()
    try:
        found: list[tuple[str, bool]] | str = (
            answers.recv() if answers.poll(_LONGEST) else f"no answer within {_LONGEST} s"
        )
    except EOFError:
        found = "its process ended"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        answers.close()
    return found


def _paste(answer: Connection, slug: str, path: Path, sources: list[str]) -> None:
    """Type the sources below the submission and send what the prompt shows. Never returns."""
    try:
        os.setpgid(0, 0)
        warnings.simplefilter("default")  # a prompt's default; the tests turn warnings into errors
        # The processes of a pool need what was typed at the prompt.
        multiprocessing.set_start_method("fork", force=True)
        module = types.ModuleType(slug)
        module.__file__ = str(path)
        sys.modules[slug] = module
        sys.modules["__main__"] = types.ModuleType("__main__")
        sys.path.insert(0, str(path.parent))
        names = module.__dict__
        sys.stdout = sys.stderr = io.StringIO()
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), names)
        shown: list[str] = []
        sys.displayhook = lambda value: None if value is None else shown.append(repr(value))
        told = []
        for source in sources:
            shown.clear()
            raised = ""
            try:
                exec(compile(f"{source}\n", "<pasted>", "single", dont_inherit=True), names)
            except (Exception, asyncio.CancelledError, KeyboardInterrupt) as error:
                name = type(error).__qualname__
                raised = f"{name}: {error}" if str(error) else name
            told.append((raised or "\n".join(shown), bool(raised)))
        answer.send(told)
    except BaseException as error:
        with contextlib.suppress(OSError):
            answer.send(f"{type(error).__name__}: {error}")
    finally:
        signal.pause()
        os._exit(1)
