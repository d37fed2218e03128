"""Route: the function goes to each worker once, by the initializer; tasks are places."""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


_fn = None


def _start(fn):
    global _fn
    _fn = fn


def _run(item):
    return _fn(item)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers, initializer=_start, initargs=(fn,)) as executor:
        return list(executor.map(_run, items))
