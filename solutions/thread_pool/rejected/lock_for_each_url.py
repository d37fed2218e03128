"""Mistake: a lock for each URL, to fetch none twice at once: equal URLs wait for each other.

Must fail: pool_is_full
May fail: -
"""

import threading
import urllib.request
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    locks = defaultdict(threading.Lock)

    def attempt(url):
        try:
            with locks[url]:
                return fetch(url)
        except Exception as error:
            return error

    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(attempt, urls))
