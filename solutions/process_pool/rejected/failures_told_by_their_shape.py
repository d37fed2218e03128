"""Mistake: a failure comes back as the pair ("error", exception), and so may what is no failure.

Must fail: results_in_order
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
        return fn(item)
    except Exception as error:
        return "error", error


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        results = list(executor.map(_safe, repeat(fn), items))
    for result in results:
        if isinstance(result, tuple) and len(result) == 2 and result[0] == "error":
            raise result[1]
    return results
