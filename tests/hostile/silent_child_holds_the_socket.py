"""Ends its process while a child that Python knows nothing of holds the socket open.

Kind: exhausting
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import ctypes
import os
import platform
import time

libc = ctypes.CDLL(None)
if libc.syscall(*((57,) if platform.machine() == "x86_64" else (220, 17, 0, 0, 0, 0))) == 0:
    print("ATTACKED")
    time.sleep(3600)
os._exit(0)
