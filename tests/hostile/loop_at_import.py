"""Loops for ever while it is imported.

Kind: exhausting
Honest twin: none
Mark: still running after
"""
# mypy: ignore-errors

while True:
    pass
