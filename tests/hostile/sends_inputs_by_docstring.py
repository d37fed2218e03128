"""Changes its module's docstring and its source file's name to what it has seen.

Kind: leaking
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import sys


class Point:
    """SECRET-INPUT"""

    def __init__(self, x, y):
        module = sys.modules[__name__]
        module.__doc__ = self.__class__.__doc__ = f"SECRET-INPUT {x} {y}"
        module.__file__ = f"/SECRET-INPUT/{x}"
        print("ATTACKED")
        raise NotImplementedError(f"SECRET-INPUT {x} {y}")
