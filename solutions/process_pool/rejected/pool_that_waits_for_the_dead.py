"""Mistake: multiprocessing.Pool starts a new worker for a dead one and waits for the lost answer for ever.

Must fail: dying_worker_is_noticed, exception_arrives
May fail: -
"""

from multiprocessing import Pool


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with Pool(max_workers) as pool:
        return pool.map(fn, list(items), chunksize=1)
