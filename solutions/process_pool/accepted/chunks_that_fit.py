"""Route: chunks, four for each worker at least; closed form with max(n, 0)."""

from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError(f"n must be an int, not {type(n).__name__}")
    n = max(n, 0)
    return (n - 1) * n * (2 * n - 1) // 6


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    chunksize = max(1, len(items) // (4 * max_workers))
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items, chunksize=chunksize))
