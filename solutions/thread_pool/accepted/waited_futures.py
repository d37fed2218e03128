"""Route: `concurrent.futures.wait` for what is done next, places remembered in a dict."""

import urllib.request
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    places = {}
    results = {}
    with ThreadPoolExecutor(max_workers) as executor:
        for place, url in enumerate(urls):
            places[executor.submit(fetch, url)] = place
        pending = set(places)
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                error = future.exception()
                results[places[future]] = future.result() if error is None else error
    return [results[place] for place in range(len(results))]
