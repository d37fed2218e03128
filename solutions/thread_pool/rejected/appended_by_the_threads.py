"""Mistake: each thread appends its result to one list.

Must fail: order_holds
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
    results = []
    with ThreadPoolExecutor(max_workers) as executor:
        for url in urls:
            executor.submit(lambda url=url: results.append(attempt(fetch, url)))
    return results
