"""Mistake: where a call failed, the results are returned at once, and nobody tells the threads to end.

Must fail: no_threads_left
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
    jobs = queue.Queue()
    urls = list(urls)
    results = [None] * len(urls)
    failed = []

    def work():
        while (job := jobs.get()) is not None:
            place, url = job
            try:
                results[place] = fetch(url)
            except Exception as error:
                results[place] = error
                failed.append(place)
            finally:
                jobs.task_done()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(max_workers)]
    for thread in threads:
        thread.start()
    for job in enumerate(urls):
        jobs.put(job)
    jobs.join()
    if failed:
        return results
    for _ in threads:
        jobs.put(None)
    for thread in threads:
        thread.join()
    return results
