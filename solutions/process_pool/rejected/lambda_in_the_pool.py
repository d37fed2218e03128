"""Mistake: a lambda can't be pickled, so no task reaches a worker.

Must fail: results_in_order, all_work_at_once, exception_arrives, works_when_spawned, bad_limits, dying_worker_is_noticed
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
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(lambda item: fn(item), items))
