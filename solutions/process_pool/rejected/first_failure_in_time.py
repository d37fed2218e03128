"""Mistake: whichever failure is there first is raised, not the first in the order of the items.

Must fail: exception_arrives
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor, as_completed


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        futures = [executor.submit(fn, item) for item in items]
        for future in as_completed(futures):
            future.result()
    return [future.result() for future in futures]
