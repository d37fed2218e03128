"""Route: hand-made threads take (place, URL) from a queue; no more threads than URLs."""

import queue
import threading
import urllib.request


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    urls = list(urls)
    work = queue.SimpleQueue()
    results = [None] * len(urls)
    for item in enumerate(urls):
        work.put(item)

    def run():
        while True:
            try:
                place, url = work.get_nowait()
            except queue.Empty:
                return
            try:
                results[place] = fetch(url)
            except Exception as error:
                results[place] = error

    threads = [threading.Thread(target=run) for _ in range(min(len(urls), max_workers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
