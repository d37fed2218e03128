"""Route: the last thread to be done says so, by a counter under a lock."""

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
    urls = list(urls)
    results = {}
    done = 0
    lock = threading.Lock()
    finished = threading.Event()
    jobs = queue.SimpleQueue()
    for job in enumerate(urls):
        jobs.put(job)

    def work():
        nonlocal done
        while True:
            try:
                place, url = jobs.get_nowait()
            except queue.Empty:
                return
            results[place] = attempt(fetch, url)
            with lock:
                done += 1
                if done == len(urls):
                    finished.set()

    threads = [threading.Thread(target=work) for _ in range(max_workers)]
    for thread in threads:
        thread.start()
    if urls:
        finished.wait()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(urls))]
