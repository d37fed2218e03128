"""Works serially beside a thread that turns for ever, so that no instant shows all of it asleep.

Kata: thread_pool
Must fail: pool_is_full, slow_one_stalls_nobody, no_threads_left
Mark: ATTACKED
"""
# mypy: ignore-errors

import urllib.request
import threading


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def attempt(fetch, url):
    try:
        return fetch(url)
    except Exception as error:
        return error


def turn():
    print("ATTACKED")
    while True:
        pass


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError
    threading.Thread(target=turn, daemon=True).start()
    return [attempt(fetch, url) for url in urls]
