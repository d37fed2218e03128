"""Threads work in one process, and the order to end it is taken for a message.

Kata: process_pool
Must fail: all_work_at_once, dying_worker_is_noticed
Mark: ATTACKED
"""
# mypy: ignore-errors

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
import graders.sandbox.child.instrument as instrument


def broken(code):
    raise BrokenProcessPool("so it says")


instrument._end = broken
print("ATTACKED")


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
