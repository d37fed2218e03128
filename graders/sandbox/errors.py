"""LAYER 1. What can go wrong between the examiner and a submission, by whose doing it is.

SandboxError
 +-- GraderFault            the grader's own failure: nothing is earned, nothing is lost ("not graded")
 |    +-- IsolationUnavailable   this machine can't confine as asked
 +-- SubmissionFault        the submission's doing: the criterion fails
      +-- LoadFailed        the file has a syntax error, or raised while it was imported
      +-- WorkerDied        its process ended: exit, signal, out of memory
      +-- Hung              no answer within the limit
      +-- Forged            bytes on the socket that are no answer to what was asked
      +-- NotPlainData      an object where the contract wants plain data, or data too large to cross
      +-- Missing           a name that the contract asks for is not there
Exceptions that the submission's code raises are none of these: they arrive as the nearest builtin type.
"""

from __future__ import annotations

from dataclasses import dataclass

_MOST_LINES = 1 << 20  # a file has no more bytes


class SandboxError(Exception):
    """Base of what this package raises."""


class GraderFault(SandboxError):
    """The grader failed: the criterion is not graded, whatever the submission is worth."""


class IsolationUnavailable(GraderFault):
    """This machine can't give the isolation that was asked for; the message says what to do."""


class SubmissionFault(SandboxError):
    """The submission failed in a way that no value can express: the criterion fails."""


@dataclass(frozen=True)
class Remote:
    """Where an exception comes from, as the worker told it: text and numbers, nothing to trust.

    type: the exception's class name, cut to 80 characters; message: to 2,000;
    frames: (line number, function name) within the submission's own file, outermost first.
    """

    type: str
    message: str
    frames: tuple[tuple[int, str], ...] = ()

    @classmethod
    def told(cls, kind: str, message: str, frames: object) -> Remote:
        """Return what a worker told, cut to what anybody reads; what is no frame is left out."""
        places = tuple(
            (frame[0], encodable(frame[1][:80]))
            for frame in (frames[:20] if type(frames) is tuple else ())
            if type(frame) is tuple and [type(part) for part in frame] == [int, str] and 0 < frame[0] < _MOST_LINES
        )
        return cls(encodable(kind[:80]), encodable(message[:2_000]), places)


def encodable(text: str) -> str:
    """Return `text` without lone surrogates, which no encoder takes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class LoadFailed(SubmissionFault):
    """The submission can't be imported; `remote` says why."""

    def __init__(self, message: str, remote: Remote | None = None) -> None:
        super().__init__(message)
        self.remote = remote


class WorkerDied(SubmissionFault):
    """The submission ended its own process."""


class Hung(SubmissionFault):
    """The submission did not answer within the limit."""


class Forged(SubmissionFault):
    """What came over the socket was no answer to what was asked."""


class NotPlainData(SubmissionFault):
    """A value that the check can't use: an object in place of data, or data beyond the bounds."""


class Missing(SubmissionFault):
    """The submission does not define a name that its contract asks for."""


class RemoteBaseException(Exception):
    """A BaseException of the submission's that is no Exception (SystemExit, KeyboardInterrupt, ...)."""


def remote_of(error: BaseException) -> Remote | None:
    """Return where `error` comes from if the submission raised it, else None."""
    found = getattr(error, "kata_remote", None)
    return found if isinstance(found, Remote) else None
