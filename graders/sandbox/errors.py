"""What can go wrong between the examiner and a submission, by which of the two is at fault.

SandboxError
 +-- GraderFault            the grader's own failure: no point is earned, none is lost ("not graded")
 |    +-- IsolationUnavailable   this machine can't confine as asked
 |    +-- NoRoom                 no temporary file can be written
 +-- SubmissionFault        the submission's doing: the criterion fails
      +-- LoadFailed        the file has a syntax error, or raised while it was imported
      +-- WorkerDied        its process ended: exit, signal, out of memory
      |    +-- Outgrown     it used up the examiner's memory, and the examiner ended it
      +-- Hung              no answer within the limit
      |    +-- UsedUp       it has had all the time that one submission may have
      +-- Forged            bytes on the socket that don't answer the request
      +-- NotPlainData      an object where the contract wants plain data, or data too large to cross
      +-- Missing           a name that the contract asks for is not there
Exceptions that the submission's code raises are not among these: they arrive as the nearest builtin type.
"""

from __future__ import annotations

from dataclasses import dataclass

_MOST_LINES = 1 << 20  # a file has no more bytes
_FRAME = ([int, str], [int, str, int, int])


Frames = tuple[tuple[int, str], ...]  # (line number, function name) in the submission's own file, outermost first


class SandboxError(Exception):
    """Base of what this package raises."""


class GraderFault(SandboxError):
    """The grader failed: the criterion is not graded, for a right submission as for a wrong one."""


class IsolationUnavailable(GraderFault):
    """This machine can't give the isolation that was asked for; the message says what to do."""


class NoRoom(GraderFault):
    """No temporary file can be written; the message names the folder and says how to choose another."""


class SubmissionFault(SandboxError):
    """The submission failed in a way that no value expresses: the criterion fails.

    unasked: it failed at its first load, before any request; printed: what it had printed by then.
    stuck: it had to answer and did not; stack: where its threads were then in its own file, first the one that had to
    answer. timeline: what was in flight at which time, as lines of text.
    """

    unasked = False
    printed = ""
    stuck = False
    stack: tuple[Frames, ...] = ()
    timeline: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remote:
    """Where an exception comes from, as the worker reported it: text and numbers, not trusted.

    type: the exception's class name, cut to 80 characters; message: to 2,000;
    frames: (line number, function name) within the submission's own file, outermost first;
    span: the columns of a syntax error in the line of the last frame, from 1, without the second; (0, 0) if unknown;
    first: the exception at the beginning of the chain of causes, None if this is the only one.
    """

    type: str
    message: str
    frames: Frames = ()
    span: tuple[int, int] = (0, 0)
    first: Remote | None = None

    @classmethod
    def told(cls, kind: str, message: str, frames: object, first: object = ()) -> Remote:
        """Return what a worker reported, cut to a readable length; a part of another form is left out.

        frames: (line, function) or, for the place of a syntax error, (line, function, first column, last column);
        first: (kind, message, frames) of the exception that came first, or ().
        """
        places, span = [], (0, 0)
        for frame in frames[:20] if type(frames) is tuple else ():
            if type(frame) is tuple and [type(part) for part in frame] in _FRAME and 0 < frame[0] < _MOST_LINES:
                places.append((frame[0], encodable(frame[1][:80])))
                span = frame[2:] if len(frame) == 4 and 0 < frame[2] < frame[3] < _MOST_LINES else (0, 0)
        cause = None
        if type(first) is tuple and [type(part) for part in first] == [str, str, tuple]:
            cause = cls.told(*first)
        return cls(encodable(kind[:80]), encodable(message[:2_000]), tuple(places), span, cause)


def names_of(told: object) -> frozenset[str] | None:
    """Return the names that its file defines, as a worker reports them; None if it reports too many."""
    if type(told) is not tuple:
        return None
    return frozenset(name for name in told if type(name) is str and len(name) <= 80 and name.isidentifier())


def encodable(text: str) -> str:
    """Return `text` without lone surrogates, which can't be encoded."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class LoadFailed(SubmissionFault):
    """The submission can't be imported; `remote` says why."""

    def __init__(self, message: str, remote: Remote | None = None) -> None:
        super().__init__(message)
        self.remote = remote


class WorkerDied(SubmissionFault):
    """The submission ended its own process."""


class Outgrown(WorkerDied):
    """It was ended: its answers made the examiner's own process grow beyond a bound."""


class Hung(SubmissionFault):
    """The submission did not answer within the limit.

    doubt: whether the machine may be the cause, since it was mostly busy with other programs. reason: the name of the
    mistake, if it has one.
    """

    stuck = True
    reason = ""

    def __init__(self, message: str, stack: tuple[Frames, ...] = (), *, doubt: bool = False) -> None:
        super().__init__(message)
        self.stack = stack
        self.doubt = doubt


class UsedUp(Hung):
    """The submission has used up all of its seconds, in this call or before."""

    stuck = False


class Forged(SubmissionFault):
    """What came over the socket did not answer the request."""


class NotPlainData(SubmissionFault):
    """A value that the check can't use: an object in place of data, or data beyond the bounds.

    value: the object; other: the plain data that it was compared with, this error itself if there was none.
    """

    def __init__(self, message: str, value: object = None, *other: object) -> None:
        super().__init__(message)
        self.value = value
        self.other = other[0] if other else self


class Missing(SubmissionFault):
    """The submission does not define a name that its contract asks for.

    name: the one asked for; names: those that its file defined when it was loaded, None if unknown; sure: the load
    alone decides, no code of the submission's had run since then.
    """

    def __init__(self, name: str, names: frozenset[str] | None = None, *, sure: bool = False) -> None:
        super().__init__(f"there is no {name!r} in the file")
        self.name = name
        self.names = names
        self.sure = sure


class RemoteBaseException(Exception):
    """A BaseException of the submission's that is not an Exception (SystemExit, CancelledError, ...).

    stands_for: its nearest class among Python's own.
    """

    stands_for: type[BaseException] = BaseException


class Left(BaseException):
    """At level none: an end of the whole run from within the submission's code, such as a debugger's quit.

    Not an Exception, so that it passes through; cause: what to raise outside.
    """

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


def remote_of(error: BaseException) -> Remote | None:
    """Return where `error` comes from if the submission raised it, else None."""
    found = getattr(error, "kata_remote", None)
    return found if isinstance(found, Remote) else None
