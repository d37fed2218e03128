"""Mistake: the executor of the module is kept for ever, one for each size.

Must fail: no_threads_left
May fail: -
"""

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def attempt(fetch, url):
    try:
        return fetch(url)
    except Exception as error:
        return error


@lru_cache
def pool(size):
    return ThreadPoolExecutor(size)


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    futures = [pool(max_workers).submit(attempt, fetch, url) for url in urls]
    return [future.result() for future in futures]
