"""Mistake: the caller takes the first item itself, beside max_workers - 1 processes.

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
    if not items:
        return []
    with ProcessPoolExecutor(max(1, max_workers - 1)) as executor:
        futures = [executor.submit(fn, item) for item in items[1:]]
        first = fn(items[0])
        return [first] + [future.result() for future in futures]
