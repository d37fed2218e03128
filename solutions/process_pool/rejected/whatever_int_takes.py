"""Mistake: int(n) makes an int of 1.5 and of "3".

Must fail: compute_is_exact
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    return sum(i * i for i in range(int(n)))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
