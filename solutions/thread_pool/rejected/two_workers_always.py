"""Mistake: the pool has two threads whatever max_workers says; one even if it is 1.

Must fail: pool_is_full
May fail: slow_one_stalls_nobody
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
    with ThreadPoolExecutor(min(2, max_workers)) as executor:
        return list(executor.map(lambda url: attempt(fetch, url), urls))
