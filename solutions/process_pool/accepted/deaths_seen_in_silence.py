"""Queues, and a look for the dead whenever nothing has come for a while."""

import multiprocessing
import queue
from concurrent.futures.process import BrokenProcessPool


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _work(fn, jobs, done):
    for place, item in iter(jobs.get, None):
        try:
            done.put((place, fn(item), None))
        except Exception as error:
            done.put((place, None, error))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    jobs, done = multiprocessing.Queue(), multiprocessing.Queue()
    for job in enumerate(items):
        jobs.put(job)
    workers = [
        multiprocessing.Process(target=_work, args=(fn, jobs, done)) for _ in range(min(max_workers, len(items)))
    ]
    found = {}
    try:
        for worker in workers:
            worker.start()
        while len(found) < len(items):
            try:
                place, result, error = done.get(timeout=0.1)
            except queue.Empty:
                if any(worker.exitcode is not None for worker in workers):
                    raise BrokenProcessPool("a worker died") from None
                continue
            found[place] = result, error
    finally:
        jobs.cancel_join_thread()
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join()
    for place in range(len(items)):
        if found[place][1] is not None:
            raise found[place][1]
    return [found[place][0] for place in range(len(items))]
