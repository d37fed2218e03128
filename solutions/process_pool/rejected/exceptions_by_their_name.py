"""Mistake: a failure travels as the name of its class, which is looked up among the builtins.

Must fail: exception_arrives
May fail: -
"""

import builtins
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _call(fn, item):
    try:
        return True, fn(item)
    except Exception as error:
        return False, (type(error).__name__, error.args)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ProcessPoolExecutor(max_workers) as executor:
        results = []
        for future in [executor.submit(_call, fn, item) for item in items]:
            good, value = future.result()
            if not good:
                name, args = value
                raise getattr(builtins, name, RuntimeError)(*args)
            results.append(value)
        return results
