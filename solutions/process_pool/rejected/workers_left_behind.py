"""Mistake: the executor of the module is kept for ever, broken ones too.

Must fail: bad_limits, dying_worker_is_noticed
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


@lru_cache
def _pool(size):
    return ProcessPoolExecutor(size)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    return list(_pool(max_workers).map(fn, items))
