"""Route: one queue of items for all workers, with an end mark for each; results through pipes."""

import multiprocessing
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Pipe, wait


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _work(fn, jobs, pipe):
    for place, item in iter(jobs.get, None):
        try:
            pipe.send((place, True, fn(item)))
        except Exception as error:
            pipe.send((place, False, error))
    pipe.send(None)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    jobs = multiprocessing.Queue()
    for job in enumerate(items):
        jobs.put(job)
    for _ in range(max_workers):
        jobs.put(None)
    workers, pipes, results = [], [], {}
    try:
        for _ in range(min(max_workers, len(items))):
            mine, theirs = Pipe(duplex=False)
            worker = multiprocessing.Process(target=_work, args=(fn, jobs, theirs))
            worker.start()
            theirs.close()
            workers.append(worker)
            pipes.append(mine)
        while pipes:
            for pipe in wait(list(pipes)):
                try:
                    told = pipe.recv()
                except EOFError:
                    raise BrokenProcessPool("a worker died") from None
                if told is None:
                    pipes.remove(pipe)
                else:
                    results[told[0]] = told[1:]
    except BaseException:
        jobs.cancel_join_thread()
        for worker in workers:
            worker.terminate()
        raise
    finally:
        for worker in workers:
            worker.join()
    for place in range(len(items)):
        if not results[place][0]:
            raise results[place][1]
    return [results[place][1] for place in range(len(items))]
