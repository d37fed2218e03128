"""Route: every wait has a time limit, far away."""

import threading
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
        results = []
        for future in futures:
            error = future.exception(timeout=120)
            results.append(future.result(timeout=120) if error is None else error)
    return results
