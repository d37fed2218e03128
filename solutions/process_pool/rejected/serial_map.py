"""Mistake: a list comprehension in the calling process.

Must fail: all_work_at_once, dying_worker_is_noticed
May fail: -
"""


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    return [fn(item) for item in items]
