"""Mistake: len(items): an iterator has none.

Must fail: bad_limits
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    if len(items) == 0:
        return []
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
