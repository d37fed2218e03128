"""Mistake: the event loop that only the main thread has of itself: in any other thread there is none.

Must fail: one_result_each
May fail: -
"""

import asyncio
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    loop = asyncio.get_event_loop()
    with ThreadPoolExecutor(max_workers) as executor:
        calls = [loop.run_in_executor(executor, fetch, url) for url in urls]
        return loop.run_until_complete(asyncio.gather(*calls, return_exceptions=True))
