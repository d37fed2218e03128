"""Mistake: every failure becomes a RuntimeError with the old one's text.

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
        try:
            return list(executor.map(fn, items))
        except Exception as error:
            raise RuntimeError(f"worker failed: {error}") from error
