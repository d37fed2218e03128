"""Mistake: a pool is not worth it for short lists, so they are done by the caller.

Must fail: all_work_at_once, dying_worker_is_noticed
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
    if len(items) < 8:
        return [fn(item) for item in items]
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
