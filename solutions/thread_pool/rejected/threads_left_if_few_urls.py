"""Mistake: as many threads are told to end as there are URLs, but max_workers are started.

Must fail: no_threads_left
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
    jobs = queue.Queue()
    urls = list(urls)
    results = [None] * len(urls)
    if not urls:
        return results

    def work():
        while (job := jobs.get()) is not None:
            place, url = job
            results[place] = attempt(fetch, url)
            jobs.task_done()
        jobs.task_done()

    for job in enumerate(urls):
        jobs.put(job)
    for _ in urls[:max_workers]:
        jobs.put(None)
    for _ in range(max_workers):
        threading.Thread(target=work, daemon=True).start()
    jobs.join()
    return results
