"""Makes system calls by numbers of the x32 ABI, which a filter that looks at numbers alone lets through.

Kind: escaping
Honest twin: none
Mark: SIGSYS
"""
# mypy: ignore-errors

import ctypes
import platform


def reached(what):
    raise SystemError(f"REACHED {what}")


libc = ctypes.CDLL(None, use_errno=True)
if platform.machine() == "x86_64" and libc.syscall(0x40000000 | 39) > 0:
    reached("getpid of x32")
raise LookupError("no SIGSYS, since there is no other architecture here")
