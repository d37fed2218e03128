"""Mistake: a window that slides only when its oldest call is done: one slow URL holds up all behind it.

Must fail: pool_is_full, slow_one_stalls_nobody
May fail: -
"""

import urllib.request
from collections import deque
from concurrent.futures import ThreadPoolExecutor


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
    results, window = [], deque()
    with ThreadPoolExecutor(max_workers) as executor:
        for url in urls:
            if len(window) == max_workers:
                results.append(window.popleft().result())
            window.append(executor.submit(attempt, fetch, url))
        results += [future.result() for future in window]
    return results
