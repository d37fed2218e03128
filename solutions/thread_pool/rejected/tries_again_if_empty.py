"""Mistake: a call that gave nothing is made once more.

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

    def attempt(url):
        try:
            page = fetch(url)
            return fetch(url) if page is None else page
        except Exception as error:
            return error

    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(attempt, urls))
