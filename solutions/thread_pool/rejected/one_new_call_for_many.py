"""Mistake: one new call after each wait, though several may have ended: the pool shrinks for good.

Must fail: pool_is_full
May fail: -
"""

import urllib.request
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import islice


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
    with ThreadPoolExecutor(max_workers) as executor:
        running = {executor.submit(attempt, fetch, url): place for place, url in islice(jobs, max_workers)}
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                results[running.pop(future)] = future.result()
            if job := next(jobs, None):
                place, url = job
                running[executor.submit(attempt, fetch, url)] = place
    return [results[place] for place in sorted(results)]
