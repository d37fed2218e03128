"""Leaves processes that fork a successor and end, again and again, so that no list of them is ever complete.

Kind: lingering
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import os

read, write = os.pipe()
for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        print("ATTACKED", flush=True)
        os.write(write, b"x")
        for _ in range(20_000):
            try:
                if os.fork():
                    os._exit(0)
            except OSError:
                pass
# All four breed by now.
for _ in range(4):
    os.read(read, 1)
os._exit(0)
