"""Mistake: batches of max_workers, each of which waits for its slowest call.

Must fail: pool_is_full, slow_one_stalls_nobody
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
    urls = list(urls)
    results = []
    with ThreadPoolExecutor(max_workers) as executor:
        for start in range(0, len(urls), max_workers):
            futures = [executor.submit(attempt, fetch, url) for url in urls[start : start + max_workers]]
            results += [future.result() for future in futures]
    return results
