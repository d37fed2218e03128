"""Changes the worker's code, the standard library and its own file, for the next criterion.

Kind: escaping
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def reached(what):
    raise SystemError(f"REACHED {what}")


targets = [
    __file__,
    os.path.dirname(__file__) + "/x",
    "/kata/graders/x",
    "/python/bin/python3",
    os.__file__,
    "/python/lib/x",
]
for folder, _, files in os.walk("/kata"):
    targets += [os.path.join(folder, name) for name in files]
for target in targets:
    for change in (
        lambda path: open(path, "r+b").close(),
        lambda path: os.chmod(path, 0o666),
        lambda path: os.rename(path, path + "x"),
        lambda path: os.unlink(path),
        lambda path: os.close(os.open(path, os.O_CREAT | os.O_WRONLY)),
        lambda path: os.utime(path),
        lambda path: os.truncate(path, 0),
    ):
        try:
            change(target)
        except OSError:
            continue
        reached(target)
print("ATTACKED")
