"""Mistake: a thread for each URL, all at once; max_workers limits nothing.

Must fail: pool_is_full, never_more_than_allowed
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
    results = {}

    def run(place, url):
        results[place] = attempt(fetch, url)

    threads = [threading.Thread(target=run, args=item) for item in enumerate(urls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(threads))]
