"""Mistake: what has no length is read in batches, each of which waits for its slowest.

Must fail: bad_limits
May fail: -
"""

import itertools
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

    def work(url):
        return attempt(fetch, url)

    with ThreadPoolExecutor(max_workers) as executor:
        if hasattr(urls, "__len__"):
            return list(executor.map(work, urls))
        results = []
        urls = iter(urls)
        while batch := list(itertools.islice(urls, max_workers)):
            results += executor.map(work, batch)
        return results
