"""Mistake: a TimeoutError of fn is taken for that of its own wait, so it asks for ever.

Must fail: exception_arrives
May fail: -
"""

import time
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    results = []
    with ProcessPoolExecutor(max_workers) as executor:
        for future in [executor.submit(fn, item) for item in items]:
            while True:
                try:
                    results.append(future.result(timeout=1))
                    break
                except TimeoutError:
                    time.sleep(0.1)
    return results
