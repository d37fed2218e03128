"""Mistake: each call in a thread that is waited for by turning round and round.

Must fail: pool_is_full, slow_one_stalls_nobody
May fail: -
"""

import threading
import urllib.request


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
    results = []
    for url in urls:
        thread = threading.Thread(target=lambda: results.append(attempt(fetch, url)))
        thread.start()
        while thread.is_alive():
            pass
    return results
