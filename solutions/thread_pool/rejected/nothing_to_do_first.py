"""Mistake: no URLs give [] before the limit is looked at.

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
    urls = list(urls)
    if not urls:
        return []
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(lambda url: attempt(fetch, url), urls))
