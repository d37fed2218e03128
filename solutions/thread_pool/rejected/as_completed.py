"""Mistake: results in the order in which the calls end.

Must fail: order_holds
May fail: -
"""

import urllib.request
from concurrent.futures import ThreadPoolExecutor, as_completed


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
        futures = [executor.submit(attempt, fetch, url) for url in urls]
        return [future.result() for future in as_completed(futures)]
