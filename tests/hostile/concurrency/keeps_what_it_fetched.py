"""Keeps each page and gives it again when it is asked for the next time.

Kata: thread_pool
Must fail: one_result_each
Mark: ATTACKED
"""
# mypy: ignore-errors

import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def attempt(fetch, url):
    try:
        return fetch(url)
    except Exception as error:
        return error


KEPT = {}


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError

    def get(url):
        if url not in KEPT:
            KEPT[url] = attempt(fetch, url)
        else:
            print("ATTACKED")
        return KEPT[url]

    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(get, urls))
