"""Mistake: a URL that stands there twice is fetched once, and the page is given twice.

Must fail: one_result_each
May fail: failure_in_its_place
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
    urls = list(urls)
    with ThreadPoolExecutor(max_workers) as executor:
        futures = {url: executor.submit(attempt, fetch, url) for url in dict.fromkeys(urls)}
    return [futures[url].result() for url in urls]
