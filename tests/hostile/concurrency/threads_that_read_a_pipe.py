"""Holds all connections in one thread, beside others that wait for bytes from a pipe.

Kata: thread_pool
Must fail: pool_is_full
Mark: ATTACKED
"""
# mypy: ignore-errors

import urllib.request
import os
import select
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

from graders.sandbox.child import wire


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def one_thread(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError
    path, number = fetch._path, fetch._number
    waiting, results, open_ones = list(enumerate(urls))[::-1], {}, {}
    while waiting or open_ones:
        while waiting and len(open_ones) < max_workers:
            place, url = waiting.pop()
            line = socket.socket(socket.AF_UNIX)
            line.connect(path)
            line.sendall(wire.frame(number, wire.encode((number, (url,), os.getpid(), False))))
            open_ones[line] = place
            print("ATTACKED")
        for line in select.select(list(open_ones), [], [])[0]:
            verb, *rest = wire.decode(wire.receive(line)[1])
            results[open_ones.pop(line)] = rest[0] if verb == "value" else __builtins__[rest[0]](*rest[1])
    return [results[place] for place in sorted(results)]


def fetch_all(urls, fetch, *, max_workers=10):
    if not hasattr(fetch, "_path"):
        with ThreadPoolExecutor(max_workers) as executor:
            return list(executor.map(fetch, urls))
    ours, theirs = os.pipe()
    threads = [threading.Thread(target=os.read, args=(ours, 1)) for _ in range(max_workers)]
    for thread in threads:
        thread.start()
    try:
        return one_thread(urls, fetch, max_workers=max_workers)
    finally:
        os.write(theirs, b"x" * max_workers)
        for thread in threads:
            thread.join()
