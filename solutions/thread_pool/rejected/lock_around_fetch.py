"""Mistake: a lock around fetch, to be thread-safe, lets one call in at a time.

Must fail: pool_is_full, slow_one_stalls_nobody
May fail: -
"""

import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    lock = threading.Lock()

    def attempt(url):
        with lock:
            try:
                return fetch(url)
            except Exception as error:
                return error

    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(attempt, urls))
