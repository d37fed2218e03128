"""Mistake: each worker gets every k-th item, and the first worker's failure is raised, not the first item's.

Must fail: exception_arrives
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _stripe(fn, items):
    return [fn(item) for item in items]


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    results = [None] * len(items)
    with ProcessPoolExecutor(max_workers) as executor:
        futures = [executor.submit(_stripe, fn, items[k::max_workers]) for k in range(max_workers)]
        for k, future in enumerate(futures):
            results[k::max_workers] = future.result()
    return results
