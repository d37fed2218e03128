"""Mistake: batches larger than the pool, each of which still waits for its slowest call.

Must fail: slow_one_stalls_nobody
May fail: pool_is_full
"""

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from itertools import islice


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
    urls, results = iter(urls), []
    with ThreadPoolExecutor(max_workers) as executor:
        while batch := list(islice(urls, 4 * max_workers)):
            results += executor.map(lambda url: attempt(fetch, url), batch)
    return results
