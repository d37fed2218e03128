"""Reference for the kata `process_pool`: an executor of processes, which keeps the order by itself."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def compute(n: int) -> int:
    """Return the sum of i*i for 0 <= i < n."""
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def parallel_map(fn: Callable[[A], B], items: Iterable[A], *, max_workers: int = 2) -> list[B]:
    """Return `fn(item)` for each item, in order, computed by `max_workers` other processes."""
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    # One item a task: a chunk would have to fit short lists. `map` raises the failure that comes first in the order of
    # the items, and the executor, unlike multiprocessing.Pool, notices when a worker dies.
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(fn, items))
