"""Route: threads that take URLs from a queue until a None comes, one for each thread."""

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
    results = {}
    todo = queue.Queue()

    def work():
        while (job := todo.get()) is not None:
            place, url = job
            results[place] = attempt(fetch, url)

    threads = [threading.Thread(target=work) for _ in range(max_workers)]
    for thread in threads:
        thread.start()
    for job in enumerate(urls):
        todo.put(job)
    for _ in threads:
        todo.put(None)
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(results))]
