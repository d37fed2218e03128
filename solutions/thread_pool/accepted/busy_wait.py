"""Route: it turns round and round until all is done: ugly, but the pool is full all the time."""

import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    with ThreadPoolExecutor(max_workers) as executor:
        futures = [executor.submit(fetch, url) for url in urls]
        while not all(future.done() for future in futures):
            pass
        return [future.exception() or future.result() for future in futures]
