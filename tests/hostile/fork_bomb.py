"""Forks as often as it can, and each child does the same.

Kind: exhausting
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import os
import time

for _ in range(400):
    try:
        os.fork()
    except OSError:
        print("ATTACKED")
        break
time.sleep(60)
