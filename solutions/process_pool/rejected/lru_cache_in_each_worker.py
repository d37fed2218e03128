"""Mistake: each worker remembers what a function gave for an item: equal items are not all called.

Must fail: results_in_order
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from itertools import repeat


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


_remembered = lru_cache(maxsize=None)(lambda fn, item: fn(item))


def _call(fn, item):
    try:
        hash(item)
    except TypeError:
        return fn(item)
    return _remembered(fn, item)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(_call, repeat(fn), items))
