"""Mistake: two URLs are too few for a pool, so they are fetched one after the other.

Must fail: pool_is_full
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

    def attempt(url):
        try:
            return fetch(url)
        except Exception as error:
            return error

    urls = list(urls)
    if len(urls) <= 2:
        return [attempt(url) for url in urls]
    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(attempt, urls))
