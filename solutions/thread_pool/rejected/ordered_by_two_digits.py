"""Mistake: results stand in the order of keys of two digits: the hundredth comes behind the tenth.

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
    with ThreadPoolExecutor(max_workers) as executor:
        futures = {f"{place:02}": executor.submit(attempt, fetch, url) for place, url in enumerate(urls)}
    return [futures[key].result() for key in sorted(futures)]
