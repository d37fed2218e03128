"""Reads the code of a submitted notebook in a process with its own limits.

Python's compiler takes minutes and gigabytes for some texts of a megabyte, and can even crash. So `code.assemble` runs
outside of nbgrader's process: a notebook that exceeds a limit there fails alone.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

from graders.nbgrader import code
from graders.nbgrader.code import Piece, Program
from graders.nbgrader.submitted import MAX_TEXT, Unreadable
from graders.sandbox.errors import GraderFault

CPU_SECONDS = 10
MEMORY_BYTES = 1 << 30
_MOST_ANSWERED = 16 * MAX_TEXT  # bytes; a program consists of its cells, indented, in JSON
_WALL_SECONDS = 600  # a guard against a machine that gives the process no core; not a verdict


def assemble(pieces: Iterable[Piece]) -> Program:
    """Return the code of all cells, in their order, as one file.

    Raises:
        Unreadable: reading it takes more time or memory than allowed, or crashes the interpreter.
        GraderFault: the process can't be started, gets no core, or is killed from outside.
    """
    request = json.dumps([astuple(piece) for piece in pieces]).encode()
    try:
        # Run it by its path, so that it imports nothing of the grader and starts in milliseconds.
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(Path(code.__file__))],
            input=request,
            capture_output=True,
            env={},
            cwd="/",
            timeout=_WALL_SECONDS,
            check=False,
            preexec_fn=_limit,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise GraderFault(f"the code of the notebook can't be read: {error}") from error
    if done.returncode == -signal.SIGKILL:
        # None of its limits sends this signal: the machine ran out of memory, or an administrator killed it.
        raise GraderFault("the code of the notebook can't be read: its reader was killed. Grade the notebook again.")
    if done.returncode == -signal.SIGXCPU:
        raise Unreadable(f"Python needs more than {CPU_SECONDS} s to read the code of the notebook.")
    if done.returncode or len(done.stdout) > _MOST_ANSWERED:
        raise Unreadable("Python can't read the code of the notebook: it is too large or too deeply nested.")
    text, notes = json.loads(done.stdout)
    return Program(text, tuple(notes))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
