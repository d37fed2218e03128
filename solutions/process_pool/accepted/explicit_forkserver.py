"""Route: forkserver, the default on Linux from 3.14 on."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def compute(n):
    # Only an int can stand in a range.
    total = 0
    for i in range(n):
        total += i * i
    return total


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers, mp_context=get_context("forkserver")) as executor:
        return list(executor.map(fn, items))
