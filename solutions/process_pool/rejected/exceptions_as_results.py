"""Mistake: the exception stands in the result's place instead of being raised.

Must fail: exception_arrives, dying_worker_is_noticed
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
    with ProcessPoolExecutor(max_workers) as executor:
        futures = [executor.submit(fn, item) for item in items]
    return [future.exception() or future.result() for future in futures]
