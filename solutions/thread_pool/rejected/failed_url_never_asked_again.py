"""Mistake: a URL that failed once is not asked for again, though it stands there twice.

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
    failed = {}

    def attempt(url):
        if url in failed:
            return failed[url]
        try:
            return fetch(url)
        except Exception as error:
            failed[url] = error
            return error

    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(attempt, urls))
