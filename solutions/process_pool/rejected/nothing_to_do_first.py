"""Mistake: no items give [] before the limit is looked at.

Must fail: bad_limits
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    items = list(items)
    if not items:
        return []
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
