"""Loops for ever while it is imported.

Kind: exhausting
Honest twin: none
"""
# mypy: ignore-errors

while True:
    pass
