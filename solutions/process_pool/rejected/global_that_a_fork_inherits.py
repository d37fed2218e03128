"""Mistake: the function is put into a global, which only a forked child finds there.

Must fail: works_when_spawned
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


_fn = None


def _run(item):
    return _fn(item)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    global _fn
    _fn = fn
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(_run, items))
