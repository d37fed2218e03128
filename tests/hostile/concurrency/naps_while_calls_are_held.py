"""Works beside a thread that naps for just less than a timer may be far away, so that each look takes four naps.

Kata: thread_pool
Must fail: pool_is_full
Mark: ATTACKED
"""
# mypy: ignore-errors

import threading
import time


def naps():
    time.sleep(0.45)
    print("ATTACKED")
    while True:
        time.sleep(0.45)


threading.Thread(target=naps, daemon=True).start()


def fetch_all(urls, fetch, *, max_workers=10):
    def attempt(url):
        try:
            return fetch(url)
        except Exception as error:
            return error

    return [attempt(url) for url in urls]
