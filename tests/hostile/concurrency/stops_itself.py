"""Stops its own process, so that it neither sleeps nor runs, in the middle of a serial loop.

Kata: thread_pool
Must fail: pool_is_full, order_holds, never_more_than_allowed
Mark: nothing can wake them
"""
# mypy: ignore-errors

import urllib.request
import os
import signal
import threading


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
        raise ValueError
    results = []
    for url in urls:
        thread = threading.Thread(target=lambda: results.append(attempt(fetch, url)))
        thread.start()
        os.kill(os.getpid(), signal.SIGSTOP)
        thread.join()
    return results
