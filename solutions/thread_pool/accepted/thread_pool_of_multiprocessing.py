"""Route: multiprocessing.pool.ThreadPool, one item at a time."""

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
    with ThreadPool(max_workers) as pool:
        results = pool.map(partial(attempt, fetch), list(urls), chunksize=1)
        pool.close()
        pool.join()
    return results
