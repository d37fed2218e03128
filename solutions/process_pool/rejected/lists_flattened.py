"""Mistake: lists among the results are taken for those of chunks, and joined.

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
    joined = []
    with ProcessPoolExecutor(max_workers) as executor:
        for result in executor.map(fn, items):
            joined.extend(result if isinstance(result, list) else [result])
    return joined
