"""Returns objects and raises exceptions whose classes are named after the inputs.

Kind: leaking
Honest twin: none
Mark: SECRET-INPUT
"""
# mypy: ignore-errors


def Point(x, y):
    name = f"SECRET-INPUT {x} {y}"
    if x == 1:
        raise type(name, (ValueError,), {})()
    return type(name, (), {"__eq__": lambda self, other: type(name, (), {})()})()
