"""Mistake: the word that ends the work, as in many an example of queues, may be an item.

Must fail: results_in_order
May fail: -
"""

import multiprocessing
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait

STOP = "STOP"


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _work(pipe, fn):
    for item in iter(pipe.recv, STOP):
        try:
            pipe.send((True, fn(item)))
        except Exception as error:
            pipe.send((False, error))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    waiting = list(enumerate(items))[::-1]
    answers, busy, workers = {}, {}, []
    try:
        for _ in range(min(max_workers, len(waiting))):
            mine, theirs = multiprocessing.Pipe()
            workers.append(multiprocessing.Process(target=_work, args=(theirs, fn)))
            workers[-1].start()
            theirs.close()
            place, item = waiting.pop()
            mine.send(item)
            busy[mine] = place
        while busy:
            for pipe in wait(list(busy)):
                try:
                    answers[busy.pop(pipe)] = pipe.recv()
                except (EOFError, OSError):
                    raise BrokenProcessPool("a worker died") from None
                if waiting:
                    place, item = waiting.pop()
                    pipe.send(item)
                    busy[pipe] = place
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    results = []
    for place in sorted(answers):
        good, value = answers[place]
        if not good:
            raise value
        results.append(value)
    return results
