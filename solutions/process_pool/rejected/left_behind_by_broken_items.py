"""Mistake: items is gone through before the try: if that raises, nobody ends the workers.

Must fail: bad_limits
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
    executor = ProcessPoolExecutor(max_workers)
    futures = [executor.submit(fn, item) for item in items]
    try:
        return [future.result() for future in futures]
    finally:
        executor.shutdown()
