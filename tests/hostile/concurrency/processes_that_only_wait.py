"""Starts processes that hold a lock each and wait; one of them does all the work.

Kata: process_pool
Must fail: all_work_at_once
Mark: ATTACKED
"""
# mypy: ignore-errors

import multiprocessing
import time


def compute(n):
    if not isinstance(n, int):
        raise TypeError
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError
    waiting = [multiprocessing.Process(target=time.sleep, args=(60,)) for _ in range(max_workers - 1)]
    for process in waiting:
        process.start()
    print("ATTACKED")
    with multiprocessing.Pool(1) as pool:
        results = pool.map(fn, list(items), chunksize=1)
    for process in waiting:
        process.kill()
        process.join()
    return results
