"""Mistake: as many workers as a ThreadPoolExecutor has by default, at most: cores + 4.

Must fail: all_work_at_once
May fail: -
"""

import os
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(min(max_workers, (os.cpu_count() or 1) + 4)) as executor:
        return list(executor.map(fn, items))
