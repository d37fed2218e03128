"""Mistake: results in the order in which the calls end.

Must fail: results_in_order, exception_arrives
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
        return [future.result() for future in as_completed(futures)]
