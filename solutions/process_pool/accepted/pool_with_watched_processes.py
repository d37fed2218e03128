"""Route: multiprocessing.Pool, which replaces a dead worker; so the first ones are watched."""

import multiprocessing
from concurrent.futures.process import BrokenProcessPool


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _run(fn, item):
    try:
        return True, fn(item)
    except Exception as error:
        return False, error


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    if not items:
        return []
    with multiprocessing.Pool(max_workers) as pool:
        first = list(pool._pool)
        try:
            asked = pool.starmap_async(_run, [(fn, item) for item in items], chunksize=1)
            while not asked.ready():
                asked.wait(0.1)
                if any(process.exitcode is not None for process in first):
                    raise BrokenProcessPool("a worker died")
            found = asked.get()
        finally:
            pool.terminate()
            pool.join()
    for good, value in found:
        if not good:
            raise value
    return [value for _, value in found]
