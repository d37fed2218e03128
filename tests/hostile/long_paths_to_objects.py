"""Returns thousands of objects behind keys so long that the name of each would take 60 KB.

Kind: exhausting
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors


class Thing:
    pass


def Point(x, y):
    value = [Thing() for _ in range(10_000)]
    for number in range(60):
        value = {"k" * 990 + str(number): value}
    print("ATTACKED")
    return value
