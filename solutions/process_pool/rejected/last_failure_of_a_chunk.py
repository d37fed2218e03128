"""Mistake: a chunk goes on after a failure, and remembers only the last one.

Must fail: exception_arrives
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _chunk(fn, items):
    results, failure = [], None
    for item in items:
        try:
            results.append(fn(item))
        except Exception as error:
            failure = error
    if failure is not None:
        raise failure
    return results


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    size = max(1, len(items) // (2 * max_workers))
    chunks = [items[k : k + size] for k in range(0, len(items), size)]
    with ProcessPoolExecutor(max_workers) as executor:
        return [result for part in executor.map(_chunk, [fn] * len(chunks), chunks) for result in part]
