"""Mistake: with ten failures the server is taken for dead, and nothing more is fetched.

Must fail: failure_in_its_place
May fail: -
"""

import queue
import threading
import urllib.request


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    jobs = queue.SimpleQueue()
    urls = list(urls)
    for job in enumerate(urls):
        jobs.put(job)
    results = [None] * len(urls)
    failures = []

    def work():
        while len(failures) < 10:
            try:
                place, url = jobs.get_nowait()
            except queue.Empty:
                return
            try:
                results[place] = fetch(url)
            except Exception as error:
                results[place] = error
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(max_workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
