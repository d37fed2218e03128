"""Patches the clocks, sleep and the threads of its own process, and works serially.

Kata: thread_pool
Must fail: pool_is_full, slow_one_stalls_nobody
Mark: ATTACKED
"""
# mypy: ignore-errors

import urllib.request
import os
import select
import threading
import time

time.monotonic = time.time = time.perf_counter = lambda: 0.0
time.sleep = lambda seconds: None
threading.active_count = lambda: 1
os.getpid = lambda: 1
threading.Thread.is_alive = lambda thread: False


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
        raise ValueError
    return [attempt(fetch, url) for url in urls]


print("ATTACKED")
