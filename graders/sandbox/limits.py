"""A submission, and the limits on what it may cost."""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of one criterion.

    call_seconds: for one answer; criterion_seconds, submission_seconds: for all answers of one criterion and of all.
    They are seconds in which a process computed or all slept, not waits for a core or a disk
    (`graders.sandbox.account`); hard_factor times as much wall time ends a call or criterion in any case. For a
    submission, its sleep while the examiner held its calls counts too; and the same limit holds separately for the
    machine's time that went to it, the examiner's included (`graders.sandbox.share`).
    memory_bytes is one process's data, without the stacks of its threads; tree_bytes is what all its processes use,
    stacks included; printed_bytes also bounds every file that it writes. examiner_bytes is how much the examiner's own
    process may grow while it examines one submission: with a right one it grows by a few MiB.
    """

    call_seconds: float = 5.0
    criterion_seconds: float = 20.0
    submission_seconds: float = 60.0
    hard_factor: float = 20.0
    memory_bytes: int = 1 << 30
    tree_bytes: int = 3 << 29
    tree_files: int = 20_000
    examiner_bytes: int = 1 << 28
    processes: int = 64
    open_files: int = 256
    printed_bytes: int = 4 << 20
    cpu_seconds: int = 60

    def resources(self) -> dict[str, int]:
        """Return the limits by their names in the resource module."""
        return {
            "RLIMIT_DATA": self.memory_bytes,
            "RLIMIT_NPROC": self.processes,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_FSIZE": self.printed_bytes,
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_CORE": 0,
        }


def used_up(limits: Limits) -> str:
    """Return the message for a submission that has used up its seconds."""
    return f"this submission has used its {limits.submission_seconds:g} s of computing and waiting"


@dataclass(frozen=True)
class Source:
    """A submission as the grader read it: its kata's slug, and the file's bytes.

    hash_seed: of the hashes of str and bytes in its processes, from 0 to 2**32 - 1, so that a run can be repeated.
    seed: of the run, for values that the examiner draws; no process of the submission's learns it.
    """

    slug: str
    content: bytes
    hash_seed: int = 0
    seed: int | None = None

    def lines(self) -> list[str]:
        """Return the lines of the file as Python counts them, stripped of spaces and cut to 200 characters."""
        return [line.strip()[:200] for line in self.indented_lines()]

    def indented_lines(self) -> list[str]:
        """Return the lines of the file unchanged, without a byte order mark."""
        # Not splitlines(): Python ends lines at these three only.
        return re.split("\r\n|\r|\n", self.content.decode("utf-8", "replace").removeprefix("\ufeff"))

    def secret(self, number: int) -> bytes:
        """Return bytes that no submission can guess, different for each number; without a seed different each time."""
        if self.seed is None:
            return secrets.token_bytes(32)
        return hashlib.sha256(stretched(self.seed) + f"{self.slug} {number}".encode()).digest()


@functools.cache
def stretched(seed: int) -> bytes:
    """Return bytes from which the seed can't be found by trying: people type small seeds (RFC 8018, PBKDF2)."""
    return hashlib.pbkdf2_hmac("sha256", str(seed).encode(), b"kata", 100_000)
