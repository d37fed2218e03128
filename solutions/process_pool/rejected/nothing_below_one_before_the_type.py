"""Mistake: looks for n <= 0 before it looks at the type, so -1.5 gives 0.

Must fail: compute_is_exact
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if n <= 0:
        return 0
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
