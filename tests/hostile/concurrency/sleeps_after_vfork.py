"""Leaves a process that lent its memory to a sleeping child: it is not asleep, and it needs no core.

Kata: thread_pool
Must fail: no_threads_left
Mark: ATTACKED
"""
# mypy: ignore-errors

import urllib.request
import ctypes
import os
import time
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError
    with ThreadPoolExecutor(max_workers) as executor:
        results = list(executor.map(fetch, urls))
    ours, theirs = os.pipe()
    if os.fork() == 0:
        os.close(ours)
        # The child of vfork goes on in here, and its parent with it only when the child has ended.
        if ctypes.CDLL(None).vfork() == 0:
            os.write(theirs, b"!")
            time.sleep(1000)
        os._exit(0)
    os.read(ours, 1)
    print("ATTACKED")
    return results
