"""Mistake: one try around the queue and the call: a queue.Empty that fetch raises ends the thread.

Must fail: failure_in_its_place
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
    except queue.Empty:
        raise
    except Exception as error:
        return error


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    jobs = queue.Queue()
    for job in enumerate(urls):
        jobs.put(job)
    results = [None] * jobs.qsize()

    def work():
        try:
            while True:
                place, url = jobs.get_nowait()
                results[place] = attempt(fetch, url)
        except queue.Empty:
            pass

    threads = [threading.Thread(target=work) for _ in range(max_workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
