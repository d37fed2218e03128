"""Clears the screen, sets the title, moves text backwards: control characters in everything that can be shown.

Kind: leaking
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

EVIL = "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil\x1b\\\x9b31m\r\n\x08\x00\u202e\u2066\u200b\u2028\x7f"


class Point:
    def __init__(self, x, y):
        print(EVIL)
        print("ATTACKED")
        if x == 1:
            raise type("E" + EVIL.replace("\x00", ""), (ValueError,), {})(EVIL)

    def __repr__(self):
        return EVIL

    def __eq__(self, other):
        return EVIL

    def __hash__(self):
        raise KeyError(EVIL)


Point.__qualname__ = EVIL.replace("\x00", "")
