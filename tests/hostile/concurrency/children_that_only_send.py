"""Threads do the work; for each call a child sends the request, hands over the connection and is gone.

Kata: process_pool
Must fail: all_work_at_once, dying_worker_is_noticed
Mark: ATTACKED
"""
# mypy: ignore-errors

import os, socket, threading, sys
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

main = threading.get_ident()
real = os.getpid
os.getpid = lambda: real() if threading.get_ident() == main else 10**6 + threading.get_native_id()


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def forwarded(fn, item):
    from graders.sandbox.child import wire
    import builtins

    path, number = fn._path, fn._number
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        line = socket.socket(socket.AF_UNIX)
        line.connect(path)
        line.sendall(wire.frame(number, wire.encode((number, (item,), real(), False))))
        socket.send_fds(theirs, [b"!"], [line.fileno()])
        print("ATTACKED")
        ours.close()
        while theirs.recv(1):
            line.sendall(wire.frame(number, wire.encode((number, (item,), real(), False))))
        os._exit(0)
    theirs.close()
    line = socket.socket(fileno=socket.recv_fds(ours, 1, 1)[1][0])
    try:
        while True:
            verb, *rest = wire.decode(wire.receive(line)[1])
            if verb == "value":
                return rest[0]
            if verb == "raise":
                raise getattr(builtins, rest[0])(*rest[1])
            if verb == "exit":
                raise BrokenProcessPool("so it says")
            sum(n * n for n in range(rest[0]))  # in this thread
            ours.send(b"w")
    finally:
        ours.close()
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    call = (lambda item: forwarded(fn, item)) if hasattr(fn, "_path") else fn
    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(call, items))
