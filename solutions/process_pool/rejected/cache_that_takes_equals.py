"""Mistake: an lru_cache around compute finds 3.0 where 3 has been.

Must fail: compute_is_exact
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache


@lru_cache(maxsize=None)
def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
