"""Mistake: the pool has twelve threads at most, whatever max_workers says.

Must fail: pool_is_full
May fail: -
"""

import urllib.request
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
    with ThreadPoolExecutor(min(max_workers, 12)) as executor:
        return list(executor.map(lambda url: attempt(fetch, url), urls))
