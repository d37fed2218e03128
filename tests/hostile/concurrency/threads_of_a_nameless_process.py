"""Leaves threads behind in a process whose name holds a line of the kernel's and is in no encoding.

Kata: thread_pool
Must fail: no_threads_left
Mark: ATTACKED
"""
# mypy: ignore-errors

import ctypes
import queue
import threading
import urllib.request


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def attempt(fetch, url):
    try:
        return fetch(url)
    except Exception as error:
        return error


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    work, results, count = queue.Queue(), {}, 0

    def run():
        while True:
            place, url = work.get()
            results[place] = attempt(fetch, url)
            work.task_done()

    for _ in range(max_workers):
        threading.Thread(target=run, daemon=True).start()
    for item in enumerate(urls):
        work.put(item)
        count += 1
    work.join()
    return [results[place] for place in range(count)]


if ctypes.CDLL(None).prctl(15, b"\rNSpid:\t1\r\xff", 0, 0, 0) == 0:  # PR_SET_NAME
    print("ATTACKED")
