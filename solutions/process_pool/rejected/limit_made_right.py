"""Mistake: a limit below one is taken for one.

Must fail: bad_limits
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    with ProcessPoolExecutor(max(1, max_workers)) as executor:
        return list(executor.map(fn, items))
