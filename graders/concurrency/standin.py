"""A stand-in for an instrument: what a learner can paste in its place, and what its calls give.

An instrument lives in the examiner, and its results can't be guessed. A failure shows a function of a few lines that
returns, raises or ends its process as the instrument did, and its results in place of the instrument's own.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from graders.concurrency.plan import Plan

FAILED = "failed"  # the second argument of what a stand-in raises
_LONGEST = 500  # milliseconds that a stand-in sleeps


class StandIn:
    """Writes the function, and the results of its calls.

    name: of the function; plan: of the calls; named: whether results name their items; sleeps: seconds that each call
    takes, where a failure is about that.
    """

    def __init__(self, name: str, plan: Plan, *, named: bool = True, sleeps: float = 0.0) -> None:
        self._sleeps = sleeps
        self._name = name
        self._plan = plan
        self._named = named
        self._noun, self._item = ("page", "url") if name == "fetch" else ("result", "item")
        # Equal items have a different result for each call, so that a result shows its call.
        self._counts = len(set(plan.items)) < len(plan.items)

    def result(self, item: str, call: int) -> str:
        """Return what call number `call` (from 0) for an item gives: a text, or the second argument of an exception."""
        if item in self._plan.fails:
            return FAILED
        if not self._named:
            return f"{self._noun} {_checksum(item)}"
        return f"{self._noun} {call + 1} of {item}" if self._counts else f"{self._noun} of {item}"

    def source(self, *, slow: bool = False) -> tuple[str, ...]:
        """Return the statements that define it. slow: it takes as long as the calls, if that is short."""
        plan, item = self._plan, self._item
        imports, body = [], []
        made = f"{self._noun} of {{{item}}}"
        if self._counts:
            imports.append("itertools")
            made = f"{self._noun} {{next(counts[{item}])}} of {{{item}}}"
        if not self._named:
            imports.append("zlib")
            made = f"{self._noun} {{zlib.crc32({item}.encode()):08x}}"
        if slow and plan.items and max(plan.milliseconds) <= _LONGEST:
            imports.append("time")
            seconds = {each: takes / 1000 for each, takes in zip(plan.items, plan.milliseconds, strict=True)}
            body.append(f"time.sleep({seconds!r}[{item}])")
        elif self._sleeps:
            imports.append("time")
            body.append(f"time.sleep({self._sleeps:g})")
        body += _one_of(item, {key: f"raise {kind}({item}, {FAILED!r})" for key, kind in plan.fails.items()})
        for key, code in plan.dies.items():
            imports.append("os")
            how = f"os._exit({code})" if code >= 0 else f"os.kill(os.getpid(), {-code})"
            body += [f"if {item} == {key!r}:", f"    {how}"]
        body.append(f'return f"{made}"')
        lines = [f"import {each}" for each in dict.fromkeys(imports)]
        if self._counts:  # atomic, whatever threads call it
            named = (each for each in dict.fromkeys(plan.items) if each not in plan.fails)
            lines.append(f"counts = {{{', '.join(f'{each!r}: itertools.count(1)' for each in named)}}}")
        if len(body) == 1:
            return (*lines, f"def {self._name}({item}): {body[0]}")
        return (*lines, "\n".join([f"def {self._name}({item}):", *(f"    {line}" for line in body)]))


def _one_of(item: str, acts: Mapping[str, str]) -> list[str]:
    """Return the lines for items with acts of their own; one test for all items with the same act."""
    by_act: dict[str, list[str]] = {}
    for key, act in acts.items():
        by_act.setdefault(act, []).append(key)
    found = []
    for act, keys in by_act.items():
        test = f"{item} == {keys[0]!r}" if len(keys) == 1 else f"{item} in {tuple(keys)!r}"
        found += [f"if {test}:", f"    {act}"]
    return found


def _checksum(item: str) -> str:
    return f"{zlib.crc32(item.encode()):08x}"
