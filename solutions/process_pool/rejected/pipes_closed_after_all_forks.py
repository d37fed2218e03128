"""Mistake: closes its own writing ends when all workers have been forked, who have inherited those of the others.

The pipe of a dead worker ends when the last of the others does.

Must fail: dying_worker_is_noticed
May fail: -
"""

from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Pipe, get_context
from multiprocessing.connection import wait


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _work(fn, items, pipe):
    found = []
    for item in items:
        try:
            found.append((True, fn(item)))
        except Exception as error:
            found.append((False, error))
    pipe.send(found)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    count = min(max_workers, len(items))
    workers, pipes, ends = [], [], []
    for place in range(count):
        mine, theirs = Pipe(duplex=False)
        worker = get_context("fork").Process(target=_work, args=(fn, items[place::count], theirs))
        worker.start()
        workers.append(worker)
        pipes.append(mine)
        ends.append(theirs)
    for end in ends:
        end.close()
    results = [None] * len(items)
    waiting = dict(zip(pipes, range(count)))
    try:
        while waiting:
            for pipe in wait(list(waiting)):
                results[waiting.pop(pipe) :: count] = pipe.recv()
    except EOFError:
        raise BrokenProcessPool("a worker died") from None
    finally:
        for worker in workers:
            if waiting:
                worker.terminate()
            worker.join()
    for good, value in results:
        if not good:
            raise value
    return [value for _, value in results]
