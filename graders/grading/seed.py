"""The seed of a run, from which all of its inputs come, unless --kata-seed names it."""

from __future__ import annotations

import secrets

MAX_SEED = 1 << 32


def new_seed() -> int:
    """Return a seed that nobody can guess."""
    return secrets.randbelow(MAX_SEED)
