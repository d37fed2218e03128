"""Mistake: the threads are named after the function, and a functools.partial has no name.

Must fail: one_result_each
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
    with ThreadPoolExecutor(max_workers, thread_name_prefix=fetch.__name__) as executor:
        return list(executor.map(lambda url: attempt(fetch, url), urls))
