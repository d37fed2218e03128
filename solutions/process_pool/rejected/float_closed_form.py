"""Mistake: the closed form with /, which is exact up to 2**53 only.

Must fail: compute_is_exact
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return int((n - 1) * n * (2 * n - 1) / 6) if n > 0 else 0


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
