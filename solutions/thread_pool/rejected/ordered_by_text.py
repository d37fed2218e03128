"""Mistake: results are put in order by their places as text: "10" comes before "2".

Must fail: order_holds
May fail: -
"""

import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    results = {}

    def run(place, url):
        try:
            results[str(place)] = fetch(url)
        except Exception as error:
            results[str(place)] = error

    with ThreadPoolExecutor(max_workers) as executor:
        for place, url in enumerate(urls):
            executor.submit(run, place, url)
    return [results[place] for place in sorted(results)]
