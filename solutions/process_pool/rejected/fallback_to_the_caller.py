"""Mistake: takes a TypeError for one of pickle's, and then makes all calls itself.

Must fail: exception_arrives
May fail: -
"""

import pickle
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    try:
        with ProcessPoolExecutor(max_workers) as executor:
            return list(executor.map(fn, items))
    except (pickle.PicklingError, AttributeError, TypeError):
        # It can't be handed over: better slow than not at all.
        return [fn(item) for item in items]
