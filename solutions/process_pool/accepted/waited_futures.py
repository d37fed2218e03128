"""Route: `wait` for all, then the results by place; timed, with a guard far away."""

from concurrent.futures import ProcessPoolExecutor, wait


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        futures = {place: executor.submit(fn, item) for place, item in enumerate(items)}
        wait(futures.values(), timeout=300)
    return [futures[place].result() for place in sorted(futures)]
