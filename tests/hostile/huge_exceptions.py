"""Raises exceptions with a text of 100 MB, a chain of 1,000 and a traceback of 900 frames.

Kind: exhausting
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors


def deeper(depth):
    if depth:
        deeper(depth - 1)
    raise ValueError("x" * 100_000_000)


class Point:
    def __init__(self, x, y):
        error = None
        for _ in range(1000):
            try:
                raise ValueError("y" * 1000) from error
            except ValueError as raised:
                error = raised
        try:
            deeper(900)
        except ValueError as last:
            print("ATTACKED")
            raise last from error
