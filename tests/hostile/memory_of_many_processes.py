"""Allocates 60 MiB in each of 40 processes: each within its limit, all together not.

Kind: exhausting
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import os
import time

children = []
for _ in range(40):
    pid = os.fork()
    if pid == 0:
        kept = bytearray(b"x") * (60 << 20)
        time.sleep(60)
        os._exit(0)
    children.append(pid)
print("ATTACKED")
for pid in children:
    os.waitpid(pid, 0)
raise SystemError("REACHED 2.4 GiB")
