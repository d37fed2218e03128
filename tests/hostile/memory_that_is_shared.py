"""Maps 2 GiB of shared memory and fills it: a process's limit on its data does not count it.

Kind: exhausting
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import mmap
import time

try:
    memory = mmap.mmap(-1, 2 << 30)
except (OSError, ValueError, MemoryError):
    raise MemoryError from None
for at in range(0, 2 << 30, 4096):
    memory[at] = 1
    if at % (64 << 20) == 0:
        print("ATTACKED")
        time.sleep(0.02)
raise SystemError("REACHED 2 GiB")
