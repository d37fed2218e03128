"""Route: as many futures as workers, and a new one for each that is done."""

import urllib.request
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait


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
    with ThreadPoolExecutor(max_workers) as executor:
        jobs = iter(list(enumerate(urls)))
        pending = {}
        for place, url in jobs:
            pending[executor.submit(attempt, fetch, url)] = place
            if len(pending) == max_workers:
                break
        while pending:
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                results[pending.pop(future)] = future.result()
                for place, url in jobs:
                    pending[executor.submit(attempt, fetch, url)] = place
                    break
    return [results[place] for place in range(len(results))]
