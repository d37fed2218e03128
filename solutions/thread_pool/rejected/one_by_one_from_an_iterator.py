"""Mistake: as many workers as URLs at most, and an iterator has no length: a single worker.

Must fail: bad_limits
May fail: -
"""

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from operator import length_hint


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")

    def attempt(url):
        try:
            return fetch(url)
        except Exception as error:
            return error

    with ThreadPoolExecutor(max(1, min(max_workers, length_hint(urls)))) as executor:
        return list(executor.map(attempt, urls))
