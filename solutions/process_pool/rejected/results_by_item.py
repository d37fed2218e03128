"""Mistake: a dict from item to result: equal items are computed once.

Must fail: results_in_order
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
    with ProcessPoolExecutor(max_workers) as executor:
        futures = {item: executor.submit(fn, item) for item in items}
    return [futures[item].result() for item in items]
