"""Mistake: None tells a worker that there is no more work, but None may be an item too.

Must fail: results_in_order
May fail: -
"""

from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Pipe, Process
from multiprocessing.connection import wait


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _work(pipe, fn):
    for item in iter(pipe.recv, None):
        try:
            answer = (True, fn(item))
        except Exception as error:
            answer = (False, error)
        pipe.send(answer)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    results = [None] * len(items)
    waiting = list(range(len(items)))[::-1]
    busy, processes, pipes = {}, [], []
    try:
        for _ in range(min(max_workers, len(items))):
            mine, theirs = Pipe()
            process = Process(target=_work, args=(theirs, fn))
            process.start()
            theirs.close()
            processes.append(process)
            pipes.append(mine)
            busy[mine] = waiting.pop()
            mine.send(items[busy[mine]])
        while busy:
            for pipe in wait(list(busy)):
                try:
                    results[busy.pop(pipe)] = pipe.recv()
                except (EOFError, OSError):
                    raise BrokenProcessPool("a worker died") from None
                if waiting:
                    busy[pipe] = waiting.pop()
                    pipe.send(items[busy[pipe]])
        for pipe in pipes:
            pipe.send(None)
    except BaseException:
        for process in processes:
            process.terminate()
        raise
    finally:
        for process in processes:
            process.join()
    for good, value in results:
        if not good:
            raise value
    return [value for _, value in results]
