"""Mistake: off by one: the calling thread fetches too, beside max_workers threads.

Must fail: pool_is_full, never_more_than_allowed
May fail: -
"""

import queue
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
    work = queue.SimpleQueue()
    count = 0
    for item in enumerate(urls):
        work.put(item)
        count += 1
    results = {}

    def run():
        while True:
            try:
                place, url = work.get_nowait()
            except queue.Empty:
                return
            results[place] = attempt(fetch, url)

    threads = [threading.Thread(target=run) for _ in range(max_workers)]
    for thread in threads:
        thread.start()
    run()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(count)]
