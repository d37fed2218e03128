"""Mistake: a failure ends the round: the next one begins when all calls of this one are over.

Must fail: failure_in_its_place
May fail: -
"""

import urllib.request
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    left = list(enumerate(urls))
    results = {}
    while left:
        with ThreadPoolExecutor(max_workers) as executor:
            futures = {executor.submit(fetch, url): (place, url) for place, url in left}
            _, rest = wait(futures, return_when=FIRST_EXCEPTION)
            left = [futures[future] for future in rest if future.cancel()]
        for future, (place, _) in futures.items():
            if not future.cancelled():
                error = future.exception()
                results[place] = future.result() if error is None else error
    return [results[place] for place in range(len(results))]
