"""Mistake: waits for the workers to end before it reads: a large result is never all written, a death is seen late.

Must fail: results_in_order, dying_worker_is_noticed
May fail: -
"""

from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Pipe, Process


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _call(fn, item):
    try:
        return True, fn(item)
    except Exception as error:
        return False, error


def _work(fn, items, pipe):
    pipe.send([_call(fn, item) for item in items])


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    count = min(max_workers, len(items))
    workers, pipes, results = [], [], [None] * len(items)
    for place in range(count):
        mine, theirs = Pipe(duplex=False)
        workers.append(Process(target=_work, args=(fn, items[place::count], theirs)))
        workers[-1].start()
        theirs.close()
        pipes.append(mine)
    for worker in workers:
        worker.join()
    for place, pipe in enumerate(pipes):
        try:
            results[place::count] = pipe.recv()
        except EOFError:
            raise BrokenProcessPool("a worker died") from None
    for good, value in results:
        if not good:
            raise value
    return [value for _, value in results]
