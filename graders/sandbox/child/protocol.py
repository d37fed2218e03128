"""What a worker and its examiner agree on about values: constants only.

Code that reads a worker's answers needs these and nothing else of the worker.
"""

from __future__ import annotations

import builtins

# The operators that a class may or may not have, by their bit in a reference. The order is part of the protocol.
OPTIONAL = (
    "__call__ __iter__ __next__ __len__ __getitem__ __setitem__ __delitem__ __contains__ "
    "__add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__ __pow__ __neg__ __abs__ "
    "__radd__ __rsub__ __rmul__ __and__ __or__ __xor__ __enter__ __exit__ __await__ __aiter__"
).split()
EXCEPTION_BIT = 1 << 31  # the reference is an exception class
INSTRUMENT_BIT = 1 << 30  # the reference is an instrument of the examiner's

CANCELLED = "asyncio.CancelledError"  # an exception that is not a builtin, and not an Exception

# The names that a prompt knows without any submission.
BUILTINS = frozenset(vars(builtins))
