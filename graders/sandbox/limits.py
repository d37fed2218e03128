"""LAYER 1. What a submission is, and what it may cost."""

from __future__ import annotations

import functools
import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one criterion may cost.

    call_seconds: for one answer; criterion_seconds, submission_seconds: for all answers of one criterion and of all.
    They are seconds of the submission's own, less what it waited for a core; hard_factor times as much on the wall
    ends a call or criterion in any case.
    memory_bytes is one process's, tree_bytes that of all its processes; printed_bytes also bounds every file it writes.
    """

    call_seconds: float = 5.0
    criterion_seconds: float = 20.0
    submission_seconds: float = 60.0
    hard_factor: float = 20.0
    memory_bytes: int = 1 << 30
    tree_bytes: int = 3 << 29
    tree_files: int = 20_000
    processes: int = 64
    open_files: int = 256
    printed_bytes: int = 1 << 20
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

    def secret(self, number: int) -> bytes:
        """Return what no submission can guess, another for each number; without a seed another each time."""
        if self.seed is None:
            return secrets.token_bytes(32)
        return hashlib.sha256(stretched(self.seed) + f"{self.slug} {number}".encode()).digest()


@functools.cache
def stretched(seed: int) -> bytes:
    """Return bytes from which nobody finds the seed by trying: people type small ones (RFC 8018, PBKDF2)."""
    return hashlib.pbkdf2_hmac("sha256", str(seed).encode(), b"kata", 100_000)
