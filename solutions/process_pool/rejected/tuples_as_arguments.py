"""Mistake: an item that is a tuple is unpacked, as starmap does.

Must fail: results_in_order
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor
from itertools import repeat


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _apply(fn, item):
    return fn(*item) if isinstance(item, tuple) else fn(item)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(_apply, repeat(fn), items))
