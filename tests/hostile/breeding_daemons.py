"""Leaves processes that fork a successor and end, again and again, so that no list of them is ever complete.

Kind: lingering
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import os

for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        print("ATTACKED")
        for _ in range(20_000):
            try:
                if os.fork():
                    os._exit(0)
            except OSError:
                pass
os._exit(0)
