"""LAYER 1. Isolation level ``process``: a separate process with resource limits, in an empty folder and environment.

It keeps the examiner's memory, the environment and the suite's objects out of reach. It is one user's process like any
other, so it is for one's own file: it can read what its user can read.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from graders.sandbox import runtime
from graders.sandbox.errors import GraderFault
from graders.sandbox.limits import Limits, Source

_ENVIRONMENT = {"PATH": "/nonexistent", "LANG": "C.UTF-8"}


class ProcessCell:
    """A zygote in a process of its own."""

    own_pids = False

    def __init__(self, source: Source) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="kata-"))
        submission = self._folder / "submission"
        submission.mkdir()
        self.path = str(submission / f"{source.slug}.py")
        Path(self.path).write_bytes(source.content)
        self._errors = (self._folder / "errors").open("w+b")
        self.control, theirs = socket.socketpair()
        self._scratch = scratch = self._folder / "scratch"
        scratch.mkdir()
        command = [
            runtime.interpreter(),
            *runtime.entry(str(runtime.folder())),
            str(theirs.fileno()),
        ]
        try:
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                cwd=scratch,
                env={
                    **_ENVIRONMENT,
                    "PYTHONHASHSEED": str(source.hash_seed),
                    "HOME": str(scratch),
                    "TMPDIR": str(scratch),
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
            )
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._errors.close()
            self.control.close()
            raise GraderFault(f"can't start {command[0]}: {error}") from error
        finally:
            theirs.close()

    @property
    def root_pid(self) -> int:
        """The zygote's."""
        return self._process.pid

    def ran_out(self) -> bool:
        """Return False: nothing bounds the memory of all processes but the examiner's looking."""
        return False

    def littered(self) -> bool:
        """Whether a file is left in its scratch folder."""
        return any(self._scratch.iterdir())

    def host_pid(self, pid: int) -> int | None:
        """Return `pid`, there is one pid namespace; None if that has ended."""
        with contextlib.suppress(OSError):
            # Behind the name, which may hold anything.
            state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
            return None if state in (b"Z", b"X") else pid
        return pid

    def why(self) -> str:
        """Return the end of what the zygote wrote to its standard error."""
        self._errors.seek(0)
        return self._errors.read()[-500:].decode("utf-8", "replace")

    def close(self) -> None:
        """End the zygote, which kills its workers when its socket closes."""
        self.control.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._errors.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class ProcessIsolation:
    """Starts zygotes that are confined by resource limits only."""

    name = "process"

    def start(self, source: Source, limits: Limits) -> ProcessCell:
        """Start a zygote; `limits` are set by itself in each worker."""
        return ProcessCell(source)
