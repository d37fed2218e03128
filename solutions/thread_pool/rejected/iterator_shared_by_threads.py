"""Mistake: the threads share an iterator without a lock: a generator can run in one thread at a time.

Must fail: bad_limits
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
    jobs = enumerate(urls)
    results = {}

    def work():
        for place, url in jobs:
            results[place] = attempt(fetch, url)

    threads = [threading.Thread(target=work) for _ in range(max_workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[place] for place in sorted(results)]
