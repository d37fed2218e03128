"""Never calls fetch: makes up what it gave.

Kata: thread_pool
Must fail: one_result_each, order_holds, pool_is_full, never_more_than_allowed, slow_one_stalls_nobody, failure_in_its_place, no_threads_left
Mark: ATTACKED
"""
# mypy: ignore-errors

import urllib.request


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError
    print("ATTACKED")
    return [f"{url} 000000" for url in urls]
