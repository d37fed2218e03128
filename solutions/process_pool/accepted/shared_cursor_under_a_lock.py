"""Workers take the next place from a shared number, whose lock they hold from the read to the write."""

import multiprocessing
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _work(fn, items, cursor, pipe):
    while True:
        with cursor.get_lock():
            place = cursor.value
            cursor.value = place + 1
        if place >= len(items):
            pipe.send(None)
            return
        try:
            pipe.send((place, True, fn(items[place])))
        except Exception as error:
            pipe.send((place, False, error))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    cursor = multiprocessing.Value("i", 0)
    workers, pipes = [], []
    results = [None] * len(items)
    try:
        for _ in range(min(max_workers, len(items))):
            mine, theirs = multiprocessing.Pipe(duplex=False)
            workers.append(multiprocessing.Process(target=_work, args=(fn, items, cursor, theirs)))
            workers[-1].start()
            theirs.close()
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
        for worker in workers:
            worker.terminate()
        raise
    finally:
        for worker in workers:
            worker.join()
    for good, value in results:
        if not good:
            raise value
    return [value for _, value in results]
