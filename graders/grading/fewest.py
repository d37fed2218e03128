"""The fewest calls that show a failure: earlier calls are left out, unless they matter.

Trials find out which of them matter: the calls that are left are typed at the prompt of a fresh load of the submission,
which must fail in the same way, and of the reference, which must answer as it does after all of the calls; otherwise
the expected value would be another one.
"""

from __future__ import annotations

from collections.abc import Sequence

from graders.grading.identifiers import bound, used
from graders.sandbox.connection import Connection
from graders.sandbox.errors import SubmissionFault, remote_of
from graders.sandbox.loader import Loader
from graders.sandbox.transcript import MAX_TEXT, Transcript, masked

Steps = Sequence[tuple[str, str]]  # (source, what a prompt shows)

MOST = 30  # loads for one failure
_MANY = 60  # steps; nobody reads each one of more
_CERTAIN = MAX_TEXT - 100  # characters of what was observed that are not cut


def typed(loader: Loader, sources: Sequence[str]) -> list[str] | None:
    """Return what the prompt of a fresh load shows after each source; None if the load does not answer.

    Of an exception, it is the last line.

    Raises:
        GraderFault: the grader's own side failed.
    """
    shown = []
    try:
        connection = Connection(loader.fresh(), Transcript())
        for source in sources:
            try:
                found = connection.ask("show", f"{source}\n")
                shown.append(masked(found).rstrip("\n") if type(found) is str else "")
            except Exception as error:
                remote = remote_of(error)
                if remote is None:
                    raise
                shown.append(f"{remote.type}: {remote.message}" if remote.message else remote.type)
    except SubmissionFault:
        return None
    return shown


def needed(sources: Sequence[str], wanted: set[int]) -> set[int]:
    """Return the indexes of these sources and of those that bind the names which they need."""
    found: set[int] = set()
    waiting = sorted(wanted)
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            for name in used(sources[index]):
                makers = [before for before in range(index) if name in bound(sources[before])]
                waiting += makers[-1:]
    return found


class Fewest:
    """Looks for the fewest calls.

    steps: the calls, of which the last one failed; loader: the submission; reference: a right solution; named: the
    source of the step that the expectation names, "" if it names none.
    """

    def __init__(self, steps: Steps, loader: Loader, reference: Loader, named: str = "") -> None:
        self._sources = [source for source, _ in steps]
        self._observed = [observed for _, observed in steps]
        self._loaders = (loader, reference)
        self._left = MOST
        last = len(steps) - 1
        self._must = {last, *[index for index in range(last) if named and self._sources[index] == named][-1:]}
        self._wanted: list[list[str] | None] = []

    def find(self) -> list[int]:
        """Return the indexes of the steps to show; all of them if none can be left out, or the trials prove nothing.

        Raises:
            GraderFault: the grader's own side failed.
        """
        kept = list(range(len(self._sources)))
        least = needed(self._sources, self._must)
        if len(least) == len(kept) or len(kept) > _MANY:
            return kept
        self._wanted = [self._shown(loader, kept) for loader in self._loaders]
        if None in self._wanted or not self._as_observed(self._wanted[0] or []):
            return kept
        if self._same(sorted(least)):
            return sorted(least)
        for index in [each for each in reversed(kept[:-1]) if each not in self._must]:
            fewer = [each for each in kept if each != index]
            # A step that binds a name still in use needs no trial.
            if index not in needed(self._sources, {*fewer, *self._must} - {index}) and self._same(fewer):
                kept = fewer
        return kept

    def _shown(self, loader: Loader, kept: Sequence[int]) -> list[str] | None:
        """Return what a prompt shows at the steps that must stay."""
        found = typed(loader, [self._sources[index] for index in kept])
        return None if found is None else [found[kept.index(index)] for index in sorted(self._must)]

    def _as_observed(self, shown: list[str]) -> bool:
        """Whether a fresh load shows what was observed at the failure."""
        pairs = zip(shown, sorted(self._must), strict=True)
        return all(found[:_CERTAIN] == self._observed[index][:_CERTAIN] for found, index in pairs)

    def _same(self, kept: Sequence[int]) -> bool:
        """Whether these steps alone show the same."""
        if self._left <= 0:
            return False
        self._left -= 1
        pairs = zip(self._loaders, self._wanted, strict=True)
        return all(self._shown(loader, kept) == wanted for loader, wanted in pairs)
