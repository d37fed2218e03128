"""Prints without end while it is imported.

Kind: exhausting
Honest twin: none
Mark: flood flood
"""
# mypy: ignore-errors

import os

while True:
    os.write(1, b"flood " * 10_000)
