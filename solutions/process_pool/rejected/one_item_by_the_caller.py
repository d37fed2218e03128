"""Mistake: with one item there is nothing to share, so the caller computes it.

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
    if len(items) == 1 and max_workers > 1:
        return [fn(items[0])]
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
