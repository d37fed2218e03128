"""Mistake: once a worker has died, every later call raises too.

Must fail: dying_worker_is_noticed
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

_broken = []


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    if _broken:
        raise _broken[0]
    try:
        with ProcessPoolExecutor(max_workers) as executor:
            return list(executor.map(fn, items))
    except BrokenProcessPool as error:
        _broken.append(error)
        raise
