"""Mistake: a share of len // max_workers for each process, and one process more for what is left over.

Must fail: all_work_at_once
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _share(fn, items):
    return [fn(item) for item in items]


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    if not items:
        return []
    size = max(1, len(items) // max_workers)
    shares = [items[k : k + size] for k in range(0, len(items), size)]
    with ProcessPoolExecutor(len(shares)) as executor:
        return [result for share in executor.map(_share, [fn] * len(shares), shares) for result in share]
