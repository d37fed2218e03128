"""Raises all inputs that it has seen so far, as the text of an exception.

Kind: leaking
Honest twin: none
Mark: SECRET-INPUT
"""
# mypy: ignore-errors

seen = []


class Point:
    def __init__(self, x, y):
        seen.append((x, y))
        raise ValueError(f"SECRET-INPUT {seen}")
