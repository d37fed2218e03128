"""Mistake: chunks of a size that fits, but what is left over by the division is in none of them.

Must fail: results_in_order
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _chunk(fn, items):
    return [fn(item) for item in items]


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    size = max(1, len(items) // (8 * max_workers))
    chunks = [items[k * size : (k + 1) * size] for k in range(len(items) // size)]
    with ProcessPoolExecutor(max_workers) as executor:
        parts = executor.map(_chunk, [fn] * len(chunks), chunks)
        return [result for part in parts for result in part]
