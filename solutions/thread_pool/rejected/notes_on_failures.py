"""Mistake: each exception gets a note that names its URL: it is not what was raised any more.

Must fail: failure_in_its_place
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
            error.add_note(f"while fetching {url!r}")
            return error

    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(attempt, urls))
