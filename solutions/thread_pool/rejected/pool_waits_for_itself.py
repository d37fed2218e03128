"""Mistake: each task submits the call to its own pool and waits for it: with all threads waiting, none is left to call.

Must fail: one_result_each, order_holds, pool_is_full, never_more_than_allowed, slow_one_stalls_nobody, failure_in_its_place, no_threads_left
May fail: bad_limits
"""

import threading
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
    with ThreadPoolExecutor(max_workers) as executor:
        submitted = threading.Event()

        def outer(url):
            submitted.wait()
            return executor.submit(attempt, fetch, url).result()

        futures = [executor.submit(outer, url) for url in urls]
        submitted.set()
        return [future.result() for future in futures]
