"""The isolation levels by name, strongest first. ``none`` is not among them: it needs no process."""

from __future__ import annotations

from graders.sandbox.errors import IsolationUnavailable
from graders.sandbox.host import Isolation
from graders.sandbox.isolation import bubblewrap
from graders.sandbox.isolation.bubblewrap import BubblewrapIsolation
from graders.sandbox.isolation.process import ProcessIsolation

NAMES = ("auto", "sandbox", "process", "none")


def choose(name: str) -> Isolation:
    """Return the isolation named `name`; "auto" is the strongest that works here.

    Raises:
        IsolationUnavailable: this machine can't give it; the message says what to do.
    """
    if name in ("auto", "sandbox"):
        reason = bubblewrap.unavailable()
        if reason is None:
            return BubblewrapIsolation()
        if name == "sandbox":
            raise IsolationUnavailable(reason)
    return ProcessIsolation()
