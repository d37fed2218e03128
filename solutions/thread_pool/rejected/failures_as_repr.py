"""Mistake: what would show the exception in place of the exception.

Must fail: one_result_each, failure_in_its_place
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
            return repr(error)

    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(attempt, urls))
