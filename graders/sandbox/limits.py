"""What a submission is, and what it may cost."""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one criterion may cost.

    call_seconds: for one answer; criterion_seconds, submission_seconds: for all answers of one criterion and of all.
    They are seconds that its processes computed or all slept, not what they waited for a core or a disk
    (`graders.sandbox.account`); hard_factor times as much on the wall ends a call or criterion in any case. For a
    submission, what it slept while the examiner held its calls counts too; and the seconds that the machine had for it,
    the examiner's own among them, may be as many, counted apart (`graders.sandbox.share`).
    memory_bytes is one process's data, the stacks of its threads apart; tree_bytes is what all its processes use, their
    stacks included; printed_bytes also bounds every file it writes. examiner_bytes is what the examiner's own process
    may grow by while it examines one submission: with a right one it grows by a few MiB.
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
    """Return what to say of a submission that has had all of its seconds."""
    return f"this submission has used its {limits.submission_seconds:g} s of computing and waiting"


@dataclass(frozen=True)
class Source:
    """A submission as the grader read it: its kata's slug, and the file's bytes.

    hash_seed: of the hashes of str and bytes in its processes, from 0 to 2**32 - 1, so that a run can be repeated.
    seed: of the run, for what the examiner has to make up; no process of the submission's learns it.
    """

    slug: str
    content: bytes
    hash_seed: int = 0
    seed: int | None = None

    def lines(self) -> list[str]:
        """Return the lines of the file as Python counts them: without the spaces around, cut to 200 characters."""
        return [line.strip()[:200] for line in self.indented_lines()]

    def indented_lines(self) -> list[str]:
        """Return the lines of the file as they are, without a byte order mark."""
        # Not splitlines(): Python ends a line at these three only.
        return re.split("\r\n|\r|\n", self.content.decode("utf-8", "replace").removeprefix("\ufeff"))

    def secret(self, number: int) -> bytes:
        """Return what no submission can guess, another for each number; without a seed another each time."""
        if self.seed is None:
            return secrets.token_bytes(32)
        return hashlib.sha256(stretched(self.seed) + f"{self.slug} {number}".encode()).digest()


@functools.cache
def stretched(seed: int) -> bytes:
    """Return bytes from which nobody finds the seed by trying: people type small ones (RFC 8018, PBKDF2)."""
    return hashlib.pbkdf2_hmac("sha256", str(seed).encode(), b"kata", 100_000)
