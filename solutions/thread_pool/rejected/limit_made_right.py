"""Mistake: a limit below one is taken for one.

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
    with ThreadPoolExecutor(max(1, max_workers)) as executor:
        return list(executor.map(lambda url: attempt(fetch, url), urls))
