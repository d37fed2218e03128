"""The seed of a run, from which all of its inputs are drawn, unless --kata-seed gives it."""

from __future__ import annotations

import secrets

MAX_SEED = 1 << 32


def new_seed() -> int:
    """Return a seed that can't be guessed."""
    return secrets.randbelow(MAX_SEED)
