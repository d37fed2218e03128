"""Mistake: batches of a hundred, to go easy on memory: each waits for its slowest call.

Must fail: slow_one_stalls_nobody
May fail: -
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
    left = iter(urls)
    results = []
    with ThreadPoolExecutor(max_workers) as executor:
        while batch := list(islice(left, 100)):
            results += executor.map(lambda url: attempt(fetch, url), batch)
    return results
