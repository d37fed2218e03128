"""Raises from functions that are named after the inputs, on lines of its own file.

Kind: leaking
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors


def Point(x, y):
    name = "SECRET_INPUT_" + "".join(c if c.isalnum() else "_" for c in f"{x} {y}")
    names = {}
    exec(compile(f"def {name}():\n    raise ValueError", __file__, "exec"), names)
    print("ATTACKED")
    names[name]()
