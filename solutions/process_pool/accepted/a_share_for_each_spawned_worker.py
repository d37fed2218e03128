"""Executor of spawned workers with one contiguous share for each: whose death is heard of may be the next result's news."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _share(fn, items):
    found = []
    for item in items:
        try:
            found.append((True, fn(item)))
        except Exception as error:
            found.append((False, error))
    return found


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    size = -(-len(items) // max_workers) or 1
    shares = [items[start : start + size] for start in range(0, len(items), size)]
    with ProcessPoolExecutor(max_workers, mp_context=multiprocessing.get_context("spawn")) as executor:
        futures = [executor.submit(_share, fn, share) for share in shares]
        found = [each for future in futures for each in future.result()]
    for good, value in found:
        if not good:
            raise value
    return [value for _, value in found]
