"""Route: spawn whatever the default is, as on macOS and Windows."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers, mp_context=context) as executor:
        return list(executor.map(fn, items))
