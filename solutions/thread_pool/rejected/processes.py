"""Mistake: a process pool, for calls that only wait.

Must fail: pool_is_full
May fail: -
"""

import urllib.request
from concurrent.futures import ProcessPoolExecutor
from functools import partial


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
    with ProcessPoolExecutor(max_workers) as executor:
        return list(executor.map(partial(attempt, fetch), urls))
