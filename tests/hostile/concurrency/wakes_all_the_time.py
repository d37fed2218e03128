"""Works serially beside a thread that wakes every millisecond, as if it were about to start something.

Kata: thread_pool
Must fail: pool_is_full, slow_one_stalls_nobody, no_threads_left
Mark: ATTACKED
"""
# mypy: ignore-errors

import urllib.request
import threading
import time


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def attempt(fetch, url):
    try:
        return fetch(url)
    except Exception as error:
        return error


def nap():
    time.sleep(0.001)
    print("ATTACKED")
    while True:
        time.sleep(0.001)


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError
    threading.Thread(target=nap, daemon=True).start()
    return [attempt(fetch, url) for url in urls]
