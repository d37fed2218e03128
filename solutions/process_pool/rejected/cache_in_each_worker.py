"""Mistake: each worker remembers what it has computed: equal items are not all called.

Must fail: results_in_order
May fail: -
"""

from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

_known = {}


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _remembered(fn, item):
    key = repr(item)
    if key not in _known:
        _known[key] = fn(item)
    return _known[key]


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(_remembered, repeat(fn), items))
