"""Mistake: equal shares for the processes, and the caller does what is left over.

Must fail: all_work_at_once
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
    items = list(items)
    if len(items) <= max_workers:
        shared = len(items)
    else:
        shared = len(items) // max_workers * max_workers
    with ProcessPoolExecutor(max_workers) as executor:
        results = list(executor.map(fn, items[:shared]))
    return results + [fn(item) for item in items[shared:]]
