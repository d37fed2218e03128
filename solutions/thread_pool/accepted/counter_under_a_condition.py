"""Route: a thread for each URL, and a counter that is looked at and changed under a condition."""

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
    results, threads = {}, []
    in_flight = 0
    changed = threading.Condition()

    def work(place, url):
        nonlocal in_flight
        with changed:
            while in_flight >= max_workers:
                changed.wait()
            in_flight += 1
        results[place] = attempt(fetch, url)
        with changed:
            in_flight -= 1
            changed.notify()

    for place, url in enumerate(urls):
        threads.append(threading.Thread(target=work, args=(place, url)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(results))]
