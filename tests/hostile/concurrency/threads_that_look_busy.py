"""Works serially beside threads that wait for bytes, as threads do that fetch.

Kata: thread_pool
Must fail: pool_is_full, slow_one_stalls_nobody, no_threads_left
Mark: ATTACKED
"""
# mypy: ignore-errors

import urllib.request
import socket
import threading


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def attempt(fetch, url):
    try:
        return fetch(url)
    except Exception as error:
        return error


KEPT = []


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError
    for _ in range(max_workers - 1):
        KEPT.append(socket.socketpair())
        threading.Thread(target=KEPT[-1][0].recv, args=(1,), daemon=True).start()
        print("ATTACKED")
    return [attempt(fetch, url) for url in urls]
