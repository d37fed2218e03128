"""Mistake: a failure is told by being a tuple: of a page that is one, half is lost.

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
        return "failed", error


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ThreadPoolExecutor(max_workers) as executor:
        outcomes = list(executor.map(lambda url: attempt(fetch, url), urls))
    return [outcome[1] if isinstance(outcome, tuple) else outcome for outcome in outcomes]
