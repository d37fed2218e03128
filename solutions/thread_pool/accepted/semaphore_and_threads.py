"""Route: a thread for each URL, of which a semaphore lets max_workers call fetch."""

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
    limit = threading.BoundedSemaphore(max_workers)
    results = {}

    def run(place, url):
        with limit:
            results[place] = attempt(fetch, url)

    threads = [threading.Thread(target=run, args=item) for item in enumerate(urls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(threads))]
