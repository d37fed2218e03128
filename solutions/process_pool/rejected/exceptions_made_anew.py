"""Mistake: makes the exception anew from its type and args, which not every class takes.

Must fail: exception_arrives
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor
from itertools import repeat


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _safe(fn, item):
    try:
        return True, fn(item)
    except Exception as error:
        return False, (type(error), error.args)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    results = []
    with ProcessPoolExecutor(max_workers) as executor:
        for good, value in executor.map(_safe, repeat(fn), items):
            if not good:
                kind, args = value
                raise kind(*args)
            results.append(value)
    return results
