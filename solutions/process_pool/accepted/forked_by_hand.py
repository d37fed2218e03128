"""Route: os.fork, a pipe and a share of the items for each child, and os.waitpid by its process id."""

import os
import signal
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Pipe, wait


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def _work(fn, share, pipe):
    for place, item in share:
        try:
            pipe.send((place, True, fn(item)))
        except Exception as error:
            pipe.send((place, False, error))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    count = min(max_workers, len(items))
    jobs = list(enumerate(items))
    pids, pipes, results = set(), [], {}
    try:
        for k in range(count):
            mine, theirs = Pipe(duplex=False)
            pid = os.fork()
            if pid == 0:
                code = 1
                try:
                    mine.close()
                    for each in pipes:
                        each.close()
                    _work(fn, jobs[k::count], theirs)
                    code = 0
                finally:
                    os._exit(code)
            theirs.close()
            pids.add(pid)
            pipes.append(mine)
        waiting = list(pipes)
        left = {pipe: len(jobs[k::count]) for k, pipe in enumerate(pipes)}
        while waiting:
            for pipe in wait(waiting):
                try:
                    place, good, value = pipe.recv()
                except EOFError:
                    raise BrokenProcessPool("a worker died") from None
                results[place] = good, value
                left[pipe] -= 1
                if not left[pipe]:
                    waiting.remove(pipe)
    except BaseException:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        raise
    finally:
        while pids:
            pid, _ = os.waitpid(next(iter(pids)), 0)
            pids.discard(pid)
    for place in range(len(items)):
        if not results[place][0]:
            raise results[place][1]
    return [results[place][1] for place in range(len(items))]
