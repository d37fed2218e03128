"""The untrusted end of the interleaver: stops a submission's threads before what other threads could see.

Before each visible operation of the submission's own code (a call, a store that is not to a local name, the step of a
generator, a closure's first look at what it shares, a look at an attribute or a global name that the same function has
stored before) a thread calls an instrument of the examiner's, and goes on when it returns: the examiner decides which
thread waits for which. The worker imports this module when it is first asked for; it needs nothing but the standard
library.

A submission can switch all of this off. Then it is examined without it: nothing here says that a submission is right.
"""

from __future__ import annotations

import _thread
import sys
import threading
from opcode import opname

from graders.sandbox.child import instrument

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from collections.abc import Iterator
    from typing import Any, Self

# By name, since opcodes differ between versions of Python: a name that a version does not know is not in its code.
_VISIBLE = frozenset(
    "CALL CALL_KW CALL_FUNCTION_EX BEFORE_WITH LOAD_SPECIAL STORE_DEREF STORE_GLOBAL STORE_ATTR STORE_SUBSCR "
    "STORE_SLICE DELETE_DEREF DELETE_GLOBAL DELETE_ATTR DELETE_SUBSCR".split()
)
_GENERATOR = 0x20  # CO_GENERATOR; a coroutine has another bit, and all its steps are in one thread
_NAME = "kata"
_TOOL = 4  # of sys.monitoring; those below are a debugger's, a coverage tool's and a profiler's
EACH = 8  # times that one thread asks at one place, so that a loop that polls comes to rest
_TURN = 1e-4  # seconds
_MOST = 2_000  # times that all threads together ask


class Interleaver:
    """Has the threads that run a code, and the codes within it, ask before each visible operation.

    Args:
        code: of the submission's module.
        ask: the instrument, called with (number of the code, offset in it, line, whether it is the caller's thread).
    """

    def __init__(self, code: types.CodeType, ask: instrument.Instrument) -> None:
        self._ask = ask
        self._codes = list(_within(code))
        # By identity: two codes can be equal, and comparing them is slow.
        self._places = {id(each): (number, _places(each)) for number, each in enumerate(self._codes)}
        self._passed = _thread._local()
        self._asked = 0
        self._caller = 0
        self._never: Any = None
        self._before: tuple[Any, Any] = (None, None)

    def __enter__(self) -> Self:
        self._caller = _thread.get_ident()
        try:
            self._start()
        except Exception:
            pass  # the submission uses sys.monitoring or sys.settrace itself
        return self

    def _start(self) -> None:
        # A thread that never sleeps soon yields to others.
        self._interval = sys.getswitchinterval()
        sys.setswitchinterval(_TURN)
        if sys.version_info >= (3, 12):
            monitoring = sys.monitoring
            self._never = monitoring.DISABLE
            if monitoring.get_tool(_TOOL) == _NAME:
                monitoring.free_tool_id(_TOOL)  # an earlier call still hangs, at level none
            monitoring.use_tool_id(_TOOL, _NAME)
            monitoring.register_callback(_TOOL, monitoring.events.INSTRUCTION, self._instruction)
            for code in self._codes:
                monitoring.set_local_events(_TOOL, code, monitoring.events.INSTRUCTION)
        else:
            others = threading.gettrace()
            hangs = isinstance(getattr(others, "__self__", None), Interleaver)  # an earlier call, at level none
            self._before = sys.gettrace(), None if hangs else others
            threading.settrace(self._call)
            sys.settrace(self._call)

    def __exit__(self, *_: object) -> None:
        try:
            self._stop()
        except Exception:
            pass

    def _stop(self) -> None:
        sys.setswitchinterval(self._interval)
        if sys.version_info >= (3, 12):
            monitoring = sys.monitoring
            for code in self._codes:
                monitoring.set_local_events(_TOOL, code, 0)
            monitoring.register_callback(_TOOL, monitoring.events.INSTRUCTION, None)
            monitoring.free_tool_id(_TOOL)
        else:
            mine, others = self._before
            sys.settrace(mine)
            threading.settrace(others)

    def _instruction(self, code: types.CodeType, offset: int) -> Any:
        """Answer an event of sys.monitoring."""
        number, places = self._places.get(id(code), (0, {}))
        if offset not in places:
            return self._never
        self._reach(number, offset, places[offset])
        return None

    def _call(self, frame: types.FrameType, event: str, _: Any) -> Any:
        """Answer an event of sys.settrace: a function is entered."""
        if id(frame.f_code) not in self._places:
            return None
        frame.f_trace_lines = False
        frame.f_trace_opcodes = True
        return self._opcode

    def _opcode(self, frame: types.FrameType, event: str, _: Any) -> Any:
        """Answer an event of sys.settrace: an operation is about to be done."""
        number, places = self._places[id(frame.f_code)]
        if event == "opcode" and frame.f_lasti in places:
            self._reach(number, frame.f_lasti, places[frame.f_lasti])
        return self._opcode

    def _reach(self, number: int, offset: int, line: int) -> None:
        passed: dict[tuple[int, int], int] = self._passed.__dict__.setdefault("times", {})
        passed[number, offset] = times = passed.get((number, offset), 0) + 1
        if times > EACH or self._asked >= _MOST:
            return
        self._asked += 1
        try:
            self._ask.aside(number, offset, line, _thread.get_ident() == self._caller)
        except Exception:
            self._asked = _MOST  # no answer will come any more


def _within(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for each in code.co_consts:
        if type(each) is type(code):
            yield from _within(each)


def _places(code: types.CodeType) -> dict[int, int]:
    """Return the lines of a code's visible operations, by their offsets."""
    lines = {}
    for start, end, line in code.co_lines():
        for offset in range(start, end, 2):
            lines[offset] = line or 0
    found = {}
    stored: set[tuple[str, int]] = set()
    steps, begins = bool(code.co_flags & _GENERATOR), bool(code.co_freevars)
    for offset in range(0, len(code.co_code), 2):
        name, number = opname[code.co_code[offset]], code.co_code[offset + 1]
        if name in ("STORE_ATTR", "STORE_GLOBAL"):
            stored.add((name[6:], number))
        elif name in ("LOAD_ATTR", "LOAD_GLOBAL"):
            # From 3.12 on (for a global: 3.11) the lowest bit says how it is loaded.
            number >>= sys.version_info >= ((3, 12) if name == "LOAD_ATTR" else (3, 11))
            if (name[5:], number) in stored:
                # A stored value is read back: another thread may have stored another one since.
                found[offset] = lines.get(offset, 0)
        if name in _VISIBLE or (steps and name == "YIELD_VALUE"):
            found[offset] = lines.get(offset, 0)
        elif begins and name == "LOAD_DEREF":
            # A thread may begin late, when its input has changed already; its other looks are left out, or there would
            # be too many places.
            found[offset] = lines.get(offset, 0)
            begins = False
    return found
