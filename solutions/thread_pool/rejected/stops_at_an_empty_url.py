"""Mistake: the loop over the URLs takes an empty one for the end.

Must fail: one_result_each
May fail: -
"""

import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    left, futures = iter(urls), []
    with ThreadPoolExecutor(max_workers) as executor:
        while url := next(left, None):
            futures.append(executor.submit(fetch, url))
    return [future.exception() or future.result() for future in futures]
