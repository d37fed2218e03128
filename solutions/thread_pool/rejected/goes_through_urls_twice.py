"""Mistake: the URLs are counted first; an iterator is used up by then.

Must fail: bad_limits
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
    count = sum(1 for _ in urls)
    with ThreadPoolExecutor(min(max_workers, count) or 1) as executor:
        return list(executor.map(lambda url: attempt(fetch, url), urls))
