"""Isolation level ``process``: a separate process with resource limits, in an empty folder and environment.

The examiner's memory, the environment and the suite's objects are out of the submission's reach. But it can read what
its user can read, so this level is for one's own file.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from pathlib import Path

from graders.sandbox import procfs, runtime
from graders.sandbox.errors import GraderFault
from graders.sandbox.limits import Limits, Source
from graders.sandbox.scratch import Scratch, writing

_ENVIRONMENT = {"PATH": "/nonexistent", "LANG": "C.UTF-8"}


class ProcessCell:
    """A zygote as a separate process."""

    own_pids = False

    def __init__(self, source: Source) -> None:
        code = str(runtime.folder())
        with writing():
            self._folder = Scratch()
            submission = self._folder.path / "submission"
            self.path = str(submission / f"{source.slug}.py")
            self._scratch = scratch = self._folder.path / "scratch"
            try:
                submission.mkdir()
                scratch.mkdir()
                Path(self.path).write_bytes(source.content)
                self._errors = (self._folder.path / "errors").open("w+b")
            except OSError:
                self._folder.remove()
                raise
        self.control, theirs = socket.socketpair()
        command = [
            runtime.interpreter(),
            *runtime.entry(code),
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
            self._folder.remove()
            self._errors.close()
            self.control.close()
            raise GraderFault(f"can't start {command[0]}: {error}") from error
        finally:
            theirs.close()

    @property
    def root_pid(self) -> int:
        """The zygote's id."""
        return self._process.pid

    def ran_out(self) -> bool:
        """Return False: only the examiner's own looks bound the memory of all processes."""
        return False

    def cpu_seconds(self) -> float | None:
        """Return None: the kernel keeps no sum."""
        return None

    def littered(self) -> bool:
        """Whether a file is left in its scratch folder."""
        return any(self._scratch.iterdir())

    def host_pid(self, pid: int) -> int | None:
        """Return `pid`, since there is one pid namespace; None if the process has ended."""
        with contextlib.suppress(OSError):
            state = procfs.stat_fields(f"/proc/{pid}/stat")[0]
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
        self._folder.remove()


class ProcessIsolation:
    """Starts zygotes that are confined by resource limits only."""

    name = "process"

    def start(self, source: Source, limits: Limits) -> ProcessCell:
        """Start a zygote, which sets `limits` in each worker."""
        return ProcessCell(source)
