"""Mistake: the semaphore is released twice where fetch fails, so each failure raises the limit.

Must fail: never_more_than_allowed
May fail: -
"""

import threading
import urllib.request


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    limit = threading.Semaphore(max_workers)
    results, threads = {}, []

    def run(place, url):
        try:
            results[place] = fetch(url)
        except Exception as error:
            results[place] = error
            limit.release()
        finally:
            limit.release()

    for place, url in enumerate(urls):
        limit.acquire()
        thread = threading.Thread(target=run, args=(place, url))
        threads.append(thread)
        thread.start()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(threads))]
