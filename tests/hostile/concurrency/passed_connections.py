"""Has children open the connections and pass them to the parent, which alone makes the calls.

Kata: process_pool
Must fail: all_work_at_once
Mark: a connection that another process opened
"""
# mypy: ignore-errors

import os
import socket
import threading

from graders.sandbox.child import wire


def compute(n):
    if not isinstance(n, int):
        raise TypeError
    return sum(i * i for i in range(n))


def opened_by_a_child(path):
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        line = socket.socket(socket.AF_UNIX)
        line.connect(path)
        socket.send_fds(theirs, [b"!"], [line.fileno()])
        theirs.recv(1)
        os._exit(0)
    theirs.close()
    return socket.socket(fileno=socket.recv_fds(ours, 1, 1)[1][0]), ours


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError
    items = list(items)
    lines = [opened_by_a_child(fn._path) for _ in range(max_workers)]
    results = {}

    def run(line):
        while len(results) < len(items):
            place = len(results)
            results[place] = None
            line.sendall(wire.frame(fn._number, wire.encode((fn._number, (items[place],), os.getpid(), False))))
            results[place] = wire.decode(wire.receive(line)[1])[1]

    threads = [threading.Thread(target=run, args=(line,)) for line, _ in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(results.values())
