"""Route: a thread for each URL, started by a loop that naps as long as max_workers are alive."""

import threading
import time
import urllib.request


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    results = {}

    def run(place, url):
        try:
            results[place] = fetch(url)
        except Exception as error:
            results[place] = error

    alive, everyone = [], []
    for place, url in enumerate(urls):
        while len(alive) >= max_workers:
            time.sleep(0.005)
            alive = [thread for thread in alive if thread.is_alive()]
        thread = threading.Thread(target=run, args=(place, url))
        thread.start()
        alive.append(thread)
        everyone.append(thread)
    for thread in everyone:
        thread.join()
    return [results[place] for place in range(len(everyone))]
