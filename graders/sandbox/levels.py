"""LAYER 1. The isolation levels by name, strongest first. ``none`` is not among them: it needs no process."""

from __future__ import annotations

from graders.sandbox.host import Isolation
from graders.sandbox.process import ProcessIsolation

LEVELS: dict[str, type[Isolation]] = {"process": ProcessIsolation}
NAMES = ("auto", *LEVELS, "none")


def choose(name: str) -> Isolation:
    """Return the isolation called `name`; "auto" is the strongest that works here.

    Raises:
        IsolationUnavailable: this machine can't give it; the message says what to do.
    """
    if name == "auto":
        name = "process"
    return LEVELS[name]()
