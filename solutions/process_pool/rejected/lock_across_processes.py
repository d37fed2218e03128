"""Mistake: a lock that all processes share lets one of them work at a time.

Must fail: all_work_at_once
May fail: -
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


_lock = None


def _start(lock):
    global _lock
    _lock = lock


def _run(fn, item):
    with _lock:
        return fn(item)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    lock = multiprocessing.Lock()
    with ProcessPoolExecutor(max_workers, initializer=_start, initargs=(lock,)) as executor:
        return list(executor.map(_run, [fn] * len(items), items))
