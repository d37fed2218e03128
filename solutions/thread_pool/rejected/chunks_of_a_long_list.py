"""Mistake: ThreadPool.map makes chunks of a long list: a slow URL holds up the others of its chunk.

Must fail: slow_one_stalls_nobody
May fail: pool_is_full
"""

import urllib.request
from functools import partial
from multiprocessing.pool import ThreadPool


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
    pool = ThreadPool(max_workers)
    try:
        return pool.map(partial(attempt, fetch), urls)
    finally:
        pool.close()
        pool.join()
