"""Mistake: ends all children of the caller's in the end, not only those that it has started.

Must fail: bad_limits
May fail: -
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    try:
        with ProcessPoolExecutor(max_workers) as executor:
            return list(executor.map(fn, items))
    finally:
        for child in multiprocessing.active_children():
            child.terminate()
            child.join()
