"""Route: hand-made threads share an index, which one of them at a time reads and raises."""

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
    urls = list(urls)
    results = {}
    index = 0
    lock = threading.Lock()

    def work():
        nonlocal index
        while True:
            with lock:
                place = index
                index += 1
            if place >= len(urls):
                return
            results[place] = attempt(fetch, urls[place])

    threads = [threading.Thread(target=work) for _ in range(max_workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(results))]
